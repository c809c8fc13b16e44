"""What the answers to the five questions make of an incident: judged, and written on it."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from incidents import severity
from incidents.models import Incident
from incidents.services.refusals import Refused


def judge(answers: Mapping[str, str]) -> severity.Assessment:
    """The severity, with its reasons. Raises Refused("unanswered")."""
    try:
        return severity.assess(answers)
    except severity.Unanswered as error:
        raise Refused("unanswered", _("Answer every question; “I don’t know” is an answer.")) from error


def write(incident: Incident, answers: Mapping[str, str], judged: severity.Assessment) -> None:
    """Puts it on the incident handed in, which the caller saves."""
    incident.answers = dict(answers)
    incident.severity = judged.severity
    incident.qualification = judged.qualification
    incident.severity_reasons = {"fr": list(judged.reasons("fr")), "en": list(judged.reasons("en"))}
