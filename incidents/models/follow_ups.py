from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.choices import FollowUpState
from incidents.models.debriefs import Debrief
from incidents.models.incidents import Incident


class FollowUp(models.Model):
    """What we change, who, by when: asked for until it is done, or dropped with a reason."""

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("incident")
    )
    debrief = models.ForeignKey(  # empty: written on the incident's page or beside its report
        Debrief, on_delete=models.PROTECT, related_name="follow_ups", null=True, blank=True, verbose_name=_("debrief")
    )
    words = models.CharField(_("what we change"), max_length=300)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("somebody of the agency"),
    )
    owner_name = models.CharField(_("somebody else"), max_length=120, blank=True)
    due_on = models.DateField(_("before"))
    state = models.CharField(_("state"), max_length=7, choices=FollowUpState.choices, default=FollowUpState.OPEN)
    ended_at = models.DateTimeField(_("done or dropped at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("done or dropped by"),
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    remind_at = models.DateTimeField(_("next reminder"))
    reminders = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    by_id = models.BigIntegerField()
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ("due_on", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(owner__isnull=False) | ~models.Q(owner_name=""),
                name="a_follow_up_has_an_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open") | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="an_ended_follow_up_says_who_and_when",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["remind_at"], name="follow_up_to_remind", condition=models.Q(state="open")),
        ]

    def __str__(self) -> str:
        return self.words
