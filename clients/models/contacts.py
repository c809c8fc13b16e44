from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import ReportVersion


class Contact(models.Model):
    """Somebody to warn at the client's, in the order of the ladder."""

    name = models.CharField(_("name"), max_length=120)
    position = models.CharField(_("function"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), unique=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    wants = models.CharField(
        _("situation report received"),
        max_length=9,
        choices=ReportVersion.choices,
        default=ReportVersion.TACTICAL,
        db_default=ReportVersion.TACTICAL,
        help_text=_("Whole: for whoever acts. Three lines: for whoever decides."),
    )
    rank = models.PositiveSmallIntegerField(_("rung"), default=1, help_text=_("1 is called first."))
    is_active = models.BooleanField(_("active"), default=True)
    quiet_from = models.TimeField(
        _("not called from"),
        null=True,
        blank=True,
        help_text=_("Client’s local time. An incident of severity 1 calls all the same."),
    )
    quiet_until = models.TimeField(_("until"), null=True, blank=True)
    backup = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("backup"),
        help_text=_("Called in their place during those hours, or when they cannot be reached."),
    )

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ("rank", "name", "id")

    def __str__(self) -> str:
        return f"{self.name}, {self.position}" if self.position else self.name
