from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models import Incident
from reports.choices import ReportState


class Report(models.Model):
    """The post-crisis report of an incident. A published version is frozen; a change is a new version."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reports", verbose_name=_("incident"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    language = models.CharField(_("language"), max_length=2, default="fr")
    title = models.CharField(_("finding"), max_length=200)
    bottom_line = models.TextField(_("in short"), max_length=800)
    decision_asked = models.CharField(_("decision asked of the client"), max_length=300, blank=True)
    changes = models.JSONField(_("what we change"), default=list, blank=True)
    content = models.JSONField(_("content"), default=dict)
    drafted = models.JSONField(_("as the machine drafted it"), default=dict, editable=False)
    content_hash = models.CharField(_("hash"), max_length=64, blank=True)
    drafted_at = models.DateTimeField(_("drafted at"))
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, blank=True
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("published by"),
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ("-drafted_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "version", name="one_report_per_incident_and_version"),
            models.CheckConstraint(
                condition=models.Q(state="draft")
                | models.Q(published_at__isnull=False, published_by__isnull=False) & ~models.Q(content_hash=""),
                name="a_published_report_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident.reference} v{self.version} · {self.title}"

    @property
    def file_name(self) -> str:
        """What a download is called, without its ending."""
        return f"{self.incident.reference}-v{self.version}"
