"""A person's word on what an account does in an incident, and what an erasure takes out of the reading."""

from datetime import timedelta
from typing import Any

import pytest

from agency.models import AuditEvent, Client, User
from clients.models import Author, Mention
from clients.services import authors
from incidents import severity
from incidents.models import Incident, IncidentMention, IncidentReading, Outlook, ParticipantRole
from incidents.selectors.reading import reading_of
from incidents.services import incidents, reading, roles
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def cm(person: Any, aldane: Client) -> User:
    return person("lead", aldane)


@pytest.fixture
def struck(cm: User) -> Incident:
    """An open incident of thirty posts, read once."""
    answers = dict.fromkeys(severity.CODES, "no")
    incident = incidents.open_by_hand(
        brand=factories.brand(), title="Coup", started_at=NOW, lead=cm, answers=answers, by=cm, now=NOW
    )
    first: Mention | None = None
    for number in range(30):
        text = "@aldane c’est honteux, vous mentez à tout le monde cc @presse_info"
        one = factories.mention(f"{text} {number}", NOW + timedelta(minutes=number), handle=f"compte{number % 12}")
        first = first or one
        Mention.objects.filter(pk=one.pk).update(
            attack="yes", intent="mockery", reply_to="" if one == first else first.external_id
        )
        IncidentMention.objects.create(incident=incident, mention=one, attached_at=NOW)
    reading.read_due(now=NOW + timedelta(hours=1))
    return incident


def test_a_persons_word_outlives_the_next_reading(struck: Incident, cm: User) -> None:
    row = ParticipantRole.objects.filter(incident=struck).first()
    assert row is not None
    roles.decide(incident=struck, author_id=row.author_id, role="defender", by=cm, now=NOW)
    reading.read_due(now=NOW + timedelta(hours=2))
    row.refresh_from_db()
    assert (row.role, row.state, row.by_id) == ("defender", "confirmed", cm.pk)
    assert AuditEvent.objects.filter(action="incident.role_decided").count() == 1


def test_a_role_can_be_removed_and_a_stranger_is_refused(struck: Incident, cm: User) -> None:
    row = ParticipantRole.objects.filter(incident=struck).first()
    assert row is not None
    roles.decide(incident=struck, author_id=row.author_id, role="", by=cm, now=NOW)
    told = next(one for one in reading_of(struck).sections if one.name == "people").found["rows"]
    assert [one["decided"] for one in told if one["author"] == row.author_id] == ["removed"]
    for author_id, role in ((0, "relay"), (row.author_id, "villain")):
        with pytest.raises(Refused):
            roles.decide(incident=struck, author_id=author_id, role=role, by=cm, now=NOW)


def test_an_erased_account_leaves_the_reading_even_of_a_closed_incident(struck: Incident, cm: User) -> None:
    incidents.close(incident=struck, note="Fini.", by=cm, now=NOW + timedelta(hours=3))
    erased = Author.objects.get(handle="compte3")
    assert "compte3" in str(IncidentReading.objects.get().sections)
    authors.erase(author=erased, reason="demande", erases_words=False, by=cm, now=NOW + timedelta(hours=4))
    kept = Outlook.objects.count()
    reading.read_due(now=NOW + timedelta(hours=5))
    assert Outlook.objects.count() == kept, "nothing is foreseen of a closed incident"
    assert "compte3" not in str(IncidentReading.objects.get().sections)
    assert not ParticipantRole.objects.filter(author=erased).exists()


def test_the_page_shows_the_roles_and_takes_a_word(struck: Incident, cm: User, visit: Any, aldane: Client) -> None:
    browser = visit(cm, aldane)
    page = f"/agence/incidents/{struck.number}/lecture/"
    shown = browser.get(page).content.decode()
    assert "@compte0" in shown and "Qui a parlé, quand" in shown
    row = ParticipantRole.objects.filter(incident=struck).first()
    assert row is not None
    answer = browser.post(f"{page}roles/{row.author_id}/", {"role": "customer"})
    assert answer.status_code == 302 and ParticipantRole.objects.get(pk=row.pk).state == "confirmed"
