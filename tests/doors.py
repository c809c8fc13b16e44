"""Every door of both hosts and everybody who might knock: what tests/routes.py says, told for each of them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client as Browser
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import AuditEvent, Client
from agency.services import absences, feeds, keys, people, rota, shift_notes
from tests import routes
from tests.conftest import host_of
from tests.routes import Admin, Row
from tests.world import TENANT_MODELS, World

URLCONFS = {"agency": settings.PUBLIC_SCHEMA_URLCONF, "client": settings.ROOT_URLCONF}


def walk(host: str) -> Iterator[tuple[str, URLPattern]]:
    """(qualified name, pattern) of every address of the host."""

    def down(patterns: list[object], namespace: str) -> Iterator[tuple[str, URLPattern]]:
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield namespace + str(pattern.name), pattern
            else:
                inner = f"{pattern.namespace}:" if pattern.namespace else ""
                yield from down(pattern.url_patterns, namespace + inner)

    yield from down(get_resolver(URLCONFS[host]).url_patterns, "")


def site_name(host: str) -> str:
    return f"{host}_admin"


def admin_rows(admin: Admin) -> Iterator[Row]:
    """The rows of an admin model's five pages and of the redirect to one of them."""
    columns = routes.AGENCY_COLUMNS if admin.host == "agency" else routes.CLIENT_COLUMNS
    label = admin.model.replace("_", ".", 1)
    model = next(one for one in TENANT_MODELS if one._meta.label_lower == label) if admin.host == "client" else None
    ids = (f"{model._meta.label}.pk" if model else f"public.{label}.pk",)

    def statuses(allowed: str, yes: str, no: str = "403") -> str:
        return " ".join(_site_status(column, yes if column in allowed.split() else no) for column in columns)

    name = f"{site_name(admin.host)}:{admin.model}"
    see, form = admin.see, "200/302"
    yield Row(admin.host, f"{name}_changelist", statuses(see, "200"), statuses(see, "200"))
    yield Row(admin.host, f"{name}_add", statuses(admin.add, "200"), statuses(admin.add, "200"))
    changed = form if admin.page == "200" else admin.page
    refused = "403" if admin.page == "200" else admin.page
    yield Row(admin.host, f"{name}_change", statuses(see, admin.page), statuses(admin.change, changed, refused), ids)
    yield Row(admin.host, f"{name}_delete", statuses(admin.delete, "200"), statuses(admin.delete, form), ids)
    yield Row(admin.host, f"{name}_history", statuses(see, "200", "302"), statuses(see, "200", "302"), ids)


def _site_status(column: str, inside: str) -> str:
    """Before an admin site: strangers sign in, the client's own people find nothing."""
    return {"stranger": "302", "reader": "404", "approver": "404", "owner": "404"}.get(column, inside)


def site_rows(host: str) -> Iterator[Row]:
    columns = routes.AGENCY_COLUMNS if host == "agency" else routes.CLIENT_COLUMNS
    for view, insides in routes.SITE.items():
        get, post = (
            " ".join("302" if view == "login" else _site_status(column, inside) for column in columns)
            for inside in insides
        )
        ids = {"app_list": ("=agency" if host == "agency" else "=incidents",), "None": ("=nowhere/",)}.get(view, ())
        yield Row(host, f"{site_name(host)}:{view}", get, post, ids)


def all_rows() -> dict[tuple[str, str], Row]:
    rows = [*routes.ROWS, *site_rows("agency"), *site_rows("client")]
    rows += [row for admin in routes.ADMINS for row in admin_rows(admin)]
    table = {(row.host, row.name): row for row in rows}
    assert len(table) == len(rows), "two rows of tests/routes.py say different things of one route"
    return table


API_NAMES = {row.name for row in routes.API}


def address(row: Row, world: World) -> str:
    if row.name.endswith(":None"):  # the site's last word has no name
        return reverse(f"{row.name.rpartition(':')[0]}:index", urlconf=URLCONFS[row.host]) + "nowhere/"
    return reverse(row.name, args=[value_of(one, world) for one in row.ids], urlconf=URLCONFS[row.host])


def value_of(name: str, world: World) -> object:
    if name.startswith("="):
        return name[1:]
    if name == "schema":
        return world.client.schema_name
    label, _, attribute = name.rpartition(".")
    return getattr(world[label], attribute)


# -- the people --------------------------------------------------------------------------------------------------------


@dataclass
class House:
    """Two clients with one row in every table, and everybody who might knock."""

    here: World
    there: World
    people: dict[str, Browser]
    secrets: dict[str, str]
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    def ask(self, who: str, method: str, path: str, **more: object) -> tuple[int, str]:
        """(status, text) of one request whose effects are undone."""
        browser = self.people[who]
        for name, value in self.cookies[who].items():
            browser.cookies[name] = value
        if "/compte/" in path:  # so many people at one address would reach the sign-in's limits
            cache.clear()
        with transaction.atomic():
            answer = browser.generic(method, path, **more)  # type: ignore[arg-type]
            text = "" if answer.streaming else answer.content.decode(errors="replace")
            transaction.set_rollback(True)
        return answer.status_code, text


STRANGERS = {
    "agency": ("anonymous", "reader", "approver", "owner", "other reader", "deactivated"),
    "client": ("anonymous", "other cm", "other reader", "deactivated"),
}
INSIDE = {"agency": ("cm", "other cm", "lead", "director"), "client": routes.CLIENT_COLUMNS[1:]}


def people_of(person, here: Client, there: Client) -> dict[str, object]:
    made = {role: person(role, here) for role in ("cm", "lead", "reader", "approver", "owner")}
    made |= {"director": person("director"), "other cm": person("cm", there), "other reader": person("reader", there)}
    made["deactivated"] = person("lead", here)
    return made


def move_the_numbers_of(client: Client) -> None:
    """So that a number of the other client's is nobody's here."""
    with schema_context(client.schema_name), connection.cursor() as cursor:
        for model in (one for one in TENANT_MODELS if any(field.name == "id" for field in one._meta.fields)):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), 7000)")


def public_rows(client: Client, by) -> dict[str, object]:
    key, _secret = keys.make(client=client, name="clé", scopes=["mentions:read"], by=by, now=timezone.now())
    now = timezone.now()
    absence, _left = absences.add(person=by, starts_at=now, ends_at=now + timedelta(hours=8), by=by, now=now)
    return {
        "client": client,
        "user": by,
        "apikey": key,
        "rotafeed": feeds.make(client=client, name="agenda", key=key, now=timezone.now())[0],
        "auditevent": AuditEvent.objects.order_by("pk").first(),
        "absence": absence,
        **shift_rows(client, by),
    }


def shift_rows(client: Client, by) -> dict[str, object]:
    """A shift for the client, what is written of it in the trail, and a note that it leaves."""
    now = timezone.now()
    added = rota.add(person=by, client=client, starts_at=now, ends_at=now + timedelta(hours=8), by=by, now=now)
    note = shift_notes.write(shift=added.shifts[0], client=client, words=client.name, by=by, now=now)
    return {"shift": added.shifts[0], "rotaevent": added.event, "shiftnote": note}


def open_house(house, host: str) -> House:
    client = house["here"].client if host == "client" else None
    at = host_of(client) if client else settings.AGENCY_HOST
    browsers = {"anonymous": Browser(HTTP_HOST=at)}
    browsers |= {who: house["visit"](user, client) for who, user in house["made"].items()}
    director = house["made"]["director"]
    people.deactivate(person=house["made"]["deactivated"], by=director, now=timezone.now())
    for browser in browsers.values():
        browser.raise_request_exception = False
    cookies = {who: {n: m.value for n, m in browser.cookies.items()} for who, browser in browsers.items()}
    return House(house["here"], house["there"], browsers, {}, cookies)


def expected(row: Row, line: str, who: str) -> str:
    columns = routes.AGENCY_COLUMNS if row.host == "agency" else routes.CLIENT_COLUMNS
    if who in row.extra:
        return row.extra[who]
    column = "stranger" if who in STRANGERS[row.host] else who.removeprefix("other ")
    return line.split()[columns.index(column)]
