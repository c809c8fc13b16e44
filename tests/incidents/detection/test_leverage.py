"""Who was called in, and whom to warn before they call."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from incidents.detection.case import Case, Known, Post
from incidents.detection.leverage import called_in, judge

AT = datetime(2026, 11, 17, 20, 58, tzinfo=UTC)


def post(minute: int, text: str, author: int = 1, handle: str = "origine", **fields: object) -> Post:
    return Post(minute, AT + timedelta(minutes=minute), author, text, handle, "x", **fields)  # type: ignore[arg-type]


def case(*posts: Post, **fields: object) -> Case:
    return Case(AT, AT + timedelta(hours=1), posts, handles=("@Aldane",), **fields)  # type: ignore[arg-type]


def test_the_press_and_the_regulators_are_known_and_the_brand_is_not_called_in() -> None:
    rows = called_in(case(post(0, "Bravo @Aldane. cc @DGCCRF @BFMTV @un_copain")))
    assert [(row.handle, row.party) for row in rows] == [
        ("dgccrf", "regulator"),
        ("bfmtv", "press"),
        ("un_copain", "other"),
    ]


def test_the_client_s_own_list_comes_first() -> None:
    known = (Known("BFMTV", "partner", name="BFM, notre régie", whom_to_warn="Claire Marchand"),)
    [row] = judge(case(post(0, "cc @bfmtv"), known=known))["rows"]
    assert (row["party"], row["warn"]["fr"]) == (
        "partner",
        "À prévenir avant que BFM, notre régie n’appelle\u00a0: Claire Marchand.",
    )


@pytest.mark.parametrize(
    ("text", "name", "party"),
    [
        ("je transmets à 60 Millions", "60 Millions de consommateurs", "regulator"),
        ("Le DÉFENSEUR des droits appréciera", "le Défenseur des droits", "regulator"),
        ("écrivez à redaction@lemonde.fr", "Le Monde", "press"),
        ("I have told Trading Standards", "Trading Standards", "regulator"),
        ("je saisis la CNIL", "la CNIL", "regulator"),
    ],
)
def test_a_body_named_without_a_handle_is_called_in_too(text: str, name: str, party: str) -> None:
    assert [(row.name, row.party) for row in called_in(case(post(0, text)))] == [(name, party)]


def test_a_body_put_in_cc_and_named_counts_once() -> None:
    assert len(called_in(case(post(0, "cc @CNIL"), post(1, "la CNIL va aimer", 2, "autre")))) == 1


def test_it_is_told_who_called_first_how_many_did_and_who_answered() -> None:
    posts = (post(0, "cc @BFMTV"), post(1, "oui @bfmtv", 2, "b"), post(9, "On vous contacte", 3, "BFMTV"))
    [row] = called_in(case(*posts, confirmed={1: "instigator"}))
    assert (row.first_by, row.by_origin, len(row.by), row.posts) == ("origine", True, 2, 2)
    assert row.reacted_at == AT + timedelta(minutes=9)


def test_somebody_who_spoke_already_is_answered_not_called_in() -> None:
    assert called_in(case(post(0, "Honteux"), post(1, "@origine bien d’accord", 2, "b"))) == ()


def test_a_presumed_role_makes_a_colleague_of_an_unknown_account() -> None:
    before = (post(-9000, "bonjour", 7, "cm_pro", role="professional"),)
    [row] = called_in(case(post(0, "regarde @cm_pro"), before=before))
    assert row.party == "other_cm"


def test_a_well_known_name_elsewhere_is_to_be_checked() -> None:
    there = Post(1, AT, 1, "cc @bfmtv @lemonde.fr", "a", "bluesky")
    rows = {row.handle: row for row in called_in(case(there))}
    assert {row.party for row in rows.values()} == {"press"}
    assert "à vérifier" in rows["bfmtv"].basis["fr"]
    assert "domaine" in rows["lemonde.fr"].basis["fr"]


@pytest.mark.parametrize("text", ["", "a" * 50_000, "a@" * 25_000, "@" * 50_000, "😀😀", "\x00@\x00", "\u202e@cnil"])
def test_hostile_text_calls_nobody_in_by_accident(text: str) -> None:
    assert {row.party for row in called_in(case(post(0, text)))} <= {"other", "regulator"}


def test_without_posts_nobody_was_put_in_cc() -> None:
    assert judge(case())["summary"] == {"fr": "Personne n’a été mis en copie.", "en": "Nobody was put in cc."}


def test_those_who_are_not_listed_are_counted_in_their_class() -> None:
    told = judge(case(*(post(n, f"cc @temoin_{n} @presse{n}.lemonde.fr", n, f"c{n}") for n in range(50))))
    assert (len(told["rows"]), told["more"]) == (40, 60)
    assert [(one["party"], one["accounts"]) for one in told["classes"]] == [("press", 50), ("other", 50)]


def test_two_sections_share_the_work_and_a_long_text_is_read_at_once() -> None:
    posts = [post(n, "@aldane honte à vous, encore " * 300, n, f"c{n}") for n in range(60)]
    told = case(*posts)
    began = time.process_time()
    assert called_in(told) is called_in(told)
    assert time.process_time() - began < 0.6, "each position once a name, and each section anew: 1.2 s"
