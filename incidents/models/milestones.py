from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incidents.models.incidents import Incident


class Named(models.Model):
    """A row that the client may name its own way, in both languages; what came with the house keeps its code."""

    code = models.SlugField(_("code"), max_length=32, unique=True)
    words = models.CharField(_("name in French"), max_length=80)
    words_en = models.CharField(_("name in English"), max_length=80, blank=True, default="", db_default="")
    place = models.PositiveSmallIntegerField(_("place"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)
    is_built_in = models.BooleanField(default=False, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.words_en if self.words_en and get_language() == "en" else self.words


class MilestoneKind(Named):
    """A moment that an incident goes through: detected, acknowledged, briefed… and the client's own."""

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ("place", "id")


class MetricKind(Named):
    """A length between two milestones, with the minutes aimed at for each severity (empty: none)."""

    from_kind = models.ForeignKey(MilestoneKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("from"))
    to_kind = models.ForeignKey(MilestoneKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("to"))
    target_1 = models.PositiveIntegerField(_("minutes aimed at, severity 1"), null=True, blank=True)
    target_2 = models.PositiveIntegerField(_("minutes aimed at, severity 2"), null=True, blank=True)
    target_3 = models.PositiveIntegerField(_("minutes aimed at, severity 3"), null=True, blank=True)
    target_4 = models.PositiveIntegerField(_("minutes aimed at, severity 4"), null=True, blank=True)

    class Meta:
        verbose_name = _("metric")
        verbose_name_plural = _("metrics")
        ordering = ("place", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(from_kind=models.F("to_kind")),
                name="a_metric_goes_from_one_milestone_to_another",
                violation_error_message=_("A metric goes from one milestone to another one."),
            ),
        ]


class Milestone(models.Model):
    """When an incident reached a milestone, and who says so (nobody: the machine). Moved by hand with a reason."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="milestones")
    kind = models.ForeignKey(MilestoneKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("milestone"))
    reached_at = models.DateTimeField(_("reached at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("by"),
    )
    note = models.CharField(_("why it was moved"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("milestone reached")
        verbose_name_plural = _("milestones reached")
        ordering = ("incident", "reached_at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "kind", name="a_milestone_is_reached_once"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.kind_id}"
