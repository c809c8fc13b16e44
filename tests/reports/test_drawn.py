"""What was promised against what came, and roles by the thousand, as a report tells them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agency.models import Client
from clients.models import CollectorRun, Source
from incidents.charts import draw_foresight
from incidents.selectors import incidents
from reports import figures, speakers
from reports.documents.as_json import fingerprint, from_json, to_json
from reports.documents.content import Foreseen
from reports.documents.sheet import sheet
from reports.figures import Course, Issued
from reports.services import reports
from reports.speakers import Said
from tests.conftest import MakePerson
from tests.reports import rooms
from tests.reports.samples import START, curve, reading, report, tally


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def issued(*rows: tuple[float, float | None]) -> list[Issued]:
    return [Issued(n, after(at), None if then is None else after(then)) for n, (at, then) in enumerate(rows, 1)]


def test_each_report_is_held_against_the_hour_announced_before_it() -> None:
    found = figures.cadence(issued((5, 35), (34, 64), (80, None)), after(90), "fr")
    assert found is not None
    assert [one.promised_at for one in found.updates] == [None, after(35), after(64)]
    assert [one.late for one in found.updates] == [timedelta(0), timedelta(0), timedelta(minutes=16)]
    assert found.title == "1\u00a0point sur 2 à l’heure promise"


def test_what_was_promised_and_never_came_is_told_and_what_the_closing_overtook_is_not() -> None:
    promised = issued((5, 35))
    owed, overtaken = (figures.cadence(promised, after(closed), "en") for closed in (60, 20))
    assert owed is not None and overtaken is not None
    assert [one.sent_at for one in owed.updates] == [after(5), None]
    assert owed.title == "0 of 1 reports sent at the hour promised"
    assert len(overtaken.updates) == 1
    assert overtaken.title == "1 report sent, for no promised hour"
    assert figures.cadence([], after(20), "en") is None


def test_all_in_time_says_so() -> None:
    found = figures.cadence(issued((5, 35), (35.9, None)), None, "fr")
    assert found is not None and found.title == "Chaque point promis est parti à l’heure"


def test_foresight_draws_the_ranges_that_were_given_and_counts_how_many_held() -> None:
    kept = (
        Foreseen(after(30), "Trop tôt"),
        Foreseen(after(60), "En hausse", after(300), after(900), after(400), held=True),
        Foreseen(after(90), "En baisse", after(100), after(130), after(400), held=False),
    )
    told = replace(reading(), outlooks=kept, ranged=9, judged=9, held=7)
    found = figures.foresight(Course(START, (3, 9, 2), 4), told, "fr")
    assert found is not None
    assert found.title == "7\u00a0fourchettes sur 9 ont tenu"
    assert [one.held for one in found.ranges] == [True, False]
    assert found.returned_at == after(400)
    assert "2 des 9" in found.unit


def test_no_range_or_no_whole_hour_draws_no_foresight() -> None:
    assert figures.foresight(Course(START, (), 4), reading(), "fr") is None
    none = replace(reading(), outlooks=(Foreseen(START, "Trop tôt"),))
    assert figures.foresight(Course(START, (1,), 4), none, "fr") is None


def test_messages_too_many_for_a_shape_each_are_counted_by_step() -> None:
    said = [Said(after(at % 700), at, "complaint" if at % 3 else "popcorn") for at in range(20_001)]
    groups = speakers.grouped(said)
    found = speakers.tally(groups, "fr")
    assert found is not None and speakers.strip(groups, "fr") is None
    assert [sum(row.counts) for row in found.rows] == [13_334, 6_667]
    assert found.unit.startswith("Messages par quart d’heure")
    assert speakers.tally(speakers.grouped(said[:9]), "fr") is None


def test_steps_grow_with_the_span_even_when_an_instant_is_absurd() -> None:
    far = [Said(after(n), n, "news") for n in range(700)] + [Said(datetime(9999, 1, 1, tzinfo=UTC), 1, "news")]
    found = speakers.tally(speakers.grouped(far), "en")
    assert found is not None
    assert len(found.starts) <= speakers.MOST_STEPS + 1
    assert sum(found.rows[0].counts) == 701


def test_what_was_dug_up_from_years_ago_does_not_squeeze_the_strike() -> None:
    dug_up = [Said(START - timedelta(days=days), 1, "news") for days in (3, 2_000)]
    groups = speakers.grouped([*dug_up, *(Said(after(n), n, "complaint") for n in range(40))])
    drawn, older = speakers.of_the_strike(groups, START)
    found = speakers.tally(drawn, "fr", older)
    assert found is not None and found.step_minutes == 15
    assert found.unit.endswith("; 2\u00a0messages plus anciens n’y sont pas")
    assert speakers.of_the_strike(speakers.grouped(dug_up), START) == (speakers.grouped(dug_up), 0)
    few = speakers.strip(speakers.grouped([Said(START, 1, "news")]), "en", 1)
    assert few is not None and few.unit.endswith("; one earlier message is not drawn")


def test_a_tally_replaces_the_strip_in_the_sheet_with_its_numbers_below() -> None:
    told = sheet(report(strip=None, tally=tally()))
    first = told.figures[0]
    assert first.table.columns == ("Depuis", "Réclamations et questions", "Attaques")
    assert any(row.cells[1] == "4\u00a0800" for row in first.table.rows)
    assert len(first.table.rows) < 96 and first.table.note


def test_what_was_counted_while_a_source_was_not_heard_says_so_in_its_line() -> None:
    deaf = replace(curve(), unheard=((after(20), after(40)),))
    rows = sheet(report(curve=deaf)).curve.table.rows  # type: ignore[union-attr]
    assert [index for index, row in enumerate(rows) if row.tag == "écoute incomplète"] == [1, 2]


def test_what_was_signed_before_these_figures_keeps_its_fingerprint() -> None:
    old = report(cadence=None, foresight=None)
    written = to_json(old)
    assert not {"tally", "cadence", "foresight"} & set(written)
    assert "unheard" not in written["curve"]
    assert fingerprint(from_json(written)) == fingerprint(old)
    assert fingerprint(report()) != fingerprint(old)


def test_foresight_of_a_range_beyond_the_drawing_runs_out_of_it() -> None:
    kept = (Foreseen(after(60), "En hausse", after(300), after(60 * 24 * 30)),)
    found = figures.foresight(Course(START, (3, 9, 2), 4), replace(reading(), outlooks=kept), "fr")
    assert found is not None
    drawn = draw_foresight(found, language="fr", zone=UTC)  # type: ignore[arg-type]
    assert drawn.count('class="chart-end"') == 2


@pytest.fixture
def deaf_since_the_strike(aldane: Client) -> None:
    """A source that failed twenty minutes after the strike and came back at the closing."""
    source = Source.objects.create(name="Presse", kind="api")
    for at, outcome in ((rooms.RAISED, "failed"), (rooms.CLOSED, "read")):
        CollectorRun.objects.create(source=source, started_at=at, finished_at=at, outcome=outcome)


@pytest.mark.usefixtures("deaf_since_the_strike")
def test_a_draft_has_its_marks_its_gaps_and_its_cadence(person: MakePerson, aldane: Client) -> None:
    report = rooms.drafted(person("lead", aldane))
    content = reports.content_of(report)
    assert content.curve is not None and content.cadence is not None
    labels = [mark.label for mark in content.curve.marks]
    assert labels[:3] == ["début", "confirmé", "premier point"] and labels[-1] == "clôture"
    assert [label for label in labels if label.startswith("au plus haut\u00a0: ")]
    assert content.curve.unheard == ((rooms.RAISED, rooms.CLOSED),)
    assert [one.number for one in content.cadence.updates] == [1, 2]
    assert content.cadence.title == "0\u00a0point sur 1 à l’heure promise"
    by_hour = incidents.curve(report.incident, rooms.DRAFTED, step=timedelta(hours=1), longest=timedelta(days=30))
    assert sum(count for _, count in by_hour.points) == sum(count for _, count in content.curve.points)
    assert by_hour.points[1][0] - by_hour.points[0][0] == timedelta(hours=1)
