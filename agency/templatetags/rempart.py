"""What templates may say: a level, a role, a number, an hour, each written one way in the reader's language."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy

from agency import clock
from agency.models import Client
from agency.zones import offset

register = template.Library()

Amount = int | float | Decimal
NO_BREAK = "\u00a0"
NOTHING = "–"

LEVEL_WORDS = {
    "veille": pgettext_lazy("level", "Watch"),
    "alerte": pgettext_lazy("level", "Alert"),
    "crise": pgettext_lazy("level", "Crisis"),
    "clos": pgettext_lazy("level", "Closed"),
}
LEVEL_SIGNS = {"veille": "●", "alerte": "▲", "crise": "◆", "clos": "✓"}
_LEVEL_OF = {"signal": "veille", "paracrisis": "alerte", "crisis": "crise", "closed": "clos"}

ROLE_WORDS = {
    "instigator": pgettext_lazy("role", "At the origin"),
    "leader": pgettext_lazy("role", "Leader"),
    "relay": pgettext_lazy("role", "Relay"),
    "follower": pgettext_lazy("role", "Follower"),
    "pack": pgettext_lazy("role", "Pack"),
    "spectator": pgettext_lazy("role", "Popcorn"),
    "popcorn": pgettext_lazy("role", "Popcorn"),
    "customer": pgettext_lazy("role", "Real customer"),
    "defender": pgettext_lazy("role", "Defender"),
    "ally": pgettext_lazy("role", "Ally"),
    "media": pgettext_lazy("role", "Media"),
}
_MARK_OF = {"leader": "pack", "relay": "pack", "follower": "pack", "spectator": "popcorn", "defender": "ally"}

_NOTICE_LEVEL = {"success": "clos", "warning": "alerte", "error": "crise"}
_NOTICE_SIGN = {"success": "check", "warning": "alerte", "error": "stop"}


# -- drawings ---------------------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; silent for screen readers unless it has a label of its own."""
    address = f"{static('rempart/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', address)


def level_of(name: str) -> str:
    """The level shown for a qualification (signal, paracrisis, crisis), for `closed`, or for a level itself.

    Raises KeyError for any other word: a page must not show an incident without its level.
    """
    return name if name in LEVEL_WORDS else _LEVEL_OF[str(name)]


@register.inclusion_tag("components/level_badge.html")
def level_badge(name: str, severity: int | None = None) -> dict[str, Any]:
    """Shape, word and colour together; with the severity (1 worst to 4) when it is known."""
    level = level_of(name)
    words = str(LEVEL_WORDS[level])
    if severity:
        words = gettext("Level %(severity)s · %(level)s") % {"severity": severity, "level": words}
    return {"level": level, "words": words}


@register.filter
def level_sign(name: str) -> str:
    """The level as text, for `<title>`: « ▲ Alerte »."""
    level = level_of(name)
    return f"{LEVEL_SIGNS[level]} {LEVEL_WORDS[level]}"


@register.filter
def level_class(name: str) -> str:
    """The CSS class that carries the level's colours."""
    return f"level-{level_of(name)}"


@register.simple_tag
def level_favicon(name: str = "") -> str:
    """Address of the favicon that shows the level; the house's own without one."""
    return static(f"rempart/favicon-{level_of(name)}.svg" if name else "rempart/favicon.svg")


@register.inclusion_tag("components/role_mark.html")
def role_mark(role: str) -> dict[str, Any]:
    """The mark and the word of a role in this incident."""
    return {"mark": _MARK_OF.get(role, role), "words": ROLE_WORDS[role]}


@register.inclusion_tag("components/notice.html")
def notice(kind: str, text: str, title: str = "") -> dict[str, Any]:
    """A notice of Django's message levels: success, warning, error; anything else informs."""
    return {"level": _NOTICE_LEVEL.get(kind), "sign": _NOTICE_SIGN.get(kind, "info"), "text": text, "title": title}


@register.inclusion_tag("components/number_card.html")
def number_card(label: str, value: object, habit: str, unit: str = "") -> dict[str, Any]:
    """A number, never bare: `label` says its span, `habit` what is usual. Goes inside <dl class="numbers">."""
    shown = count(value) if isinstance(value, int | float | Decimal) else value
    return {"label": label, "value": shown, "habit": habit, "unit": unit}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Mapping[str, Any], page: object) -> dict[str, Any]:
    """Previous and next of a Django page; the address keeps the filters."""
    return {"page": page, "request": context.get("request")}


# -- numbers ----------------------------------------------------------------------------------------------------------


def _french() -> bool:
    return (get_language() or "fr").startswith("fr")


@register.filter
def count(value: Amount | None) -> str:
    """48200 → « 48 200 » with a no-break space, or "48,200"; a dash for nothing."""
    if value is None:
        return NOTHING
    return f"{round(value):,}".replace(",", NO_BREAK if _french() else ",").replace("-", "−")


@register.filter
def decimal(value: Amount | None, places: int = 1) -> str:
    """4.7 → « 4,7 » or "4.7"."""
    if value is None:
        return NOTHING
    written = f"{value:,.{places}f}".replace("-", "−")
    return written.translate(str.maketrans(",.", f"{NO_BREAK},")) if _french() else written


@register.filter
def percent(ratio: Amount | None, places: int = 0) -> str:
    """0.25 → « 25 % » or "25%"; the minus sign is a real one."""
    if ratio is None:
        return NOTHING
    return decimal(100 * ratio, places) + (f"{NO_BREAK}%" if _french() else "%")


@register.filter
def habit(band: Sequence[Amount] | None) -> str:
    """What is usual, (low, high) → « habitude : 380 à 470 »; says so when there is not enough past to know."""
    if not band:
        return gettext("too little history to tell")
    low, high = count(band[0]), count(band[-1])
    if low == high:
        return gettext("usual: %(value)s") % {"value": low}
    return gettext("usual: %(low)s to %(high)s") % {"low": low, "high": high}


@register.filter
def times(ratio: Amount | None) -> str:
    """4.7 → « × 4,7 l’habitude »."""
    if ratio is None:
        return gettext("too little history to tell")
    return gettext("× %(ratio)s the usual") % {"ratio": decimal(ratio)}


# -- hours and days, in the present time zone -------------------------------------------------------------------------


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


@register.filter
def hm(moment: datetime | None) -> str:
    """21:30, for tables and logs."""
    return f"{_local(moment):%H:%M}" if moment else NOTHING


@register.filter
def hm_prose(moment: datetime | None) -> str:
    """« 21 h 30 » and « 21 h » in a French sentence, "21:30" in an English one."""
    if moment is None:
        return NOTHING
    local = _local(moment)
    if not _french():
        return f"{local:%H:%M}"
    return f"{local.hour}{NO_BREAK}h" + (f"{NO_BREAK}{local:%M}" if local.minute else "")


@register.filter
def day(moment: date | None) -> str:
    """« mardi 17 novembre », "Tuesday 17 November"; the first of a month is « 1er »."""
    if moment is None:
        return NOTHING
    local = _local(moment) if isinstance(moment, datetime) else moment
    number = "1er" if _french() and local.day == 1 else str(local.day)
    return f"{date_format(local, 'l')} {number}{NO_BREAK}{date_format(local, 'F')}"


@register.filter
def day_and_year(moment: date | None) -> str:
    """« mardi 17 novembre 2026 »."""
    if moment is None:
        return NOTHING
    local = _local(moment) if isinstance(moment, datetime) else moment
    return f"{day(local)} {local.year}"


@register.filter
def day_short(moment: date | None) -> str:
    """« 17 nov. », "17 Nov."; for tables."""
    if moment is None:
        return NOTHING
    local = _local(moment) if isinstance(moment, datetime) else moment
    return f"{local.day}{NO_BREAK}{date_format(local, 'N')}"


@register.filter
def at(moment: datetime | None) -> str:
    """« à 21:30 » today, « le 17 nov. à 21:30 » another day: within a line of facts."""
    if moment is None:
        return NOTHING
    local = _local(moment)
    if local.date() == timezone.localdate():
        return gettext("at %(hour)s") % {"hour": hm(local)}
    return gettext("on %(day)s at %(hour)s") % {"day": day_short(local), "hour": hm(local)}


@register.filter
def far_offset(client: Client | None) -> str:
    """« UTC+4 » where the client's hours are not those of the agency at this moment; "" where they are."""
    now = clock.now()
    there = offset(client.timezone if client else settings.TIME_ZONE, now)
    return "" if there == offset(settings.TIME_ZONE, now) else there


@register.filter
def far_hours(client: Client | None) -> str:
    """« heures du client : UTC+4 », or "" as far_offset."""
    there = far_offset(client)
    return gettext("client’s hours: %(offset)s") % {"offset": there} if there else ""


@register.filter
def duration(span: timedelta | None) -> str:
    """« 45 s », « 45 min », « 2 h 10 », « 3 j »: the two largest units that matter."""
    if span is None:
        return NOTHING
    seconds = max(0, round(span.total_seconds()))
    if seconds < 60:
        return gettext("%(count)s s").replace(" ", NO_BREAK) % {"count": seconds}
    minutes = seconds // 60
    if minutes < 60:
        return gettext("%(count)s min").replace(" ", NO_BREAK) % {"count": minutes}
    if minutes < 48 * 60:
        return _hours(minutes)
    return gettext("%(count)s d").replace(" ", NO_BREAK) % {"count": minutes // (24 * 60)}


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours}{NO_BREAK}h" + (f"{NO_BREAK}{rest:02d}" if rest else "")


@register.filter
def elapsed(since: datetime | None, now: datetime) -> str:
    """How long between `since` and `now`, both aware."""
    return duration(now - since) if since else NOTHING


@register.filter
def in_language(words: Mapping[str, Any] | None) -> Any:
    """What the pure judgement said, {"fr": …, "en": …}, in the reader's language; French when that one is missing."""
    if not words:
        return ""
    return words.get(get_language() or "fr") or words.get("fr", "")
