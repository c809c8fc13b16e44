"""A stage for the crises told from end to end: a client, its people, and a play heard through the push API."""

import html
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.db import connection
from django.test import Client as Browser

from agency.choices import Scope
from agency.models import Client, User
from agency.services import keys
from clients.models import Author, Brand, Contact, Watch
from clients.tasks import read_client
from incidents.models import IncidentReading
from incidents.tasks import look_client, read_client_incidents
from reports.demo import quiet
from reports.demo.cast import ClientStory
from reports.demo.quiet import Post
from reports.demo.strikes import Strike
from reports.demo.surroundings import surround
from reports.models import Report
from reports.tasks import draft_client
from tests.conftest import host_of

Visit = Callable[..., Browser]
AT_ONCE = 400  # posts of one push
WEEKS = timedelta(weeks=5)


@dataclass(frozen=True)
class House:
    """Where it is played: a client, its browsers, and who gives the tool its key."""

    client: Client
    visit: Visit
    director: User


class Stage:
    """The client as the demo furnishes it, and the clock of the evening. Everything said is pushed, as a tool does."""

    def __init__(self, story: ClientStory, strike: Strike, begins: datetime, minutes: float, house: House) -> None:
        self.client, self.visit, self.begins = house.client, house.visit, begins
        length = timedelta(minutes=minutes)
        self.play = list(replace(strike, length=length).posts(1, begins))
        before = quiet.posts(story, begins - WEEKS, begins + length)
        self.said = sorted([*before, *self.play], key=lambda post: post.published_at)
        self.heard = 0
        furnish(story, begins)
        self.key = keys.make(
            client=self.client, name="Veille", scopes=[Scope.MENTIONS_WRITE], by=house.director, now=begins
        )[1]

    def at(self, minutes: float) -> datetime:
        return self.begins + timedelta(minutes=minutes)

    def hear(self, until: datetime) -> None:
        """Pushes what was said until then and lets the worker read it, look, and read the incidents."""
        new = [post for post in self.said[self.heard :] if post.published_at <= until]
        self.heard += len(new)
        with time_machine.travel(until, tick=True):
            for first in range(0, len(new), AT_ONCE):
                self._push(new[first : first + AT_ONCE])
            for task in (read_client, look_client, read_client_incidents):
                task(schema_name=self.client.schema_name)
        connection.set_tenant(self.client)

    def act(self, minutes: float, who: User, path: str, **given: object) -> None:
        """Somebody sends a form on the client's host so long after the first post; it must be accepted."""
        with time_machine.travel(self.at(minutes), tick=True):
            answer = self.visit(who, self.client).post(path, given)
        connection.set_tenant(self.client)
        assert answer.status_code == 302, answer.content.decode()[:2000]

    def close(self, minutes: float, who: User, page: str, note: str) -> None:
        """Closes though nobody ticked what was to be true, and plans the debrief that a grave incident asks for."""
        debrief = {"hot_at": f"{self.at(minutes) + timedelta(hours=12):%Y-%m-%dT%H:%M}", "hot_host": who.pk}
        self.act(minutes, who, f"{page}clore/", note=note, unmet="Plus personne n’en parle.", **debrief)

    def see(self, minutes: float, who: User, path: str) -> str:
        """A page as that person sees it, without its tags."""
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", self.fetch(minutes, who, path).decode())).split())

    def fetch(self, minutes: float, who: User, path: str) -> bytes:
        """What is behind an address, as it comes."""
        with time_machine.travel(self.at(minutes), tick=True):
            answer = self.visit(who, self.client).get(path)
        connection.set_tenant(self.client)
        assert answer.status_code == 200
        return answer.getvalue()

    def push(self, minutes: float, posts: Sequence[Post]) -> None:
        """Pushes posts whatever they say of their own time."""
        with time_machine.travel(self.at(minutes), tick=True):
            self._push(posts)
        connection.set_tenant(self.client)

    def draft(self, minutes: float) -> Report:
        """The clockwork drafts the report of what was closed."""
        with time_machine.travel(self.at(minutes), tick=True):
            draft_client(schema_name=self.client.schema_name)
        connection.set_tenant(self.client)
        return Report.objects.get()

    def _push(self, posts: Sequence[Post]) -> None:
        answer = Browser(HTTP_HOST=host_of(self.client)).post(
            "/api/v1/mentions",
            json.dumps({"mentions": [row_of(post) for post in posts]}),
            content_type="application/json",
            HTTP_AUTHORIZATION=f"Bearer {self.key}",
        )
        assert answer.status_code == 200, answer.content.decode()[:2000]
        assert answer.json()["new"] == len(posts)


def sections() -> dict[str, Any]:
    """What the machine says of the one incident, section by section."""
    told: dict[str, Any] = IncidentReading.objects.get().sections
    return told


def part_of(handle: str) -> str:
    """The role that the last reading gives an account, "" when it gives none."""
    return next((row["role"] for row in sections()["people"]["rows"] if row["handle"] == handle), "")


def number_of(handle: str) -> int:
    return Author.objects.get(handle=handle).pk


def row_of(post: Post) -> dict[str, object]:
    """A post of the demo as the push API takes it."""
    kind = "reply" if post.answers else "quote" if post.quotes else "post"
    return {
        "external_id": post.number,
        "text": post.text,
        "published_at": post.published_at.isoformat(),
        "network": "parvis",
        "author_handle": post.handle,
        "author_bio": post.account.bio,
        "followers": post.account.followers,
        "reply_to": post.answers,
        "refers_to": post.quotes,
        "kind": kind,
    }


def furnish(story: ClientStory, now: datetime) -> None:
    """The client's brand, watch and contacts, its calendar, and those who may be called in."""
    one = story.brands[0]
    handles = list(one.handles)
    brand = Brand.objects.create(name=one.name, handles=handles)
    Watch.objects.create(brand=brand, name=brand.name, include=list(one.words), ignored_authors=handles)
    for rank, contact in enumerate(story.contacts, start=1):
        Contact.objects.create(name=contact.name, email=contact.email, rank=rank)
    surround(story, brand, now)
