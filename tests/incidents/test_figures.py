"""The numbers of an incident, counted from what is attached to it."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from agency.models import Client
from clients.models import Author, Mention
from incidents.models import Incident, IncidentMention
from incidents.selectors import incidents
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def struck(aldane: Client) -> Incident:
    return Incident.objects.create(number=1, brand=factories.brand(), title="Coup", started_at=NOW, proposed_at=NOW)


def attach(incident: Incident, minute: int, handle: str, intent: str = "") -> Mention:
    mention = factories.mention("Dit.", NOW + timedelta(minutes=minute), handle=handle)
    Mention.objects.filter(pk=mention.pk).update(intent=intent)
    IncidentMention.objects.create(incident=incident, mention=mention, attached_at=NOW)
    return mention


def told(incident: Incident) -> incidents.Figures:
    return incidents.figures(incident, incidents.curve(incident, NOW + timedelta(hours=1)))


def test_an_account_counts_once_however_much_it_speaks(struck: Incident) -> None:
    attach(struck, 1, "bruno", "complaint")
    attach(struck, 2, "bruno", "question")
    attach(struck, 3, "jeanne", "popcorn")
    Author.objects.filter(handle="bruno").update(followers=40)
    figures = told(struck)
    assert (figures.mentions, figures.authors, figures.complaints, figures.reach) == (3, 2, 1, 40)


def test_a_mention_without_account_counts_as_a_mention_only(struck: Incident) -> None:
    mention = attach(struck, 1, "parti", "complaint")
    Mention.objects.filter(pk=mention.pk).update(author=None)
    figures = told(struck)
    assert (figures.mentions, figures.authors, figures.complaints, figures.reach) == (1, 0, 0, None)


def test_nothing_attached_is_zero(struck: Incident) -> None:
    figures = told(struck)
    assert (figures.mentions, figures.authors, figures.complaints, figures.reach) == (0, 0, 0, None)


def test_a_flood_is_counted_anew_once_a_minute_at_most(struck: Incident, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incidents, "MANY", 2)
    attach(struck, 1, "bruno")
    assert told(struck).mentions == 1
    attach(struck, 2, "jeanne")  # still few: counted at once, and kept from now on
    assert told(struck).mentions == 2
    attach(struck, 3, "anne")
    assert told(struck).mentions == 2
    cache.clear()  # a minute later
    assert told(struck).mentions == 3


def test_the_last_mentions_are_the_newest_published(struck: Incident) -> None:
    late, early, last = (attach(struck, minute, f"h{minute}") for minute in (5, 1, 9))
    assert incidents.mentions_of(struck, most=2) == [last, late]
    assert early not in incidents.mentions_of(struck, most=2)
