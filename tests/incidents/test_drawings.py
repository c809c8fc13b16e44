"""Every drawing of a report, at both widths and in both languages: whole, in its sheet, no word over another."""

import re
from datetime import UTC, datetime, timedelta
from itertools import combinations
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from incidents.charts import draw_cadence, draw_curve, draw_foresight, draw_strip, draw_tally
from incidents.charts.cadence import describe_cadence
from incidents.charts.figures import (
    Cadence,
    Curve,
    FigureError,
    Foresight,
    Mark,
    Ranged,
    Strip,
    StripRow,
    Tally,
    TallyRow,
    Update,
)
from incidents.charts.foresight import describe_foresight
from incidents.charts.measure import text_width
from incidents.charts.tally import describe_tally
from reports.speakers import CLASSES, OTHERS, OURS

PARIS = ZoneInfo("Europe/Paris")
START = datetime(2026, 11, 17, 18, 15, tzinfo=UTC)
NIGHTS = {
    "winter": START,
    "spring": datetime(2026, 3, 28, 22, tzinfo=UTC),
    "autumn": datetime(2026, 10, 24, 21, tzinfo=UTC),
}
LABELS = [(words["fr"], role) for _, role, _, words in CLASSES] + [(OTHERS["fr"], ""), (OURS["fr"], "")]


def _after(minutes: float, start: datetime = START) -> datetime:
    return start + timedelta(minutes=minutes)


def _curve(counts, step=15, start=START, **more):
    return Curve("t", "u", tuple((_after(step * at, start), count) for at, count in enumerate(counts)), **more)


def _marks(start=START):
    told = (("début", 5), ("confirmé", 9), ("au plus haut : 20 001", 30), ("premier point", 32), ("clôture", 55))
    return tuple(Mark(_after(minutes, start), label) for label, minutes in told)


def _tally(steps, minutes, most):
    rows = tuple(
        TallyRow(label, role, tuple(max(0, most - 7 * abs(at - 9) - place) for at in range(steps)))
        for place, (label, role) in enumerate(LABELS)
    )
    return Tally("t", "u", tuple(_after(minutes * at) for at in range(steps)), minutes, rows)


def _cadence(late):
    return Cadence("t", "u", tuple(Update(n + 1, _after(60 * n), _after(60 * n + by)) for n, by in enumerate(late)))


def _foresight(hours, ranges, **more):
    told = tuple(Ranged(*(_after(60 * at) for at in one[:3]), held=one[3]) for one in ranges)
    return Foresight("t", "u", START, tuple(hours), 3, told, **more)


RANGES = [(2, 8, 20, False), (5, 10, 26, True), (12, 16, 90, True), (20, 22, 40, None)]
GAPS = ((_after(60), _after(90)), (_after(80), _after(9_000)))
DEAF = ((_after(-900), _after(20)), (_after(25), _after(900)))
CASES = {
    "a curve with every mark": (draw_curve, _curve((4, 9, 20_001, 3, 2), marks=_marks(), band=((2, 6),) * 5)),
    "a habit of nothing": (draw_curve, _curve((0, 3, 1), band=((0, 0),) * 3)),
    "one point": (draw_curve, _curve((4,), band=((0, 2),))),
    "thirty days": (draw_curve, _curve(range(720), step=60, unheard=GAPS)),
    "deaf before and after": (draw_curve, _curve((4, 9, 3), unheard=DEAF)),
    "a strip": (draw_strip, Strip("t", "u", tuple(StripRow(*label, (START, _after(90))) for label in LABELS))),
    "a tally": (draw_tally, _tally(96, 15, 20_001)),
    "a tally of one step": (draw_tally, _tally(1, 1440, 300)),
    "in time, late and never": (
        draw_cadence,
        Cadence("t", "u", (*_cadence((-4, 25, 0, 12, 90)).updates, Update(6, _after(400), None))),
    ),
    "one report": (draw_cadence, Cadence("t", "u", (Update(1, None, START),))),
    "two hundred reports": (draw_cadence, _cadence([at % 9 for at in range(200)])),
    "foresight": (draw_foresight, _foresight([90, 60, *range(40, 0, -2)], RANGES, returned_at=_after(60 * 24))),
    "foresight of one hour": (draw_foresight, _foresight([5], [(1, 2, 7, None)])),
    "a return beyond the drawing": (draw_foresight, _foresight([5, 4], [(1, 2, 7, True)], returned_at=_after(60_000))),
}  # fmt: skip
for name, night in NIGHTS.items():
    CASES[f"a {name} night"] = (draw_curve, _curve(range(40), start=night, marks=_marks(night)))


def _words(drawing):
    """Every line of text in the drawing as (left, right, baseline, words)."""
    for node in ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text"):  # noqa: S314 our own drawing
        wide = text_width(node.text, 12, strong=node.get("class") == "chart-strong")
        share = {"start": 0, "middle": 0.5, "end": 1}[node.get("text-anchor")]
        left = float(node.get("x")) - share * wide
        yield left, left + wide, float(node.get("y")), node.text


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", [680, 320])
@pytest.mark.parametrize("case", CASES)
def test_words_stay_in_the_sheet_and_off_each_other(case, width, language):
    draw, figure = CASES[case]
    drawing = draw(figure, language=language, zone=PARIS, width=width)
    height = float(re.search(r'viewBox="0 0 \S+ (\S+)"', drawing)[1])
    words = list(_words(drawing))
    assert words
    assert all(left >= -0.5 and right <= width + 0.5 and 8 <= y <= height for left, right, y, _ in words)
    touching = [
        (a[3], b[3]) for a, b in combinations(words, 2) if abs(a[2] - b[2]) < 11 and a[0] < b[1] and b[0] < a[1]
    ]
    assert not touching


def _corners(drawing):
    """Every point that a line, a bar, a disc or a path of straight lines reaches, as (x or None, y or None)."""
    for node in ElementTree.fromstring(drawing).iter():  # noqa: S314 our own drawing
        for x, y in (("x1", "y1"), ("x2", "y2"), ("cx", "cy"), ("x", "y")):
            if node.get(x) is not None:
                yield float(node.get(x)), float(node.get(y))
        for step, given in re.findall(r"([MLHV])([^A-Za-z]*)", node.get("d", "")):
            numbers = [float(one) for one in given.replace(",", " ").split()]
            yield (numbers[0], None) if step == "H" else (None, numbers[0]) if step == "V" else tuple(numbers[:2])


@pytest.mark.parametrize("width", [680, 320])
@pytest.mark.parametrize("case", CASES)
def test_lines_and_shapes_stay_in_the_sheet(case, width):
    draw, figure = CASES[case]
    drawing = draw(figure, language="fr", zone=PARIS, width=width)
    height = float(re.search(r'viewBox="0 0 \S+ (\S+)"', drawing)[1])
    corners = list(_corners(drawing))
    assert corners
    assert all(x is None or -0.5 <= x <= width + 0.5 for x, _ in corners)
    assert all(y is None or -0.5 <= y <= height + 0.5 for _, y in corners)


def test_what_was_not_heard_is_hatched_within_the_curve_and_seen_however_short():
    drawing = draw_curve(_curve(range(720), step=60, unheard=((_after(600), _after(601)),)), language="fr", zone=PARIS)
    (drawn,) = re.findall(r'<path class="chart-hatch" d="([^"]+)"', drawing)
    left, right = (float(one) for one in re.findall(r"M(\S+) \S+?V", drawn))
    assert right - left == pytest.approx(3, abs=0.11)
    assert all(left - 0.1 <= float(x) <= right + 0.1 for x in re.findall(r"[ML](\S+) ", drawn))


def test_a_habit_of_nothing_is_still_a_band():
    drawing = draw_curve(CASES["a habit of nothing"][1], language="fr", zone=PARIS)
    heights = {
        float(y) for y in re.findall(r"[ML]\S+ (\S+?)(?=[LZ])", re.search(r'chart-band" d="([^"]+)"', drawing)[1])
    }
    assert max(heights) - min(heights) == 3


def test_late_and_never_have_shapes_of_their_own():
    drawing = draw_cadence(CASES["in time, late and never"][1], language="fr", zone=PARIS)
    in_the_key = 1
    assert drawing.count('class="chart-end"') == 2 + in_the_key
    late, never = 3, 1
    assert drawing.count("role-instigator") == late + never + 2 * in_the_key
    assert drawing.count('stroke-width="2"') == never + in_the_key


def test_on_a_phone_a_label_stands_above_its_row_whole():
    drawing = draw_tally(CASES["a tally"][1], language="fr", zone=PARIS, width=320)
    assert "…" not in drawing and LABELS[0][0] in drawing
    assert min(float(x) for x in re.findall(r"M(\S+) \S+?V", drawing)) < 20


@pytest.mark.parametrize("case", CASES)
def test_paper_draws_the_same_with_colours_and_the_page_without(case):
    draw, figure = CASES[case]
    page, paper = (draw(figure, language="fr", zone=PARIS, skin=skin) for skin in ("page", "paper"))
    assert "#" not in page and "style" not in page
    assert "class=" not in paper
    assert [one[2:] for one in _words(page)] == [one[2:] for one in _words(paper)]


def test_a_month_is_a_small_drawing():
    draw, figure = CASES["thirty days"]
    assert len(draw(figure, language="fr", zone=PARIS)) < 30_000


def test_what_was_not_heard_is_hatched_once_and_said():
    drawing = draw_curve(CASES["thirty days"][1], language="fr", zone=PARIS)
    assert drawing.count("chart-hatch") == 1
    assert "Une source au moins n’était pas entendue pendant 6\u00a0j 5\u00a0h" in drawing
    assert "Hachures" not in draw_curve(_curve((1, 2)), language="fr", zone=PARIS)


def test_columns_stand_on_one_scale_and_one_message_is_still_seen():
    rows = (TallyRow("b", "customer", (1, 0)), TallyRow("a", "pack", (1000, 500)))
    drawing = draw_tally(Tally("t", "u", (START, _after(15)), 15, rows), language="fr", zone=PARIS)
    one, first, half = (float(a) - float(b) for a, b in re.findall(r"M\S+ (\S+?)V(\S+?)H", drawing))
    assert (one, first, half) == (1.5, 26, 13)


def test_a_report_of_the_same_minute_is_in_time():
    at = _after(0.9)
    assert Update(1, START, at).late == timedelta(0)
    assert Update(1, START, _after(1)).late == timedelta(minutes=1)
    told = describe_cadence(CASES["in time, late and never"][1], "en")
    assert told == "Situation reports sent: 5; promised for an hour: 6; late: 3; promised and never sent: 1."


def test_a_range_that_did_not_hold_is_hollow_and_says_so():
    drawing = draw_foresight(CASES["foresight"][1], language="fr", zone=PARIS)
    assert drawing.count("chart-hollow") == 1
    assert drawing.count("chart-range") == 3
    assert ">n’a pas tenu<" in drawing
    assert "Ranges: 4; held: 2; not held: 1." in describe_foresight(CASES["foresight"][1], "en", PARIS)


def test_numbers_and_hours_are_those_of_the_reader():
    assert "20\u00a0001 messages" in describe_tally(
        Tally("t", "u", (START,), 15, (TallyRow("a", "", (20_001,)),)), "fr", PARIS
    )
    assert "20,001 messages" in describe_tally(
        Tally("t", "u", (START,), 15, (TallyRow("a", "", (20_001,)),)), "en", PARIS
    )


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: _curve((1, 2), unheard=((_after(9), START),)),
        lambda: Tally("t", "u", (START,), 15, (TallyRow("a", "", (1, 2)),)),
        lambda: Tally("t", "u", (), 15, ()),
        lambda: Update(1, None, None),
        lambda: Cadence("t", "u", ()),
        lambda: Ranged(START, _after(9), START),
        lambda: _foresight([], RANGES),
    ],
)
def test_a_figure_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(FigureError):
        wrong()


def test_the_closing_that_falls_after_the_last_point_is_still_marked():
    closed = Mark(_after(50), "clôture")
    drawing = draw_curve(_curve((3, 9, 4), marks=(closed,)), language="fr", zone=PARIS)
    assert "clôture" in drawing
    assert "clôture" not in draw_curve(_curve((3, 9), marks=(closed,)), language="fr", zone=PARIS)
