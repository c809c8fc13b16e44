"""Deciding on words that wait: yes, no with a note, taken back; and who is asked once a deadline has passed.

`by` is a Signer: a person today (selectors.drafts.signer_of), the recipient of a link later.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.models import User
from incidents import approval
from incidents.approval import Signer
from incidents.choices import DraftState, EntryKind
from incidents.models import Approval, ApprovalStep, Draft
from incidents.selectors import drafts as read
from incidents.services import announcements
from incidents.services.drafts import allowed, locked, note, settle
from incidents.services.refusals import Refused

LONGEST_NOTE = 500


@transaction.atomic
def decide(*, draft: Draft, version: int, is_yes: bool, by: Signer, now: datetime, said: str = "") -> Draft:
    """A yes or a no to that version at the step that waits; a no says why, and who wrote the words reads it.

    Raises Refused (why, over, moved with who did what when, not_waiting, own, twice, not_yours).
    """
    said = " ".join(said.replace("\0", "").split())
    if not is_yes and not said:
        raise Refused("why", _("Say why: who wrote these words has to know what to change."))
    found = locked(draft)
    paper = read.paper_of(found)
    after = allowed(found, lambda: approval.decide(paper, by, version=version, is_yes=is_yes))
    rank = after.given[-1].rank
    Approval.objects.create(
        step=read.steps_of(found).get(rank=rank), by_id=_person(by), signer=by.key, name=by.name[:160], is_yes=is_yes,
        note=said[:LONGEST_NOTE], decided_at=now,
    )  # fmt: skip
    settle(found, after, now)
    code, words = "approved", gettext_noop("“%(draft)s” (version %(version)d): %(name)s approves")
    if not is_yes:
        code, words = "refused", gettext_noop("“%(draft)s” (version %(version)d): %(name)s refuses: %(why)s")
    note(found, code, words, EntryKind.DECISION, _user(by), now, name=by.name, why=said)
    announcements.announce_draft(draft=found, now=now)
    return found


@transaction.atomic
def take_back(*, draft: Draft, by: Signer, now: datetime) -> Draft:
    """Undoes one's own decision as long as nobody decided after it. Raises Refused (over, nothing, too_late)."""
    found = locked(draft)
    paper = read.paper_of(found)
    after = allowed(found, lambda: approval.take_back(paper, by))
    Approval.objects.filter(
        step__version__draft=found, step__version__number=found.version, signer=by.key, taken_back_at__isnull=True
    ).update(taken_back_at=now)
    settle(found, after, now)
    words = gettext_noop("“%(draft)s” (version %(version)d): %(name)s takes the decision back")
    note(found, "taken_back", words, EntryKind.DECISION, _user(by), now, name=by.name)
    return found


def overdue(*, now: datetime) -> list[int]:
    """Steps whose deadline has passed, or whom nobody is left to decide, that have not fallen back yet."""
    waiting = read.undecided().filter(fell_back_at__isnull=True, due_at__lte=now)
    return sorted(waiting.values_list("pk", flat=True)[:200])


@transaction.atomic
def fall_back(*, step_id: int, now: datetime) -> bool:
    """Opens a step whose deadline has passed to its fallback, once; the log says why, the fallback is written to."""
    waiting = ApprovalStep.objects.select_related("version__draft").get(pk=step_id)
    draft = locked(waiting.version.draft)
    row = ApprovalStep.objects.get(pk=step_id)
    if row.closed_at is not None or row.fell_back_at is not None or row.due_at is None or row.due_at > now:
        return False
    nobody_was_there = not read.people_of(row, read.paper_of(draft), draft.incident)
    row.fell_back_at, row.ask_at = now, now
    row.save(update_fields=["fell_back_at", "ask_at"])
    words = gettext_noop("“%(draft)s”: no decision of %(asked)s in time; the fallback is asked")
    if nobody_was_there:
        words = gettext_noop("“%(draft)s”: %(asked)s cannot decide (gone, or wrote the words); the fallback is asked")
    asked = str(row.person) if row.person else row.get_role_display()
    note(draft, "fell_back", words, EntryKind.FACT, None, now, asked=asked)
    Draft.objects.filter(pk=draft.pk, state=DraftState.WAITING).update(revision=draft.revision + 1)
    return True


def look_for_the_gone(*, now: datetime) -> int:
    """Steps that wait for somebody who left meanwhile are due at once; how many there were."""
    found = 0
    waiting = read.undecided().filter(fell_back_at__isnull=True, due_at__gt=now)
    for row in waiting.select_related("version__draft__incident")[:200]:
        draft = row.version.draft
        if not read.people_of(row, read.paper_of(draft), draft.incident):
            found += ApprovalStep.objects.filter(pk=row.pk, due_at__gt=now).update(due_at=now)
    return found


def until_asked_again(row: ApprovalStep) -> timedelta:
    """How long the fallback is left in peace between two letters: the step's own time, ten minutes at least."""
    return timedelta(minutes=max(10, row.minutes))


def _person(by: Signer) -> int | None:
    kind, _colon, number = by.key.partition(":")
    return int(number) if kind == "person" else None


def _user(by: Signer) -> User | None:
    number = _person(by)
    return User.objects.get(pk=number) if number else None
