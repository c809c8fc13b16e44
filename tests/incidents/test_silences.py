"""Not answering comes back: reminded until somebody looks, to whoever is still there, once at a time."""

from datetime import timedelta
from typing import Any

import pytest

from agency.models import AuditEvent, Client, User
from clients.models import Mention
from incidents.models import Incident, NoAnswer
from incidents.selectors import drafts as read
from incidents.services import incidents, silences
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_drafts import refusal
from tests.incidents.test_reminders import Letterbox

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def cm(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


@pytest.fixture
def mention(aldane: Client) -> Mention:
    return factories.mention("Quel spectacle", NOW)


def silent(mention: Mention, by: User, **given: Any) -> NoAnswer:
    whole = {"reason": "Se calme", "look_again_at": LATER, "now": NOW, **given}
    return silences.decide(mention=mention, by=by, **whole)


def ring(post: Letterbox, minutes: int) -> int:
    now = LATER + timedelta(minutes=minutes)
    return sum(silences.remind(silence_id=one, post=post, now=now) for one in silences.due(now=now))


def test_it_is_asked_for_again_until_somebody_looked(mention: Mention, cm: User) -> None:
    row, post = silent(mention, cm), Letterbox()
    assert [ring(post, minutes) for minutes in (-1, 0, 5, 31)] == [0, 1, 0, 1]
    silences.look_again(silence=row, is_answered=False, by=cm, now=LATER)
    assert ring(post, 600) == 0
    assert {to for to, _subject, _body in post.letters} == {cm.email}


def test_when_who_decided_left_a_lead_is_reminded(mention: Mention, cm: User, aldane: Client, person) -> None:
    lead, post = person("lead", aldane), Letterbox()
    silent(mention, cm)
    User.objects.filter(pk=cm.pk).update(is_active=False)
    ring(post, 0)
    assert [to for to, _subject, _body in post.letters] == [lead.email]


def test_a_busy_server_is_asked_again_soon(mention: Mention, cm: User) -> None:
    silent(mention, cm)
    assert ring(Letterbox(cm.email, is_passing=True), 0) == 0
    assert ring(Letterbox(), 2) == 1


def test_where_an_address_is_refused_the_next_in_line_is_reminded(mention: Mention, cm: User, aldane, person) -> None:
    lead, post = person("lead", aldane), Letterbox(cm.email)
    silent(mention, cm)
    assert ring(post, 0) == 1
    assert [to for to, _subject, _body in post.letters] == [lead.email]


def test_a_proposal_set_aside_does_not_keep_it_from_being_looked_at(mention: Mention, cm: User) -> None:
    proposed = Incident.objects.create(number=7, brand=factories.brand(), title="?", started_at=NOW, proposed_at=NOW)
    row = silent(mention, cm, incident=proposed)
    incidents.dismiss(incident=proposed, reason="Rien", by=cm, now=NOW)
    silences.look_again(silence=NoAnswer.objects.get(), is_answered=True, by=cm, now=LATER)
    row.refresh_from_db()
    assert (row.looked_by, ring(Letterbox(), 60)) == (cm, 0)
    assert AuditEvent.objects.get(action="silence.looked").user == cm


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"reason": " \0 "}, "why"),
        ({"look_again_at": NOW}, "in_the_past"),
        ({"look_again_at": NOW + timedelta(days=4000)}, "too_far"),
    ],
)
def test_an_odd_silence_is_refused_in_words(mention: Mention, cm: User, given: dict[str, Any], code: str) -> None:
    assert refusal(silent, mention, cm, **given) == code
    assert not NoAnswer.objects.exists()


def test_the_second_to_decide_or_to_look_is_told(mention: Mention, cm: User, aldane: Client, person) -> None:
    row = silent(mention, cm)
    assert refusal(silent, mention, person("cm", aldane)) == "silent_already"
    silences.look_again(silence=row, is_answered=True, by=cm, now=LATER)
    assert refusal(silences.look_again, silence=row, is_answered=False, by=cm, now=LATER) == "looked_already"


def test_in_a_restricted_incident_others_learn_neither_who_nor_why(mention: Mention, cm: User, aldane, person) -> None:
    lead, post = person("lead", aldane), Letterbox()
    incident = Incident.objects.create(
        number=7, brand=factories.brand(), title="?", started_at=NOW, proposed_at=NOW, lead=lead, is_restricted=True
    )
    silent(mention, lead, incident=incident, reason="Affaire secrète")
    assert (list(read.silences(cm)), read.silence_of(mention.pk, cm)) == ([], None)
    with pytest.raises(silences.Refused) as caught:
        silent(mention, cm)
    assert lead.full_name not in caught.value.words
    ring(post, 0)
    assert "secrète" not in post.letters[0][2]
    assert incident.entries.filter(text__contains="secrète").exists()


def test_without_an_incident_the_trail_keeps_it(mention: Mention, cm: User) -> None:
    silent(mention, cm)
    assert AuditEvent.objects.get(action="silence.decided").user == cm
