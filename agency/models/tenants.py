from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from agency.choices import Country

schema_name_is_plain = RegexValidator(
    r"^[a-z][a-z0-9_]{2,40}$", _("Three to 41 small letters, digits or _, beginning with a letter.")
)


class Client(TenantMixin):
    """A client of the agency: one tenant, one PostgreSQL schema. Deactivated, never deleted."""

    auto_create_schema = False  # services.clients.open_client makes the schema from the template
    auto_drop_schema = False

    schema_name = models.CharField(_("schema"), max_length=41, unique=True, validators=[schema_name_is_plain])
    name = models.CharField(_("name"), max_length=100)
    language = models.CharField(
        _("language"), max_length=2, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        choices=Country.choices,
        default=Country.FRANCE,
        db_default=Country.FRANCE,
        help_text=_("Whose public holidays count when the hour of an attack is read."),
    )
    timezone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    care_hours = models.PositiveSmallIntegerField(
        _("hours under fire in a row before a hand-over is asked for"),
        default=4,
        db_default=4,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
    )
    care_hours_a_day = models.PositiveSmallIntegerField(
        _("hours under fire in 24 before a hand-over is asked for"),
        default=10,
        db_default=10,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Domain(DomainMixin):
    """A host on which a client is served."""

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")


class SchemaTemplate(models.Model):
    """The SQL that makes an empty client's schema, recorded once per set of migrations."""

    key = models.CharField(max_length=64, primary_key=True)
    statements = models.JSONField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.key[:12]
