"""The section of a reading that says how an incident spread."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from incidents.charts.figures import FigureError
from incidents.charts.graph import Graph, Spot, draw_graph
from incidents.detection.propagation import propagation
from incidents.detection.propagation_layout import MOST_DRAWN, drawn_steps, laid_out
from incidents.detection.propagation_section import judge
from tests.incidents.detection.test_propagation import case, post


def strike():
    posts = [post(1, handle="<script>"), post(2, 4, reply_to="n1"), post(3, 14, refers_to="n1")]
    return case(*posts, *(post(n, 15 + n, reply_to="n3") for n in range(4, 12)), post(12, 40, copies=1), post(13, 50))


def page(found, language):
    with translation.override(language):
        return render_to_string("incidents/reading/spread.html", {"found": found, "name": "spread"})


def test_the_section_says_how_much_hangs_together_and_who_made_it_jump():
    found = judge(strike())
    assert found["summary"]["en"] == "11\u00a0posts of 13 answer, quote or copy another."
    assert found["jumps"][0]["fr"] == "@h3, 14\u00a0min après le début\u00a0: 8\u00a0messages à sa suite."
    assert "From hand to hand" not in found["sentences"][1]["en"]
    assert json.loads(json.dumps(found)) == found


def test_copies_are_folded_and_posts_alone_are_not_drawn():
    found = judge(strike())
    assert len(found["graph"]["spots"]) == len(found["rows"]) == 11
    assert [row["copies"] for row in found["rows"] if row["copies"]] == [1]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_draws_it_and_shows_names_as_text(language):
    written = page(judge(strike()), language)
    assert "<script>" not in written
    assert "style=" not in written
    assert written.count("<svg") >= 2
    assert "@&lt;script&gt;" in written


def test_an_incident_where_nothing_answers_anything_says_so():
    written = page(judge(case(post(1), post(2, 3))), "en")
    assert "No post answers" in written
    assert "<svg" not in written


def test_no_post_at_all_is_a_section_too():
    assert judge(case())["rows"] == []


def test_a_role_that_a_person_confirmed_gives_the_shape():
    found = judge(replace(strike(), confirmed={3: "instigator", 4: "spectator"}))
    assert found["graph"]["roles"] == ["instigator", "popcorn"]
    assert "role-instigator" in page(found, "fr")


def test_a_post_that_was_not_collected_is_a_dashed_ring():
    found = judge(case(post(1, reply_to="brand9"), post(2, 3, reply_to="brand9")))
    assert [row["seen"] for row in found["rows"]] == [False, True, True]
    assert "chart-mark" in page(found, "fr")


def test_the_same_posts_are_laid_out_the_same_way_and_the_heaviest_are_kept():
    posts = [post(1), *(post(n, n, reply_to=f"n{n // 3 + 1}") for n in range(2, 400))]
    steps = drawn_steps(propagation(case(*posts)))
    assert len(steps) == MOST_DRAWN
    drawn = {step.node for step in steps}
    assert all(step.parent is None or step.parent in drawn for step in steps)
    places = laid_out(steps)
    assert places == laid_out(steps)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in places)


def test_a_graph_is_well_formed_on_paper_and_refuses_a_link_to_nothing():
    figure = Graph("A & B", "Posts", (Spot(0, 0, 3, label="\u202e@a"), Spot(1, 1, 0, "pack")), ((1, 0),))
    drawing = ElementTree.fromstring(draw_graph(figure, language="fr", skin="paper"))  # noqa: S314
    assert len([part for part in drawing.iter() if part.tag.endswith("line")]) == 1
    with pytest.raises(FigureError):
        Graph("t", "u", figure.spots, ((0, 2),))
