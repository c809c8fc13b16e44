"""What holds mentions above us and not everybody may know of.

Incidents hold mentions; a restricted one does not exist for who is outside. We do not know incidents: they say here
what to leave out, for whom.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from agency.models import User
from clients.choices import SortingKind, Triage
from clients.models import Mention, SortingAct

# To whoever is outside, what was put there was only taken off the list to sort, or came back to it.
_SHOWN_AS = {SortingKind.ATTACH: SortingKind.SET_ASIDE, SortingKind.DETACH: SortingKind.PUT_BACK}


@dataclass(frozen=True)
class Hidden:
    """The incidents by their keys, and of a mention whether it is held by them alone (None: nothing is hidden)."""

    incidents: frozenset[int] = frozenset()
    attached: Q | None = None

    def hides(self, act: SortingAct) -> bool:
        """Whether the act was on one of those incidents."""
        return bool(self.incidents) and act.kept.get("incident") in self.incidents

    def kind_of(self, act: SortingAct) -> SortingKind:
        """The kind of act that is told."""
        kind = SortingKind(act.kind)
        return _SHOWN_AS.get(kind, kind) if self.hides(act) else kind

    def triage_of(self, mention: Mention) -> str:
        """The state of the mention that is told; asks only where something is hidden and the mention is attached."""
        if self.attached is None or mention.triage != Triage.ATTACHED:
            return mention.triage
        is_there = Mention.objects.filter(self.attached, pk=mention.pk).exists()
        return Triage.SET_ASIDE if is_there else mention.triage


NOTHING = Hidden()
_told_by: list[Callable[[User | None], Hidden]] = []


def told_by(source: Callable[[User | None], Hidden]) -> None:
    """Who knows what is hidden from a person (None: nobody in particular, such as an API key). Said once, at start."""
    _told_by[:] = [source]


def hidden_from(person: User | None) -> Hidden:
    """What the person may not know of: one query."""
    return _told_by[0](person) if _told_by else NOTHING
