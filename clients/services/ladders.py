"""Ladders written, proposed and checked: each rung of those in force reaches somebody, or somebody hears of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agency.calling import Line, Telephone, fault
from agency.mail import Post
from agency.models import Client, User
from agency.services import audit
from agency.vault import seal_text
from clients.choices import Rung
from clients.ladder import LOOP, Fault, Step, faults, loops
from clients.models import Contact, ContactChannel, EscalationPolicy, EscalationStep
from clients.selectors import ladders
from clients.selectors.channels import ways
from clients.selectors.reach import Reached, reach
from clients.services.lead_mail import page_at, tell_leads

# Who is called when nobody answers: minutes after the rung before (PagerDuty's and GoAlert's usual cadence).
DEFAULT_RUNGS = ((Rung.ON_CALL, 0), (Rung.ON_CALL, 5), (Rung.BACKUP, 5), (Rung.LEAD, 5), (Rung.DIRECTOR, 15))
BETWEEN_CONTACTS = 10
GRAVE = [1, 2]
MOST_CONTACTS = 5


def wrong(steps: Sequence[Step]) -> list[str]:
    """What makes these rungs a ladder that cannot be climbed, in the reader's language; [] when they can."""
    language = "en" if get_language() == "en" else "fr"
    return [one.say(language) for one in faults(steps, backups=ladders.backups(), reachable=_reachable())]


def _reachable() -> set[int]:
    """Active contacts with an address or a channel."""
    active = Contact.objects.filter(is_active=True)
    return {one.pk for one in active if any(not fault(way.line) for way in ways(contact=one))}


def backup_fault(*, contact_id: int | None, backup_id: int | None) -> Fault | None:
    """The circle that this backup would close, or None."""
    backups = ladders.backups()
    if contact_id is None or backup_id is None:
        return None
    return LOOP if loops(contact_id, {**backups, contact_id: backup_id}) else None


@transaction.atomic
def write(
    *,
    name: str,
    steps: Sequence[Step],
    severities: Sequence[int] = (),
    qualifications: Sequence[str] = (),
    by: User,
    client: Client,
    now: datetime,
) -> EscalationPolicy:
    """A ladder with its rungs, in their order. Raises ValidationError with every sentence of what is wrong."""
    if sentences := wrong(steps):
        raise ValidationError(sentences)
    policy = EscalationPolicy(name=name[:80], severities=list(severities), qualifications=list(qualifications))
    policy.full_clean()
    policy.save()
    rungs = (
        {"place": place, "delay_minutes": one.delay or 0, "target": one.target, "contact_id": one.contact}
        for place, one in enumerate(steps, 1)
    )
    EscalationStep.objects.bulk_create(EscalationStep(policy=policy, **rung) for rung in rungs)
    note = {"name": policy.name, "rungs": len(steps)}
    audit.note(action="escalationpolicy.added", by=by, now=now, client=client, subject="clients.escalationpolicy",
               subject_id=policy.pk, detail=note)  # fmt: skip
    check(policy=policy, client=client, now=now)
    return policy


@transaction.atomic
def propose_default(*, by: User, client: Client, now: datetime) -> list[EscalationPolicy]:
    """The usual ladder in one act: the agency's people for every case, the client's contacts for severity 1 and 2.

    Raises ValidationError when there is a ladder already.
    """
    if EscalationPolicy.objects.exists():
        raise ValidationError(_("There is a ladder already: change that one, or add another."))
    with translation.override(client.language):
        every, grave = _("Every case"), _("Severity 1 and 2: the client’s contacts")
    made = [
        write(name=every, steps=[Step(delay, target) for target, delay in DEFAULT_RUNGS], by=by, client=client, now=now)
    ]
    called = [
        pk for pk in Contact.objects.order_by("rank", "name", "id").values_list("pk", flat=True) if pk in _reachable()
    ]
    rungs = [Step(BETWEEN_CONTACTS, Rung.CONTACT, pk) for pk in called[:MOST_CONTACTS]]
    if rungs:
        rungs[0] = replace(rungs[0], delay=0)
        made.append(write(name=grave, steps=rungs, severities=GRAVE, by=by, client=client, now=now))
    return made


@transaction.atomic
def set_address(*, channel: ContactChannel, address: str) -> ContactChannel:
    """Seals the address of a channel. Raises ValidationError with why nothing could leave by it."""
    sentence = fault(Line(channel.kind, address.strip()))
    if sentence:
        raise ValidationError(sentence)
    channel.sealed = seal_text(address.strip())
    return channel


def try_out(*, step: EscalationStep, telephone: Telephone, client: Client, by: User, now: datetime) -> list[str]:
    """A test message to everybody on the rung, by their first channel; returns by which they left, in words.

    Raises ValidationError (nobody there) and NotAccepted with why the first one that failed did not take it.
    """
    found = reach(step, client, now)
    if not found.people:
        raise ValidationError(_("Nobody stands on this rung now."))
    left = []
    for number, (somebody, known) in enumerate(found.people):
        if not known:
            raise ValidationError(_("%(name)s has no channel.") % {"name": somebody})
        with translation.override(somebody.language):
            subject = _("Test of the alert chain of %(client)s") % {"client": client.name}
            body = _("This is a test asked for by %(name)s: nothing is burning, there is nothing to do.") % {"name": by}
        key = f"{connection.schema_name}.test.{step.pk}.{number}.{now.timestamp():.0f}"  # type: ignore[attr-defined]
        telephone.call(known[0].line, subject=subject, body=body, key=key)
        left.append(f"{somebody} ({known[0].words})")
    note = {"rung": str(step), "to": left}
    audit.note(action="escalationstep.tried", by=by, now=now, client=client, subject="clients.escalationstep",
               subject_id=step.pk, detail=note)  # fmt: skip
    return left


def check(*, policy: EscalationPolicy, client: Client, now: datetime) -> list[Reached]:
    """Writes on each rung whether it reaches somebody now; returns what was found, in the order of the ladder."""
    found = [reach(step, client, now) for step in policy.steps.select_related("contact").order_by("place", "id")]
    for one in found:
        one.step.checked_at, one.step.is_reachable, one.step.trouble = now, one.is_well, one.trouble
        if one.is_well:
            one.step.told_at = None
    EscalationStep.objects.bulk_update(
        [one.step for one in found], ["checked_at", "is_reachable", "trouble", "told_at"]
    )
    return found


def check_each(*, client: Client, now: datetime) -> list[Reached]:
    """Checks every ladder in force; what was found of each rung."""
    return [one for policy in ladders.in_force() for one in check(policy=policy, client=client, now=now)]


def check_all(*, client: Client, post: Post, now: datetime) -> int:
    """Each night: checks every ladder in force, and writes to the team's leads of what has turned bad; how many rungs.

    A rung that was told of is not told of again until it has been well in between. A mail server that is away is tried
    the next time.
    """
    bad = [one for one in check_each(client=client, now=now) if not one.is_well]
    fresh = [one.step for one in bad if one.step.told_at is None]
    if fresh and _tell(fresh, client, post, now):
        EscalationStep.objects.filter(pk__in=[one.pk for one in fresh]).update(told_at=now)
    return len(bad)


def _tell(steps: Sequence[EscalationStep], client: Client, post: Post, now: datetime) -> bool:
    """True when at least one of the leads was told."""

    def say(language: str) -> tuple[str, str]:
        subject = _("%(client)s: the alert chain does not hold") % {"client": client.name}
        lines = [_("If it happened tonight, these rungs would reach nobody:"), ""]
        lines += [f"– {step.policy} · {step}: {step.trouble.get(language, '')}" for step in steps]
        lines += ["", _("Mend them here:"), page_at(client, "/agence/chaine-d-alerte/")]
        return subject, "\n".join(lines)

    return tell_leads(client=client, post=post, key=f"ladder.{steps[0].pk}.{now:%Y%m%d}", say=say).taken
