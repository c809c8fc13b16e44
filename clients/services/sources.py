"""What a person does with a source: try it, add it, correct it, pause it, have it read at once, remove it."""

import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agency import vault
from agency.http import Response, TooSlow
from agency.models import Client, User
from agency.services import audit
from clients.listening.collectors import registry
from clients.listening.collectors.protocol import CollectError, Fetched, OutgoingNetwork, Setting
from clients.listening.raw import RawMention
from clients.listening.words import Words
from clients.models import InboundAddress, Source
from clients.selectors import hearing, watches

TRIAL_LISTENS_S = 4.0  # a stream that is only tried is not listened to for long
TRIAL_S = 30.0  # after this a trial asks for nothing more: a person waits, and so does a thread of the web server
TRIAL_UNITS = 10  # where reading costs money
SHOWN = 3
LONGEST_NAME = 100
_ACT_SUBJECT = "clients.source"


@dataclass(frozen=True)
class Wish:
    """What a person filled in: `settings` in clear, secrets included; a secret that is "" stays what it was."""

    kind: str
    name: str = ""
    url: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    every_seconds: int = 300
    monthly_budget: Decimal | None = None
    forgotten: frozenset[str] = frozenset()  # secrets to forget


@dataclass(frozen=True)
class Heard:
    """One of the first mentions that a trial brought."""

    who: str
    text: str
    at: datetime | None


@dataclass(frozen=True)
class Trial:
    """What a source answered: how many mentions and the first ones, or why nothing could be read (`code`, `words`)."""

    count: int | None = None
    first: tuple[Heard, ...] = ()
    words: Words | None = None
    code: str = ""
    session: dict[str, Any] | None = None


class BriefNetwork:
    """The network for a trial: a person waits for its answer, so streams are only dipped into, and nothing more is
    asked for after `seconds`. Each method raises TooSlow then."""

    def __init__(self, http: OutgoingNetwork, seconds: float = TRIAL_S) -> None:
        self._http = http
        self._seconds = seconds
        self._ends_at = time.monotonic() + seconds

    def _go(self) -> None:
        if time.monotonic() > self._ends_at:
            raise TooSlow(self._seconds)

    def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        *,
        auth: tuple[str, str] | None = None,
        listen_s: float | None = None,
    ) -> Response:
        """See OutgoingNetwork."""
        self._go()
        if listen_s is None:
            return self._http.get(url, headers, auth=auth)
        return self._http.get(url, headers, auth=auth, listen_s=min(listen_s, TRIAL_LISTENS_S))

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, content: bytes | None = None
    ) -> Response:
        """See OutgoingNetwork."""
        self._go()
        return self._http.request(method, url, headers=headers, content=content)

    def connect(self, host: str, port: int) -> socket.socket:
        """See OutgoingNetwork."""
        self._go()
        return self._http.connect(host, port)

    def trusted(self) -> ssl.SSLContext:
        """See OutgoingNetwork."""
        return self._http.trusted()


def secret_names(kind: str) -> frozenset[str]:
    """The settings of that kind of source which are encrypted and never shown again."""
    collector = registry.COLLECTORS.get(kind)
    return frozenset(one.name for one in collector.settings if one.kind == "secret") if collector else frozenset()


def leads_elsewhere(wish: Wish, source: Source) -> bool:
    """Whether what the source is asked with would be sent to another server than the one it was entered for.

    Who may correct a source has no right to read its secrets: they are not sent to an address of that person's choice.
    """
    before, after = (_destinations(wish.kind, one.url, one.settings) for one in (source, wish))
    return before != after


def kept_secrets(source: Source) -> dict[str, Any]:
    """The source's secrets in clear; {} when they can no longer be opened: they have to be entered again."""
    try:
        return vault.unseal(source.sealed)
    except vault.Unsealable:
        return {}


def try_out(*, wish: Wish, source: Source | None = None, http: OutgoingNetwork, now: datetime) -> Trial:
    """Reads as wished once and keeps nothing: for a person about to add or correct a source.

    A network that bills is asked for ten units at most. What is said of a failure never holds a secret.
    """
    secrets = _secrets(wish, source)
    given = {"url": wish.url, "wanted": watches.wanted(), "at_most": _trial_units(wish.kind)}
    asked = {"session": {}, **_plain(wish, source), **secrets, **given}
    try:
        fetched = registry.fetch(wish.kind, asked, {}, http=BriefNetwork(http), now=now)
    except CollectError as failure:
        return Trial(words=discreet(failure, secrets), code=failure.code)
    return _answer(fetched)


def discreet(failure: CollectError, secrets: Mapping[str, Any]) -> Words:
    """The failure's words without the secrets that the source was asked with, nor any other in an address."""
    said = (failure.words_fr, failure.words_en)
    return Words(*(vault.hide_in_addresses(vault.hide(words, secrets)) for words in said))


@transaction.atomic
def add(*, wish: Wish, client: Client, by: User, now: datetime, session: Mapping[str, Any] | None = None) -> Source:
    """Keeps a new source, due at once. Raises ValidationError (its name is taken, a value does not fit)."""
    source = Source(
        kind=wish.kind,
        name=_free_name(wish),
        url=wish.url,
        settings=_plain(wish, None),
        sealed=_sealed(wish, None, session),
        every_seconds=wish.every_seconds,
        monthly_budget=wish.monthly_budget,
        due_at=now,
    )
    _save(source)
    _note("added", source, client, by, now)
    return source


@transaction.atomic
def correct(
    *,
    source: Source,
    wish: Wish,
    client: Client,
    by: User,
    now: datetime,
    session: Mapping[str, Any] | None = None,
) -> Source:
    """Keeps what a person changed; the source begins again, active, with its secrets unless others were given.

    Where another address is read from now on, it is read from its beginning: what is known comes once all the same.
    """
    changes = _changes(source, wish)
    if _addresses(wish.kind, wish.url, wish.settings) != _addresses(source.kind, source.url, source.settings):
        source.cursor = {}
    source.sealed = _sealed(wish, source, session)
    source.settings = _plain(wish, source)
    source.name, source.url = wish.name or source.name, wish.url
    source.every_seconds, source.monthly_budget = wish.every_seconds, wish.monthly_budget
    source.is_active = True
    _save(source)
    begin_again(source=source, now=now)
    _note("changed", source, client, by, now, changes)
    return source


def read_now(*, source: Source, now: datetime) -> bool:
    """Makes the source due at once; False when it is stopped or not one that we read.

    Its quota, its budget and its open breaker stay what they are: a breaker lets this one try through.
    """
    readable = Source.objects.filter(pk=source.pk, is_active=True, kind__in=registry.COLLECTORS)
    return bool(readable.update(due_at=now))


def begin_again(*, source: Source, now: datetime) -> None:
    """A person changed the source: its failures are forgotten, a reading under way is dropped, it is read at once."""
    Source.objects.filter(pk=source.pk).update(
        claimed_until=None, due_at=now if source.is_active else None, failures=0, last_error="", last_error_en=""
    )


@transaction.atomic
def pause(*, source: Source, client: Client, by: User, now: datetime) -> None:
    """A person stops listening there for a while: neither read nor missed."""
    source.is_active = False
    source.save(update_fields=["is_active"])
    begin_again(source=source, now=now)
    _note("paused", source, client, by, now)


@transaction.atomic
def resume(*, source: Source, client: Client, by: User, now: datetime) -> None:
    """A person has a source that was paused, or stopped by its failures, read again at once."""
    source.is_active = True
    source.save(update_fields=["is_active"])
    begin_again(source=source, now=now)
    _note("resumed", source, client, by, now)


@transaction.atomic
def remove(*, source: Source, client: Client, by: User, now: datetime) -> None:
    """Removes a source that never brought anything. Raises ValidationError: what was said there stays, so does it."""
    locked = Source.objects.select_for_update().get(pk=source.pk)
    if hearing.has_mentions(locked):
        raise ValidationError(
            _("What was said there is kept, and so is the source. Pause it: it will no longer be read.")
        )
    _note("deleted", locked, client, by, now)
    locked.delete()


@transaction.atomic
def reseal_all(*, is_rehearsal: bool) -> tuple[int, int]:
    """Seals the client's credentials anew under the first key; how many were, how many cannot be opened.

    With `is_rehearsal` nothing is written.
    """
    done, lost = 0, 0
    for row in (row for table in (Source, InboundAddress) for row in _sealed_rows(table)):
        try:
            resealed = vault.reseal(row.sealed)
        except vault.Unsealable:
            lost += 1
            continue
        done += 1
        if not is_rehearsal:
            type(row).objects.filter(pk=row.pk).update(sealed=resealed)
    return done, lost


def _sealed_rows(table: type[Source] | type[InboundAddress]) -> Iterable[Source | InboundAddress]:
    return table.objects.exclude(sealed="").order_by("pk").select_for_update()


def proposed_name(wish: Wish) -> str:
    """What a source is called when nobody said: its host, or the network and the first thing it is asked for."""
    if wish.url:
        return (urlsplit(wish.url).hostname or wish.url).removeprefix("www.")[:LONGEST_NAME]
    collector = registry.COLLECTORS[wish.kind]
    told = (_said(wish.settings.get(one.name)) for one in collector.settings if _names_it(one, wish.settings))
    first = next((words for words in told if words), "")
    network = collector.name.fr.split(" (")[0]
    return " · ".join(filter(None, (network, first)))[: LONGEST_NAME - 5]


def _names_it(setting: Setting, settings: Mapping[str, Any]) -> bool:
    return setting.kind in {"text", "url", "words"} and settings.get(setting.name) != setting.default


def _said(value: Any) -> str:
    words = value[0] if isinstance(value, list) and value else value
    if isinstance(words, list):
        return ""
    return str(words or "").removeprefix("https://").removeprefix("http://").strip("/ ")[:60]


def _free_name(wish: Wish) -> str:
    if wish.name:
        return wish.name
    base, number = proposed_name(wish), 1
    name = base
    while Source.objects.filter(name=name).exists():
        number += 1
        name = f"{base[: LONGEST_NAME - 5]} ({number})"
    return name


def _plain(wish: Wish, source: Source | None) -> dict[str, Any]:
    """The settings that are no secrets, over those that the form does not know (the demo's, an older version's)."""
    hidden = secret_names(wish.kind)
    before = source.settings if source else {}
    return {**before, **{name: value for name, value in wish.settings.items() if name not in hidden}}


def _secrets(wish: Wish, source: Source | None) -> dict[str, Any]:
    """The secrets in force: those given, or else those kept for the same server, without those to forget."""
    hidden = secret_names(wish.kind)
    before = kept_secrets(source) if source and not leads_elsewhere(wish, source) else {}
    given = {name: value for name, value in wish.settings.items() if name in hidden and value}
    in_force = {name: value for name, value in {**before, **given}.items() if name not in wish.forgotten}
    if source is not None and (given or wish.forgotten or _account(wish.settings, hidden, source)):
        in_force.pop("session", None)  # it was opened with the credentials of before
    return in_force


def _account(settings: Mapping[str, Any], hidden: Iterable[str], source: Source) -> bool:
    """Whether any plain setting changed: the session may belong to another server or account."""
    return any(source.settings.get(name) != value for name, value in settings.items() if name not in hidden)


def _sealed(wish: Wish, source: Source | None, session: Mapping[str, Any] | None) -> str:
    secrets = _secrets(wish, source)
    return vault.seal({**secrets, "session": dict(session)} if session else secrets)


def _addresses(kind: str, url: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
    collector = registry.COLLECTORS.get(kind)
    declared = [one.name for one in collector.settings if one.kind == "url"] if collector else []
    return (url, *(str(settings.get(name) or "") for name in declared))


def _destinations(kind: str, url: str, settings: Mapping[str, Any]) -> list[str]:
    """The servers that are asked, without their paths; what is left empty counts as its default."""
    collector = registry.COLLECTORS.get(kind)
    declared = collector.settings if collector else ()
    told = [str(settings.get(one.name) or one.default or "") for one in declared if one.kind == "url"]
    others = [str(settings.get(one.name) or one.default or "").strip() for one in declared if one.is_destination]
    return [*map(_server, (url, *told)), *others]


def _server(address: str) -> str:
    """Scheme, user, host and port, as compared; an address that cannot be taken apart stands for itself."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address
    return f"{parts.scheme}://{parts.netloc}".casefold()


def _changes(source: Source, wish: Wish) -> list[str]:
    """The names of what was changed, never the values: credentials may be among them."""
    plain = {"name": source.name, "url": source.url, "every_seconds": source.every_seconds}
    asked = {"name": wish.name or source.name, "url": wish.url, "every_seconds": wish.every_seconds}
    changed = [name for name, value in asked.items() if plain[name] != value]
    if wish.monthly_budget != source.monthly_budget:
        changed.append("monthly_budget")
    hidden = secret_names(wish.kind)
    changed += [
        name
        for name, value in wish.settings.items()
        if (bool(value) if name in hidden else source.settings.get(name) != value)
    ]
    return sorted({*changed, *wish.forgotten})


def _save(source: Source) -> None:
    source.full_clean(exclude=["cursor", "settings", "habit"])
    source.save()


def _note(act: str, source: Source, client: Client, by: User, now: datetime, changes: Iterable[str] = ()) -> None:
    detail: dict[str, Any] = {"name": source.name, "kind": source.kind}
    if changes:
        detail["changes"] = list(changes)
    audit.note(
        action=f"source.{act}", by=by, now=now, client=client, subject=_ACT_SUBJECT, subject_id=source.pk, detail=detail
    )


def _trial_units(kind: str) -> int | None:
    return TRIAL_UNITS if registry.COLLECTORS[kind].unit_price else None


def _answer(fetched: Fetched) -> Trial:
    first = tuple(_heard(one) for one in fetched.mentions[:SHOWN])
    return Trial(len(fetched.mentions), first, session=fetched.session)


def _heard(mention: RawMention) -> Heard:
    text = " ".join((mention.title or mention.text).split())
    return Heard(mention.author_name or mention.author_handle, text[:140], mention.published_at)
