"""The change of shift: both persons are asked for the note, made from facts, and it is read by a person's own act."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import AuditEvent, ShiftNote
from agency.selectors.shift_notes import reliefs
from agency.services import rota, shift_notes
from incidents.admin.shift_notes import asked
from incidents.models import Incident, Task
from incidents.selectors.shift_facts import in_words, open_still
from tests import factories

HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def pair(person, aldane, now):
    """Two people of the client: the first is on call until half an hour from now, the second from then on."""
    leaves, takes = person("cm", aldane), person("cm", aldane)
    half = now + HOUR / 2
    for who, begins, ends in ((leaves, now - 3 * HOUR, half), (takes, half, now + 8 * HOUR)):
        rota.add(person=who, client=aldane, starts_at=begins, ends_at=ends, by=who, now=now)
    return leaves, takes


def incident(client, number=1, **fields):
    with schema_context(client.schema_name):
        now = timezone.now()
        fields = {"state": "open", "severity": 2, "title": f"Affaire {number}", **fields}
        return Incident.objects.create(
            number=number, brand=factories.brand(), started_at=now, proposed_at=now, **fields
        )


def whats(clients, who, now):
    return [one["what"] for one in asked(clients, who, now)]


def note_of(aldane, pair, now, words="Attendre le communiqué."):
    shift = reliefs([aldane], now)[0].shift
    return shift_notes.write(shift=shift, client=aldane, words=words, by=pair[0], now=now)


def test_whoever_leaves_is_asked_for_a_note_and_whoever_takes_over_to_read_it(pair, aldane, now):
    leaves, takes = pair
    assert (whats([aldane], leaves, now), whats([aldane], takes, now)) == (["write"], [])
    note = note_of(aldane, pair, now)
    assert (whats([aldane], leaves, now), whats([aldane], takes, now)) == ([], ["read"])
    shift_notes.read(note=note, by=takes, now=now)
    shift_notes.read(note=note, by=takes, now=now + HOUR)
    assert note.readings.get().read_at == now
    assert whats([aldane], takes, now) == []


def test_once_the_shift_has_ended_a_missing_note_is_said_to_the_next_person(pair, aldane, now):
    assert whats([aldane], pair[1], now + HOUR) == ["missing"]
    assert whats([aldane], pair[1], now + 6 * HOUR) == []


def test_somebody_who_goes_on_relieves_nobody(person, aldane, now):
    cm = person("cm", aldane)
    (shift,) = rota.add(person=cm, client=aldane, starts_at=now - HOUR, ends_at=now + 8 * HOUR, by=cm, now=now).shifts
    rota.cut(shift=shift, at=now + HOUR / 2, by=cm, now=now)
    assert reliefs([aldane], now) == ()


def test_a_shift_that_nobody_takes_over_asks_for_its_note_all_the_same(person, aldane, now):
    cm = person("cm", aldane)
    rota.add(person=cm, client=aldane, starts_at=now - HOUR, ends_at=now + HOUR / 2, by=cm, now=now)
    (one,) = reliefs([aldane], now)
    assert (one.takes, whats([aldane], cm, now)) == (None, ["write"])


def test_the_note_begins_with_what_is_open_promised_and_due(pair, aldane, now):
    open_one = incident(aldane, lead=pair[0], next_update_at=now + HOUR)
    due = {"due_at": now + HOUR, "remind_at": now + HOUR, "created_at": now}
    Task.objects.create(incident=open_one, number=1, words="Appeler le magasin", **due)
    words = in_words(open_still(None, now))
    assert all(part in words for part in ("INC-0001", "Affaire 1", pair[0].full_name, "Appeler le magasin"))


def test_a_restricted_incident_is_in_nobodys_note_and_asks_only_those_who_may_know(pair, aldane, now, visit):
    leaves, takes = pair
    incident(aldane, lead=leaves, title="Enquête interne", is_restricted=True)
    assert in_words(open_still(None, now)) == ""
    assert len(open_still(leaves, now)) == 1
    assert open_still(takes, now) == ()
    page = visit(takes, aldane).get(f"/agence/garde/{reliefs([aldane], now)[0].shift.pk}/releve/")
    assert "Enquête" not in page.content.decode()


def test_the_desk_asks_only_while_something_is_open(pair, aldane, visit):
    browser = visit(pair[0])
    assert browser.get("/").context["shift_notes"] == []
    incident(aldane, lead=pair[0])
    (one,) = browser.get("/").context["shift_notes"]
    assert one["what"] == "write"
    client = visit(pair[0], aldane)
    assert [row["what"] for row in client.get("/agence/").context["shift_notes"]] == ["write"]
    assert client.get(one["path"]).context["form"].initial["words"].startswith("INC-0001")


def test_a_note_is_left_and_read_on_its_page(pair, aldane, visit, now):
    path = f"/agence/garde/{reliefs([aldane], now)[0].shift.pk}/releve/"
    mine, theirs = visit(pair[0], aldane), visit(pair[1], aldane)
    assert theirs.post(path, {"words": "Rien"}).status_code == 403
    for words in ("", "   ", "\0", "é" * 4001):
        assert mine.post(path, {"words": words}).status_code == 422
    assert mine.post(path, {"words": "<b>Attendre</b>"}).status_code == 302
    note = ShiftNote.objects.get()
    assert "<b>Attendre" not in theirs.get(path).content.decode()
    assert theirs.post(f"/agence/garde/notes/{note.pk}/lue/").status_code == 302
    assert mine.post(f"/agence/garde/notes/{note.pk}/lue/").status_code == 404
    assert pair[1].full_name in mine.get("/agence/garde/notes/").content.decode()
    assert AuditEvent.objects.filter(action__startswith="rota.note_").count() == 2


def test_another_clients_note_is_nowhere(pair, aldane, tramontel, person, visit, now):
    note = note_of(aldane, pair, now)
    browser = visit(person("cm", tramontel), tramontel)
    for path in (f"garde/{note.shift_id}/releve/", "garde/notes/"):
        assert "Attendre" not in browser.get(f"/agence/{path}").content.decode()
    assert browser.post(f"/agence/garde/notes/{note.pk}/lue/").status_code == 404


def test_the_desk_says_who_is_on_call_and_what_nobody_holds(pair, aldane, visit, now):
    page = visit(pair[0]).get("/")
    desk = page.context["rota"]
    assert (desk.held[0].on_call.primary, desk.is_on_call, desk.gap_now) == (pair[0], True, False)
    assert desk.gaps[0].starts_at == now + 8 * HOUR


def test_a_shift_taken_off_moves_the_desk(pair, aldane, visit, now):
    browser = visit(pair[0])
    poll = {"HTTP_X_LIVE": "1", "HTTP_IF_NONE_MATCH": browser.get("/")["ETag"]}
    assert browser.get("/", **poll).status_code == 304
    rota.take_off(shift=reliefs([aldane], now)[0].shift, by=pair[0], now=now)
    assert browser.get("/", **poll).status_code == 200
