from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import Duty


class Playbook(models.Model):
    """What to do, in which order, when it happens: written in peace, followed under fire.

    `types`, `families` and `severities` say for which incidents (the lists belong to the incidents); an empty one
    leaves that question out. What runs is a copy of a version: changing a playbook changes no running incident.
    """

    code = models.CharField(_("code"), max_length=12, unique=True, help_text=_("F-01, for instance."))
    title = models.CharField(_("title"), max_length=160)
    purpose = models.TextField(_("what it is for"), max_length=600, blank=True)
    types = ArrayField(models.CharField(max_length=20), verbose_name=_("types"), default=list, blank=True)
    families = ArrayField(models.CharField(max_length=20), verbose_name=_("crisis families"), default=list, blank=True)
    severities = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("severities"), default=list, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("owner"),
        help_text=_("Who keeps it true."),
    )
    review_on = models.DateField(_("to review on"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    copied_from = models.CharField(max_length=40, blank=True, editable=False)

    class Meta:
        verbose_name = _("playbook")
        verbose_name_plural = _("playbooks")
        ordering = ("code", "id")

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"


class PlaybookStep(models.Model):
    """One thing to do: who, what, before when."""

    playbook = models.ForeignKey(Playbook, on_delete=models.CASCADE, related_name="steps", verbose_name=_("playbook"))
    place = models.PositiveSmallIntegerField(_("order"), default=1)
    words = models.CharField(_("what to do"), max_length=200)
    how = models.TextField(_("how"), max_length=600, blank=True)
    duty = models.CharField(_("who"), max_length=12, choices=Duty.choices, default=Duty.LEAD)
    due_minutes = models.PositiveIntegerField(_("within (minutes)"), default=30)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ("place", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(due_minutes__gte=1, due_minutes__lte=43200),
                name="a_step_is_due_within_a_month",
                violation_error_message=_("Between one minute and thirty days."),
            ),
        ]

    def __str__(self) -> str:
        return self.words


class PlaybookVersion(models.Model):
    """A playbook as it stood after a change: never altered, so that what was followed can be read later."""

    playbook = models.ForeignKey(
        Playbook, on_delete=models.PROTECT, related_name="versions", verbose_name=_("playbook")
    )
    number = models.PositiveIntegerField(_("number"))
    content = models.JSONField(_("content"))
    made_at = models.DateTimeField(_("made at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("version of a playbook")
        verbose_name_plural = _("versions of playbooks")
        ordering = ("playbook", "-number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("playbook", "number", name="one_playbook_version_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.playbook_id} · {self.number}"
