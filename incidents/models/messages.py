from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import ReportVersion
from clients.models import Contact
from incidents.choices import BriefingState
from incidents.models.incidents import Incident


class SituationReport(models.Model):
    """One page on where we are: bottom line first, and when the next one comes. Never changed once issued."""

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="situation_reports", verbose_name=_("incident")
    )
    number = models.PositiveIntegerField(_("number"))
    severity = models.PositiveSmallIntegerField(_("severity"))
    bottom_line = models.TextField(_("in short"), max_length=600)
    expected = models.CharField(_("what is expected of you"), max_length=300, blank=True)
    figures = models.JSONField(_("figures"), default=list)
    done = models.TextField(_("done"), blank=True, max_length=600)
    do_not = models.TextField(_("do not do"), blank=True, max_length=300)
    issued_at = models.DateTimeField(_("issued at"))
    next_at = models.DateTimeField(_("next at"), null=True, blank=True)
    is_last = models.BooleanField(_("last one"), default=False)
    token = models.UUIDField(null=True, editable=False)  # of the page it was written on: sent twice, issued once
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("situation report")
        verbose_name_plural = _("situation reports")
        ordering = ("incident", "-number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "number", name="one_situation_report_per_number"),
            models.UniqueConstraint("incident", "token", name="one_situation_report_per_token"),
            models.CheckConstraint(
                condition=models.Q(is_last=True) | models.Q(next_at__isnull=False),
                name="a_situation_report_announces_the_next",
                violation_error_message=_("Say when the next update comes."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident.reference} · {self.number}"


class Briefing(models.Model):
    """A message to one contact. The row is the queue: a worker claims it, sends it, and says what became of it."""

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="briefings", verbose_name=_("incident")
    )
    situation_report = models.ForeignKey(
        SituationReport, on_delete=models.PROTECT, related_name="briefings", null=True, blank=True
    )
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="briefings", verbose_name=_("contact"))
    email = models.EmailField(_("sent to"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=6, choices=BriefingState.choices, default=BriefingState.DUE)
    due_at = models.DateTimeField(_("due at"))
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    version = models.CharField(
        _("version"),
        max_length=9,
        choices=ReportVersion.choices,
        default=ReportVersion.TACTICAL,
        db_default=ReportVersion.TACTICAL,
    )
    language = models.CharField(_("language"), max_length=2, default="fr", db_default="fr")
    acknowledged_at = models.DateTimeField(_("read at"), null=True, blank=True)
    acknowledgement_noted_by = models.ForeignKey(  # empty: the contact said so, by the link of the message
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("noted by"),
    )
    # How often its link was made worthless: an address says of which time it is.
    links_withdrawn = models.PositiveSmallIntegerField(default=0, db_default=0)
    remind_at = models.DateTimeField(_("reminded at, if still unread"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("briefing")
        verbose_name_plural = _("briefings")
        ordering = ("-created_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("situation_report", "contact", name="one_message_per_report_and_contact"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], name="briefing_due", condition=models.Q(state="due")),
            models.Index(fields=["remind_at"], name="briefing_to_remind", condition=models.Q(remind_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.email}"
