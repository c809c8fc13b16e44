"""Words that wait, on the desk: those for me, those past their hour, never those I may not know of."""

from datetime import timedelta

import pytest
from django_tenants.utils import schema_context

from agency.models import Client, User
from incidents.models import Incident
from incidents.selectors.desk_words import waiting
from incidents.selectors.drafts import signer_of
from incidents.services import approvals, drafts, silences
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_drafts import submitted


@pytest.fixture
def author(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


def seen(client: Client, person: User, minutes: int = 0) -> list[tuple[str, bool]]:
    now = NOW + timedelta(minutes=minutes)
    return [(one.act, one.is_for(person)) for one in waiting([client], person=person, now=now)]


def test_a_draft_waits_for_who_can_approve_it_and_for_all_once_late(author: User, aldane: Client, person) -> None:
    colleague = person("cm", aldane)
    submitted(author)
    assert (seen(aldane, colleague), seen(aldane, author)) == ([("approve", True)], [])
    assert seen(aldane, author, minutes=1441) == [("approve", False)]


def test_what_is_approved_waits_for_its_author_to_post_it(author: User, aldane: Client, person) -> None:
    colleague = person("cm", aldane)
    approvals.decide(draft=submitted(author), version=1, is_yes=True, by=signer_of(colleague), now=NOW)
    assert (seen(aldane, author), seen(aldane, colleague)) == ([("post", True)], [])


def test_a_silence_comes_back_at_its_hour(author: User, aldane: Client) -> None:
    mention = factories.mention("Bof", NOW)
    silences.decide(mention=mention, reason="Se calme", look_again_at=NOW + timedelta(hours=1), by=author, now=NOW)
    assert (seen(aldane, author), seen(aldane, author, minutes=61)) == ([], [("look", True)])


def test_words_of_a_restricted_incident_are_on_the_desk_of_those_inside_only(
    author: User, aldane: Client, person
) -> None:
    lead, outside = person("lead", aldane), person("lead", aldane)
    incident = Incident.objects.create(
        number=7, brand=factories.brand(), title="?", started_at=NOW, proposed_at=NOW, lead=lead, is_restricted=True
    )
    about = drafts.About(brand=incident.brand, subject="Secret", incident=incident)
    draft = drafts.begin(about=about, text="Mots", by=author, now=NOW)
    drafts.submit(draft=draft, version=1, by=author, now=NOW)
    assert (seen(aldane, lead), seen(aldane, outside, minutes=1500)) == ([("approve", True)], [])


def test_the_desk_shows_them_and_their_way_in(author: User, aldane: Client, person, visit) -> None:
    colleague = person("cm", aldane)
    draft = submitted(author)
    with schema_context("public"):
        page = visit(colleague).get("/").content.decode()
    assert page.count(f"/agence/brouillons/{draft.pk}/") == 2  # what is expected of them, and in the list
    assert "Réponse à Zoé" in page
