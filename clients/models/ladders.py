from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clients.choices import ChannelKind, Rung
from clients.models.contacts import Contact


class EscalationPolicy(models.Model):
    """A ladder: who is called, in which order, until somebody answers. Of several, one matches a case (ladder.match).

    An empty list leaves its question out. What runs is a copy: changing a ladder changes no alert that is under way.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    severities = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("severities"), default=list, blank=True)
    qualifications = ArrayField(
        models.CharField(max_length=10), verbose_name=_("qualifications"), default=list, blank=True
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("escalation ladder")
        verbose_name_plural = _("escalation ladders")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class EscalationStep(models.Model):
    """One rung: who is called, how long after the rung before, by what. What the nightly check found is kept on it."""

    policy = models.ForeignKey(
        EscalationPolicy, on_delete=models.CASCADE, related_name="steps", verbose_name=_("escalation ladder")
    )
    place = models.PositiveSmallIntegerField(_("order"), default=1)
    delay_minutes = models.PositiveSmallIntegerField(
        _("delay (minutes)"), help_text=_("After the rung before; 0 for the first one.")
    )
    target = models.CharField(_("who is called"), max_length=8, choices=Rung.choices, default=Rung.ON_CALL)
    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        related_name="rungs",
        null=True,
        blank=True,
        verbose_name=_("contact"),
        help_text=_("For a rung that calls a contact of the client; called once a person has confirmed."),
    )
    channel = models.CharField(
        _("by"), max_length=7, choices=ChannelKind.choices, blank=True, help_text=_("Empty: every channel, in order.")
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, editable=False)
    is_reachable = models.BooleanField(_("reachable"), null=True, editable=False)
    trouble = models.JSONField(default=dict, blank=True, editable=False)
    told_at = models.DateTimeField(null=True, editable=False)  # when the team’s lead was told of the trouble

    class Meta:
        verbose_name = _("rung")
        verbose_name_plural = _("rungs")
        ordering = ("policy", "place", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(delay_minutes__lte=1440),
                name="a_rung_comes_within_a_day",
                violation_error_message=_("A day at most."),
            ),
            models.CheckConstraint(
                condition=Q(target="contact", contact__isnull=False) | (~Q(target="contact") & Q(contact__isnull=True)),
                name="a_rung_names_a_contact_when_it_calls_one",
                violation_error_message=_("Name the contact on a rung that calls one, and on no other."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} · {self.contact or self.get_target_display()}"


class ContactChannel(models.Model):
    """A way to reach a contact of the client, or somebody of the agency for this client.

    Tried in their order, before the e-mail address that everybody has. The address of a chat or SMS service opens
    doors: it is sealed (agency.vault), and only its kind is shown.
    """

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="channels", null=True, blank=True, verbose_name=_("contact")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("person of the agency"),
    )
    kind = models.CharField(_("kind"), max_length=7, choices=ChannelKind.choices, default=ChannelKind.EMAIL)
    label = models.CharField(_("label"), max_length=60, blank=True, help_text=_("SMS to the mobile, for instance."))
    rank = models.PositiveSmallIntegerField(_("order"), default=1)
    sealed = models.TextField(editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    tried_at = models.DateTimeField(_("tried at"), null=True, editable=False)
    error = models.TextField(blank=True, default="", db_default="", editable=False)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ("rank", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, person__isnull=True) | Q(contact__isnull=True, person__isnull=False),
                name="a_channel_reaches_one_contact_or_one_person",
                violation_error_message=_("Choose a contact or somebody of the agency, one of the two."),
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.get_kind_display()
