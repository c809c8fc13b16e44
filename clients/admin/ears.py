"""How well the client is heard: read in five seconds, then one page a source."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agency import clock, vault
from agency.admin.guard import client_of, needs
from agency.admin.sites import client_site
from agency.roles import Can, can
from clients.admin.forms import paces
from clients.admin.guard import shown
from clients.choices import SourceKind
from clients.listening.collectors import registry
from clients.listening.habit import Habit
from clients.listening.words import Words
from clients.models import Source
from clients.selectors import hearing as read
from clients.selectors.hearing import Heard, Hearing
from clients.services import runs

RUNS_A_PAGE = 30
ALARMS_SHOWN = 20
LATE_SHOWN = 60  # seconds; below a minute a lag is not worth a word
WIDTH, HEIGHT, STEP = 120, 28, 5
LOOKS = {  # state: (class of the tag, icon); a failure that deafens looks like its breaker
    "stopped": ("is-stop", "stop"),
    "open": ("is-stop", "stop"),
    "silent": ("is-stop", "stop"),
    "mute": ("is-stop", "stop"),
    "failing": ("is-warning", "alerte"),
    "held": ("is-warning", "clock"),
    "lagging": ("is-warning", "clock"),
    "waiting": ("", "clock"),
    "paused": ("", "pause"),
    "passive": ("is-done", "check"),
    "ok": ("is-done", "check"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """What a source brought in the last 24 hours, beside what it usually brings, and both as a drawing's numbers."""

    count: int
    usual: int | None
    bars: tuple[tuple[int, int, int], ...]  # x, y, height
    habit: str  # points of a line, "" without a habit


@require_GET
@needs(Can.READ_DESK)
def show(request: HttpRequest) -> HttpResponse:
    """All the ears, the worst first; 304 while nothing moved (X-Live polling)."""
    now = clock.now()
    hearing, days, costs = read.hearing(now), read.last_day(now), read.costs_since(runs.month_start(now))
    etag = _etag(hearing, days, costs, now)
    if request.headers.get("X-Live") and request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    sources = Source.objects.in_bulk([one.ear.id for one in hearing.ears])
    rows = [row_of(one, sources[one.ear.id], days, costs, now) for one in hearing.ears if one.ear.id in sources]
    response = shown(
        request, "ears", pgettext("room", "Listening"), hearing=hearing, headline=headline(hearing),
        conclusion=conclusion(hearing), level=_level(hearing), rows=rows, etag=etag, **_rights(request),
    )  # fmt: skip
    response["ETag"] = etag
    return response


@require_GET
@needs(Can.READ_DESK)
def ear(request: HttpRequest, pk: int) -> HttpResponse:
    """One source: how it is, what it reads, its readings and its alarms."""
    source = get_object_or_404(Source, pk=pk)
    now = clock.now()
    hearing = read.hearing(now)
    found = next((one for one in hearing.ears if one.ear.id == pk), None)
    row = row_of(found, source, read.last_day(now), read.costs_since(runs.month_start(now)), now) if found else None
    page = Paginator(read.runs_of(source), RUNS_A_PAGE).get_page(request.GET.get("page"))
    return shown(
        request, "ear", source.name, source=source, row=row, page=page, reads=_reads(source),
        runs=[(run, _say(run.error, run.error_en)) for run in page],
        alarms=[(alarm, _say(alarm.words, alarm.words_en)) for alarm in read.alarms_of(source)[:ALARMS_SHOWN]],
        pace=dict(paces(source))[source.every_seconds],
        can_be_removed=not read.has_mentions(source), **_rights(request),
    )  # fmt: skip


def headline(hearing: Hearing) -> str:
    """The conclusion in a few words: never calm when an ear is blocked."""
    if not hearing.ears:
        return _("Nothing is listened to yet")
    if hearing.deaf:
        count = len(hearing.deaf)
        names = ", ".join(one.ear.name for one in hearing.deaf[:4]) + ("…" if count > 4 else "")
        words = ngettext(
            "%(count)d source is not heard: %(names)s", "%(count)d sources are not heard: %(names)s", count
        )
        return words % {"count": count, "names": names}
    if not hearing.connected:
        waits = any(one.health.state == "waiting" for one in hearing.ears)
        return _("The first readings are on their way") if waits else _("Everything is paused: nothing is heard")
    words = ngettext(
        "Everything is heard: %(heard)d source of %(connected)d",
        "Everything is heard: %(heard)d sources of %(connected)d",
        hearing.connected,
    )
    return words % {"heard": hearing.heard, "connected": hearing.connected}


def conclusion(hearing: Hearing) -> str:
    """What follows from it."""
    if not hearing.ears:
        return _("Add the places where the client is talked about: a feed, an account, a mailbox.")
    if hearing.deaf:
        words = ngettext(
            "%(heard)d source of %(connected)d is heard: silence elsewhere proves nothing.",
            "%(heard)d sources of %(connected)d are heard: silence elsewhere proves nothing.",
            hearing.heard,
        )
        return words % {"heard": hearing.heard, "connected": hearing.connected}
    if not hearing.connected:
        return _("Until then, silence proves nothing.")
    paused = sum(one.health.state == "paused" for one in hearing.ears)
    if paused:
        return ngettext("One more is paused.", "%(count)d more are paused.", paused) % {"count": paused}
    return _("A quiet desk means a quiet world.")


def row_of(
    one: Heard, source: Source, days: Mapping[int, Sequence[int]], costs: Mapping[int, Decimal], now: datetime
) -> dict[str, Any]:
    """What a page says of an ear."""
    language = get_language() or "fr"
    look, sign = LOOKS[one.health.state]
    return {
        "ear": one.ear,
        "health": one.health,
        "state": one.health.label.say(language),
        "look": "is-stop" if one.health.is_deaf and one.health.state == "failing" else look,
        "sign": sign,
        "why": _say(*one.health.why),
        "to_do": one.health.to_do.say(language),
        "kind": kind_words(one.ear.kind),
        "lag": timedelta(seconds=source.lag_seconds or 0) if (source.lag_seconds or 0) >= LATE_SHOWN else None,
        "next_try": read.next_try(one.ear, now),
        "is_read": one.ear.kind in registry.COLLECTORS,
        "quota_left": source.quota_left,
        "quota_resets_at": source.quota_resets_at if (source.quota_resets_at or now) > now else None,
        "spent": costs.get(one.ear.id),
        "budget": source.monthly_budget,
        "usual_silence": timedelta(seconds=source.usual_silence_seconds) if source.usual_silence_seconds else None,
        "day": day_of(days.get(one.ear.id) or [0] * read.HOURS_SHOWN, Habit.read(source.habit), now),
    }


def day_of(counts: Sequence[int], habit: Habit, now: datetime) -> Day:
    """The last 24 hours as bars, their habit as a line: whole numbers of a 120 by 28 drawing."""
    local = timezone.localtime(now)
    usual = [habit.mentions_at(local - timedelta(hours=ago)) for ago in range(read.HOURS_SHOWN - 1, -1, -1)]
    most = max([*counts, *(one or 0.0 for one in usual), 1.0])
    heights = [max(round(count / most * (HEIGHT - 2)), 1 if count else 0) for count in counts]
    bars = tuple((i * STEP, HEIGHT - height, height) for i, height in enumerate(heights) if height)
    known = None not in usual
    line = [f"{i * STEP + 2},{HEIGHT - round((one or 0) / most * (HEIGHT - 2))}" for i, one in enumerate(usual)]
    total = round(sum(one or 0.0 for one in usual)) if known else None
    return Day(sum(counts), total, bars, " ".join(line) if known else "")


def kind_words(kind: str) -> str:
    """The kind of source by its collector's own name."""
    collector = registry.COLLECTORS.get(kind)
    return collector.name.say(get_language() or "fr") if collector else str(SourceKind(kind).label)


def _say(french: str, english: str) -> str:
    words = Words(french, english or french).say(get_language() or "fr")
    return f"{words[:1].upper()}{words[1:]}"


def _reads(source: Source) -> list[tuple[str, str]]:
    """What was filled in, in words; of a secret only that it is kept."""
    language, collector = get_language() or "fr", registry.COLLECTORS.get(source.kind)
    found = [(_("address"), vault.hide_in_addresses(source.url))] if source.url else []
    for setting in collector.settings if collector else ():
        if setting.kind == "secret":
            continue
        value = source.settings.get(setting.name)
        if value not in (None, "", [], False):
            chosen = {key: words.say(language) for key, words in setting.choices}
            shown_as = ", ".join(map(str, value)) if isinstance(value, list) else chosen.get(str(value), str(value))
            found.append(
                (setting.label.say(language), _("yes") if value is True else vault.hide_in_addresses(shown_as))
            )
    if source.sealed:
        found.append((_("credentials"), _("kept, encrypted")))
    return found


def _level(hearing: Hearing) -> str:
    if hearing.deaf or not hearing.ears:
        return "alerte"
    return "clos" if hearing.is_whole else "veille"


def _rights(request: HttpRequest) -> dict[str, bool]:
    client = client_of(request)
    return {
        "may_edit": can(request.user, client, Can.EDIT_CLIENT),
        "may_read": can(request.user, client, Can.TRIAGE),
    }


def _etag(hearing: Hearing, days: Mapping[int, Any], costs: Mapping[int, Any], now: datetime) -> str:
    """Changes with what is known of the ears, and with the minute for the hours."""
    known = (hearing, sorted(days.items()), sorted(costs.items()), get_language())
    return f'"{hashlib.sha256(f"{known}{now:%Y%m%d%H%M}".encode()).hexdigest()[:24]}"'


client_site.add_section(pgettext_lazy("room", "Listening"), "ears", Can.READ_DESK)
client_site.mount("ecoute/", show, "ears")
client_site.mount("ecoute/<int:pk>/", ear, "ear")
