"""What a collector costs us per mention, in CPU: python -m tests.bench.bench_collectors

Everything between the bytes that came and the mentions handed to the ingest: parsing, text out of HTML, ids, dates.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from agency.http import Response
from clients.listening.collectors import registry

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
COUNT, TIMES = 500, 5
CEILING_US = 1_000.0  # per mention, on a busy machine
MARKUP = (
    '<p>Bonjour <span class="h-card"><a href="https://lin.example/@aldane" class="mention">@<span>aldane</span></a>'
    "</span>, trois semaines que j’attends mon <b>remboursement</b>&nbsp;: toujours rien.</p><p>Personne ne répond "
    '<a href="https://gazette.example/a?b=1&amp;c=2" rel="nofollow"><span class="invisible">https://</span>gazette</a></p>'
)


class Still:
    """A network that answers at once with what was laid: the collector's own work is all that is left."""

    def __init__(self, answer: Callable[[str], str]) -> None:
        self._answer = answer

    def get(self, url: str, headers: Any = None, **given: Any) -> Response:
        return Response(200, httpx.Headers(), self._answer(url).encode(), url, url)


def rss() -> str:
    date = "Fri, 20 Nov 2026 18:00:00 GMT"
    items = "".join(
        f"<item><guid>{n}</guid><title>Titre {n}</title><link>https://a.example/{n}</link><pubDate>{date}</pubDate>"
        f"<description><![CDATA[{MARKUP}]]></description></item>"
        for n in range(COUNT)
    )
    return f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'


def jsonfeed() -> str:
    items = [
        {"id": str(n), "url": f"https://a.example/{n}", "content_html": MARKUP, "date_published": NOW.isoformat()}
        for n in range(COUNT)
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})


def statuses(url: str) -> str:
    if "/instance" in url:
        return '{"domain": "pouet.example"}'
    account = {
        "id": "1",
        "acct": "zoe",
        "display_name": "Zoé",
        "url": "https://pouet.example/@zoe",
        "followers_count": 7,
    }
    made = [
        {"id": str(n), "uri": f"https://pouet.example/{n}", "url": f"https://pouet.example/{n}", "content": MARKUP,
         "account": account, "visibility": "public", "created_at": NOW.isoformat(), "language": "fr"}
        for n in range(1_000 + COUNT, 1_000, -1)
    ]  # fmt: skip
    return json.dumps([] if "max_id" in url else made)


def per_mention(kind: str, answer: Callable[[str], str], **settings: Any) -> float:
    """CPU microseconds a mention, the best of five readings."""
    best = float("inf")
    for turn in range(TIMES):
        began = time.process_time()
        fetched = registry.fetch(kind, settings, {}, http=Still(answer), now=NOW + timedelta(minutes=turn))  # type: ignore[arg-type]
        best = min(best, (time.process_time() - began) / len(fetched.mentions) * 1e6)
        assert len(fetched.mentions) == COUNT
    return best


def main() -> None:
    """Print what each costs; fails above the ceiling."""
    feed, listened = rss(), jsonfeed()
    costs = {
        "RSS": per_mention("feed", lambda _: feed, url="https://a.example/"),
        "JSON Feed": per_mention("feed", lambda _: listened, url="https://a.example/"),
        "Mastodon": per_mention("mastodon", statuses, instance="https://pouet.example", hashtags=["x"], mentions=False),
    }
    for name, cost in costs.items():
        print(f"{name}: {cost:.0f} µs of CPU a mention")
    if max(costs.values()) > CEILING_US:
        sys.exit(f"over the ceiling of {CEILING_US:.0f} µs")


if __name__ == "__main__":
    main()
