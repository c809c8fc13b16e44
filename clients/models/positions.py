from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import PositionKind
from clients.models.brands import Brand


class Position(models.Model):
    """What the brand says, or never says, on a subject; valid between two days once approved."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="positions", verbose_name=_("brand"))
    code = models.CharField(_("code"), max_length=12, unique=True, help_text=_("P-07, for instance."))
    title = models.CharField(_("subject"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=PositionKind.choices, default=PositionKind.HOLDING)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    short_text = models.TextField(_("short text, to copy"), max_length=600)
    long_text = models.TextField(_("long text"), blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ("code", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="position_ends_after_it_begins",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"
