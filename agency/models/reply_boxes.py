from django.db import models
from django.utils.translation import gettext_lazy as _


class ReplyBox(models.Model):
    """How far the mailbox was read in which answers come, and what stopped its last reading.

    The row is the claim of a reading. Another mailbox, or another folder, is another row, read from its beginning.
    """

    of = models.CharField(max_length=64, primary_key=True)  # of its host, user and folder, which stay in the settings
    since = models.DateField()  # the day of its first reading: older mails answer nothing of ours
    uidvalidity = models.PositiveBigIntegerField(default=0)
    uid = models.PositiveBigIntegerField(default=0)
    again = models.JSONField(default=dict)  # UIDs on which we stumbled, and how often: read again beside the new ones
    claimed_until = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(_("last tried at"), null=True)
    read_at = models.DateTimeField(_("last read at"), null=True)
    failing_since = models.DateTimeField(_("not read since"), null=True)
    error = models.TextField(_("last error"), blank=True)
    error_en = models.TextField(blank=True)
    answered_at = models.DateTimeField(_("last answer at"), null=True)
    sealed_session = models.TextField(blank=True)  # a provider's token, encrypted

    class Meta:
        verbose_name = _("mailbox of the answers")
        verbose_name_plural = _("mailboxes of the answers")

    def __str__(self) -> str:
        return self.of[:12]
