from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.choices import ReliefState
from incidents.models.incidents import Incident


class Relief(models.Model):
    """A hand-over note, offered to whoever comes next; whoever accepts it has the lead from then on."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="reliefs", verbose_name=_("incident"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", verbose_name=_("handed over by")
    )
    to = models.ForeignKey(  # empty: to whoever of the team accepts first
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("to"),
    )
    situation = models.TextField(_("where we are, who leads"), max_length=2000, blank=True)
    to_do = models.TextField(_("what is open"), max_length=4000, blank=True)
    promised = models.TextField(_("what was promised"), max_length=2000, blank=True)
    do_not = models.TextField(_("what not to do"), max_length=1000, blank=True)
    next_update_at = models.DateTimeField(_("next update"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=ReliefState.choices, default=ReliefState.OFFERED)
    offered_at = models.DateTimeField(_("offered at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("read by"),
    )
    ended_at = models.DateTimeField(_("accepted or withdrawn at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("accepted by"),
    )

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ("-offered_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "incident", condition=models.Q(state="offered"), name="one_hand_over_offered_per_incident"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.by_id}"
