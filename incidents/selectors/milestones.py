"""The milestones of an incident and its metrics, as its page, the API and the report tell them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from incidents.choices import IncidentKind, IncidentState
from incidents.metrics import Measured, Metric, Moments, is_passed_by, measured
from incidents.models import Incident, MetricKind, Milestone, MilestoneKind
from incidents.selectors.gate import seen_by

EARLIER_INCIDENTS = 50


@dataclass(frozen=True, slots=True)
class Moment:
    """A milestone in use, and its row once it was reached; is_expected: not yet, but it still may be."""

    kind: MilestoneKind
    row: Milestone | None
    is_expected: bool


@dataclass(frozen=True, slots=True)
class Length:
    """A metric in use, and what it measured."""

    kind: MetricKind
    found: Measured


@dataclass(frozen=True, slots=True)
class Told:
    """Every milestone and every metric in use, each in its place."""

    milestones: tuple[Moment, ...]
    metrics: tuple[Length, ...]


def told(incident: Incident) -> Told:
    """The milestones and metrics of an incident, in five queries whatever was before."""
    kinds = {kind.pk: kind for kind in MilestoneKind.objects.order_by("place", "id")}
    rows = {row.kind_id: row for row in Milestone.objects.filter(incident=incident).select_related("by")}
    moments = {kinds[pk].code: row.reached_at for pk, row in rows.items()}
    asked = list(MetricKind.objects.filter(is_active=True))
    is_over = incident.state in {IncidentState.CLOSED, IncidentState.DISMISSED}
    found = measured(
        [_metric(kind, kinds, incident.severity) for kind in asked],
        moments,
        list(moments_of(_before(incident)).values()),
        is_over=is_over,
    )
    return Told(
        tuple(
            Moment(kind, rows.get(pk), not is_over and not is_passed_by(kind.code, moments))
            for pk, kind in kinds.items()
            if kind.is_active
        ),
        tuple(Length(kind, one) for kind, one in zip(asked, found, strict=True)),
    )


def moments_of(incidents: Iterable[int]) -> dict[int, Moments]:
    """Key of an incident → its moments by the code of their milestone; empty for one that reached none."""
    found: dict[int, dict[str, datetime]] = defaultdict(dict, {pk: {} for pk in incidents})
    rows = Milestone.objects.filter(incident__in=list(found)).values_list("incident_id", "kind__code", "reached_at")
    for pk, code, at in rows:
        found[pk][code] = at
    return dict(found)


def _before(incident: Incident) -> list[int]:
    """The client's last fifty real incidents closed before this one; what is restricted counts in no habit."""
    closed = Incident.objects.filter(
        seen_by(None), state=IncidentState.CLOSED, kind=IncidentKind.REAL, number__lt=incident.number
    )
    return list(closed.order_by("-number").values_list("pk", flat=True)[:EARLIER_INCIDENTS])


def _metric(kind: MetricKind, kinds: Mapping[int, MilestoneKind], severity: int | None) -> Metric:
    aims = {1: kind.target_1, 2: kind.target_2, 3: kind.target_3, 4: kind.target_4}
    return Metric(
        kind.code, kinds[kind.from_kind_id].code, kinds[kind.to_kind_id].code, aims[severity] if severity else None
    )
