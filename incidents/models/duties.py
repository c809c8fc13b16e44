from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import Duty
from incidents.models.incidents import Incident


class DutyHolder(models.Model):
    """Who has a part in an incident's team tonight. The lead is on the incident itself; who had it before, in the log.

    A part without a row is the lead's.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="duties", verbose_name=_("incident"))
    duty = models.CharField(_("part"), max_length=12, choices=Duty.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", verbose_name=_("person")
    )
    since = models.DateTimeField(_("since"))
    by_id = models.BigIntegerField(null=True)  # nobody: a program did, with an API key

    class Meta:
        verbose_name = _("part in an incident")
        verbose_name_plural = _("parts in an incident")
        ordering = ("incident", "duty")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "duty", name="one_holder_per_duty_of_an_incident"),
            models.CheckConstraint(
                condition=~models.Q(duty=Duty.LEAD), name="the_lead_of_an_incident_is_on_the_incident"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.duty}"
