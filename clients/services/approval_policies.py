"""The nightly check of approval policies: a step that nobody can pass is said before words have to leave."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from agency.mail import Post
from agency.models import Client
from clients.models import PolicyStep
from clients.selectors.approvals import Passed, passed, policies
from clients.services.lead_mail import page_at, tell_leads


def check_each(*, client: Client, now: datetime) -> list[Passed]:
    """Writes on each step of each policy whether somebody can pass it now; what was found of each."""
    found = [one for policy in policies() for one in passed(policy, client)]
    for one in found:
        one.step.checked_at, one.step.can_pass, one.step.trouble = now, one.is_well, one.trouble
        if one.is_well:
            one.step.told_at = None
    PolicyStep.objects.bulk_update([one.step for one in found], ["checked_at", "can_pass", "trouble", "told_at"])
    return found


def check_all(*, client: Client, post: Post, now: datetime) -> int:
    """Each night: checks every policy, and writes to the team's leads of what has turned bad; how many steps.

    A step that was told of is not told of again until it has been well in between.
    """
    bad = [one.step for one in check_each(client=client, now=now) if not one.is_well]
    fresh = [one for one in bad if one.told_at is None]
    if fresh and _tell(fresh, client, post, now):
        PolicyStep.objects.filter(pk__in=[one.pk for one in fresh]).update(told_at=now)
    return len(bad)


def _tell(steps: Sequence[PolicyStep], client: Client, post: Post, now: datetime) -> bool:
    """True when at least one of the leads was told."""

    def say(language: str) -> tuple[str, str]:
        subject = _("%(client)s: words could wait for an approval that nobody can give") % {"client": client.name}
        lines = [_("These steps of the approval policies cannot be passed:"), ""]
        lines += [f"– {step.policy} · {step}: {step.trouble.get(language, '')}" for step in steps]
        lines += ["", _("Mend them here:"), page_at(client, "/agence/chaine-d-alerte/#approvals")]
        return subject, "\n".join(lines)

    return tell_leads(client=client, post=post, key=f"policy.{steps[0].pk}.{now:%Y%m%d}", say=say).taken
