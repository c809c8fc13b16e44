from datetime import timedelta

from reports.documents.content import LogLine
from reports.documents.sheet import key_moments, sheet
from tests.reports.samples import START, report


def _lines(count, key=()):
    return tuple(LogLine(START + timedelta(minutes=n), f"ligne {n}", key=n in key) for n in range(count))


def test_the_bottom_line_ends_on_the_decision_asked_or_says_there_is_none():
    assert sheet(report()).asked.startswith("Nous vous demandons une décision")
    assert sheet(report(decision_asked="")).asked == "Nous ne vous demandons aucune décision."


def test_a_short_log_is_told_whole_and_a_long_one_by_its_key_moments():
    assert key_moments(_lines(6)) == [0, 1, 2, 3, 4, 5]
    assert key_moments(_lines(40, key={5, 9})) == [0, 5, 9, 39]
    assert len(key_moments(_lines(90, key=set(range(90))))) == 6


def test_page_one_says_how_many_moments_it_leaves_out():
    told = sheet(report(log=_lines(40)))
    assert told.moments.note.startswith("2 moments sur 40")
    assert len(next(table for table in told.details if table.name == "log").rows) == 40


def test_empty_parts_say_so():
    told = sheet(report(log=(), who_spoke=(), reading=None, changes=(), decisions=(), captures=()))
    assert all(table.empty for table in (told.moments, told.speakers, told.changes, *told.details))


def test_hours_carry_their_day_when_the_log_is_longer_than_one():
    log = (LogLine(START, "a"), LogLine(START + timedelta(days=1), "b"))
    assert [row.cells[0] for row in sheet(report(log=log)).moments.rows] == [
        "17\u00a0nov.\u00a019:15",
        "18\u00a0nov.\u00a019:15",
    ]


def test_a_report_speaks_english_through_and_through():
    told = sheet(report(language="en"))
    assert told.level_words == "Level 2 (alert)"
    assert told.above[2] == "Tuesday 17\u00a0November 2026, 19:15 to 22:15"


def test_a_drill_says_so_first():
    told = sheet(report(drill=True))
    assert told.document_title.startswith("EXERCICE · ")
    assert told.foot[0] == "EXERCICE"
