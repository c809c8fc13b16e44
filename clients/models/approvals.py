"""Who has to agree before words leave in a brand's name, in which order."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import ApprovedBy, AsksWhen
from clients.models.brands import Brand


class ApprovalPolicy(models.Model):
    """The steps that a draft of a brand goes through; the one without a brand counts for all that have none."""

    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("brand"),
        help_text=_("Empty: every brand that has no policy of its own."),
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("approval policy")
        verbose_name_plural = _("approval policies")
        ordering = ("brand__name", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["brand"],
                name="one_approval_policy_a_brand",
                nulls_distinct=False,
                violation_error_message=_("This brand has its policy already: change that one."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.brand or _("Every brand"))


class PolicyStep(models.Model):
    """One step: a role or one named person, how many of them, before when, and who decides once that has passed."""

    policy = models.ForeignKey(ApprovalPolicy, on_delete=models.CASCADE, related_name="steps")
    rank = models.PositiveSmallIntegerField(_("order"), default=1)
    role = models.CharField(_("who approves"), max_length=10, choices=ApprovedBy.choices, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("or one person"),
    )
    needed = models.PositiveSmallIntegerField(
        _("how many"), default=1, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    minutes = models.PositiveSmallIntegerField(
        _("within, minutes"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10_080)],
        help_text=_("Empty: 30 at severity 1, 120 at 2, 720 at 3, otherwise 1440 (a day)."),
    )
    fallback = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("after that"),
        help_text=_("Empty: whoever leads the client’s team."),
    )
    asks_when = models.CharField(_("when"), max_length=8, choices=AsksWhen.choices, default=AsksWhen.ALWAYS)
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)
    can_pass = models.BooleanField(_("can be passed"), null=True, editable=False)
    trouble = models.JSONField(
        default=dict, db_default=models.Value({}, models.JSONField()), blank=True, editable=False
    )
    told_at = models.DateTimeField(null=True, editable=False)  # when the team’s leads were told of the trouble

    class Meta:
        verbose_name = _("step of an approval")
        verbose_name_plural = _("steps of an approval")
        ordering = ("policy", "rank", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "policy",
                "rank",
                name="one_approval_step_a_rank",
                violation_error_message=_("Two steps have the same place in the order."),
            ),
            models.CheckConstraint(
                condition=models.Q(role="", person__isnull=False) | ~models.Q(role="") & models.Q(person__isnull=True),
                name="an_approval_step_asks_a_role_or_a_person",
                violation_error_message=_("Choose either a role or one person."),
            ),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | models.Q(needed=1),
                name="one_person_approves_once",
                violation_error_message=_("One named person can only be asked for one approval."),
            ),
            models.CheckConstraint(
                condition=models.Q(needed__gte=1, minutes__gte=1),
                name="an_approval_step_needs_somebody_in_time",
            ),
        ]

    @property
    def within(self) -> timedelta | None:
        """How long it is waited for; None: as the severity says."""
        return timedelta(minutes=self.minutes) if self.minutes else None

    def __str__(self) -> str:
        return f"{self.rank}. {self.get_role_display() or self.person}"
