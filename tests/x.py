"""X as its search, its rules and its stream behave, and its posts as they are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from clients.listening.collectors.x.posts import id_at
from tests.answering import Asked, Said

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
TOKEN = "AAAA-jeton"
SPENT = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(NOW.timestamp()) + 120)}


class X:
    """What the search, the rules and the stream of X do, as documented: newest first, tokens, exclusive bounds."""

    def __init__(self) -> None:
        self.posts: list[int] = []
        self.asked: list[Asked] = []
        self.rules: dict[str, dict[str, str]] = {}
        self.streamed: list[bytes] = []
        self.quota = 450
        self.fault: Callable[[Asked], Said | None] = lambda asked: None
        self.now = NOW

    def publish(self, count: int, *, ago: timedelta = timedelta(minutes=5)) -> list[int]:
        first = max([id_at(self.now - ago), *self.posts]) + 1
        made = [first + (number << 10) for number in range(count)]
        self.posts += made
        return made

    @property
    def searches(self) -> list[Asked]:
        return [asked for asked in self.asked if asked.path == "/2/tweets/search/recent"]

    def __call__(self, asked: Asked) -> Said:
        self.asked.append(asked)
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Said({"title": "Unauthorized", "status": 401}, 401)
        if (said := self.fault(asked)) is not None:
            return said
        if asked.path.endswith("/rules"):
            return self.change_rules(asked)
        if asked.path.endswith("/stream"):
            return Said(iter(self.streamed))
        if asked.path == "/2/tweets":
            return Said(self.look_up(asked.params["ids"].split(",")))
        return self.search(asked)

    def search(self, asked: Asked) -> Said:
        self.quota -= 1
        given = asked.params
        since, until = int(given.get("since_id", 0)), int(given.get("until_id", 2**63))
        if since < id_at(self.now - timedelta(days=7)):
            return Said({"errors": [{"message": "'since_id' must be newer"}], "title": "Invalid Request"}, 400)
        assert 10 <= int(given["max_results"]) <= 100
        found = sorted((one for one in self.posts if since < one < until), reverse=True)
        start, size = int(given.get("next_token", "t0")[1:]), int(given["max_results"])
        page = found[start : start + size]
        meta: dict[str, Any] = {"result_count": len(page)}
        if start + size < len(found):
            meta["next_token"] = f"t{start + size}"
        headers = {"x-rate-limit-remaining": str(self.quota), "x-rate-limit-reset": "1795204800"}
        return Said({"data": [post(one) for one in page], "meta": meta} if page else {"meta": meta}, 200, headers)

    def look_up(self, names: list[str]) -> dict[str, Any]:
        there = [name for name in names if int(name) in self.posts]
        missing = [
            {"resource_type": "tweet", "resource_id": name, "title": "Not Found Error"}
            for name in names
            if name not in there
        ]
        return {"data": [post(int(name)) for name in there], "errors": missing}

    def change_rules(self, asked: Asked) -> Said:
        if asked.method == "POST":
            for rule_id in asked.form.get("delete", {}).get("ids", []):
                del self.rules[rule_id]
            for rule in asked.form.get("add", []):
                self.rules[str(len(self.rules) + 900)] = rule
        return Said({"data": [{"id": rule_id, **rule} for rule_id, rule in self.rules.items()], "meta": {}})


def post(post_id: int, text: str = "") -> dict[str, Any]:
    return {"id": str(post_id), "text": text or f"drap {post_id}", "edit_history_tweet_ids": [str(post_id)]}
