from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.incidents import Incident


class LateUpdate(models.Model):
    """A situation report that is late: whoever owes it is reminded until it is out, and the row goes."""

    incident = models.OneToOneField(
        Incident, on_delete=models.CASCADE, related_name="late_update", verbose_name=_("incident")
    )
    owed_at = models.DateTimeField(_("owed at"))
    remind_at = models.DateTimeField(_("next reminder"))
    reminders = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("late situation report")
        verbose_name_plural = _("late situation reports")
        ordering = ("owed_at", "id")

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.owed_at:%H:%M}"


class Composing(models.Model):
    """Somebody is writing the next situation report: another who begins is told."""

    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="composing", verbose_name=_("incident")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", verbose_name=_("person")
    )
    since = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last typed at"))

    class Meta:
        verbose_name = _("situation report being written")
        verbose_name_plural = _("situation reports being written")
        ordering = ("since", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "person", name="one_composing_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.person_id}"
