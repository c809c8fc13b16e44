from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.choices import DebriefKind
from incidents.models.incidents import Incident


class Debrief(models.Model):
    """What the team looks back on together: hot within 48 hours of the closing, cold some weeks later.

    Its words may change until it is signed; signed again later, it is a new version.
    """

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="debriefs", verbose_name=_("incident")
    )
    kind = models.CharField(_("kind"), max_length=4, choices=DebriefKind.choices)
    planned_at = models.DateTimeField(_("planned for"))
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", verbose_name=_("held by")
    )
    people = models.TextField(_("who was there"), max_length=1000, blank=True)
    happened = models.TextField(_("what happened"), max_length=8000, blank=True)
    worked = models.TextField(_("what worked"), max_length=4000, blank=True)
    failed = models.TextField(_("what did not"), max_length=4000, blank=True)
    changes = models.TextField(_("what we change"), max_length=4000, blank=True)
    written_at = models.DateTimeField(_("words kept at"), null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("words kept by"),
    )
    held_at = models.DateTimeField(_("held at"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=0)  # how many were signed
    remind_at = models.DateTimeField(_("next reminder"))
    reminders = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    by_id = models.BigIntegerField()
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("debrief")
        verbose_name_plural = _("debriefs")
        ordering = ("planned_at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "kind", name="one_debrief_of_a_kind_per_incident"),
            models.CheckConstraint(
                condition=models.Q(signed_at__isnull=True) | models.Q(held_at__isnull=False),
                name="a_signed_debrief_was_held",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["remind_at"], name="debrief_to_remind", condition=models.Q(signed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.get_kind_display()}"


class DebriefVersion(models.Model):
    """A debrief as somebody signed it: never changed afterwards."""

    debrief = models.ForeignKey(Debrief, on_delete=models.PROTECT, related_name="versions", verbose_name=_("debrief"))
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField(_("what it says"))
    signed_at = models.DateTimeField(_("signed at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", verbose_name=_("signed by")
    )

    class Meta:
        verbose_name = _("version of a debrief")
        verbose_name_plural = _("versions of a debrief")
        ordering = ("debrief", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("debrief", "number", name="one_version_of_a_debrief_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.debrief_id} · v{self.number}"
