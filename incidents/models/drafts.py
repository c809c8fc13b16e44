"""What is about to be said in a client's name: its words, who has to agree, who did; and what is left unanswered."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import ApprovedBy
from clients.models import Brand, Mention, Position
from clients.models.positions import LANGUAGES
from incidents.choices import DraftKind, DraftState, Network
from incidents.models.incidents import Incident


class Draft(models.Model):
    """A reply or a statement that is being prepared; nothing here is ever sent to a network by the house."""

    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="+", verbose_name=_("brand"))
    incident = models.ForeignKey(
        Incident, on_delete=models.PROTECT, related_name="drafts", null=True, blank=True, verbose_name=_("incident")
    )
    mention = models.ForeignKey(  # what it answers; none for a statement
        Mention, on_delete=models.SET_NULL, related_name="drafts", null=True, blank=True, verbose_name=_("mention")
    )
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("position used")
    )
    position_words = models.TextField(blank=True)  # as they were when the draft began
    kind = models.CharField(_("kind"), max_length=9, choices=DraftKind.choices, default=DraftKind.REPLY)
    network = models.CharField(_("network"), max_length=10, choices=Network.choices, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="fr")
    subject = models.CharField(_("subject"), max_length=160)
    state = models.CharField(_("state"), max_length=9, choices=DraftState.choices, default=DraftState.WRITING)
    version = models.PositiveSmallIntegerField(_("version"), default=1)  # the number of its latest words
    revision = models.PositiveIntegerField(default=0, editable=False)
    token = models.UUIDField(null=True, unique=True, editable=False)  # made by the form: sent twice, it is one draft
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, verbose_name=_("begun by")
    )
    created_at = models.DateTimeField(_("begun at"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_url = models.URLField(_("address"), max_length=1000, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, blank=True
    )

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ("-created_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | models.Q(published_at__isnull=False, published_by__isnull=False),
                name="a_published_draft_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class DraftVersion(models.Model):
    """The words of a draft as somebody wrote them, and why they changed. Never changed, never removed."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    why = models.CharField(_("why"), max_length=300, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, blank=True
    )
    key_name = models.CharField(max_length=100, blank=True)  # of the API key that wrote it, where no person did
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of a draft")
        verbose_name_plural = _("versions of drafts")
        ordering = ("draft", "-number")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("draft", "number", name="one_version_of_a_draft_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} v{self.number}"


class ApprovalStep(models.Model):
    """A step as it was when that version was submitted: whoever changes the policy later changes nothing here.

    It is to be decided from `opened_at` until `closed_at`; the row is its own deadline and its own reminder.
    """

    version = models.ForeignKey(DraftVersion, on_delete=models.PROTECT, related_name="steps")
    rank = models.PositiveSmallIntegerField(_("order"))
    role = models.CharField(_("who approves"), max_length=10, choices=ApprovedBy.choices, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, blank=True
    )
    needed = models.PositiveSmallIntegerField(_("how many"), default=1)
    minutes = models.PositiveSmallIntegerField(_("within, minutes"), default=30)
    fallback = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, blank=True
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    fell_back_at = models.DateTimeField(null=True, blank=True)
    ask_at = models.DateTimeField(null=True, blank=True)  # when those asked are next written to; none: they were
    asked = models.PositiveSmallIntegerField(default=0)
    ask_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("step of a draft’s approval")
        verbose_name_plural = _("steps of a draft’s approval")
        ordering = ("version", "rank")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("version", "rank", name="one_step_of_a_version_a_rank"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                name="approval_step_waits",
                condition=models.Q(opened_at__isnull=False, closed_at__isnull=True),
            ),
        ]

    @property
    def within(self) -> timedelta:
        """How long it is waited for once it is asked."""
        return timedelta(minutes=self.minutes)

    def __str__(self) -> str:
        return f"{self.version_id} · {self.rank}"


class Approval(models.Model):
    """What somebody decided at a step; taken back, it stays readable and counts no more."""

    step = models.ForeignKey(ApprovalStep, on_delete=models.PROTECT, related_name="approvals")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, blank=True
    )
    signer = models.CharField(max_length=60)  # "person:12": who signs need not have an account
    name = models.CharField(_("signed"), max_length=160)
    is_yes = models.BooleanField(_("approved"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("decided at"))
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("approval of a draft")
        verbose_name_plural = _("approvals of drafts")
        ordering = ("decided_at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["step", "signer"],
                condition=models.Q(taken_back_at__isnull=True),
                name="one_decision_a_signer_and_step",
            ),
            models.CheckConstraint(
                condition=models.Q(is_yes=True) | ~models.Q(note=""), name="a_refused_draft_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} · {self.name}"


class NoAnswer(models.Model):
    """A person decided not to answer a mention, why, and when one looks again; the row is its own reminder."""

    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="unanswered")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="unanswered", null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+")
    decided_at = models.DateTimeField(_("decided at"))
    look_again_at = models.DateTimeField(_("look again at"))
    remind_at = models.DateTimeField()
    reminders = models.PositiveSmallIntegerField(default=0)
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", null=True, blank=True
    )
    is_answered = models.BooleanField(default=False)  # what came of looking again

    class Meta:
        verbose_name = _("decision not to answer")
        verbose_name_plural = _("decisions not to answer")
        ordering = ("look_again_at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["mention"], condition=models.Q(looked_at__isnull=True), name="one_silence_a_mention"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["remind_at"], name="silence_to_look_at", condition=models.Q(looked_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.mention_id}, {self.look_again_at:%Y-%m-%d %H:%M}"
