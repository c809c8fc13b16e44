from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.incidents import Incident


class ExitCriterion(models.Model):
    """One line of what must be true for an incident to be over; ticked by a person when it is."""

    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="criteria", verbose_name=_("incident")
    )
    number = models.PositiveIntegerField(_("number"))
    words = models.CharField(_("it is over when"), max_length=1000)
    met_at = models.DateTimeField(_("ticked at"), null=True, blank=True)
    met_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("ticked by"),
    )

    class Meta:
        verbose_name = _("exit criterion")
        verbose_name_plural = _("exit criteria")
        ordering = ("incident", "number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "number", name="one_exit_criterion_per_number"),
            models.CheckConstraint(
                condition=models.Q(met_at__isnull=True, met_by__isnull=True)
                | models.Q(met_at__isnull=False, met_by__isnull=False),
                name="a_ticked_criterion_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:80]
