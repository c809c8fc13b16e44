"""A restricted incident does not exist for who is not in: on no page, in no list, at no address, by no key."""

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.choices import Scope
from agency.models import ShiftNote, User
from agency.services import keys
from clients.models import Mention, PositionCopy, SavedFilter, SortingAct
from incidents.models import Incident, IncidentMention, Insider
from incidents.selectors.shift_facts import in_words, open_still
from incidents.services import attachments, restriction, timeline
from reports.models import Report
from tests import doors, routes
from tests.conftest import NOW
from tests.doors import URLCONFS, House, address, all_rows, open_house, value_of
from tests.routes import Row
from tests.world import TENANT_MODELS, World, fill

MARK = "Quetzalcoatl"  # in every word of the incident and of what belongs to it
# How pages and the API say that a mention was put in an incident by a person.
ATTACHED = ("<dd>Dans un incident", "rattachée à un incident", "rattachées à INC", '"attached"')
# A list narrowed, and what a page asks by itself: addresses that the table of routes does not have.
ASKED = (
    ("client_admin:sort", "?vue=rattachees"),
    ("client_admin:sort", "?vue=tout&m={mention}"),
    ("client_admin:sort", "?vue=tout&q=Dit&m={mention}"),
    ("client_admin:sort_presence", "?vus={mention}&seen=0"),
)
# A lead of the team may open whatever a CM may, the owner whatever the client's people may, approver's pages too.
STAFF, CLIENTS = ("lead", "cm"), ("owner",)


@pytest.fixture
def house(person, visit, aldane, tramontel):
    """The world of the route tests, its incidents restricted and marked."""
    connection.set_schema_to_public()
    made = doors.people_of(person, aldane, tramontel)
    here, there = fill(aldane, made["director"]), fill(tramontel, made["director"])
    here.rows |= {f"public.agency.{name}": row for name, row in doors.public_rows(aldane, made["director"]).items()}
    connection.set_tenant(aldane)
    _hang_everything_on(Incident.objects.get(state="open"))
    _attach(here, made)
    for incident in Incident.objects.all():
        timeline.log(incident=incident, kind="fact", text=MARK, happened_at=NOW, by=made["director"], now=NOW)
    _mark_everything()
    _leave_a_note(here)
    connection.set_schema_to_public()
    built = {"made": made, "here": here, "there": there, "visit": visit}
    _read_it_all_while_it_is_open(built)
    connection.set_tenant(aldane)
    for incident in Incident.objects.all():
        _restrict(incident, made["director"])
    connection.set_schema_to_public()
    return built


def _attach(here: World, made: dict[str, User]) -> None:
    """The director puts the mention in the incident; the lead, who can undo it, another one; a list counts both."""
    mention, incident = here["clients.Mention"], Incident.objects.get(state="open")
    IncidentMention.objects.all().delete()
    other = Mention.objects.create(
        source=mention.source, external_id="2", text="Dit", published_at=NOW, collected_at=NOW
    )
    for one, by in ((mention, made["director"]), (other, made["lead"])):
        attachments.attach(incident=incident, mention_ids=[one.pk], by=by, now=timezone.now())
    SavedFilter.objects.update(query="vue=rattachees", owner=None, name="Rangées")


def _leave_a_note(here: World) -> None:
    """A hand-over of the shift, made from facts that were everybody's then."""
    ShiftNote.objects.update(words=f"{in_words(open_still(None, NOW))}\n\nRappeler {here.client.name}.")
    assert MARK in ShiftNote.objects.get(client=here.client).words


def _read_it_all_while_it_is_open(house: dict[str, object]) -> None:
    """What is kept for later by whoever looks, caches too, is kept with all there is to see."""
    seen, opened = set(), {host: open_house(house, host) for host in ("agency", "client")}
    for row in (one for one in all_rows().values() if "/compte/" not in address(one, opened[one.host].here)):
        if _shows(opened[row.host].ask("lead", "GET", address(row, opened[row.host].here))[1]):
            seen.add(row.name)
    for path in _asked(opened["client"]):
        assert _shows(opened["client"].ask("lead", "GET", path)[1]) or "rattachees" in path, path
    assert {"client_admin:mention", "client_admin:sort"} <= seen
    assert {"client_admin:incident", "client_admin:incidents", "client_admin:shift_notes"} <= seen


def _hang_everything_on(incident: Incident) -> None:
    """What may belong to an incident does, here."""
    for model in TENANT_MODELS:
        for field in model._meta.fields:
            if isinstance(field, models.ForeignKey) and field.related_model is Incident and field.null:
                model._default_manager.filter(**{f"{field.name}__isnull": True}).update(**{field.name: incident})


def _restrict(incident: Incident, by: User) -> None:
    restriction.restrict(incident=incident, reason=MARK, by=by, now=NOW)
    PositionCopy.objects.update(incident_number=incident.number, reason=MARK)


def _mark_everything() -> None:
    """Every text of a row that hangs on an incident says the mark, those that the database keeps from change too."""
    for model in TENANT_MODELS:
        said = dict.fromkeys(_texts(model), MARK) if model is Incident or _leads_to_an_incident(model) else {}
        if said and model._default_manager.exists():
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing pending, or the table cannot be altered
                cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
            model._default_manager.update(**said)
            _mark_what_was_judged(model)
    for report in Report.objects.all():
        Report.objects.filter(pk=report.pk).update(content={**report.content, "title": MARK}, title=MARK)


def _mark_what_was_judged(model: type[Model]) -> None:
    """Readings, outlooks and reasons that were stored: each of their sentences says the mark."""
    names = [field.name for field in model._meta.fields if isinstance(field, models.JSONField)]
    for row in model._default_manager.all() if names else ():
        model._default_manager.filter(pk=row.pk).update(**{name: _marked(getattr(row, name)) for name in names})


def _marked(value: object) -> object:
    if isinstance(value, dict):
        return {key: _marked(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_marked(one) for one in value]
    return f"{value} {MARK}" if isinstance(value, str) and " " in value else value


def _leads_to_an_incident(model: type[Model], depth: int = 3) -> bool:
    if depth == 0 or model._meta.app_label not in {"incidents", "reports"}:
        return False
    above = [f.related_model for f in model._meta.fields if isinstance(f, models.ForeignKey | models.OneToOneField)]
    return Incident in above or any(_leads_to_an_incident(one, depth - 1) for one in above if one is not model)  # type: ignore[arg-type]


def _texts(model: type[Model]) -> Iterator[str]:
    """Free texts long enough for the mark; a hash, an address and a closed list are left as they are."""
    for field in model._meta.fields:
        free = type(field) in {models.CharField, models.TextField} and not field.choices and not field.unique
        long_enough = field.max_length is None or len(MARK) <= field.max_length
        if free and long_enough and "hash" not in field.name and "digest" not in field.name:
            yield field.name


def _shows(text: str) -> str:
    """What of the two incidents a text gives away; empty when nothing."""
    return next((one for one in (MARK, "INC-0001", "INC-0002", *ATTACHED) if one.lower() in text.lower()), "")


def _who_is_not_in(row: Row) -> Iterator[tuple[str, str]]:
    """(who, method) of those who may open such a page; that others may not is tests/test_every_route.py's."""
    is_theirs = row.host == "client" and not row.name.startswith("client_admin:")
    yield from ((who, "GET") for who in (*STAFF, *(CLIENTS if is_theirs else ())))
    yield "lead", "POST"
    if is_theirs:
        yield "owner", "POST"


def test_no_page_gives_it_away_to_who_is_not_in(house: dict[str, object]) -> None:
    opened, wrong = {host: open_house(house, host) for host in ("agency", "client")}, []
    for row in all_rows().values():
        at = opened[row.host]
        path = address(row, at.here)
        for who, method in () if "/compte/" in path else _who_is_not_in(row):
            status, text = at.ask(who, method, path)
            if found := _shows(text):
                wrong.append(f"{row.name} {method} as {who} ({status}) shows {found}")
    assert not wrong, "\n" + "\n".join(wrong)


def _asked(opened: House) -> Iterator[str]:
    number = opened.here["clients.Mention"].pk
    for name, query in ASKED:
        yield reverse(name, urlconf=URLCONFS["client"]) + query.format(mention=number)


def test_that_mentions_are_in_it_is_told_in_no_list_and_by_no_act(house: dict[str, object]) -> None:
    opened = open_house(house, "client")
    for path, who in ((path, who) for path in _asked(opened) for who in STAFF):
        status, text = opened.ask(who, "GET", path)
        assert status == 200 and not _shows(text), (who, path, _shows(text))
    home = reverse("client_admin:sort", urlconf=URLCONFS["client"])
    listed = {who: _page(opened, who, f"{home}?vue=rattachees").count("data-keys-item") for who in ("lead", "director")}
    assert listed == {"lead": 0, "director": 2}


def test_ones_own_act_on_it_is_nobodys_once_one_is_outside(house: dict[str, object]) -> None:
    opened, lead = open_house(house, "client"), house["made"]["lead"]  # type: ignore[index]
    with schema_context(opened.here.client.schema_name):
        act = SortingAct.objects.get(by=lead, kind="attach")
        before = IncidentMention.objects.count()
        for name in ("sort_undo", "sort_redo"):
            path = reverse(f"client_admin:{name}", urlconf=URLCONFS["client"])
            given = [opened.people["lead"].post(path, {"act": number}, follow=True) for number in (act.pk, 7777)]
            toasts = [re.findall(r'class="toast".*?<p>(.*?)</p>', one.content.decode(), re.DOTALL) for one in given]
            assert toasts[0] == toasts[1] != [], name
        act.refresh_from_db()
        assert act.undone_at is None and IncidentMention.objects.count() == before


def test_its_addresses_answer_like_those_of_nothing(house: dict[str, object]) -> None:
    opened, wrong = open_house(house, "client"), []
    for row in all_rows().values():
        if row.host != "client" or not any(_is_of_an_incident(one) for one in row.ids):
            continue
        nowhere = reverse(row.name, args=[_nobodys(one, opened.here) for one in row.ids], urlconf=URLCONFS["client"])
        for who, method in _who_is_not_in(row):
            status, _text = opened.ask(who, method, address(row, opened.here))
            unknown, _text = opened.ask(who, method, nowhere)
            if status != unknown:
                wrong.append(f"{row.name} {method} as {who}: {status}, of nothing {unknown}")
    assert not wrong, "\n" + "\n".join(wrong)


def _is_of_an_incident(name: str) -> bool:
    label = name.rpartition(".")[0]
    if not label.startswith(("incidents.", "reports.")):
        return False
    model = apps.get_model(label)
    return model is Incident or _leads_to_an_incident(model)


def _nobodys(name: str, world: World) -> object:
    return 7777 if _is_of_an_incident(name) else value_of(name, world)


def test_no_key_reads_it(house: dict[str, object]) -> None:
    opened, client = open_house(house, "client"), house["here"].client  # type: ignore[attr-defined]
    by = house["made"]["director"]  # type: ignore[index]
    _key, secret = keys.make(client=client, name="suite", scopes=Scope.values, by=by, now=timezone.now())
    bearer, wrong = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}, []
    for row in routes.API:
        status, text = opened.ask("anonymous", "GET", address(row, opened.here), **bearer)
        nowhere = reverse(row.name, args=[_nobodys(one, opened.here) for one in row.ids], urlconf=URLCONFS["client"])
        unknown = opened.ask("anonymous", "GET", nowhere, **bearer)[0]
        if _shows(text) or status != unknown:
            wrong.append(f"{row.name}: {status}, of nothing {unknown} {_shows(text)}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_a_director_and_whoever_is_named_see_it(house: dict[str, object]) -> None:
    here, cm = house["here"], house["made"]["cm"]  # type: ignore[index]
    connection.set_tenant(here.client)  # type: ignore[attr-defined]
    for incident in Incident.objects.all():
        Insider.objects.create(incident=incident, person=cm, by_id=cm.pk, named_at=NOW)
    connection.set_schema_to_public()
    client, agency = open_house(house, "client"), open_house(house, "agency")
    for who in ("director", "cm"):
        for row in (Row("client", "client_admin:incident", "", "", ("incidents.Incident.number",)),
                    Row("client", "client_admin:incidents", "", "")):  # fmt: skip
            assert MARK in _page(client, who, address(row, client.here)), (who, row.name)
        assert MARK in _page(agency, who, "/")


def _page(opened: House, who: str, path: str) -> str:
    status, text = opened.ask(who, "GET", path)
    assert status == 200, (who, path, status)
    return text
