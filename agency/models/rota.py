"""Who is on call, who is away, and what one shift leaves to the next."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency.choices import AbsenceKind, Rank
from agency.models.tenants import Client
from agency.models.users import User
from agency.wall_clock import day_of


class Shift(models.Model):
    """A person is on call from one moment to another, for one client or for every client (no client).

    Taken off the rota, never deleted: the undo puts it back. `offered_to` is the colleague who was asked to take it.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts", verbose_name=_("person"))
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("client"),
        help_text=_("Empty: every client of the agency."),
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    rank = models.CharField(_("rank"), max_length=10, choices=Rank.choices, default=Rank.PRIMARY)
    note = models.CharField(_("note"), max_length=200, blank=True)
    series = models.UUIDField(_("series"), null=True, blank=True, editable=False)  # of the weeks made together
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))
    taken_off_at = models.DateTimeField(_("taken off at"), null=True, blank=True)
    offered_to = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("offered to")
    )
    offered_at = models.DateTimeField(_("offered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering = ("starts_at", "id")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ends_at", "starts_at"], name="shifts_that_stand", condition=Q(taken_off_at=None)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(offered_to=None, offered_at=None) | Q(offered_to__isnull=False, offered_at__isnull=False),
                name="shift_offered_to_somebody_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.client or '*'} · {self.starts_at:%Y-%m-%d %H:%M}"


class Absence(models.Model):
    """A person cannot be called from one moment to another, whatever the rota says."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences", verbose_name=_("person"))
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    kind = models.CharField(_("kind"), max_length=10, choices=AbsenceKind.choices, default=AbsenceKind.LEAVE)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))
    taken_off_at = models.DateTimeField(_("taken off at"), null=True, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ("starts_at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.starts_at:%Y-%m-%d} · {self.ends_at:%Y-%m-%d}"

    @property
    def last_day(self) -> date:
        """The last day of Paris of which a part at least is taken."""
        return day_of(self.ends_at - timedelta(microseconds=1))


class ShiftNote(models.Model):
    """What a shift leaves to the next, about one client: what is open, what was promised. Added, never changed."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="notes", verbose_name=_("shift"))
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", verbose_name=_("client"))
    words = models.TextField(_("words"), max_length=4000)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("note of a shift")
        verbose_name_plural = _("notes of shifts")
        ordering = ("-written_at", "-id")
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["client", "-written_at"], name="notes_of_client")]

    def __str__(self) -> str:
        return f"{self.shift} → {self.client}"


class ShiftNoteReading(models.Model):
    """Who has read a note, and when: written by the reader’s own act, once."""

    note = models.ForeignKey(ShiftNote, on_delete=models.PROTECT, related_name="readings", verbose_name=_("note"))
    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("reader"))
    read_at = models.DateTimeField(_("read at"))

    class Meta:
        verbose_name = _("reading of a note")
        verbose_name_plural = _("readings of notes")
        ordering = ("read_at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("note", "reader", name="one_reading_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.note} · {self.reader}"
