"""Words taken to be said: filled in, with a reason where they may not simply be used, and written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agency.models import User
from clients.blanks import Unresolved, filled
from clients.choices import PositionKind, WordsState
from clients.models import Mention, Position, PositionCopy
from clients.selectors.positions import EXPIRED, is_usable, state_of, text_of


@dataclass(frozen=True)
class Wanted:
    """Which words, filled in how, and for what."""

    language: str = ""
    is_long: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    mention: Mention | None = None
    incident_number: int | None = None


@transaction.atomic
def take(*, position: Position, wanted: Wanted, by: User, today: date, now: datetime) -> PositionCopy:
    """The words to say, filled in; the row says who took them, when, for what, and why where that was asked.

    Raises ValidationError: `never_said` for what must not be said, `no_words` in that language or length, `unresolved`
    when a blank has no value, `reason` when the position is expired, unapproved, retired or not in force yet and no
    reason is given.
    """
    language = wanted.language or position.language
    if position.kind == PositionKind.DO_NOT_SAY:
        raise ValidationError(_("This is what must not be said: it is not copied."), "never_said")
    text = text_of(position, language, is_long=wanted.is_long)
    if not text:
        raise ValidationError(_("It has no words in this language and length yet."), "no_words")
    said, reason = _filled(text, wanted.values), wanted.reason.strip()[:300]
    is_free = is_usable(position, today)
    if not is_free and not reason:
        raise ValidationError(_reason_asked(position, today), "reason")
    return PositionCopy.objects.create(
        position=position,
        version=_version_in_use(position),
        text=said,
        language=language,
        by=by,
        copied_at=now,
        mention=wanted.mention,
        incident_number=wanted.incident_number,
        reason="" if is_free else reason,
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    try:
        return filled(text, values)
    except Unresolved as error:
        if error.names:
            words = _("Fill in first: %(names)s.") % {"names": ", ".join(error.names)}
        else:
            words = _("A blank of this text is not closed: have its words corrected.")
        raise ValidationError(words, "unresolved") from error


def _reason_asked(position: Position, today: date) -> str:
    if state_of(position, today) == EXPIRED:
        return _("It has expired: say why it is used all the same.")
    return _("It is not approved or not in force: say why it is used all the same.")


def _version_in_use(position: Position) -> int | None:
    """The number of the words that the position shows: the last approved ones, or the last written before any."""
    versions = position.versions.order_by("-number")
    chosen = versions.filter(state=WordsState.APPROVED) if position.approved_at else versions
    return chosen.values_list("number", flat=True).first()
