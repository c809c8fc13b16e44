"""A stage for the crises told from end to end: a client, its people, and a play heard through the push API."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import time_machine
from django.db import connection
from django.test import Client as Browser

from agency.choices import Scope
from agency.models import Client, User
from agency.services import keys
from clients.models import Brand, Contact, Watch
from clients.tasks import read_client
from incidents.tasks import look_client, read_client_incidents
from reports.demo import quiet
from reports.demo.cast import ClientStory
from reports.demo.quiet import Post
from reports.demo.strikes import Strike
from reports.demo.surroundings import surround
from tests.conftest import host_of

AT_ONCE = 400  # posts of one push
WEEKS = timedelta(weeks=5)


class Stage:
    """The client as the demo furnishes it, and the clock of the evening. Everything said is pushed, as a tool does."""

    def __init__(
        self, client: Client, story: ClientStory, strike: Strike, begins: datetime, length: timedelta, by: User
    ) -> None:
        self.client, self.begins = client, begins
        self.play = list(replace(strike, length=length).posts(1, begins))
        before = quiet.posts(story, begins - WEEKS, begins + length)
        self.said = sorted([*before, *self.play], key=lambda post: post.published_at)
        self.heard = 0
        furnish(story, begins)
        self.key = keys.make(client=client, name="Veille", scopes=[Scope.MENTIONS_WRITE], by=by, now=begins)[1]

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

    def _push(self, posts: Sequence[Post]) -> None:
        answer = Browser(HTTP_HOST=host_of(self.client)).post(
            "/api/v1/mentions",
            json.dumps({"mentions": [row_of(post) for post in posts]}),
            content_type="application/json",
            HTTP_AUTHORIZATION=f"Bearer {self.key}",
        )
        assert answer.status_code == 200, answer.content.decode()[:2000]
        assert answer.json()["new"] == len(posts)


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
