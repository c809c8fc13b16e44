"""What is read about those who write: presumed roles of accounts, accounts a client knows, its calendar, its models."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import AssessmentState, ModelState, Party, PresumedRole
from clients.models.brands import Brand
from clients.models.mentions import Author, Mention


class AuthorAssessment(models.Model):
    """What an account presumably is, from what it shows of itself, and why. It expires; a person confirms or removes.

    Not a score of a person: a professional capacity that the account itself displays, never an opinion or a trait.
    """

    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="assessments", verbose_name=_("author"))
    role = models.CharField(_("presumed role"), max_length=12, choices=PresumedRole.choices)
    confidence = models.FloatField(_("confidence"))
    basis = models.JSONField(_("basis"), default=list, help_text="[{'fr': …, 'en': …}]")
    version = models.CharField(_("version"), max_length=80, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=AssessmentState.choices, default=AssessmentState.PRESUMED
    )
    by_id = models.BigIntegerField(_("person"), null=True, blank=True)
    assessed_at = models.DateTimeField(_("assessed at"))
    expires_at = models.DateTimeField(_("expires at"))

    class Meta:
        verbose_name = _("presumed role of an account")
        verbose_name_plural = _("presumed roles of accounts")
        ordering = ("-assessed_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("author", name="one_assessment_per_author"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["expires_at"], name="assessment_expiry")]

    def __str__(self) -> str:
        return f"{self.author} · {self.get_role_display()}"


class KnownAccount(models.Model):
    """An account that may be put in cc, and what it is to this client: press, regulator, competitor, one of ours…"""

    network = models.CharField(_("network"), max_length=30, blank=True, help_text=_("Empty: on any network."))
    handle = models.CharField(_("account"), max_length=255, help_text=_("Without @."))
    name = models.CharField(_("name"), max_length=120, blank=True)
    party = models.CharField(_("what it is"), max_length=10, choices=Party.choices)
    whom_to_warn = models.CharField(
        _("whom to warn when it is called in"),
        max_length=200,
        blank=True,
        help_text=_("Whoever it may telephone: the press officer, the legal department, the director…"),
    )

    class Meta:
        verbose_name = _("known account")
        verbose_name_plural = _("known accounts")
        ordering = ("handle", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("network", "handle", name="one_known_account_per_network_and_handle"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"


class AgendaEntry(models.Model):
    """Something in the client's calendar: a campaign, a launch, a strike, results. Announced noise is not a surge."""

    brand = models.ForeignKey(
        Brand,
        on_delete=models.PROTECT,
        related_name="agenda",
        null=True,
        blank=True,
        verbose_name=_("brand"),
        help_text=_("Empty: all brands."),
    )
    title = models.CharField(_("title"), max_length=120)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    silences = models.BooleanField(
        _("its noise is expected"),
        default=False,
        help_text=_("While it lasts, volume alone raises no alarm; legal and safety matters always do."),
    )

    class Meta:
        verbose_name = _("agenda entry")
        verbose_name_plural = _("agenda")
        ordering = ("-starts_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="an_agenda_entry_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class StaffedHours(models.Model):
    """When somebody of the agency answers for this client, in its own time zone."""

    weekday = models.PositiveSmallIntegerField(
        _("day"),
        validators=[MinValueValidator(0), MaxValueValidator(6)],
        help_text=_("0 is Monday, 6 is Sunday."),
    )
    opens_at = models.TimeField(_("from"))
    closes_at = models.TimeField(_("to"))

    class Meta:
        verbose_name = _("staffed hours")
        verbose_name_plural = _("staffed hours")
        ordering = ("weekday", "opens_at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(weekday__lte=6), name="a_weekday_is_one_of_seven"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="staffed_hours_close_after_they_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} · {self.opens_at:%H:%M}-{self.closes_at:%H:%M}"


class ReadingModel(models.Model):
    """A model fitted for this client from the shipped examples and its people's corrections, with what it is worth."""

    axis = models.CharField(_("axis"), max_length=10)
    version = models.CharField(_("version"), max_length=80)
    state = models.CharField(_("state"), max_length=10, choices=ModelState.choices, default=ModelState.CANDIDATE)
    arrays = models.BinaryField()  # as written by reading.artefact: numbers only
    card = models.JSONField(_("card"), default=dict)
    metrics = models.JSONField(_("what it is worth"), default=dict)
    corrections = models.PositiveIntegerField(_("corrections learnt from"), default=0)
    held_out = models.PositiveIntegerField(_("corrections kept apart to judge it"), default=0)
    why = models.JSONField(_("why this state"), default=dict)
    by_id = models.BigIntegerField(_("person"), null=True, blank=True)
    trained_at = models.DateTimeField(_("trained at"))
    activated_at = models.DateTimeField(_("in use since"), null=True, blank=True)

    class Meta:
        verbose_name = _("reading model")
        verbose_name_plural = _("reading models")
        ordering = ("-trained_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("axis", "version", name="one_model_per_axis_and_version"),
            models.UniqueConstraint("axis", condition=models.Q(state="active"), name="one_active_model_per_axis"),
        ]

    def __str__(self) -> str:
        return self.version


class ReadingConsent(models.Model):
    """Whether this client lets texts, pseudonymised, be read by a language model outside. No row: it does not."""

    is_given = models.BooleanField(_("given"), default=False)
    words = models.TextField(_("on what ground"), blank=True)
    by_id = models.BigIntegerField(_("person"))
    given_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("consent to outside reading")
        verbose_name_plural = _("consents to outside reading")
        ordering = ("-given_at", "-id")

    def __str__(self) -> str:
        return f"{self.given_at:%Y-%m-%d}"


TRIES = 3  # a text that ends its worker is not taken a fourth time


class SecondReading(models.Model):
    """A mention that waits to be read by meaning: the queue of record, emptied as they are read.

    `claimed_until`: somebody reads it, and is taken for dead after that. `tries`: how often it was taken.
    """

    mention = models.OneToOneField(
        Mention, on_delete=models.CASCADE, primary_key=True, related_name="+", verbose_name=_("mention")
    )
    is_first = models.BooleanField(_("perhaps an attack"), default=False)
    asked_at = models.DateTimeField(_("asked at"))
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    class Meta:
        verbose_name = _("second reading")
        verbose_name_plural = _("second readings")
        ordering = ("-is_first", "-mention_id")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-is_first", "-mention"], name="second_reading_order"),
        ]

    def __str__(self) -> str:
        return str(self.mention_id)
