"""Every route of both hosts answers each role, key and stranger as tests/routes.py says, whoever the client is."""

import re

import pytest
from django.apps import apps
from django.db import connection
from django.urls import URLPattern, reverse
from django.utils import timezone

from agency.choices import Scope
from agency.services import keys
from tests import doors, routes
from tests.doors import API_NAMES, INSIDE, STRANGERS, URLCONFS, House, address, all_rows, expected, open_house, value_of
from tests.routes import Row
from tests.world import fill


@pytest.fixture
def house(person, visit, aldane, tramontel):
    connection.set_schema_to_public()
    made = doors.people_of(person, aldane, tramontel)
    here = fill(aldane, made["director"])
    doors.move_the_numbers_of(tramontel)
    there = fill(tramontel, made["director"])
    here.rows |= {f"public.agency.{name}": row for name, row in doors.public_rows(aldane, made["director"]).items()}
    there.rows |= {f"public.agency.{name}": row for name, row in doors.shift_rows(tramontel, made["director"]).items()}
    return {"made": made, "here": here, "there": there, "visit": visit}


@pytest.mark.parametrize("host", ["agency", "client"])
def test_every_route_has_a_row(host):
    known = {name for at, name in all_rows() if at == host} | (API_NAMES if host == "client" else set())
    missing = {
        _row_to_add(host, name, pattern)
        for name, pattern in doors.walk(host)
        if name not in known and not _is_redirect_of_admin(name, pattern)
    }
    assert not missing, "Say in tests/routes.py what each role is answered at:\n" + "\n".join(sorted(missing))


def _row_to_add(host: str, name: str, pattern: URLPattern) -> str:
    stock = re.fullmatch(rf"{doors.site_name(host)}:(\w+_\w+)_(changelist|add|change|delete|history)", name)
    if stock and any(stock[1] == f"{m._meta.app_label}_{m._meta.model_name}" for m in apps.get_models()):
        return f'    Admin("{host}", "{stock[1]}", see="…"),'
    ids = ", ids=(…)" if pattern.pattern.converters else ""
    return f'    Row("{host}", "{name}", "…", "…"{ids}),  # {pattern.pattern}'


def _is_redirect_of_admin(name: str, pattern: URLPattern) -> bool:
    """`<pk>/` of an admin model only leads to `<pk>/change/`, which has its row."""
    return name.endswith(":None") and str(pattern.pattern) == "<path:object_id>/"


@pytest.mark.parametrize("host", ["agency", "client"])
def test_every_row_has_a_route(host):
    found = {name for name, _pattern in doors.walk(host)}
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
                if host == "client" and row.name not in routes.NAMES_CLIENTS and "tramontel" in text.lower():
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
