from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.choices import Attack
from clients.models import Mention, Watch
from incidents.choices import SignalState, Stream


class Baseline(models.Model):
    """What a stream of a watch is used to: the detector's state up to `looked_until`, replaced as a whole."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="baselines")
    stream = models.CharField(max_length=8, choices=Stream.choices, default=Stream.ALL)
    key = models.CharField(max_length=500, blank=True, db_default="")  # which thread, which topic
    state = models.JSONField(default=dict)
    looked_until = models.DateTimeField(null=True)
    last_hit_id = models.BigIntegerField(default=0)  # the newest hit taken into account
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("habit")
        verbose_name_plural = _("habits")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("watch", "stream", "key", name="one_habit_per_watch_stream_and_key"),
        ]

    def __str__(self) -> str:
        return str(self.watch)


class Signal(models.Model):
    """Something out of the habit in a stream of a watch, with why. One per surge."""

    watch = models.ForeignKey(Watch, on_delete=models.PROTECT, related_name="signals", verbose_name=_("watch"))
    stream = models.CharField(_("counted in"), max_length=8, choices=Stream.choices, default=Stream.ALL)
    key = models.CharField(_("which one"), max_length=500, blank=True, db_default="")
    attack = models.CharField(_("public attack"), max_length=9, choices=Attack.choices, default=Attack.UNCERTAIN)
    started_at = models.DateTimeField(_("began at"))
    detected_at = models.DateTimeField(_("seen at"))
    raised_at = models.DateTimeField(_("raised at"))
    observed = models.PositiveIntegerField(_("accounts counted"))
    expected = models.FloatField(_("habit"))
    window_minutes = models.PositiveIntegerField(_("over (minutes)"))
    reasons = models.JSONField(_("why"), default=dict, help_text="{'fr': […], 'en': […]}")
    evidence = models.JSONField(_("evidence"), default=dict)
    first_mention = models.ForeignKey(
        Mention, on_delete=models.SET_NULL, related_name="+", null=True, verbose_name=_("first post")
    )
    state = models.CharField(_("state"), max_length=10, choices=SignalState.choices, default=SignalState.NEW)

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        ordering = ("-detected_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("watch", "stream", "key", "started_at", name="one_signal_per_stream_and_beginning"),
        ]

    @property
    def total_surged_at(self) -> datetime | None:
        """When everything heard began to surge too, after this narrow stream had told of it; None when it did not."""
        began = self.evidence.get("total_surged_at")
        return datetime.fromisoformat(began) if began else None

    def __str__(self) -> str:
        return f"{self.watch} · {timezone.localtime(self.detected_at):%d/%m/%Y %H:%M}"
