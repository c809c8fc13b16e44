"""What the client reads, mostly on a phone: where we are, what was published, and nothing that is not decided."""

from datetime import datetime
from hashlib import md5
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language

from agency import clock
from agency.hosts import address_of
from clients.selectors import positions, unheard
from clients.selectors.hearing import Hearing
from clients.selectors.hearing import hearing as read_hearing
from incidents.charts.figures import Curve
from incidents.choices import IncidentState
from incidents.models import Incident
from incidents.selectors import drafts, incidents
from incidents.services import situation_reports
from reports import findings
from reports.documents.figures import Figure, curve_of
from reports.documents.pdf import render as render_pdf
from reports.documents.sheet import sheet
from reports.milestones import milestones
from reports.models import Report
from reports.portal.guard import approves, person_of, portal_page
from reports.portal.shell import shown
from reports.selectors import portal, stories
from reports.selectors import reports as read
from reports.services import readings, reports

PER_PAGE = 20


def _live(request: HttpRequest, etag: str) -> HttpResponse | None:
    """304 when a page that asks again (X-Live) already shows this."""
    if request.headers.get("X-Live") and request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    return None


@portal_page
def home(request: HttpRequest) -> HttpResponse:
    """The day in one sentence, four numbers, the incidents with their report."""
    now = clock.now()
    going_on, hearing = portal.going_on(), read_hearing(now)
    published = read.published().defer(*read.HEAVY)
    to_approve = _to_approve(request)
    told_directly = portal.is_told_directly(person_of(request))
    etag = _home_etag(going_on, hearing, published.first(), now, f"{to_approve}{told_directly}")
    if unchanged := _live(request, etag):
        return unchanged
    page = Paginator(portal.shown(), PER_PAGE).get_page(request.GET.get("page"))
    response = shown(
        request,
        "home",
        going_on=going_on,
        worst=going_on[0] if going_on else None,
        hearing=hearing,
        weeks=portal.weeks(now),
        last_closed=portal.last_closed(),
        next_one=portal.next_to_speak(going_on),
        published=published[:1],
        published_count=published.count(),
        to_approve=to_approve,
        told_directly=told_directly,
        page=page,
        etag=etag,
    )
    response["ETag"] = etag
    return response


def _to_approve(request: HttpRequest) -> int:
    """How many texts wait for this person: words of positions, and drafts whose step asks them now."""
    if not approves(request):
        return 0
    return positions.awaiting().count() + len(drafts.waiting_for(person_of(request)))


def _home_etag(going_on: list[Incident], hearing: Hearing, newest: Report | None, now: datetime, theirs: str) -> str:
    """What the day's sentence depends on, `theirs` what is this person's alone, and the minute for its durations."""
    moved = [f"{one.number}.{one.revision}" for one in going_on]
    known = f"{moved}{_deaf(hearing)}{newest.pk if newest else 0}-{theirs}-{now:%Y%m%d%H%M}{get_language()}"
    return f'"{md5(known.encode(), usedforsecurity=False).hexdigest()}"'


def _deaf(hearing: Hearing) -> str:
    """What the pages say of our hearing: which ears are blocked, and since when."""
    return f"{[(one.ear.id, one.ear.name, one.health.since) for one in hearing.deaf]}{hearing.connected}"


@portal_page
def incident(request: HttpRequest, number: int) -> HttpResponse:
    """A confirmed incident as the client may see it: what was issued, when the next word comes, numbers, curve."""
    subject = get_object_or_404(portal.shown(), number=number)
    now = clock.now()
    hearing = read_hearing(now)
    known = f"{subject.number}-{subject.revision}-{_deaf(hearing)}-{now:%Y%m%d%H%M}-{get_language()}"
    etag = f'"{md5(known.encode(), usedforsecurity=False).hexdigest()}"'
    if unchanged := _live(request, etag):
        return unchanged
    points = portal.points_of(subject)
    drawn = incidents.curve(subject, now)
    figures = incidents.figures(subject, drawn)
    response = shown(
        request,
        "incident",
        etag=etag,
        hearing=hearing,
        incident=subject,
        is_open=subject.state == IncidentState.OPEN,
        last=points[0] if points else None,
        points=points,
        copied=dict(situation_reports.outputs(points[0]))["plain"] if points else "",
        figures=figures,
        drawing=_drawing(subject, drawn, figures),
        usual_length=_usual_length(subject),
        ends_at=subject.closed_at or now,
        report=subject.in_force[0] if subject.in_force else None,  # type: ignore[attr-defined]
    )
    response["ETag"] = etag
    return response


def _drawing(subject: Incident, drawn: incidents.Curve, read_at: incidents.Figures) -> Figure | None:
    """The curve as the report will draw it, up to now."""
    if not any(count for _at, count in drawn.points):
        return None
    language = get_language() or "fr"
    now_at = read_at.last_quarter if subject.state == IncidentState.OPEN else None
    first, last = drawn.points[0][0], drawn.points[-1][0]
    figure = Curve(
        title=findings.curve_title(drawn.points, drawn.band, language, now_at=now_at),
        unit=findings.curve_unit(drawn.band, language),
        points=drawn.points,
        band=(drawn.band,) * len(drawn.points) if drawn.band else (),
        unheard=unheard.spans(first, last),
    )
    return curve_of(figure, language, ZoneInfo(timezone.get_current_timezone_name()), "page")


def _usual_length(subject: Incident) -> str:
    """The habit of the duration, from the client's earlier incidents."""
    lengths = milestones(stories.instants_of(subject), stories.instants_before(subject))
    return findings.usual(lengths[0], get_language() or "fr")


@portal_page
def report_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(read.published().defer(*read.HEAVY), PER_PAGE).get_page(request.GET.get("page"))
    return shown(request, "reports", page=page)


@portal_page
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """One published version, as it was signed."""
    published = _read(request, pk)
    return shown(
        request,
        "report",
        report=published,
        sheet=sheet(reports.content_of(published)),
        in_force=read.in_force(published),
    )


@portal_page
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    published = _read(request, pk)
    answer = HttpResponse(render_pdf(reports.content_of(published)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{published.file_name}.pdf"'
    return answer


@portal_page
def report_json(request: HttpRequest, pk: int) -> HttpResponse:
    published = _read(request, pk)
    answer = JsonResponse(published.content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{published.file_name}.json"'
    return answer


def _read(request: HttpRequest, pk: int) -> Report:
    """The version asked for, when it was published; that this person read it is noted once."""
    published = get_object_or_404(read.readable(), pk=pk)
    readings.note(report=published, by=person_of(request), now=clock.now(), address=address_of(request))
    return published
