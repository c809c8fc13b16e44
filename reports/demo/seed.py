"""Makes the demo once: people, two clients, five quiet weeks and one finished incident, by the real services."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import translation
from django_tenants.utils import schema_context

from agency.access import here
from agency.choices import Role
from agency.models import Client, User
from agency.services import clients as openings
from agency.services import people
from clients.choices import ReportVersion, SourceKind
from clients.listening.collectors.feed import jsonfeed
from clients.listening.collectors.feed.entries import to_mentions
from clients.listening.reading.reader import Reader
from clients.models import Brand, Contact, Position, Source, Watch
from clients.services import alarms, ladders, playbooks, positions, reading
from clients.services.ingest import ingest
from incidents.services import watch
from reports.demo import past, quiet, rota, tools, words
from reports.demo.cast import NETWORK, PASSWORD, STAFF, ClientStory, Somebody
from reports.demo.network import STORIES, feed
from reports.demo.quiet import PARIS, Post
from reports.demo.surroundings import surround
from reports.demo.tramontel import TRAMONTEL

WEEKS = timedelta(weeks=5)
PREPARED = timedelta(days=3)  # after last week's incident: what was learnt of it
BATCH = timedelta(days=4)
EVERY = 5  # seconds between two readings of the feed
Cast = dict[str, User]


def seed(*, now: datetime) -> bool:
    """Makes the demo, all or nothing; True when it was made, False when it is there already and only refreshed."""
    made = not Client.objects.filter(schema_name=STORIES[0].schema_name).exists()
    with translation.override("fr"):
        if made:
            with transaction.atomic():
                _make(now)
        for story in STORIES:
            _listen_where_the_network_is(story, now)
        rota.plan(now=now)
        for story in STORIES:
            _check_ladders(story, now)
        with schema_context(STORIES[0].schema_name):
            tools.listen(by=_director(), now=now)
    return made


def _make(now: datetime) -> None:
    cast = _people([*STAFF, *(one for story in STORIES for one in story.people)], now)
    for story in STORIES:
        begun = now - WEEKS
        client = openings.open_client(schema_name=story.schema_name, name=story.name, by=None, now=begun)
        _give_roles(cast, client, [*STAFF, *story.people], begun)
        with schema_context(story.schema_name):
            _furnish(story, cast, now)
            ladders.propose_default(by=cast[STAFF[0].email], client=client, now=begun)
            History(story, Source.objects.get(), cast, now).live()
            playbooks.copy_starters(by=cast["marc@agence.example"], now=now - PREPARED)
            alarms.learn_habits(client=client, now=now)


def _director() -> User:
    return User.objects.get(email=next(one.email for one in STAFF if one.role == Role.DIRECTOR))


def _people(everybody: Iterable[Somebody], now: datetime) -> Cast:
    hashed = make_password(PASSWORD)  # the same for all: hashing is slow on purpose
    cast = {}
    for one in everybody:
        person = people.create(email=one.email, full_name=one.full_name, by=None, now=now - WEEKS)
        person.password = hashed
        person.save(update_fields=["password"])
        cast[one.email] = person
        if not one.clients:
            people.give_role(person=person, client=None, role=one.role, by=None, now=now - WEEKS)
    return cast


def _give_roles(cast: Cast, client: Client, everybody: Iterable[Somebody], now: datetime) -> None:
    for one in everybody:
        if client.schema_name in one.clients:
            people.give_role(person=cast[one.email], client=client, role=one.role, by=None, now=now)


def _furnish(story: ClientStory, cast: Cast, now: datetime) -> None:
    """Brands with their watches, positions, contacts, and the feed of the simulated network."""
    for brand_story in story.brands:
        handles = list(brand_story.handles)
        brand = Brand.objects.create(name=brand_story.name, handles=handles, notes=brand_story.notes)
        Watch.objects.create(brand=brand, name=brand.name, include=list(brand_story.words), ignored_authors=handles)
    for rank, contact in enumerate(story.contacts, start=1):
        Contact.objects.create(
            name=contact.name, position=contact.position, email=contact.email, phone=contact.phone, rank=rank,
            wants=ReportVersion.EXECUTIVE if contact.decides else ReportVersion.TACTICAL,
        )  # fmt: skip
    surround(story, Brand.objects.get(name=story.brands[0].name), now)
    _write_positions(story, cast[story.people[0].email], now)
    words.policy()
    Source.objects.create(
        name="Parvis",
        kind=SourceKind.FEED,
        url=address_of(story),
        settings={"network": NETWORK, "kind": "post"},
        every_seconds=EVERY,
    )


def _write_positions(story: ClientStory, approver: User, now: datetime) -> None:
    today = now.astimezone(PARIS).date()
    brand = Brand.objects.get(name=story.brands[0].name)
    for one in story.positions:
        position = Position.objects.create(
            brand=brand,
            code=one.code,
            title=one.title,
            kind=one.kind,
            short_text=one.short_text,
            long_text=one.long_text,
            valid_from=today - timedelta(days=60),
            valid_until=None if one.days_left is None else today + timedelta(days=one.days_left),
        )
        if one.is_approved:
            positions.approve(position=position, by=approver, today=today, now=now - timedelta(days=30))


def _check_ladders(story: ClientStory, now: datetime) -> None:
    """The rota moves with the calendar: each rung is judged by who is on call this time."""
    with schema_context(story.schema_name):
        ladders.check_each(client=here(), now=now)


def address_of(story: ClientStory) -> str:
    """The client's feed on the simulated network, where `up` put it this time."""
    return f"{settings.DEMO_NETWORK_URL}/{story.path}.json"


def _listen_where_the_network_is(story: ClientStory, now: datetime) -> None:
    with schema_context(story.schema_name):
        feeds = Source.objects.filter(name="Parvis", settings__network=NETWORK)
        feeds.update(url=address_of(story), due_at=now, failures=0, claimed_until=None)


class History:
    """The client's last five weeks, as they were heard."""

    def __init__(self, story: ClientStory, source: Source, cast: Cast, now: datetime) -> None:
        self.story, self.source, self.cast, self.now = story, source, cast, now
        self.heard_until = now - WEEKS
        self.reader = Reader.shipped()
        evening = past.posts(now) if story is TRAMONTEL else []
        everything = [*quiet.posts(story, self.heard_until, now), *evening]
        self.said = sorted(everything, key=lambda post: post.published_at)

    def live(self) -> None:
        """Five weeks of listening; at Ferries Tramontel, last week's incident on the way."""
        lead, cm = self.cast["marc@agence.example"], self.cast["lou@agence.example"]
        if self.story is TRAMONTEL:
            self.hear(past.began_at(self.now))
            watch.look(now=past.began_at(self.now))
            past.relive(lead=lead, cm=cm, hear=self.hear, now=self.now)
        self.hear(self.now)
        if self.story is not TRAMONTEL:
            words.wait(writer=self.cast["ines@agence.example"], lead=lead, now=self.now)
        watch.look(now=self.now)
        past.tidy_up(by=cm if self.story is TRAMONTEL else self.cast["ines@agence.example"], now=self.now)

    def hear(self, until: datetime) -> None:
        """Takes in and reads what was said since the last time, a few days at a time."""
        while self.heard_until < until:
            since, self.heard_until = self.heard_until, min(until, self.heard_until + BATCH)
            said = [post for post in self.said if since <= post.published_at < self.heard_until]
            if said:
                self._take_in(said)

    def _take_in(self, said: list[Post]) -> None:
        document = feed(self.story, said, settings.DEMO_NETWORK_URL)
        raws, _note = to_mentions(jsonfeed.parse(document, url=self.source.url), self.source.settings)
        ingest(source=self.source, raws=raws, now=self.heard_until)
        while reading.read_new(reader=self.reader, now=self.heard_until):
            pass
