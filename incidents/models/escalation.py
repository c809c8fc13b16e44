import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.choices import ChannelKind, Rung
from clients.models import Contact, ContactChannel
from incidents.choices import CALLS_THE_AGENCY, AlertState, CallState, Matter
from incidents.models.incidents import Incident


class Alert(models.Model):
    """One run of a ladder for an incident: who is called until somebody answers. Its ladder is a copy in its calls.

    `remind_at` is never empty: as long as the alert is unanswered, at that hour whoever leads the team is told that
    nobody has answered. That is what makes it impossible to forget one, whatever happens to the calls.
    """

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="alerts", verbose_name=_("incident"))
    matter = models.CharField(_("why"), max_length=9, choices=Matter.choices)
    ladder = models.CharField(_("escalation ladder"), max_length=80, blank=True)
    reasons = models.JSONField(default=dict)
    severity = models.PositiveSmallIntegerField(_("severity"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=AlertState.choices, default=AlertState.CALLING)
    started_at = models.DateTimeField(_("began at"))
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, blank=True
    )
    answered_contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("contact")
    )
    how = models.CharField(_("how"), max_length=10, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # answered or stopped: its links live a day longer
    remind_at = models.DateTimeField(_("next reminder"))
    reminders = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    reminder_error = models.TextField(blank=True)
    silenced_at = models.DateTimeField(_("silenced at"), null=True, blank=True)
    silenced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, blank=True
    )
    silence_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ("-started_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["incident"], condition=Q(state="calling"), name="an_incident_has_one_alert_under_way"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered")
                | (Q(answered_at__isnull=False) & (Q(answered_by__isnull=False) | Q(answered_contact__isnull=False))),
                name="an_answered_alert_says_who_and_when",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["remind_at"], name="alert_to_remind", condition=Q(state="calling")),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.matter}"

    @property
    def calls_the_agency(self) -> bool:
        """Whether it calls the agency's people; otherwise the client's contacts."""
        return self.matter in CALLS_THE_AGENCY


class AlertCall(models.Model):
    """One call of an alert: a rung and a channel. The row is the queue; a worker claims it before anything leaves.

    Who is on call is asked when the call leaves, not when the ladder was copied: the shift may have changed.
    """

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="calls", verbose_name=_("alert"))
    place = models.PositiveSmallIntegerField(_("rung"))
    target = models.CharField(_("who is called"), max_length=8, choices=Rung.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, blank=True
    )
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    wanted = models.CharField(max_length=7, choices=ChannelKind.choices, blank=True)
    channel = models.ForeignKey(
        ContactChannel, on_delete=models.SET_NULL, related_name="+", null=True, blank=True, verbose_name=_("channel")
    )
    channels_tried = models.JSONField(default=list)  # keys of the channels that did not take it
    due_at = models.DateTimeField(_("due at"))
    state = models.CharField(_("state"), max_length=7, choices=CallState.choices, default=CallState.DUE)
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    sent_by = models.CharField(max_length=80, blank=True)  # the channel in words, as it was then
    declined_at = models.DateTimeField(null=True, blank=True)  # "no" by mail: told, and somebody else is to answer
    link_key = models.UUIDField(default=uuid.uuid4, editable=False)  # changed: the link that left is worth nothing

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        ordering = ("alert", "place", "id")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="call_to_make", condition=Q(state="due")),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} · {self.place}"
