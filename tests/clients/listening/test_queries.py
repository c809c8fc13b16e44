"""The watches in each network's words: never less than they want, as little more as can be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.listening import queries
from clients.listening.matching import Matcher, Wanted
from clients.listening.queries import Plan
from tests.clients.listening import query_languages as engines

ALDANE = Wanted(1, ["Aldane", "maison aldane"], exclude=["concours", "jus d'orange"], languages=["fr"])


def test_x_groups_quotes_refuses_and_keeps_to_its_length() -> None:
    (query,) = queries.x([Wanted(1, ["maison aldane"], ["concours"], required=["colis"], hashtags=["gate"])])
    assert query == '("maison aldane" OR #gate) (colis OR #colis OR @colis) -concours'


def test_x_refuses_only_what_it_names_as_we_do() -> None:
    (query,) = queries.x([ALDANE])
    assert "-concours" in query and "orange" not in query
    assert "-lang:en" in query and "lang:fr" not in query


def test_watches_that_ask_alike_share_a_query() -> None:
    assert len(queries.x([Wanted(n, [f"marque{n}"]) for n in range(5)])) == 1
    many = queries.x([Wanted(n, [f"une marque au nom bien long {n}"], ["concours"]) for n in range(60)])
    assert 1 < len(many) < 10 and all(len(query) <= 512 for query in many)


def test_a_query_of_bluesky_that_another_covers_is_not_sent() -> None:
    assert queries.bluesky([Wanted(1, ["lin"]), Wanted(2, ["lin"], required=["aldane"])]) == ["lin"]


def test_mastodon_reads_timelines_of_hashtags_and_searches_the_rest() -> None:
    wanted = [Wanted(1, ["#AldaneGate", "maison aldane"], hashtags=["#lin"], handles=["@aldane@piaille.fr"])]
    assert queries.mastodon_hashtags(wanted) == ["AldaneGate", "lin"]
    assert queries.mastodon_searches(wanted) == ['"maison aldane"', '"aldane@piaille.fr"']


def test_youtube_and_reddit_in_their_words() -> None:
    wanted = [Wanted(1, ["Aldane", "maison aldane"], ["concours"], required=["colis"])]
    assert queries.youtube(wanted) == ['Aldane|"maison aldane"']
    assert queries.reddit(wanted) == ['(Aldane OR "maison aldane") AND colis']


@pytest.mark.parametrize(
    "ask", [queries.x, queries.bluesky, queries.reddit, queries.youtube, queries.mastodon_searches]
)
def test_a_watch_of_everything_asks_nothing(ask: object) -> None:
    assert ask([ALDANE, Wanted(2, languages=["fr"])]) == []  # type: ignore[operator]
    assert ask([]) == []  # type: ignore[operator]


def test_what_cannot_be_looked_for_is_said_and_what_else_is_required_stands_in() -> None:
    plan = queries.x_plan([Wanted(1, ["rembours*"])])
    assert plan.queries == () and "beginnings of words" in plan.unsaid[0].en
    plan = queries.x_plan([Wanted(1, ["rembours*"], required=["aldane"])])
    assert plan.queries == ("aldane OR #aldane OR @aldane",) and plan.unsaid == ()


NAMES = [
    "aldane",
    "Été",
    "l'été",
    "maison aldane",
    "colis",
    "aldane*",
    "jus d’orange",
    "c++",
    "OR",
    "AND",
    '"',
    "-lin",
    "a|b",
    "(x)",
]
SIGNS = ["aldane", "@aldane", "#été", "aldane.bsky.social", "gate", "@mai-son", "2026"]
TEXTS = [
    *NAMES,
    "@aldane",
    "#aldane",
    "#été",
    "#gate",
    "ete",
    "aldane.bsky.social",
    "@mai-son",
    "lin",
    "x",
    "a",
    "b",
    "2026",
    "#2026",
]
LISTS = st.lists(st.sampled_from(NAMES), max_size=3).map(tuple)
WATCHES = st.builds(
    Wanted,
    watch_id=st.integers(1, 9),
    include=LISTS,
    exclude=LISTS,
    required=st.lists(st.sampled_from(NAMES), max_size=2).map(tuple),
    handles=st.lists(st.sampled_from(SIGNS), max_size=2).map(tuple),
    hashtags=st.lists(st.sampled_from(SIGNS), max_size=2).map(tuple),
    languages=st.sampled_from([(), ("fr",), ("fr", "en")]),
)
SAID = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from([" ", ", ", ". ", " / "])), min_size=1, max_size=6)
PLANS = [
    (queries.x_plan, engines.boolean),
    (lambda wanted: queries.x_plan(wanted, 120), engines.boolean),
    (queries.reddit_plan, engines.boolean),
    (queries.bluesky_plan, engines.all_of),
]


def is_caught(wanted: list[Wanted], text: str, language: str) -> bool:
    return bool(Matcher(wanted).matches(text, "", language))


@pytest.mark.parametrize(("plan_of", "evaluate"), PLANS)
@settings(max_examples=300)
@given(st.lists(WATCHES, min_size=1, max_size=3), SAID, st.sampled_from(["fr", "en", "de", "und"]))
def test_a_network_sends_all_that_a_watch_catches(
    plan_of: object, evaluate: object, wanted: list[Wanted], said: list[tuple[str, str]], language: str
) -> None:
    plan: Plan = plan_of(wanted)  # type: ignore[operator]
    text = "".join(word + space for word, space in said)
    holds = engines.term_of(text, language)
    found = [evaluate(query, holds) for query in plan.queries]  # type: ignore[operator]
    if is_caught(wanted, text, language) and not plan.takes_all and not plan.unsaid:
        assert any(found)


@settings(max_examples=300)
@given(st.lists(WATCHES, min_size=1, max_size=3), SAID)
def test_mastodon_and_youtube_send_it_too_whatever_else_is_required(
    wanted: list[Wanted], said: list[tuple[str, str]]
) -> None:
    text = "".join(word + space for word, space in said)
    mastodon, youtube = queries.mastodon_plan(wanted), queries.youtube_plan(wanted)
    if mastodon.takes_all or not is_caught(wanted, text, ""):
        return
    holds = engines.term_of(text, "")
    if not mastodon.unsaid:
        tags = [f"#{tag}" for tag in queries.mastodon_hashtags(wanted)]
        assert any(map(holds, tags)) or any(engines.all_of(query, holds) for query in mastodon.queries)
    if not youtube.unsaid:
        assert any(engines.one_of(query, holds) for query in youtube.queries)


@given(st.lists(WATCHES, max_size=6), st.integers(150, 512))
def test_no_query_is_longer_than_its_limit(wanted: list[Wanted], limit: int) -> None:
    for ask in (queries.x, queries.reddit, queries.youtube):
        assert all(0 < len(query) <= limit for query in ask(wanted, limit))


def test_a_watch_that_requires_only_what_no_network_can_look_for_says_so() -> None:
    plan = queries.x_plan([Wanted(1, hashtags=("aldane",)), Wanted(2, required=("tramon*",))])
    assert plan.queries == ("#aldane",)
    assert [words.en for words in plan.unsaid] == ["“tramon*”: this network does not look for beginnings of words"]
