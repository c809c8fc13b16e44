"""A person's word on what an account does in an incident, and what an erasure takes out of the reading."""

from datetime import timedelta
from typing import Any

import pytest

from agency.models import AuditEvent, Client, User
from clients.models import Author, Mention
from clients.services import authors
from incidents import severity
from incidents.detection.roles_words import ROLES
from incidents.models import Incident, IncidentMention, IncidentReading, Outlook, ParticipantRole
from incidents.selectors.participants import Participant
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


def a_follower(struck: Incident) -> ParticipantRole:
    return ParticipantRole.objects.filter(incident=struck, role="follower").latest("id")


def shown(struck: Incident, author: int) -> Participant:
    people = reading_of(struck).people
    return next(one for one in (*people.first, *people.others) if one.author == author)


def test_a_role_can_be_removed_and_stays_so_and_a_stranger_is_refused(struck: Incident, cm: User) -> None:
    row = a_follower(struck)
    roles.decide(incident=struck, author_id=row.author_id, role="", by=cm, now=NOW + timedelta(hours=2))
    reading.read_due(now=NOW + timedelta(hours=2, seconds=15))
    one = shown(struck, row.author_id)
    assert (one.role, one.presumed, one.decision and one.decision.who) == ("", ROLES["follower"], str(cm))
    for author_id, role in ((0, "relay"), (row.author_id, "villain")):
        with pytest.raises(Refused):
            roles.decide(incident=struck, author_id=author_id, role=role, by=cm, now=NOW)


@pytest.mark.parametrize("role", ["customer", ""])
def test_a_word_is_taken_back_and_the_machines_stands_again(struck: Incident, cm: User, role: str) -> None:
    row = a_follower(struck)
    roles.decide(incident=struck, author_id=row.author_id, role=role, by=cm, now=NOW + timedelta(hours=2))
    reading.read_due(now=NOW + timedelta(hours=3))
    roles.undo(incident=struck, author_id=row.author_id, by=cm, now=NOW + timedelta(hours=3, seconds=1))
    for _turn in ("at once", "after the next reading"):
        row.refresh_from_db()
        assert (row.role, row.state, row.by_id, row.basis != []) == ("follower", "presumed", None, True)
        assert shown(struck, row.author_id).decision is None
        reading.read_due(now=NOW + timedelta(hours=4))
    assert AuditEvent.objects.filter(action="incident.role_undone").count() == 1
    with pytest.raises(Refused):
        roles.undo(incident=struck, author_id=row.author_id, by=cm, now=NOW)


def test_the_next_reading_of_a_closed_incident_too_starts_from_a_persons_word(struck: Incident, cm: User) -> None:
    incidents.close(incident=struck, note="Fini.", unmet="Tout est calme.", by=cm, now=NOW + timedelta(hours=3))
    assert reading.read_due(now=NOW + timedelta(hours=4)) == 0
    row = a_follower(struck)
    roles.decide(incident=struck, author_id=row.author_id, role="spectator", by=cm, now=NOW + timedelta(hours=5))
    assert reading.read_due(now=NOW + timedelta(hours=6)) == 1
    people = IncidentReading.objects.get().sections["people"]
    assert people["counts"]["spectator"] == 1 and people["popcorn_share"] > 0
    assert reading.read_due(now=NOW + timedelta(hours=7)) == 0, "read once"


def test_a_role_is_given_to_an_account_of_the_incident_that_shows_none(struck: Incident, cm: User) -> None:
    quiet = factories.mention("Je passais par là", NOW, handle="passante")
    IncidentMention.objects.create(incident=struck, mention=quiet, attached_at=NOW)
    with pytest.raises(Refused):
        roles.decide(incident=struck, author_id=quiet.author_id, role="", by=cm, now=NOW)
    roles.decide(incident=struck, author_id=quiet.author_id, role="defender", by=cm, now=NOW)
    one = shown(struck, quiet.author_id)
    assert (one.role, one.presumed) == ("defender", None)


def test_an_erased_account_leaves_the_reading_even_of_a_closed_incident(struck: Incident, cm: User) -> None:
    incidents.close(incident=struck, note="Fini.", unmet="Tout est calme.", by=cm, now=NOW + timedelta(hours=3))
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
    assert f'tri/comptes/{row.author_id}/?retour={page.replace("/", "%2F")}"' in shown, "the account leads back here"
    answer = browser.post(f"{page}roles/{row.author_id}/", {"role": "customer"})
    assert answer.status_code == 302 and ParticipantRole.objects.get(pk=row.pk).state == "confirmed"
    assert str(cm) in browser.get(page).text and ROLES[row.role]["fr"] in browser.get(page).text
    browser.post(f"{page}roles/{row.author_id}/annuler/")
    assert ParticipantRole.objects.get(pk=row.pk).state == "presumed"
    assert browser.post(f"{page}roles/{row.author_id}/annuler/", follow=True).status_code == 200, "said, not broken"


def test_an_incident_without_a_reading_says_so(cm: User, visit: Any, aldane: Client) -> None:
    answers = dict.fromkeys(severity.CODES, "no")
    quiet = incidents.open_by_hand(
        brand=factories.brand(), title="Rien", started_at=NOW, lead=cm, answers=answers, by=cm, now=NOW
    )
    page = visit(cm, aldane).get(f"/agence/incidents/{quiet.number}/lecture/")
    assert page.status_code == 200 and 'class="empty-state"' in page.text
    reading.read_due(now=NOW + timedelta(minutes=1))
    page = visit(cm, aldane).get(f"/agence/incidents/{quiet.number}/lecture/")
    assert "Aucun compte n’est connu." in page.text and "Personne n’a été mis en copie." in page.text


def test_nothing_is_expected_any_more_once_the_incident_is_closed(
    struck: Incident, cm: User, visit: Any, aldane: Client
) -> None:
    browser, page = visit(cm, aldane), f"/agence/incidents/{struck.number}/lecture/"
    assert 'class="expected"' in browser.get(page).text
    incidents.close(incident=struck, note="Fini.", unmet="Tout est calme.", by=cm, now=NOW + timedelta(hours=3))
    assert 'class="expected"' not in browser.get(page).text


def test_what_accounts_call_themselves_is_shown_as_text(struck: Incident, cm: User, visit: Any, aldane: Client) -> None:
    Author.objects.filter(handle="compte0").update(handle="<b>x</b>\u202e" + "w" * 150)
    Mention.objects.update(text="cc @lemondefr <script>alert(1)</script> https://x.test/<i>")
    reading.read(incident=struck, now=NOW + timedelta(hours=1), anew=True)
    page = visit(cm, aldane).get(f"/agence/incidents/{struck.number}/lecture/").text
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert not [mark for mark in ("<b>x", "<script>alert", "<i>") if mark in page]


def test_a_number_or_a_role_that_is_none_is_refused_in_words(
    struck: Incident, cm: User, visit: Any, aldane: Client
) -> None:
    browser, room = visit(cm, aldane), f"/agence/incidents/{struck.number}/lecture/roles/"
    for odd in ("0", "9" * 19, "9" * 30):
        for act in (f"{room}{odd}/", f"{room}{odd}/annuler/"):
            assert browser.post(act, {"role": "relay"}).status_code == 302, act
    row = a_follower(struck)
    for answer in ({"role": "villain"}, {"role": "\0"}, {"role": "r" * 50_000}, {}):
        back = browser.post(f"{room}{row.author_id}/", answer)
        assert back.status_code == 302 and back["Location"].endswith(f"#account-{row.author_id}")
    row.refresh_from_db()
    assert row.state == "presumed"
