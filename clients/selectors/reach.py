"""Whether each rung of a ladder reaches somebody now: judged without the network, from what is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.calling import fault
from agency.models import Client, User
from agency.selectors import rota
from clients.choices import Rung
from clients.models import Contact, EscalationStep
from clients.selectors.channels import Way, ways
from clients.selectors.standing import standing

LOOKS_AHEAD_DAYS = 1  # the rota is covered until the next check


@dataclass(frozen=True, slots=True)
class Reached:
    """A rung with who stands on it, how each is reached, and what is wrong in both languages ({} when all is well)."""

    step: EscalationStep
    people: tuple[tuple[User | Contact, tuple[Way, ...]], ...]
    trouble: dict[str, str]

    @property
    def is_well(self) -> bool:
        return not self.trouble


def reach(step: EscalationStep, client: Client, at: datetime) -> Reached:
    """Who stands on the rung and whether a message can leave for at least one of them."""
    somebody: Sequence[User | Contact] = [step.contact] if step.contact else standing(step.target, client, at)
    first = somebody[:1] if step.target == Rung.BACKUP else somebody
    people = tuple((one, tuple(_of(one, step.channel))) for one in first)
    return Reached(step, people, _trouble(step, people, client, at))


def _of(somebody: User | Contact, wanted: str) -> tuple[Way, ...]:
    if isinstance(somebody, Contact):
        return ways(contact=somebody, wanted=wanted)
    return ways(person=somebody, wanted=wanted)


def _trouble(
    step: EscalationStep, people: Sequence[tuple[User | Contact, tuple[Way, ...]]], client: Client, at: datetime
) -> dict[str, str]:
    if not people:
        return _said(gettext_noop("Nobody stands on this rung now."))
    if all(not one.is_active for one, _ways in people):
        return _said(gettext_noop("This contact is not active any more."))
    if not any(not fault(way.line) for _one, found in people for way in found):
        return _faulty([way for _one, found in people for way in found])
    if step.target == Rung.ON_CALL and rota.gaps([client], since=at, days=LOOKS_AHEAD_DAYS):
        return _said(gettext_noop("The rota has hours without anybody before this time tomorrow."))
    return {}


def _faulty(found: Sequence[Way]) -> dict[str, str]:
    if not found:
        return _said(gettext_noop("There is no channel at all."))
    told = {}
    for language in ("fr", "en"):
        with translation.override(language):
            told[language] = " ".join(dict.fromkeys(fault(way.line) for way in found))[:300]
    return told


def _said(msgid: str) -> dict[str, str]:
    told = {}
    for language in ("fr", "en"):
        with translation.override(language):
            told[language] = _(msgid)
    return told
