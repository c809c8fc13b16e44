"""Five hundred posts in ten seconds, on a server that gives forty a page and a few calls a window: all are there."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from agency.http import Door
from agency.models import Client
from clients.models import CollectorRun, Mention, Source
from clients.services.listening import listen
from tests.conftest import NOW
from tests.loopback import Answer, serving

DOOR = Door(timeout_s=5, allow_private=True)
WINDOW = timedelta(minutes=5)


class Instance(dict[str, Answer]):
    """Speaks enough of Mastodon's API for one hashtag: pages by min_id, and a limit of calls a window."""

    def __init__(self, calls_a_window: int) -> None:
        super().__init__()
        self.calls_a_window = self.left = calls_a_window
        self.now = self.resets_at = NOW
        self.posts: list[dict[str, Any]] = []
        self.calls = self.asked_with_nothing_left = 0

    def post(self, count: int, first_at: datetime) -> None:
        for n in range(count):
            number = len(self.posts) + 1
            at = first_at + timedelta(seconds=10 * n / count)
            self.posts.append(
                {
                    "id": str(10**6 + number), "uri": f"https://parvis.test/p/{number}", "url": "",
                    "created_at": at.isoformat(), "content": f"<p>Le colis {number} n’arrive pas #aldane</p>",
                    "visibility": "public", "account": {"id": "1", "acct": "jo", "url": "https://parvis.test/@jo"},
                }
            )  # fmt: skip

    def get(self, path: str, default: object = None) -> Answer:  # type: ignore[override]
        if self.now >= self.resets_at:
            self.left, self.resets_at = self.calls_a_window, self.now + WINDOW
        self.calls += 1
        self.asked_with_nothing_left += self.left <= 0
        self.left -= 1
        asked = urlsplit(path)
        body = {"domain": "parvis.test"} if asked.path == "/api/v2/instance" else self._page(parse_qs(asked.query))
        headers = {"X-RateLimit-Remaining": str(max(self.left, 0)), "X-RateLimit-Reset": self.resets_at.isoformat()}
        if self.left < 0:
            return Answer(429, headers, b"{}")
        return Answer(200, headers, msgspec.json.encode(body))

    def _page(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        """Forty at most, newest first: those next after min_id, else the newest ones before max_id."""
        size = min(int(query.get("limit", ["20"])[0]), 40)
        after, before = (int(query.get(name, [default])[0]) for name, default in (("min_id", "0"), ("max_id", "9" * 9)))
        found = [post for post in self.posts if after < int(post["id"]) < before]
        return (found[:size] if "min_id" in query else found[-size:])[::-1]


@pytest.fixture
def instance() -> Iterator[tuple[Instance, str]]:
    with serving() as site:
        made = Instance(calls_a_window=6)
        site.pages = made
        yield made, site.base


def test_a_burst_between_two_readings_is_there_whole_and_no_call_is_made_on_an_empty_quota(
    aldane: Client, instance: tuple[Instance, str]
) -> None:
    server, address = instance
    settings = {"instance": address, "hashtags": ["aldane"], "mentions": False}
    source = Source.objects.create(name="Parvis", kind="mastodon", settings=settings, every_seconds=60)
    server.post(3, NOW - timedelta(minutes=1))
    listen(source=source, http=DOOR, now=NOW)
    server.post(500, NOW + timedelta(seconds=5))
    outcomes = []
    for _turn in range(60):
        source.refresh_from_db()
        assert source.due_at is not None
        server.now = max(source.due_at, server.now + timedelta(seconds=1))
        outcomes.append(listen(source=source, http=DOOR, now=server.now).outcome)
        if Mention.objects.count() >= 503 and outcomes[-1] == "unchanged":
            break
    numbers = set(Mention.objects.values_list("external_id", flat=True))
    assert numbers == {f"https://parvis.test/p/{n}" for n in range(1, 504)}
    assert (server.asked_with_nothing_left, outcomes.count("held") >= 2, "failed" in outcomes) == (0, True, False)
    assert sum(CollectorRun.objects.values_list("calls", flat=True)) == server.calls
