from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models import Brand, Mention
from incidents.choices import (
    CrisisFamily,
    EntryKind,
    IncidentKind,
    IncidentState,
    IncidentType,
    Qualification,
    level_of,
)
from incidents.models.signals import Signal


class Incident(models.Model):
    """A strike and what is done about it. Proposed by the machine, confirmed, run and closed by people."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="incidents", verbose_name=_("brand"))
    signal = models.OneToOneField(
        Signal, on_delete=models.PROTECT, related_name="incident", null=True, blank=True, verbose_name=_("signal")
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("bottom line"), blank=True, max_length=600)
    kind = models.CharField(_("kind"), max_length=5, choices=IncidentKind.choices, default=IncidentKind.REAL)
    state = models.CharField(_("state"), max_length=10, choices=IncidentState.choices, default=IncidentState.PROPOSED)
    qualification = models.CharField(
        _("qualification"), max_length=10, choices=Qualification.choices, default=Qualification.SIGNAL
    )
    type = models.CharField(  # empty while nobody has said
        _("type"), max_length=11, choices=IncidentType.choices, blank=True, default="", db_default=""
    )
    family = models.CharField(
        _("crisis family"), max_length=11, choices=CrisisFamily.choices, blank=True, default="", db_default=""
    )
    exit_criteria = models.TextField(_("it is over when"), max_length=1000, blank=True, default="", db_default="")
    severity = models.PositiveSmallIntegerField(
        _("severity"), null=True, blank=True, help_text=_("1 is the worst, 4 the least.")
    )
    answers = models.JSONField(_("answers"), default=dict, blank=True)
    severity_reasons = models.JSONField(_("why this severity"), default=dict, blank=True)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("lead"),
    )
    started_at = models.DateTimeField(_("began at"))
    proposed_at = models.DateTimeField(_("proposed at"))
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closing_note = models.TextField(_("what we keep from it"), blank=True)
    next_update_at = models.DateTimeField(_("next update"), null=True, blank=True)
    is_restricted = models.BooleanField(_("restricted"), default=False, db_default=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    mentions: "models.ManyToManyField[Mention, IncidentMention]" = models.ManyToManyField(
        Mention, through="IncidentMention", related_name="incidents", verbose_name=_("mentions")
    )

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ("-number",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(severity__isnull=True) | models.Q(severity__gte=1, severity__lte=4),
                name="severity_between_1_and_4",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="open") | models.Q(lead__isnull=False, severity__isnull=False),
                name="an_open_incident_has_a_lead_and_a_severity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} · {self.title}"

    @property
    def reference(self) -> str:
        return f"INC-{self.number:04d}"

    @property
    def level(self) -> str:
        """What its badge shows: `closed`, or a qualification."""
        return level_of(self.state, self.qualification)


class Insider(models.Model):
    """Somebody who may know of a restricted incident, besides its lead and the directors."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="insiders")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", verbose_name=_("person")
    )
    by_id = models.BigIntegerField()
    named_at = models.DateTimeField()

    class Meta:
        verbose_name = _("person in the know")
        verbose_name_plural = _("people in the know")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "person", name="named_once_in_an_incident"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.person_id}"


class IncidentMention(models.Model):
    """A mention attached to an incident, and by whom (nobody: by the machine's proposal)."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="attachments")
    mention = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="attachments")
    by_id = models.BigIntegerField(null=True)
    attached_at = models.DateTimeField()

    class Meta:
        verbose_name = _("attached mention")
        verbose_name_plural = _("attached mentions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "mention", name="one_attachment_per_incident_and_mention"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.mention_id}"


class Detachment(models.Model):
    """A person said: this mention is not part of it. The machine, which follows the surge, does not bring it back."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="detachments")
    mention = models.ForeignKey(Mention, on_delete=models.PROTECT, related_name="detachments")
    by_id = models.BigIntegerField()
    detached_at = models.DateTimeField()

    class Meta:
        verbose_name = _("detached mention")
        verbose_name_plural = _("detached mentions")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "mention", name="one_detachment_per_incident_and_mention"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.mention_id}"


class TimelineEntry(models.Model):
    """A line of the log: never changed, never removed; a mistake is struck by a new line. Chained by hashes."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entries", verbose_name=_("incident"))
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=8, choices=EntryKind.choices, default=EntryKind.FACT)
    text = models.TextField(_("text"), max_length=2000)
    happened_at = models.DateTimeField(_("happened at"))
    logged_at = models.DateTimeField(_("logged at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, verbose_name=_("by")
    )
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="corrected_by", null=True, blank=True, verbose_name=_("corrects")
    )
    token = models.UUIDField(null=True, editable=False)  # made by the page: sent twice, it is one line
    previous_hash = models.CharField(max_length=64, blank=True, editable=False)
    hash = models.CharField(_("hash"), max_length=64, editable=False)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ("incident", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "number", name="one_log_entry_per_number"),
            models.UniqueConstraint("incident", "token", name="one_log_entry_per_token"),
        ]

    def __str__(self) -> str:
        return self.text[:80]
