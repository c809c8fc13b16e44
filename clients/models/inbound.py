from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models.sources import Source


class InboundAddress(models.Model):
    """An address to which a tool posts what it finds for one source. The secret in it is kept as its hash only.

    `sealed` holds the secret with which the tool signs, where it does (agency.vault).
    """

    source = models.OneToOneField(
        Source, on_delete=models.CASCADE, related_name="inbound_address", verbose_name=_("source")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sealed = models.TextField(blank=True, editable=False)
    made_at = models.DateTimeField(_("made at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, verbose_name=_("by")
    )
    last_used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        verbose_name = _("inbound address")
        verbose_name_plural = _("inbound addresses")
        ordering = ("source__name", "id")

    def __str__(self) -> str:
        return str(self.source)
