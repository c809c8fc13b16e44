"""Approval policies as they stand: for each step whether anybody could pass it now, and why not."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.access import leads_of
from agency.models import Client, Membership
from clients.approvers import GONE, NOBODY, ONLY_WRITER, SAME_PEOPLE, TOO_FEW, Wanted, faults
from clients.models import ApprovalPolicy, PolicyStep

_WHY = {
    GONE: gettext_noop("%(who)s is not there any more."),
    NOBODY: gettext_noop("Nobody has that role here."),
    TOO_FEW: gettext_noop("Fewer people have that role here than it asks for."),
    ONLY_WRITER: gettext_noop(
        "Nobody would be left once somebody has written the words: they cannot agree to their own."
    ),
    SAME_PEOPLE: gettext_noop("The steps before ask the same people: several steps are several people."),
}


@dataclass(frozen=True, slots=True)
class Passed:
    """A step, with what is wrong in both languages ({} when somebody can pass it)."""

    step: PolicyStep
    trouble: dict[str, str]

    @property
    def is_well(self) -> bool:
        return not self.trouble


def policies() -> list[ApprovalPolicy]:
    """Every policy with its steps in order; the one for all brands first."""
    rows = ApprovalPolicy.objects.select_related("brand").prefetch_related("steps__person", "steps__fallback")
    return sorted(rows, key=lambda one: (one.brand_id is not None, str(one), one.pk))


def passed(policy: ApprovalPolicy, client: Client) -> list[Passed]:
    """Each step of the policy in its order, judged on who is there now."""
    steps = sorted(policy.steps.all(), key=lambda one: (one.rank, one.pk))
    wanted = [Wanted(one.role, one.person_id, one.needed) for one in steps]
    found = faults(wanted, _team(client))
    led = bool(leads_of(client)) if any(found) else True
    return [Passed(step, _said(step, fault, led) if fault else {}) for step, fault in zip(steps, found, strict=True)]


def _team(client: Client) -> dict[int, frozenset[str]]:
    """Active people of the agency for this client, and the client's own, with their roles here."""
    roles: dict[int, set[str]] = defaultdict(set)
    ours = Membership.objects.filter(Q(client=client) | Q(client__isnull=True), user__is_active=True)
    for person, role in ours.values_list("user_id", "role"):
        roles[person].add(role)
    return {person: frozenset(held) for person, held in roles.items()}


def _said(step: PolicyStep, fault: str, is_led: bool) -> dict[str, str]:
    """Why, and who would be asked instead: whoever is named for that, else the leads, else nobody ever."""
    told = {}
    for language in ("fr", "en"):
        with translation.override(language):
            why = _(_WHY[fault]) % {"who": step.person or ""}
            instead = _("The words would wait for ever: nobody leads the team.")
            if step.fallback is not None and step.fallback.is_active:
                instead = _("%(name)s would be asked instead.") % {"name": step.fallback}
            elif is_led:
                instead = _("Whoever leads the team would be asked instead.")
            told[language] = f"{why} {instead}"
    return told
