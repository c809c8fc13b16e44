"""An ear that needs somebody says so once, by mail and on the desks, until it hears again."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.access import here
from agency.mail import Post
from agency.models import Client
from clients.choices import AlarmKind
from clients.listening import habit
from clients.listening.words import Words
from clients.models import Source, SourceAlarm
from clients.selectors import hearing as read
from clients.selectors.hearing import Heard
from clients.services.lead_mail import page_at, tell_leads

GRACE = timedelta(hours=1)  # a failure heals by itself more often than not; an open breaker does not wait
TOLD_ONCE_IN = timedelta(hours=6)  # what comes and goes does not write at each turn
LEARN_AGAIN = timedelta(hours=23)
RESOLUTION = timedelta(minutes=10)
LONGEST_WHY = 300

_KINDS = {
    "stopped": AlarmKind.BLOCKED,
    "open": AlarmKind.BLOCKED,
    "silent": AlarmKind.BLOCKED,
    "failing": AlarmKind.BLOCKED,
    "held": AlarmKind.HELD,
    "mute": AlarmKind.SILENT,
}
_AT_ONCE = frozenset({"stopped", "open", "mute"})
_SINCE = Words(
    "«\u00a0{name}\u00a0» n’est plus entendue depuis {since}\u00a0: {why}.",
    "“{name}” has not been heard since {since}: {why}.",
)
_BREAKS = re.compile(r"[^\S\u00a0\u202f]+")  # French signs keep the space that binds them
_NEVER = Words("«\u00a0{name}\u00a0» n’a jamais été entendue\u00a0: {why}.", "“{name}” was never heard: {why}.")
_MUTE = Words(
    "«\u00a0{name}\u00a0» est muette depuis {since}, plus longtemps que d’habitude.",
    "“{name}” has been mute since {since}, longer than usual.",
)
_NO_WHY = Words("sans raison connue", "for no known reason")
_ARRIVALS = """
SELECT source_id, date_bin(%(step)s, published_at, timestamptz '2000-01-01 00:00+00'), count(*)
FROM clients_mention WHERE published_at > %(since)s AND published_at <= %(now)s AND source_id = ANY(%(sources)s)
GROUP BY 1, 2
"""


@transaction.atomic
def check(*, now: datetime) -> list[SourceAlarm]:
    """Raises the alarm of each ear that needs somebody, clears those that are over; returns the ones raised now."""
    ears = {one.ear.id: one for one in read.hearing(now).ears}
    going_on = list(SourceAlarm.objects.filter(cleared_at__isnull=True).select_for_update())
    over = [one.pk for one in going_on if _kind(ears.get(one.source_id)) != one.kind]
    SourceAlarm.objects.filter(pk__in=over).update(cleared_at=now)
    known = {(one.source_id, one.kind) for one in going_on if one.pk not in over}
    due = [(one, kind) for one in ears.values() if (kind := _kind(one)) is not None and _is_due(one, now)]
    raised = [_alarm(one, kind, now) for one, kind in due if (one.ear.id, kind) not in known]
    if raised:
        SourceAlarm.objects.bulk_create(raised, ignore_conflicts=True)  # somebody else may have looked just now
    return list(SourceAlarm.objects.filter(raised_at=now, cleared_at__isnull=True).select_related("source"))


def tell(*, client: Client, post: Post, now: datetime) -> int:
    """One e-mail to each of the client's leads for all that is new; returns how many alarms were told.

    A mail server that is away is tried again at the next look, with the same Message-ID. An alarm of a source that was
    already told of in the last six hours stays on the desks and is not written again.
    """
    with transaction.atomic():
        waiting = SourceAlarm.objects.filter(cleared_at__isnull=True, told_at__isnull=True)
        alarms = [one for one in waiting.select_related("source").select_for_update(skip_locked=True, of=("self",))
                  if not _was_told(one, now)]  # fmt: skip
        if not alarms or not _send(client, alarms, post):
            return 0
        SourceAlarm.objects.filter(pk__in=[one.pk for one in alarms]).update(told_at=now)
    return len(alarms)


def learn_habits(*, client: Client, now: datetime) -> int:
    """Learns, once a day, how long each source may be silent, and notes what holds for this hour; how many learnt.

    One question on the mentions of the last thirty days for all the sources whose turn it is, none for the others.
    """
    zone = ZoneInfo(client.timezone)
    sources = list(Source.objects.exclude(kind="import").only("id", "habit", "habit_learnt_at"))
    stale = [one for one in sources if not one.habit_learnt_at or one.habit_learnt_at < now - LEARN_AGAIN]
    arrivals = _arrivals([one.pk for one in stale], now) if stale else {}
    for source in stale:
        learnt = habit.learn(arrivals.get(source.pk, {}), now=now, zone=zone)
        source.habit, source.habit_learnt_at = learnt.as_json(), now
    for source in sources:
        source.usual_silence_seconds = habit.Habit.read(source.habit).silence_at(now.astimezone(zone))
    Source.objects.bulk_update(sources, ["habit", "habit_learnt_at", "usual_silence_seconds"])
    return len(stale)


def _kind(one: Heard | None) -> AlarmKind | None:
    return _KINDS.get(one.health.state) if one is not None and one.health.is_deaf else None


def _is_due(one: Heard, now: datetime) -> bool:
    """Whether it is deaf enough to call somebody."""
    unheard = now - (one.health.since or one.ear.created_at)
    is_held_long = one.health.state == "held" and one.ear.due_at is not None and one.ear.due_at - now >= GRACE
    return one.health.state in _AT_ONCE or unheard >= GRACE or is_held_long


def _alarm(one: Heard, kind: AlarmKind, now: datetime) -> SourceAlarm:
    words = _words(one, now)
    return SourceAlarm(source_id=one.ear.id, kind=kind, words=words.fr, words_en=words.en, raised_at=now)


def _words(one: Heard, now: datetime) -> Words:
    zone = ZoneInfo(here().timezone)
    template = _MUTE if one.health.state == "mute" else _SINCE if one.health.since else _NEVER
    since = _hour(one.health.since, now, zone) if one.health.since else ""
    why = one.health.why if one.health.why.fr else _NO_WHY
    return Words(
        *(
            sentence.format(name=one.ear.name, since=since, why=reason[:LONGEST_WHY].rstrip("."))
            for sentence, reason in zip(template, why, strict=True)
        )
    )


def _hour(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == now.astimezone(zone).date() else f"{local:%H:%M (%d/%m)}"


def _was_told(alarm: SourceAlarm, now: datetime) -> bool:
    return SourceAlarm.objects.filter(
        source_id=alarm.source_id, kind=alarm.kind, told_at__gt=now - TOLD_ONCE_IN
    ).exists()


def _send(client: Client, alarms: Sequence[SourceAlarm], post: Post) -> bool:
    """Whether nothing is left to try: the mail server took it for somebody, or refuses it for good."""

    def say(language: str) -> tuple[str, str]:
        count = len(alarms)
        subject = ngettext("%(client)s: one source is not heard", "%(client)s: %(count)d sources are not heard", count)
        said = (one.words_en if language == "en" else one.words for one in alarms)
        lines = [*(f"- {_on_one_line(words)}" for words in said), ""]
        lines += [_("Until it is mended, silence there proves nothing."), page_at(client, reverse("client_admin:ears"))]
        return subject % {"client": client.name, "count": count}, "\n".join(lines)

    numbers = "-".join(str(one.pk) for one in alarms[:20])
    return tell_leads(client=client, post=post, key=f"ears.{numbers}", say=say).is_over


def _on_one_line(words: str) -> str:
    return _BREAKS.sub(" ", words).strip()


def _arrivals(source_ids: Iterable[int], now: datetime) -> dict[int, dict[datetime, int]]:
    found: dict[int, dict[datetime, int]] = {}
    with connection.cursor() as cursor:
        values: dict[str, Any] = {
            "step": RESOLUTION,
            "since": now - habit.PAST,
            "now": now,
            "sources": list(source_ids),
        }
        cursor.execute(_ARRIVALS, values)
        for source_id, moment, count in cursor.fetchall():
            found.setdefault(source_id, {})[moment.astimezone(UTC)] = count
    return found
