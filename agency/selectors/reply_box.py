"""Whether answers by mail are read: as the sources' ears are judged, and as the settings stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import get_language

from agency import reply_address
from agency.models import ReplyBox

SILENT_AFTER = timedelta(minutes=5)  # it is read four times a minute


@dataclass(frozen=True, slots=True)
class BoxState:
    """`is_on`: answers are offered and read. `faults`: what is half set. `error`: why it is not read, in words."""

    is_on: bool
    faults: tuple[str, ...] = ()
    shown: str = ""
    read_at: datetime | None = None
    tried_at: datetime | None = None
    failing_since: datetime | None = None
    answered_at: datetime | None = None
    error: str = ""
    is_silent: bool = False

    @property
    def is_worrying(self) -> bool:
        """Somebody has to look: it is half set, does not answer, or is not asked."""
        return bool(self.faults) or self.is_silent


def of_now(now: datetime) -> BoxState:
    """The mailbox of the answers; one query, none where it is off."""
    if not reply_address.is_on():
        return BoxState(is_on=False, faults=tuple(reply_address.faults()))
    box = ReplyBox.objects.order_by("-tried_at", "of").first()
    if box is None:
        return BoxState(is_on=True, shown=reply_address.shown())
    last = max((moment for moment in (box.read_at, box.failing_since) if moment), default=None)
    return BoxState(
        is_on=True,
        shown=reply_address.shown(),
        read_at=box.read_at,
        tried_at=box.tried_at,
        failing_since=box.failing_since,
        answered_at=box.answered_at,
        error=box.error_en if get_language() == "en" else box.error,
        is_silent=last is not None and now - (box.failing_since or last) > SILENT_AFTER,
    )
