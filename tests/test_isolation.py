"""Nobody reaches what is not theirs: every route of both hosts, every table, every task, every key and cookie."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import ProgrammingError, connection, transaction
from django.test import Client as Browser
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.choices import Scope
from agency.config import celery
from agency.models import Client
from agency.services import handover, keys, people
from agency.tasks import ClientTask, NoClient
from tests import routes
from tests.conftest import host_of
from tests.routes import Admin, Row
from tests.world import TENANT_MODELS, World, fill

URLCONFS = {"agency": settings.PUBLIC_SCHEMA_URLCONF, "client": settings.ROOT_URLCONF}
ADMIN_VIEWS = ("changelist", "add", "history", "delete", "change")


# -- the walk ----------------------------------------------------------------------------------------------------------


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


def _people(person, here: Client, there: Client) -> dict[str, object]:
    made = {role: person(role, here) for role in ("cm", "lead", "reader", "approver", "owner")}
    made |= {"director": person("director"), "other cm": person("cm", there), "other reader": person("reader", there)}
    made["deactivated"] = person("lead", here)
    return made


@pytest.fixture
def house(person, visit, aldane, tramontel):
    connection.set_schema_to_public()
    made = _people(person, aldane, tramontel)
    here = fill(aldane, made["director"])
    _move_the_numbers_of(tramontel)
    there = fill(tramontel, made["director"])
    here.rows |= {f"public.agency.{name}": row for name, row in _public_rows(aldane, made["director"]).items()}
    return {"made": made, "here": here, "there": there, "visit": visit}


def _move_the_numbers_of(client: Client) -> None:
    """So that a number of the other client's is nobody's here."""
    with schema_context(client.schema_name), connection.cursor() as cursor:
        for model in (one for one in TENANT_MODELS if any(field.name == "id" for field in one._meta.fields)):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{model._meta.db_table}', 'id'), 7000)")


def _public_rows(client: Client, by) -> dict[str, object]:
    from agency.models import AuditEvent

    key, _secret = keys.make(client=client, name="clé", scopes=["mentions:read"], by=by, now=timezone.now())
    return {"client": client, "user": by, "apikey": key, "auditevent": AuditEvent.objects.order_by("pk").first()}


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


# -- routes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["agency", "client"])
def test_every_route_has_a_row(host):
    known = {name for at, name in all_rows() if at == host} | (API_NAMES if host == "client" else set())
    missing = {
        _row_to_add(host, name, pattern)
        for name, pattern in walk(host)
        if name not in known and not _is_redirect_of_admin(name, pattern)
    }
    assert not missing, "Say in tests/routes.py what each role is answered at:\n" + "\n".join(sorted(missing))


def _row_to_add(host: str, name: str, pattern: URLPattern) -> str:
    stock = re.fullmatch(rf"{site_name(host)}:(\w+_\w+)_(changelist|add|change|delete|history)", name)
    if stock and any(stock[1] == f"{m._meta.app_label}_{m._meta.model_name}" for m in apps.get_models()):
        return f'    Admin("{host}", "{stock[1]}", see="…"),'
    ids = ", ids=(…)" if pattern.pattern.converters else ""
    return f'    Row("{host}", "{name}", "…", "…"{ids}),  # {pattern.pattern}'


def _is_redirect_of_admin(name: str, pattern: URLPattern) -> bool:
    """`<pk>/` of an admin model only leads to `<pk>/change/`, which has its row."""
    return name.endswith(":None") and str(pattern.pattern) == "<path:object_id>/"


@pytest.mark.parametrize("host", ["agency", "client"])
def test_every_row_has_a_route(host):
    found = {name for name, _pattern in walk(host)}
    gone = {row.name for row in all_rows().values() if row.host == host} - found
    gone |= API_NAMES - found if host == "client" else set()
    assert not gone, f"tests/routes.py speaks of routes that are gone: {sorted(gone)}"


@pytest.mark.parametrize("host", ["agency", "client"])
def test_every_route_answers_each_role_as_the_table_says(house, host):
    opened = open_house(house, host)
    wrong = []
    for row in all_rows().values():
        if row.host != host:
            continue
        path = address(row, opened.here)
        for method, line in (("GET", row.get), ("POST", row.post)):
            # Every stranger tries to read; two of them are enough to try to write.
            strangers = STRANGERS[host] if method == "GET" else STRANGERS[host][:2]
            for who in (*strangers, *INSIDE[host]):
                status, text = opened.ask(who, method, path)
                wanted = expected(row, line, who)
                if str(status) not in wanted.split("/"):
                    wrong.append(f"{row.name} {method} {path} as {who}: {status}, the table says {wanted}")
                if host == "client" and "tramontel" in text.lower():
                    wrong.append(f"{row.name} {method} as {who} shows words of the other client")
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("host", ["agency", "client"])
def test_no_route_takes_another_method_even_from_a_director(house, host):
    opened = open_house(house, host)
    wrong = []
    for row in [*all_rows().values(), *(routes.API if host == "client" else [])]:
        if row.host != host:
            continue
        for method in ("PUT", "PATCH", "DELETE"):
            status, _text = opened.ask("director", method, address(row, opened.here))
            if status not in {301, 302, 401, 403, 404, 405} and not _is_page_again(row, status):
                wrong.append(f"{row.name} {method}: {status}")
    assert not wrong, "\n" + "\n".join(wrong)


def _is_page_again(row: Row, status: int) -> bool:
    """Stock admin pages, healthz's like and allauth's forms show themselves whatever the method, and change nothing."""
    return status == 200 and "200" in row.get


def test_the_other_clients_numbers_lead_nowhere(house):
    opened = open_house(house, "client")
    wrong = []
    for row in all_rows().values():
        if row.host != "client" or not any("." in one for one in row.ids):
            continue
        path = reverse(row.name, args=[_elsewhere(one, opened) for one in row.ids], urlconf=URLCONFS["client"])
        for method in ("GET", "POST"):
            status, text = opened.ask("director", method, path)
            if status not in {302, 403, 404, 405} or "tramontel" in text.lower():
                wrong.append(f"{method} {path}: {status}")
    assert not wrong, "\n" + "\n".join(wrong)


def _elsewhere(name: str, opened: House) -> object:
    value = value_of(name, opened.there)
    return value if name.endswith(".pk") else 7001  # incidents are numbered from 1 at each client's


# -- keys --------------------------------------------------------------------------------------------------------------


def test_the_api_answers_a_living_key_of_this_client_only(house):
    opened = open_house(house, "client")
    director, now = house["made"]["director"], timezone.now()
    here, there = opened.here.client, opened.there.client
    made = {who: keys.make(client=at, name=who, scopes=Scope.values, by=director, now=now)
            for who, at in (("key", here), ("other key", there), ("dead key", here))}  # fmt: skip
    keys.revoke(key=made["dead key"][0], by=director, now=now)
    wrong = []
    for row in routes.API:
        for method, line in (("GET", row.get), ("POST", row.post)):
            for who, wanted in zip(routes.KEY_COLUMNS, line.split(), strict=True):
                more = {"HTTP_AUTHORIZATION": f"Bearer {made[who][1]}"} if who in made else {}
                asker = "director" if who == "staff session" else "anonymous"
                status, text = opened.ask(asker, method, address(row, opened.here), **more)
                if str(status) not in wanted.split("/") or "tramontel" in text.lower():
                    wrong.append(f"{row.name} {method} with {who}: {status}, the table says {wanted}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_an_expired_key_and_a_deactivated_clients_key_open_nothing(person, tramontel):
    director, now = person("director"), timezone.now()
    _row, secret = keys.make(client=tramontel, name="n", scopes=["mentions:read"], by=director, now=now)
    assert keys.recognise(key=secret, client=tramontel, now=now + timedelta(days=364))
    assert keys.recognise(key=secret, client=tramontel, now=now + timedelta(days=365)) is None
    Client.objects.filter(pk=tramontel.pk).update(is_active=False)
    assert keys.recognise(key=secret, client=tramontel, now=now) is None


# -- cookies, passes, hosts --------------------------------------------------------------------------------------------


def test_a_session_carried_to_another_host_is_nobodys(person, visit, tramontel, aldane):
    for user, home in (
        (person("director"), None),
        (person("director"), tramontel),
        (person("owner", tramontel), tramontel),
    ):
        browser = visit(user, home)
        for host in {settings.AGENCY_HOST, host_of(tramontel), host_of(aldane)} - {browser.defaults["HTTP_HOST"]}:
            carried = Browser(HTTP_HOST=host)
            carried.cookies["sessionid"] = browser.cookies["sessionid"].value
            assert carried.get("/compte/password/change/").status_code == 302


def test_a_role_taken_away_ends_the_session(person, visit, tramontel):
    cm = person("cm", tramontel)
    browser = visit(cm, tramontel)
    assert browser.get("/agence/").status_code == 200
    people.take_role(membership=cm.memberships.get(), by=person("director"), now=timezone.now())
    assert browser.get("/agence/").status_code == 302


def test_a_pass_shown_on_the_other_clients_host_opens_nothing(person, tramontel, aldane):
    connection.set_schema_to_public()
    now = timezone.now()
    _client, token = handover.issue(by=person("director"), schema_name="tramontel", path="/", address=None, now=now)
    assert Browser(HTTP_HOST=host_of(aldane)).get(f"/entrer/{token}/").status_code == 404
    assert Browser(HTTP_HOST="agence.localhost").get(f"/entrer/{token}/").status_code in {302, 404}
    assert Browser(HTTP_HOST=host_of(tramontel)).get(f"/entrer/{token}/").status_code == 302


def test_a_host_that_is_nobodys_says_no_more_than_that(db):
    answer = Browser(HTTP_HOST="inconnu.localhost").get("/")
    assert (answer.status_code, answer.content) == (404, b"404")
    assert Browser(HTTP_HOST="evil.test").get("/").status_code == 400


def test_a_deactivated_clients_host_answers_like_nobodys(visit, tramontel):
    Client.objects.filter(pk=tramontel.pk).update(is_active=False)
    assert visit(None, tramontel).get("/").content == b"404"


def test_a_forged_post_is_refused(person, visit, tramontel):
    browser = Browser(HTTP_HOST=settings.AGENCY_HOST, enforce_csrf_checks=True)
    browser.cookies["sessionid"] = visit(person("director")).cookies["sessionid"].value
    assert browser.post("/clients/tramontel/entrer/", {}).status_code == 403


# -- tables, files, cache ----------------------------------------------------------------------------------------------


def test_what_one_client_wrote_neither_the_other_nor_the_public_schema_sees(person, aldane, tramontel):
    connection.set_schema_to_public()
    fill(aldane, person("director"))
    for model in TENANT_MODELS:
        with schema_context(aldane.schema_name):
            assert model.objects.count() > 0, model
        with schema_context(tramontel.schema_name):
            assert model.objects.count() == 0, model
        with schema_context("public"), pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.count()


def test_no_table_is_in_two_kinds_of_schema(tramontel):
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'tramontel')")
        tables = {
            schema: {t for s, t in rows if s == schema}
            for rows in [cursor.fetchall()]
            for schema in ("public", "tramontel")
        }
    assert tables["public"] & tables["tramontel"] == {"django_migrations"}
    assert {model._meta.db_table for model in TENANT_MODELS} <= tables["tramontel"]


def test_a_file_lies_in_its_clients_folder(aldane, tramontel):
    paths = []
    for client in (aldane, tramontel):
        with schema_context(client.schema_name):
            paths.append(default_storage.path("imports/a.csv"))
    assert [re.search(r"/media/(\w+)/imports/", path)[1] for path in paths] == ["maison_aldane", "tramontel"]


def test_no_file_is_served_by_its_address(person, visit, aldane):
    for path in (
        "/media/maison_aldane/imports/a.csv",
        "/static/../media/maison_aldane/a.csv",
        "/media/../../manage.py",
    ):
        assert visit(person("director"), aldane).get(path).status_code == 404


def test_the_cache_keeps_clients_apart(aldane, tramontel):
    with schema_context(aldane.schema_name):
        cache.set("name", "aldane")
    with schema_context(tramontel.schema_name):
        assert cache.get("name") is None
    with schema_context("public"):
        assert cache.get("name") is None


# -- tasks -------------------------------------------------------------------------------------------------------------


def _tasks() -> dict[str, object]:
    current_app.loader.import_default_modules()
    return {name: task for name, task in celery.app.tasks.items() if not name.startswith("celery.")}


def test_every_task_is_a_clients_or_goes_round_the_clients():
    loose = [n for n, t in _tasks().items() if not isinstance(t, ClientTask) and not n.endswith("_everywhere")]
    assert not loose, f"base these on agency.tasks.client_task, or call them …_everywhere: {loose}"


@pytest.mark.parametrize("schema_name", [None, "", "public", "pg_catalog'; --", "nobody_here"])
def test_every_clients_task_refuses_to_run_without_an_active_client(db, schema_name):
    for name, task in _tasks().items():
        if isinstance(task, ClientTask):
            with pytest.raises(NoClient):
                task(schema_name=schema_name)
            connection.set_schema_to_public()
            assert name


def test_a_clients_task_is_not_even_sent_without_a_schema(db):
    for task in _tasks().values():
        if isinstance(task, ClientTask):
            with pytest.raises(NoClient):
                task.delay()
            with pytest.raises(NoClient):
                task.delay(schema_name="public")


def test_a_deactivated_clients_task_refuses(tramontel):
    Client.objects.filter(pk=tramontel.pk).update(is_active=False)
    for task in _tasks().values():
        if isinstance(task, ClientTask):
            with pytest.raises(NoClient):
                task(schema_name="tramontel")
