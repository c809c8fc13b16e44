"""The life of an incident: who may do what, and which moves exist."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from agency.models import Client, User
from incidents.choices import IncidentState
from incidents.models import Incident, TimelineEntry
from incidents.services import attachments, incidents, timeline
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW, MakePerson

ANSWERS = {"harm": "no", "customers": "no", "officials": "no", "spread": "yes", "word": "yes"}


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def opened(aldane: Client, lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(),
        title="Un confrère frappe",
        started_at=NOW,
        lead=lead,
        answers=ANSWERS,
        by=lead,
        now=NOW,
    )


def refusal(act: object, **given: object) -> str:
    with pytest.raises(Refused) as caught:
        act(**given)  # type: ignore[operator]
    return caught.value.code


def test_an_opened_incident_has_a_lead_a_severity_and_a_line_in_its_log(opened: Incident, lead: User) -> None:
    opened.refresh_from_db()
    assert (opened.state, opened.lead, opened.severity) == (IncidentState.OPEN, lead, 3)
    assert opened.severity_reasons["fr"]
    assert "Incident confirmé" in opened.entries.get().text or "confirmed" in opened.entries.get().text


def test_without_a_lead_nothing_opens(aldane: Client, lead: User) -> None:
    given = {"brand": factories.brand(), "title": "x", "started_at": NOW, "answers": ANSWERS, "by": lead, "now": NOW}
    assert refusal(incidents.open_by_hand, lead=None, **given) == "no_lead"
    assert Incident.objects.count() == 0


def test_a_lead_must_be_allowed_to_run_this_clients_incidents(
    opened: Incident, tramontel: Client, person: MakePerson, lead: User
) -> None:
    stranger = person("cm", tramontel)
    assert refusal(incidents.hand_lead, incident=opened, lead=stranger, by=lead, now=NOW) == "not_this_lead"


def test_every_question_is_answered(opened: Incident, lead: User) -> None:
    assert refusal(incidents.assess, incident=opened, answers={"harm": "yes"}, by=lead, now=NOW) == "unanswered"


@pytest.mark.parametrize("move", ["confirm", "dismiss", "take_up", "reopen"])
def test_an_open_incident_can_only_be_closed(opened: Incident, lead: User, move: str) -> None:
    given = {
        "confirm": {"title": "x", "lead": lead, "answers": ANSWERS},
        "dismiss": {"reason": "rien"},
        "take_up": {},
        "reopen": {"reason": "encore"},
    }[move]
    assert refusal(getattr(incidents, move), incident=opened, by=lead, now=NOW, **given) == "wrong_move"
    assert Incident.objects.get().state == IncidentState.OPEN


def test_a_cm_does_not_close(opened: Incident, aldane: Client, person: MakePerson) -> None:
    assert refusal(incidents.close, incident=opened, note="fini", by=person("cm", aldane), now=NOW) == "not_allowed"


def test_a_cm_does_not_open_again(opened: Incident, aldane: Client, person: MakePerson, lead: User) -> None:
    incidents.close(incident=opened, note="Retombé.", unmet="Tout est calme.", by=lead, now=NOW)
    given = {"incident": opened, "reason": "encore", "now": NOW}
    assert refusal(incidents.reopen, by=person("cm", aldane), **given) == "not_allowed"


def test_closing_keeps_what_was_learnt_and_opening_again_says_why(opened: Incident, lead: User) -> None:
    incidents.close(
        incident=opened, note="Tenir P-07 à jour.", unmet="Tout est calme.", by=lead, now=NOW + timedelta(hours=2)
    )
    incidents.reopen(incident=opened, reason="Cela reprend.", by=lead, now=NOW + timedelta(hours=3))
    opened.refresh_from_db()
    assert (opened.state, opened.closed_at) == (IncidentState.OPEN, None)
    assert [entry.number for entry in opened.entries.all()] == [1, 2, 3, 4]


def test_the_log_cannot_be_changed_even_by_sql(opened: Incident) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TimelineEntry.objects.update(text="autre chose")
    with pytest.raises(IntegrityError), transaction.atomic():
        TimelineEntry.objects.all().delete()


def test_a_correction_strikes_the_line_once(opened: Incident, lead: User) -> None:
    line = timeline.log(incident=opened, kind="fact", text="Vingt messages", happened_at=NOW, by=lead, now=NOW)
    given = {"incident": opened, "kind": "fact", "text": "Douze", "happened_at": NOW, "by": lead, "now": NOW}
    timeline.log(**given, corrects=line)
    assert refusal(timeline.log, **given, corrects=line) == "corrected_already"


@pytest.mark.parametrize(
    ("text", "ahead", "code"), [("  ", 0, "empty_text"), ("x" * 2001, 0, "too_long"), ("Bientôt", 60, "in_the_future")]
)
def test_a_line_that_says_nothing_or_lies_is_refused(
    opened: Incident, lead: User, text: str, ahead: int, code: str
) -> None:
    happened = NOW + timedelta(minutes=ahead)
    assert (
        refusal(timeline.log, incident=opened, kind="fact", text=text, happened_at=happened, by=lead, now=NOW) == code
    )


def test_the_chain_is_whole_and_shows_a_line_changed_behind_its_back(opened: Incident, lead: User) -> None:
    timeline.log(incident=opened, kind="fact", text="Douze messages", happened_at=NOW, by=lead, now=NOW)
    assert timeline.broken_links(opened) == []
    tampered = [timeline.link_of(entry) for entry in opened.entries.order_by("number")]
    tampered[0] = type(tampered[0])(**{**{f: getattr(tampered[0], f) for f in tampered[0].__slots__}, "text": "autre"})
    assert timeline.chain.verify(tampered)


def test_a_closed_incident_keeps_its_mentions(opened: Incident, lead: User) -> None:
    mention = factories.mention("Remboursement refusé.", NOW)
    attachments.attach(incident=opened, mention_ids=[mention.pk], by=lead, now=NOW)
    incidents.close(incident=opened, note="Retombé.", unmet="Tout est calme.", by=lead, now=NOW)
    given = {"incident": opened, "mention_ids": [mention.pk], "by": lead, "now": NOW}
    assert refusal(attachments.detach, **given) == "not_open"
    assert opened.attachments.count() == 1
