from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Cadence(models.Model):
    """How often a situation report is owed at a severity, from an hour on. Rows are added, never changed.

    `minutes` empty: whenever something changes.
    """

    severity = models.PositiveSmallIntegerField(_("severity"))
    minutes = models.PositiveSmallIntegerField(_("minutes between two reports"), null=True, blank=True)
    in_force_from = models.DateTimeField(_("in force from"))
    by_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("cadence of situation reports")
        verbose_name_plural = _("cadences of situation reports")
        ordering = ("severity", "-in_force_from", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(severity__gte=1, severity__lte=4), name="a_cadence_is_of_a_severity"
            ),
            models.CheckConstraint(
                condition=models.Q(minutes__isnull=True) | models.Q(minutes__gte=5, minutes__lte=1440),
                name="a_cadence_is_between_five_minutes_and_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.severity} · {self.minutes}"
