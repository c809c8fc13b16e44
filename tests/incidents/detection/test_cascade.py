"""Parents and depths from links in any order."""

from itertools import combinations

import networkx
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.detection.cascade import grow, virality

LINKS = st.dictionaries(st.integers(0, 12), st.one_of(st.none(), st.integers(0, 14)), max_size=13)


@given(LINKS, st.randoms())
@settings(max_examples=80, deadline=None)
def test_any_order_of_the_rows_gives_the_same_forest(links, draw):
    rows = list(links.items())
    draw.shuffle(rows)
    age = {node: (node % 3, node) for node in links}
    assert grow(dict(rows), age) == grow(links, age)


@given(LINKS)
@settings(max_examples=80, deadline=None)
def test_every_post_is_once_under_a_root_that_nothing_is_above(links):
    forest = grow(links, {node: node for node in links})
    assert sorted(forest.order) == sorted(links)
    assert sum(forest.size[root] for root in forest.roots) == len(links)
    for node, up in forest.parent.items():
        assert up in (None, links[node])
        assert forest.depth[node] == (0 if up is None else forest.depth[up] + 1)


def test_a_cycle_is_cut_above_its_oldest_post():
    forest = grow({"a": "c", "b": "a", "c": "b", "d": "c"}, {"a": 2, "b": 1, "c": 3, "d": 4})
    assert forest.roots == ("b",)
    assert forest.depth == {"b": 0, "c": 1, "a": 2, "d": 2}


def test_a_link_to_itself_or_to_nothing_known_makes_a_root():
    forest = grow({"a": "a", "b": "gone"}, {"a": 1, "b": 2})
    assert forest.parent == {"a": None, "b": None}


def test_a_chain_of_twenty_thousand_needs_no_recursion():
    forest = grow({n: n - 1 if n else None for n in range(20_000)}, {n: n for n in range(20_000)})
    assert forest.depth[19_999] == 19_999
    assert forest.size[0] == 20_000


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=25))
@settings(max_examples=50, deadline=None)
def test_virality_is_the_mean_distance_between_two_posts(draws):
    links = {0: None, **{n: drawn % n for n, drawn in enumerate(draws, start=1)}}
    tree = networkx.Graph([(node, up) for node, up in links.items() if up is not None])
    far = [networkx.shortest_path_length(tree, a, b) for a, b in combinations(links, 2)]
    assert abs(virality(grow(links, {n: n for n in links}), 0) - sum(far) / len(far)) < 1e-9


def test_a_post_alone_has_no_virality():
    assert virality(grow({1: None}, {1: 1}), 1) is None
