"""What is read in an incident: who does what, how it spreads, whether it will pass."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import AssessmentState
from clients.models import Author
from incidents.choices import IncidentRole, Phase
from incidents.models.incidents import Incident


class ParticipantRole(models.Model):
    """What an account does in this incident, presumably, and on what ground; a person confirms or removes."""

    incident = models.ForeignKey(
        Incident, on_delete=models.CASCADE, related_name="participants", verbose_name=_("incident")
    )
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="+", verbose_name=_("author"))
    role = models.CharField(_("role"), max_length=10, choices=IncidentRole.choices)
    confidence = models.FloatField(_("confidence"))
    basis = models.JSONField(_("basis"), default=list, help_text="[{'fr': …, 'en': …}]")
    in_pack = models.BooleanField(_("acts together with others"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=AssessmentState.choices, default=AssessmentState.PRESUMED
    )
    by_id = models.BigIntegerField(_("person"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"))

    class Meta:
        verbose_name = _("role in an incident")
        verbose_name_plural = _("roles in an incident")
        ordering = ("incident", "-confidence", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "author", name="one_role_per_incident_and_author"),
        ]

    def __str__(self) -> str:
        return f"{self.author} · {self.get_role_display()}"


class IncidentReading(models.Model):
    """The last reading of an incident as a whole, section by section: worked out by the machine, never by a page."""

    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="reading")
    sections = models.JSONField(default=dict)  # section -> what its own module wrote, see incidents.services.reading
    mentions = models.PositiveIntegerField(default=0)  # how many it is made of
    last_mention_id = models.BigIntegerField(default=0)
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading of an incident")
        verbose_name_plural = _("readings of incidents")

    def __str__(self) -> str:
        return str(self.incident)


class Outlook(models.Model):
    """What was foreseen at one moment of an incident, kept as it was so that it can be judged afterwards."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="outlooks")
    made_at = models.DateTimeField(_("made at"))
    phase = models.CharField(_("phase"), max_length=10, choices=Phase.choices)
    half_life_minutes = models.FloatField(_("half-life (minutes)"), null=True)
    returns_at = models.DateTimeField(_("return to normal"), null=True)
    returns_from = models.DateTimeField(_("at the earliest"), null=True)
    returns_until = models.DateTimeField(_("at the latest"), null=True)
    told = models.JSONField(default=dict)  # all that was said, in words and figures
    returned_at = models.DateTimeField(_("came back at"), null=True)
    was_inside = models.BooleanField(_("fell within the interval"), null=True)

    class Meta:
        verbose_name = _("outlook")
        verbose_name_plural = _("outlooks")
        ordering = ("made_at", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("incident", "made_at", name="one_outlook_per_incident_and_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.made_at:%Y-%m-%d %H:%M}"
