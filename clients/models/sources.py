from typing import ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import AlarmKind, ImportState, RunOutcome, SourceKind


class Source(models.Model):
    """A place that is listened to. Its cursor is committed with the mentions it brought.

    `settings` holds what its collector declares, except secrets: those lie encrypted in `sealed` (agency.vault).
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=SourceKind.choices, default=SourceKind.FEED)
    url = models.URLField(_("address"), max_length=2000, blank=True)
    settings = models.JSONField(_("settings"), default=dict, blank=True)
    sealed = models.TextField(_("credentials, encrypted"), blank=True, editable=False)
    cursor = models.JSONField(_("cursor"), default=dict, blank=True, editable=False)
    every_seconds = models.PositiveIntegerField(
        _("read every (seconds)"), default=300, validators=[MinValueValidator(5)]
    )
    is_active = models.BooleanField(_("active"), default=True)
    due_at = models.DateTimeField(_("next reading"), null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_tried_at = models.DateTimeField(_("last tried"), null=True, blank=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)
    last_error_en = models.TextField(blank=True, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    # What its readings taught: how far behind they are, how long it may be silent, what it still lets us ask.
    lag_seconds = models.PositiveIntegerField(_("lag (seconds)"), null=True, blank=True, editable=False)
    last_mention_at = models.DateTimeField(_("last mention"), null=True, blank=True, editable=False)
    usual_silence_seconds = models.PositiveIntegerField(
        _("longest usual silence (seconds)"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Learnt from its past; empty while there is not enough of it."),
    )
    habit = models.JSONField(_("habit"), default=dict, editable=False)  # see clients.listening.habit.Habit
    habit_learnt_at = models.DateTimeField(_("habit learnt at"), null=True, editable=False)
    quota_left = models.BigIntegerField(_("quota left"), null=True, blank=True, editable=False)
    quota_resets_at = models.DateTimeField(_("quota renewed at"), null=True, blank=True, editable=False)
    monthly_budget = models.DecimalField(
        _("budget a month (US dollars)"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("For networks that bill: reading stops before it is passed, and says so."),
    )
    api_key_id = models.BigIntegerField(null=True, blank=True, unique=True, editable=False)  # what this key pushes
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("name", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(kind="feed") | ~models.Q(url=""),
                name="a_feed_has_an_address",
                violation_error_message=_("A feed needs its address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CollectorRun(models.Model):
    """One reading of a source. Readings that found nothing new, one after the other, are one row: see `times`."""

    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, related_name="runs", verbose_name=_("source"), db_index=False
    )
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"))
    times = models.PositiveIntegerField(_("times"), default=1)
    outcome = models.CharField(_("outcome"), max_length=9, choices=RunOutcome.choices)
    fetched = models.PositiveIntegerField(_("fetched"), default=0)
    new = models.PositiveIntegerField(_("new"), default=0)
    known = models.PositiveIntegerField(_("already known"), default=0)
    edited = models.PositiveIntegerField(_("edited"), default=0)
    deleted = models.PositiveIntegerField(_("deleted at the source"), default=0)
    calls = models.PositiveIntegerField(_("calls"), default=0)
    bytes = models.PositiveBigIntegerField(_("bytes"), default=0)
    cost = models.DecimalField(_("cost (US dollars)"), max_digits=10, decimal_places=4, default=0)
    lag_seconds = models.PositiveIntegerField(_("lag (seconds)"), null=True)
    code = models.CharField(_("code"), max_length=40, blank=True)
    error = models.TextField(_("error"), blank=True)
    error_en = models.TextField(blank=True)

    class Meta:
        verbose_name = _("reading of a source")
        verbose_name_plural = _("readings of sources")
        ordering = ("-started_at", "-id")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["source", "-started_at", "-id"], name="run_of_source"),
            models.Index(fields=["started_at"], name="run_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} · {self.started_at:%Y-%m-%d %H:%M:%S} · {self.outcome}"


class SourceAlarm(models.Model):
    """An ear that needs somebody, until it hears again."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="alarms", verbose_name=_("source"))
    kind = models.CharField(_("kind"), max_length=8, choices=AlarmKind.choices)
    words = models.TextField(_("why"))
    words_en = models.TextField()
    raised_at = models.DateTimeField(_("raised at"))
    told_at = models.DateTimeField(_("told at"), null=True)
    cleared_at = models.DateTimeField(_("cleared at"), null=True)

    class Meta:
        verbose_name = _("alarm of a source")
        verbose_name_plural = _("alarms of sources")
        ordering = ("-raised_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "source", "kind", name="one_alarm_of_a_kind_at_once", condition=models.Q(cleared_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.words


class MentionImport(models.Model):
    """One CSV or XLSX file handed in by a person: how far it is, and every row that could not be read."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports", verbose_name=_("source"))
    # Kept only until it has been read: what it said is then in the mentions, and a file of people's words is a risk.
    file = models.FileField(_("file"), upload_to="imports/%Y/%m/", blank=True)
    file_name = models.CharField(_("file name"), max_length=200)
    tool = models.CharField(_("tool that made it"), max_length=40, blank=True)
    # What the tables of its shape have in common: the next one is read with the same columns.
    signature = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    mapping = models.JSONField(_("columns"), default=dict)
    timezone = models.CharField(_("time zone of the dates that give none"), max_length=40, default="Europe/Paris")
    network = models.CharField(_("network"), max_length=30, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=ImportState.choices, default=ImportState.WAITING)
    fraction = models.FloatField(_("read so far"), default=0)
    rows_total = models.PositiveIntegerField(_("rows in all"), null=True)
    rows_done = models.PositiveIntegerField(_("rows read"), default=0)
    new_count = models.PositiveIntegerField(_("new"), default=0)
    known_count = models.PositiveIntegerField(_("already known"), default=0)
    problem_count = models.PositiveIntegerField(_("rows in error"), default=0)
    problems = models.JSONField(_("errors"), default=list)
    failure = models.JSONField(_("why it stopped"), default=dict, help_text="{'fr': …, 'en': …}")
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("received at"), auto_now_add=True)
    started_at = models.DateTimeField(_("begun at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ("-created_at", "-id")

    def __str__(self) -> str:
        return self.file_name


class PushReceipt(models.Model):
    """What a push was answered, until version 0.2: KeptAnswer has taken over, and the next version drops this table."""

    api_key_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    body_sha256 = models.CharField(max_length=64)
    answer = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("push receipt")
        verbose_name_plural = _("push receipts")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("api_key_id", "key", name="one_receipt_per_key"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["received_at"], name="receipt_by_time")]

    def __str__(self) -> str:
        return self.key
