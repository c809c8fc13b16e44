from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.choices import ReplyKind
from incidents.models.escalation import AlertCall
from incidents.models.messages import Briefing


class Reply(models.Model):
    """A mail that answered one of ours: what it was taken for. What it says is in the log, not here.

    Its row is the claim: the same mail, read again after a crash or delivered twice, finds it and does nothing.
    """

    key = models.CharField(max_length=64, unique=True, editable=False)  # of its Message-ID, or of what it says
    kind = models.CharField(_("kind"), max_length=9, choices=ReplyKind.choices)
    call = models.ForeignKey(AlertCall, on_delete=models.CASCADE, related_name="replies", null=True, blank=True)
    briefing = models.ForeignKey(Briefing, on_delete=models.CASCADE, related_name="replies", null=True, blank=True)
    counts = models.BooleanField(_("counts"))  # it stopped, moved on or marked something; else it is a line of the log
    came_at = models.DateTimeField(_("came at"))

    class Meta:
        verbose_name = _("answer by mail")
        verbose_name_plural = _("answers by mail")
        ordering = ("-came_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(call__isnull=False, briefing__isnull=True) | Q(call__isnull=True, briefing__isnull=False),
                name="a_reply_answers_one_message",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.came_at:%Y-%m-%d %H:%M}"
