"""Playbooks in peace: each change is a version, the starter set is copied in one act, a review is signed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.models import Playbook, PlaybookStep, PlaybookVersion
from clients.playbook_starters import STARTERS, Language, Starter
from clients.selectors import playbooks as read

REVIEWED_EVERY = timedelta(days=182)


@transaction.atomic
def keep_version(*, playbook: Playbook, by: User | None, now: datetime) -> PlaybookVersion:
    """The version of what the playbook says now: a new one when its words or steps changed, else the last one."""
    locked = Playbook.objects.select_for_update().get(pk=playbook.pk)
    said = read.content(locked)
    last = PlaybookVersion.objects.filter(playbook=locked).order_by("-number").first()
    if last and last.content == said:
        return last
    number = last.number + 1 if last else 1
    Playbook.objects.filter(pk=locked.pk).update(version=number)
    playbook.version = number
    return PlaybookVersion.objects.create(playbook=locked, number=number, content=said, made_at=now, by=by)


@transaction.atomic
def copy_starters(*, by: User, now: datetime) -> list[Playbook]:
    """Copies the house's starter set into the client's playbooks, in its language; returns what was not there yet.

    Whoever copies it owns it until another is named, and reviews it within six months. Copying again brings back
    only what is missing: what the client has changed stays as it is.
    """
    Playbook.objects.select_for_update().order_by("id").first()
    there = set(Playbook.objects.values_list("copied_from", flat=True))
    language: Language = "en" if here().language == "en" else "fr"
    return [_copy(starter, language, by, now) for starter in STARTERS if starter.code not in there]


def _copy(starter: Starter, language: Language, by: User, now: datetime) -> Playbook:
    playbook = Playbook.objects.create(
        code=_free_code(),
        title=starter.title[language],
        purpose=starter.purpose[language],
        types=list(starter.types),
        families=list(starter.families),
        severities=list(starter.severities),
        owner=by,
        review_on=timezone.localdate(now + REVIEWED_EVERY),
        copied_from=starter.code,
    )
    PlaybookStep.objects.bulk_create(
        PlaybookStep(
            playbook=playbook,
            place=place,
            words=step.words[language],
            how=step.how[language],
            duty=step.duty,
            due_minutes=step.due_minutes,
        )
        for place, step in enumerate(starter.steps, start=1)
    )
    keep_version(playbook=playbook, by=by, now=now)
    audit.note(
        action="playbook.copied", by=by, now=now, client=here(), subject="clients.playbook", subject_id=playbook.pk,
        detail={"from": starter.code},
    )  # fmt: skip
    return playbook


def _free_code() -> str:
    """F-01, F-02…: the first that nobody uses."""
    used = set(Playbook.objects.values_list("code", flat=True))
    return next(code for code in (f"F-{number:02d}" for number in range(1, len(used) + 2)) if code not in used)


@transaction.atomic
def review(*, playbook: Playbook, by: User, now: datetime) -> Playbook:
    """A person has read it again and it still holds: the next review is in six months; who reviewed is in the trail."""
    locked = Playbook.objects.select_for_update().get(pk=playbook.pk)
    locked.review_on = timezone.localdate(now + REVIEWED_EVERY)
    locked.save(update_fields=["review_on"])
    audit.note(
        action="playbook.reviewed", by=by, now=now, client=here(), subject="clients.playbook", subject_id=locked.pk,
        detail={"version": locked.version},
    )  # fmt: skip
    return locked
