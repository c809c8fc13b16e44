"""The nightly check of approval policies: a step that nobody can pass is said before words have to leave."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from agency.access import leads_of
from agency.hosts import standing_url
from agency.mail import NotAccepted, Post
from agency.models import Client
from clients.models import PolicyStep
from clients.selectors.approvals import Passed, passed, policies


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
    sent = False
    for person in leads_of(client):
        with translation.override(person.language):
            subject = _("%(client)s: words could wait for an approval that nobody can give") % {"client": client.name}
            lines = [_("These steps of the approval policies cannot be passed:"), ""]
            lines += [f"– {step.policy} · {step}: {step.trouble.get(person.language, '')}" for step in steps]
            lines += ["", _("Mend them here:"), _page(client)]
        key = f"{connection.schema_name}.policy.{steps[0].pk}.{person.pk}.{now:%Y%m%d}"  # type: ignore[attr-defined]
        try:
            post.send(to=person.email, subject=subject, body="\n".join(lines), key=key)
            sent = True
        except NotAccepted:
            continue
    return sent


def _page(client: Client) -> str:
    host = client.domains.filter(is_primary=True).values_list("domain", flat=True).get()
    return standing_url(host, "/agence/chaine-d-alerte/#approvals")
