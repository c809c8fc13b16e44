"""X as a source of a client: what it bills is noted, its budget is kept, edits and deletions reach the mentions."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agency import vault
from agency.http import Door
from agency.models import Client
from clients.models import CollectorRun, Mention, Source
from clients.services.listening import listen
from tests.answering import Asked, Said, answering
from tests.x import NOW, TOKEN, X, post

DOOR = Door(timeout_s=5, allow_private=True)


@pytest.fixture
def x() -> X:
    return X()


@pytest.fixture
def source(x: X, aldane: Client) -> Iterator[Source]:
    with answering(x) as base:
        yield Source.objects.create(
            name="X", kind="x", settings={"base": base, "query": "aldane"}, sealed=vault.seal({"token": TOKEN})
        )


def read(source: Source, now: datetime = NOW) -> str:
    source.refresh_from_db()
    Source.objects.filter(pk=source.pk).update(due_at=now)
    return listen(source=source, http=DOOR, now=now).outcome


def test_a_burst_beyond_a_reading_is_kept_whole_and_billed_once(x: X, source: Source) -> None:
    x.publish(1_500)
    outcomes = [read(source, NOW + timedelta(seconds=second)) for second in range(4)]
    assert Mention.objects.count() == 1_500
    assert outcomes[-1] == "unchanged"
    assert sum(run.cost for run in CollectorRun.objects.all()) == Decimal("7.5")


def test_the_month_s_budget_holds_the_source_back(x: X, source: Source) -> None:
    x.publish(300)
    Source.objects.filter(pk=source.pk).update(monthly_budget=1)
    read(source)
    assert Mention.objects.count() == 200
    calls = len(x.asked)
    assert read(source, NOW + timedelta(minutes=5)) == "held"
    assert len(x.asked) == calls


def test_an_edit_is_a_version_and_a_deletion_a_mark(x: X, source: Source) -> None:
    (made,) = x.publish(1)
    read(source)
    (edited,) = x.publish(1)
    history = {"edit_history_tweet_ids": [str(made), str(edited)]}
    x.posts.remove(made)
    answer: dict[str, Any] = {"data": [{**post(edited, "rectifié"), **history}], "meta": {"result_count": 1}}
    x.fault = lambda asked: Said(answer)
    read(source, NOW + timedelta(minutes=5))
    mention = Mention.objects.get()
    assert (mention.text, mention.versions.count()) == ("rectifié", 1)
    gone = [{"resource_type": "tweet", "resource_id": str(made), "title": "Not Found Error"}]
    x.fault = lambda asked: Said({"errors": gone, "meta": {"result_count": 0}})
    read(source, NOW + timedelta(minutes=10))
    mention.refresh_from_db()
    assert mention.deleted_at is not None


def test_a_quota_of_zero_makes_no_call(x: X, source: Source) -> None:
    x.quota = 1
    until = NOW + timedelta(minutes=15)

    def with_reset(asked: Asked) -> Said:
        said = x.search(asked)
        said.headers["x-rate-limit-reset"] = str(int(until.timestamp()))
        return said

    x.fault = with_reset
    read(source)
    calls = len(x.asked)
    assert read(source, NOW + timedelta(minutes=5)) == "held"
    assert len(x.asked) == calls
