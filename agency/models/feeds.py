"""Addresses of calendars, for programs that can send no header."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agency.models.memberships import ApiKey
from agency.models.tenants import Client
from agency.models.users import User


class RotaFeed(models.Model):
    """An address that shows one client's rota as a calendar, and opens nothing else: only its SHA-256 is kept.

    Made by a person or with a key; taken back by whoever runs the keys.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", verbose_name=_("client"))
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    key = models.ForeignKey(
        ApiKey, on_delete=models.PROTECT, related_name="feeds", null=True, blank=True, verbose_name=_("API key")
    )
    made_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ("-made_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(key=None, made_by__isnull=False) | Q(key__isnull=False, made_by=None),
                name="a_feed_is_made_by_a_person_or_a_key",
            ),
        ]

    def __str__(self) -> str:
        return self.name
