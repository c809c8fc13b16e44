from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.choices import Role, Scope
from agency.models.tenants import Client
from agency.models.users import User


class Membership(models.Model):
    """The role of a person for one client, or for every client of the agency (no client)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person"))
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        related_name="memberships",
        null=True,
        blank=True,
        verbose_name=_("client"),
        help_text=_("Empty: every client of the agency."),
    )
    role = models.CharField(_("role"), max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("user", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("user", "client", name="one_role_per_client", nulls_distinct=False),
            models.CheckConstraint(
                condition=models.Q(client__isnull=False) | models.Q(role__in=["cm", "lead", "director"]),
                name="client_roles_name_their_client",
                violation_error_message=_("A role at the client’s needs a client."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.client or '*'}"


class ApiKey(models.Model):
    """An integrator's key to one client: only its SHA-256 is kept, the key itself is shown once.

    Rotated, it stays the same row with new words: what it pushed stays its own, and the words before open until
    `previous_until`, so that whoever uses them has the time to change.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="api_keys", verbose_name=_("client"))
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=12)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), verbose_name=_("scopes"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("created by"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    rotated_at = models.DateTimeField(_("rotated at"), null=True, blank=True)
    previous_digest = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    previous_until = models.DateTimeField(_("the one before opens until"), null=True, blank=True)
    previous_used_at = models.DateTimeField(_("the one before last used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ("-created_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(previous_digest=None, previous_until=None)
                | models.Q(previous_digest__isnull=False, previous_until__isnull=False),
                name="a_key_before_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class HandOver(models.Model):
    """A single-use pass by which a signed-in member of staff enters a client's host."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    path = models.CharField(max_length=300, default="/")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    # The session it opened on the client's host: signing out of the agency ends it too.
    session_key = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        verbose_name = _("hand-over pass")
        verbose_name_plural = _("hand-over passes")

    def __str__(self) -> str:
        return f"{self.user} → {self.client}"
