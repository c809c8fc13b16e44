import json
from datetime import datetime, timedelta

import pytest

from incidents.charts.figures import FigureError
from reports.documents.as_json import fingerprint, from_json, to_json
from reports.documents.content import Capture, Change, Curve, LogLine
from tests.reports.samples import START, curve, report


def test_a_report_comes_back_from_its_json_unchanged():
    content = report()
    assert from_json(json.loads(json.dumps(to_json(content)))) == content


def test_the_same_report_has_the_same_fingerprint_and_another_has_another():
    assert fingerprint(report()) == fingerprint(from_json(json.loads(json.dumps(to_json(report())))))
    assert fingerprint(report()) != fingerprint(report(version=2))


@pytest.mark.parametrize(
    "wrong",
    [{"schema": "other/1"}, {"surprise": 1}, {"severity": "two"}, {"severity": 5}, {"level": "panic"}, {"log": [{}]}],
)
def test_json_that_is_not_a_report_is_refused(wrong):
    with pytest.raises(FigureError):
        from_json(to_json(report()) | wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ended_at": START - timedelta(hours=1)},
        {"bottom_line": ()},
        {"title": " "},
        {"brand_colour": "red;}"},
        {"started_at": datetime(2026, 11, 17)},  # noqa: DTZ001
    ],
)
def test_a_report_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(FigureError):
        report(**wrong)


def test_parts_say_what_no_reader_should_guess():
    with pytest.raises(FigureError):
        Change("Revoir", " ", START.date())
    with pytest.raises(FigureError):
        Capture(START, "page", "not a hash")
    with pytest.raises(FigureError):
        LogLine(datetime(2026, 1, 1), "naive")  # noqa: DTZ001
    with pytest.raises(FigureError):
        Curve("t", "u", curve().points, ((1.0, 2.0),))
    with pytest.raises(FigureError):
        Curve("t", "u", curve().points[::-1])
