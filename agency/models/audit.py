from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from agency.models.tenants import Client
from agency.models.users import User
from agency.trail import words_of, words_of_subject


class AuditEvent(models.Model):
    """Who did what, when, for which client. Written by the services, never changed."""

    happened_at = models.DateTimeField(_("happened at"), db_index=True)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("person")
    )
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("client")
    )
    action = models.CharField(_("action"), max_length=60)
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    subject_id = models.CharField(_("subject number"), max_length=60, blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ("-happened_at", "-id")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["client", "subject", "subject_id"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{words_of(self.action)} · {words_of_subject(self.subject)} {self.subject_id}".rstrip(" ·")
