"""The simulated network: a feed for each client and a page for each post, served on the loopback address."""

import hashlib
import itertools
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from reports.demo import tools
from reports.demo.aldane import ALDANE
from reports.demo.cast import ClientStory
from reports.demo.pages import Answer, Asked, page
from reports.demo.performances import Performance, Playbill
from reports.demo.quiet import Post, posts
from reports.demo.tramontel import TRAMONTEL

STORIES = (ALDANE, TRAMONTEL)
KEPT = timedelta(days=7)  # what the feed still shows
SHOWN = 60
AT_ONCE = timedelta(seconds=5)


class Network:
    """Answers for the whole network; `clock` says what has been posted yet, `begin` starts a strike by hand."""

    def __init__(self, address: str, playbill: Playbill, clock: Callable[[], datetime]) -> None:
        self.address = address
        self.playbill = playbill
        self.clock = clock

    def __call__(self, asked: Asked) -> Answer:
        now = self.clock()
        if asked.method == "POST":
            if asked.path == tools.PATH:
                return Answer(204)
            return self._strike(now) if asked.path == "/frappe" else _NOT_HERE
        if asked.path == "/":
            return self._front(now)
        if asked.path.startswith("/posts/"):
            return self._post(asked.path.removeprefix("/posts/"), now)
        story = next((story for story in STORIES if asked.path == f"/{story.path}.json"), None)
        return conditional(self._feed(story, now), asked) if story else _NOT_HERE

    def posted(self, story: ClientStory, now: datetime) -> list[Post]:
        """What is to be read of a client now, the newest first."""
        said = [*posts(story, now - KEPT, now), *self.playbill.posts(story.schema_name, now)]
        return sorted(said, key=lambda post: (post.published_at, post.number), reverse=True)

    def _feed(self, story: ClientStory, now: datetime) -> Answer:
        said = self.posted(story, now)
        newest = said[0].published_at if said else now
        stamp = format_datetime(newest.astimezone(UTC), usegmt=True)
        body = feed(story, said, self.address)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Last-Modified": stamp, "Cache-Control": "no-cache"}
        return Answer(200, body, "application/feed+json; charset=utf-8", headers)

    def _front(self, now: datetime) -> Answer:
        everywhere = itertools.chain.from_iterable(self.posted(story, now) for story in STORIES)
        newest = sorted(everywhere, key=lambda post: post.published_at, reverse=True)[:SHOWN]
        return page("network.html", {"posts": newest, "strike": self._going_on(now), "stories": STORIES})

    def _post(self, number: str, now: datetime) -> Answer:
        everywhere = itertools.chain.from_iterable(self.posted(story, now) for story in STORIES)
        post = next((post for post in everywhere if post.number == number), None)
        return page("post.html", {"post": post}, 200 if post else 404)

    def _strike(self, now: datetime) -> Answer:
        self.playbill.begin(now + AT_ONCE, now)
        return Answer(303, headers={"Location": "/"})

    def _going_on(self, now: datetime) -> Performance | None:
        return next((one for one in self.playbill.performances[-1:] if one.is_going_on(now)), None)


def feed(story: ClientStory, said: Sequence[Post], address: str) -> bytes:
    """The posts as a JSON Feed, version 1.1."""
    items = [_item(post, address) for post in said]
    whole = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": story.name,
        "home_page_url": address,
        "items": items,
    }
    return json.dumps(whole, ensure_ascii=False).encode()


def _item(post: Post, address: str) -> dict[str, object]:
    """One post; what JSON Feed has no word for goes into an extension, as its standard allows."""
    links = {"reply_to": post.answers, "refers_to": post.quotes}
    account = {"bio": post.account.bio, "followers": post.account.followers}
    return {
        "id": post.number,
        "url": f"{address}/posts/{post.number}",
        "content_text": post.text,
        "date_published": post.published_at.astimezone(UTC).isoformat(),
        "authors": [{"name": post.handle, "_rempart": {name: value for name, value in account.items() if value}}],
        "_rempart": {name: value for name, value in links.items() if value},
    }


def conditional(answer: Answer, asked: Asked) -> Answer:
    """304 without a body when the caller has this version already; its ETag decides, its date only without one."""
    known = asked.headers.get("if-none-match")
    if known is not None:
        same = known.strip() == "*" or answer.headers["ETag"] in {
            tag.strip().removeprefix("W/") for tag in known.split(",")
        }
    else:
        same = _is_not_newer(answer.headers["Last-Modified"], asked.headers.get("if-modified-since", ""))
    return Answer(304, headers=answer.headers) if same else answer


def _is_not_newer(modified: str, since: str) -> bool:
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False


_NOT_HERE = Answer(404, b"404", "text/plain")
