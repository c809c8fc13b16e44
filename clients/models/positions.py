from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import PositionKind, WordsState
from clients.models.brands import Brand
from clients.models.mentions import Mention

LANGUAGES = [("fr", "Français"), ("en", "English")]


class Wording(models.Model):
    """What is said, short and long, and what is not; once in the position's language, once in the other one."""

    short_text = models.TextField(_("short text, to copy"), max_length=600)
    long_text = models.TextField(_("long text"), blank=True)
    do_not_say = models.TextField(_("what not to say"), blank=True, db_default="", default="")
    other_short_text = models.TextField(
        _("short text, other language"), max_length=600, blank=True, db_default="", default=""
    )
    other_long_text = models.TextField(_("long text, other language"), blank=True, db_default="", default="")
    other_do_not_say = models.TextField(_("what not to say, other language"), blank=True, db_default="", default="")

    class Meta:
        abstract = True


WORDS = ("short_text", "long_text", "do_not_say", "other_short_text", "other_long_text", "other_do_not_say")


class Position(Wording):
    """What the brand says, or never says, on a subject; valid between two days once approved.

    Its words are those in use; words that wait for an approval are a `PositionVersion`.
    """

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="positions", verbose_name=_("brand"))
    code = models.CharField(_("code"), max_length=12, unique=True, help_text=_("P-07, for instance."))
    title = models.CharField(_("subject"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=PositionKind.choices, default=PositionKind.HOLDING)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="fr")
    audience = models.CharField(_("audience"), max_length=120, blank=True, db_default="", default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("owner"),
        help_text=_("Is written to before it expires."),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(Wording.Meta):
        abstract = False
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ("code", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="position_ends_after_it_begins",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"


class PositionVersion(Wording):
    """The words of a position as somebody wrote them, why, and what became of them. Never changed once decided."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    why = models.CharField(_("why"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=WordsState.choices, default=WordsState.WAITING)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, blank=True
    )
    written_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta(Wording.Meta):
        abstract = False
        verbose_name = _("version of a position")
        verbose_name_plural = _("versions of positions")
        ordering = ("position", "-number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("position", "number", name="one_version_a_number"),
            models.UniqueConstraint(
                fields=["position"], condition=models.Q(state="waiting"), name="one_version_waits_at_a_time"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | models.Q(written_by__isnull=True)
                | models.Q(decided_by__isnull=True)
                | ~models.Q(written_by=models.F("decided_by")),
                name="nobody_approves_their_own_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position.code} v{self.number}"


class PositionCopy(models.Model):
    """Who took which words of a position, when, for what; with the reason given where it could not simply be used."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="copies")
    version = models.PositiveSmallIntegerField(_("version"), null=True)
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+")
    copied_at = models.DateTimeField()
    mention = models.ForeignKey(Mention, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    incident_number = models.PositiveIntegerField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("copy of a position")
        verbose_name_plural = _("copies of positions")
        ordering = ("-copied_at", "-id")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["position", "-copied_at", "-id"], name="copies_latest")
        ]

    def __str__(self) -> str:
        return f"{self.position.code}, {self.copied_at:%Y-%m-%d %H:%M}"
