import re
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.charts import draw_curve, draw_sparkline, draw_strip
from incidents.charts.labels import place_digits, place_flags, spread
from incidents.charts.measure import fit, text_width
from incidents.charts.scales import TimeScale, round_counts
from reports.documents.content import Curve, Mark
from tests.reports.samples import START, curve, strip

PARIS = ZoneInfo("Europe/Paris")


def _parsed(drawing):
    return ElementTree.fromstring(drawing)  # noqa: S314 our own drawing


def _curve(**changes):
    return draw_curve(**({"figure": curve(), "language": "fr", "zone": PARIS} | changes))


def test_a_drawing_names_and_describes_itself():
    root = _parsed(_curve())
    title, description = root[0], root[1]
    assert title.text == "Le pic n’est pas revenu"
    assert "au plus haut, 61" in description.text
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


def test_a_drawing_on_a_page_carries_no_style_and_no_colour():
    for drawing in (
        _curve(),
        draw_strip(strip(), language="fr", zone=PARIS),
        draw_sparkline([1, 2], title="a", description="b"),
    ):
        assert "style" not in drawing
        assert "#" not in drawing


def test_paper_has_the_same_geometry_and_its_own_colours():
    def places(drawing):
        return re.findall(r' (?:d|x|y|x1|y1|cx|cy|viewBox)="[^"]*"', drawing)

    page, paper = _curve(skin="page"), _curve(skin="paper")
    assert places(page) == places(paper)
    assert "#57408F" in paper
    assert "class=" not in paper


def test_hostile_words_stay_words():
    hostile = Curve("<script>alert(1)</script>", "\u202e\"'&", ((START, 1),), (), (Mark(START, "</svg><script>\x00"),))
    root = _parsed(_curve(figure=hostile))
    assert root[0].text == "<script>alert(1)</script>"
    assert not [node for node in root.iter() if node.tag.endswith("script")]


def test_the_hours_are_those_of_paris_in_the_reader_s_language():
    assert ">21\u00a0h<" in _curve(language="fr")
    assert ">21:00<" in _curve(language="en")


def test_no_tick_touches_the_next_from_minutes_to_months():
    for hours in (0.2, 1, 3, 26, 24 * 9, 24 * 200):
        scale = TimeScale(START, START + timedelta(hours=hours), 30, 300, PARIS)
        ticks = scale.ticks("fr", 12)
        assert ticks
        assert all(b[0] - a[0] > text_width(a[1], 12) for a, b in pairwise(ticks))


def test_a_strike_of_four_minutes_shows_how_long_it_lasted():
    begins = START + timedelta(minutes=3, seconds=20)
    ticks = TimeScale(begins, begins + timedelta(minutes=4), 100, 660, PARIS).ticks("fr", 12)
    assert len(ticks) >= 3


def test_round_hours_survive_both_clock_changes():
    for day in (datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)):
        scale = TimeScale(day, day + timedelta(hours=8), 0, 2000, PARIS)
        labels = [label for _, label in scale.ticks("fr", 12)]
        assert labels[-1] == ("9\u00a0h" if day.month == 3 else "7\u00a0h")


def test_lines_of_the_scale_are_round_and_do_not_pass_the_top():
    assert round_counts(61) == [0, 20, 40, 60]
    assert round_counts(1) == [0, 1]
    assert len(round_counts(98_765)) <= 6


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 260), st.integers(1, 22)), max_size=6))
def test_labels_of_marks_never_meet(marks):
    marks = sorted((x, "n" * length) for x, length in marks)
    flags = place_flags(marks, left=0, right=318, size=12)
    for one, other in combinations(flags if flags is not None else place_digits([x for x, _ in marks], size=12), 2):
        assert one.row != other.row or one.right <= other.left or other.right <= one.left


def test_many_marks_become_digits_with_a_key():
    marks = tuple(Mark(START + timedelta(minutes=10 * n), f"événement {n}") for n in range(9))
    drawing = _curve(figure=Curve("t", "u", curve().points, (), marks), width=320)
    assert all(f">{n}. " in drawing for n in range(1, 10))


def test_end_labels_are_moved_apart_and_kept_in_order():
    assert spread([100, 101], 16, top=0, bottom=110) == [94, 110]
    assert spread([50, 10], 16, top=0, bottom=110) == [50, 10]


def test_a_label_too_wide_is_cut_with_an_ellipsis():
    cut = fit("n" * 100, 12, 60)
    assert cut.endswith("…")
    assert text_width(cut, 12) <= 60


def test_one_point_and_no_count_can_be_drawn():
    _parsed(_curve(figure=Curve("t", "u", ((START, 0),))))
    _parsed(draw_sparkline([], title="a", description="b"))
