"""What a watch caught, counted for the detector."""

from datetime import timedelta

import pytest

from agency.models import Client
from clients.models import Watch, WatchHit
from incidents.selectors import hits
from tests import factories
from tests.conftest import NOW


@pytest.fixture
def heard_by(aldane: Client) -> Watch:
    return factories.watch()


def test_somebody_counts_once_an_hour_and_each_unknown_author_is_one(heard_by: Watch) -> None:
    for minute in (0, 4, 50, 61):
        factories.mention("Encore.", NOW + timedelta(minutes=minute), handle="bruno", heard_by=heard_by)
    for second in (1, 2):
        factories.mention("Anonyme.", NOW + timedelta(seconds=second), handle=f"a{second}", heard_by=heard_by)
    WatchHit.objects.filter(mention__author__handle__startswith="a").update(author_id=None)
    counts = hits.authors_per_bucket(heard_by, NOW, NOW + timedelta(hours=2))
    assert [count for _at, count in counts] == [3, 1]


def test_who_is_not_counted_is_left_out_and_so_is_what_lies_outside(heard_by: Watch) -> None:
    for hour in (-2, 0, 2):
        factories.mention("Ici.", NOW + timedelta(hours=hour), handle=f"h{hour}", heard_by=heard_by)
    factories.mention("La marque.", NOW, handle="marque", heard_by=heard_by)
    WatchHit.objects.filter(mention__author__handle="marque").update(is_counted=False)
    assert [count for _at, count in hits.authors_per_bucket(heard_by, NOW, NOW + timedelta(hours=2))] == [1]


def test_what_another_watch_caught_is_no_news_for_a_quiet_one(heard_by: Watch) -> None:
    factories.mention("Avant.", NOW, heard_by=heard_by)
    known, other = hits.newest_hit(), factories.watch("Autre")
    factories.mention("Ailleurs.", NOW, heard_by=other)
    assert hits.newest_hit() > known
    assert not hits.has_caught_since(heard_by, known)
    assert hits.has_caught_since(other, known)
