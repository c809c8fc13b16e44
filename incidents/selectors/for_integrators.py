"""What the API shows under fire, besides incidents: never of a restricted one."""

from django.db.models import Q, QuerySet

from incidents.models import Briefing, Signal, SituationReport
from incidents.selectors.gate import seen_by


def signals() -> QuerySet[Signal]:
    """Signals that led to nothing yet, or to an incident that everybody may know of."""
    free = Q(incident__isnull=True) | seen_by(None, "incident__")
    return Signal.objects.filter(free).select_related("watch__brand", "incident")


def situation_reports() -> QuerySet[SituationReport]:
    """Those issued."""
    return SituationReport.objects.filter(seen_by(None, "incident__")).select_related("incident", "by")


def briefings() -> QuerySet[Briefing]:
    """Messages to contacts, whatever became of them: a number that is there once is not passed over."""
    told = Briefing.objects.filter(seen_by(None, "incident__"))
    return told.select_related("incident", "situation_report", "contact").defer("body")
