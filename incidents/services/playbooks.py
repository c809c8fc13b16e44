"""What an incident follows: the playbooks it calls for, copied as tasks; matched again when what it is changes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.models import User
from clients.models import Playbook, PlaybookVersion
from clients.selectors import playbooks as read
from clients.services import playbooks as peace
from incidents.choices import EntryKind, IncidentState, TaskState
from incidents.models import FollowedPlaybook, Incident, Task
from incidents.playbook_match import Called, Sheet, match
from incidents.services import timeline
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words


@transaction.atomic
def follow(*, incident: Incident, by: User | None, now: datetime) -> list[FollowedPlaybook]:
    """Matches an open incident with the playbooks in force; returns those taken now, none when nothing changed.

    What is newly called for is copied into tasks, due from now. What is called for no longer is left: its open tasks
    are no longer needed, what was done stays. What a person took by hand is never left by itself.
    """
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.state != IncidentState.OPEN:
        return []
    sheets = {one.pk: one for one in read.in_force()}
    called = {one.id: one.reasons for one in match(called_of(locked), [_sheet(one) for one in sheets.values()])}
    held = {one.playbook_id: one for one in FollowedPlaybook.objects.filter(incident=locked)}
    for one in held.values():
        if one.left_at is None and not one.by_hand and one.playbook_id not in called:
            _leave(one, by, now)
    wanted = [pk for pk in called if pk not in held or held[pk].left_at is not None]
    return [_take(locked, sheets[pk], called[pk], held.get(pk), by=by, by_hand=False, now=now) for pk in wanted]


@transaction.atomic
def take(*, incident: Incident, playbook: Playbook, by: User, now: datetime) -> FollowedPlaybook:
    """A person takes a playbook that nothing called for. Raises Refused (not_open, not_in_force, followed_already)."""
    locked = Incident.objects.select_for_update().get(pk=incident.pk)
    if locked.state != IncidentState.OPEN:
        raise Refused("not_open", _("Only an open incident follows a playbook."))
    if not playbook.is_active:
        raise Refused("not_in_force", _("This playbook is no longer in force."))
    held = FollowedPlaybook.objects.filter(incident=locked, playbook=playbook).first()
    if held and held.left_at is None:
        raise Refused("followed_already", _("The incident follows this playbook already."))
    return _take(locked, playbook, (), held, by=by, by_hand=True, now=now)


def called_of(incident: Incident) -> Called:
    """What the incident is, for the matching."""
    return Called(incident.type, incident.family, incident.severity)


def _sheet(playbook: Playbook) -> Sheet:
    return Sheet(playbook.pk, frozenset(playbook.types), frozenset(playbook.families), frozenset(playbook.severities))


def _take(
    incident: Incident,
    playbook: Playbook,
    reasons: tuple[tuple[str, str], ...],
    held: FollowedPlaybook | None,
    *,
    by: User | None,
    by_hand: bool,
    now: datetime,
) -> FollowedPlaybook:
    """Takes it, or takes it up again: then the tasks that were put away come back as they were written."""
    if held is not None:
        held.left_at, held.reasons, held.by_hand = None, list(reasons), by_hand
        held.save(update_fields=["left_at", "reasons", "by_hand"])
        held.tasks.filter(state=TaskState.DROPPED).update(state=TaskState.OPEN, remind_at=now)
        _note(incident, gettext_noop("Playbook followed again: %(playbook)s."), held, by, now)
        return held
    version = peace.keep_version(playbook=playbook, by=by, now=now)
    followed = FollowedPlaybook.objects.create(
        incident=incident, playbook=playbook, version=version, reasons=list(reasons), by_hand=by_hand, taken_at=now
    )
    _copy_steps(followed, version, now)
    _note(incident, gettext_noop("Playbook followed: %(playbook)s."), followed, by, now)
    return followed


def _copy_steps(followed: FollowedPlaybook, version: PlaybookVersion, now: datetime) -> None:
    first = next_number(followed.incident)
    Task.objects.bulk_create(
        Task(
            incident=followed.incident,
            followed=followed,
            number=first + place,
            words=step["words"],
            how=step["how"],
            duty=step["duty"],
            due_at=now + timedelta(minutes=step["due_minutes"]),
            remind_at=now + timedelta(minutes=step["due_minutes"]),
            created_at=now,
        )
        for place, step in enumerate(version.content["steps"])
    )


def next_number(incident: Incident) -> int:
    """The number of the incident's next task; the incident's row is locked by whoever asks."""
    last = Task.objects.filter(incident=incident).order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _leave(followed: FollowedPlaybook, by: User | None, now: datetime) -> None:
    followed.left_at = now
    followed.save(update_fields=["left_at"])
    followed.tasks.filter(state=TaskState.OPEN).update(state=TaskState.DROPPED)
    words = gettext_noop("Playbook no longer called for, its open tasks are put away: %(playbook)s.")
    _note(followed.incident, words, followed, by, now)


def _note(incident: Incident, words: str, followed: FollowedPlaybook, by: User | None, now: datetime) -> None:
    named = f"{followed.playbook.code} · {followed.version.content['title']} (v{followed.version.number})"
    text = in_the_clients_words(words, playbook=named)
    timeline.log(incident=incident, kind=EntryKind.DECISION, text=text, happened_at=now, by=by, now=now)
