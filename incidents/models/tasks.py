from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import Duty
from clients.models import Playbook, PlaybookVersion
from incidents.choices import TaskState
from incidents.models.incidents import Incident


class FollowedPlaybook(models.Model):
    """A version of a playbook that an incident follows, and why; `left_at` once the incident no longer calls for it."""

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="followed", verbose_name=_("incident")
    )
    playbook = models.ForeignKey(Playbook, on_delete=models.PROTECT, related_name="+", verbose_name=_("playbook"))
    version = models.ForeignKey(PlaybookVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("version"))
    reasons = models.JSONField(_("why"), default=dict)
    by_hand = models.BooleanField(_("taken by a person"), default=False)
    taken_at = models.DateTimeField(_("taken at"))
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)

    class Meta:
        verbose_name = _("playbook followed")
        verbose_name_plural = _("playbooks followed")
        ordering = ("taken_at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "playbook", name="an_incident_follows_a_playbook_once"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.playbook_id}"


class Task(models.Model):
    """Who, what, before when. Copied from a playbook's step, or written by hand; the row is its own reminder."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="tasks", verbose_name=_("incident"))
    followed = models.ForeignKey(
        FollowedPlaybook, on_delete=models.PROTECT, related_name="tasks", null=True, blank=True
    )
    number = models.PositiveIntegerField(_("number"))
    words = models.CharField(_("what to do"), max_length=200)
    how = models.TextField(_("how"), max_length=600, blank=True)
    duty = models.CharField(_("who"), max_length=12, choices=Duty.choices, default=Duty.LEAD)
    owner = models.ForeignKey(  # empty: whoever has the duty, the lead where nobody does
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("entrusted to"),
    )
    due_at = models.DateTimeField(_("before"))
    state = models.CharField(_("state"), max_length=7, choices=TaskState.choices, default=TaskState.OPEN)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("done by"),
    )
    remind_at = models.DateTimeField(_("next reminder"))
    reminders = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    reminder_error = models.TextField(blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ("incident", "due_at", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "number", name="one_task_per_number"),
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(done_at__isnull=False, done_by__isnull=False),
                name="a_done_task_says_who_and_when",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["remind_at"], name="task_to_remind", condition=models.Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.words
