"""Who acts together: a pack is found, a real surge and a mocking crowd are not one."""

import csv
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from incidents.detection.case import Case, Post
from incidents.detection.coaction import coaction
from incidents.detection.pack import judge

AT = datetime(2026, 11, 17, 20, 58, tzinfo=UTC)
OUTAGE = Path(__file__).parents[4] / "shared" / "data" / "surge" / "free_fr.csv"
COMPLAINTS = (
    "connexion coupée depuis {} h ici|toujours rien à {} rue Pasteur ?|{} appels et personne|box éteinte, voyant {}"
)


def post(number: int, text: str, author: int | None, minute: float = 0, **fields: object) -> Post:
    return Post(number, AT + timedelta(minutes=minute), author, text, f"compte{author}", "x", **fields)  # type: ignore[arg-type]


def case(posts: list[Post]) -> Case:
    return Case(AT, AT + timedelta(hours=3), tuple(sorted(posts, key=lambda p: p.at)), handles=("@Aldane",))


def crowd(many: int) -> list[Post]:
    texts = COMPLAINTS.split("|")
    return [post(n, f"@Aldane {texts[n % 4].format(n)}", 1_000 + n, n * 1.5, reply_to="brand1") for n in range(many)]


def pack(members: int) -> list[Post]:
    return [
        post(500 + 2 * n + k, words, n, 20 + n + k)
        for n in range(members)
        for k, words in enumerate(
            [
                "Honte à @Aldane, cc @lapresse @leregulateur",
                "Lisez donc ce que cette marque cache https://exemple.test/a?s=" + str(n),
            ]
        )
    ]


def test_two_sections_of_one_reading_share_the_work_and_another_reading_does_not() -> None:
    first, other = case(crowd(40) + pack(6)), case(crowd(40))
    assert coaction(first) is coaction(first)
    assert coaction(other).groups == () and coaction(first).is_pack


def test_a_pack_in_a_crowd_is_found_with_its_members_only() -> None:
    found = coaction(case(crowd(40) + pack(6)))
    assert found.is_pack and found.members == frozenset(range(6))


def test_an_outage_with_varied_words_is_no_pack() -> None:
    assert coaction(case(crowd(120))).groups == ()


def test_a_crowd_that_quotes_and_mocks_one_post_is_no_pack() -> None:
    mocking = [
        post(
            n,
            f"mdr {n} « on s'adapte » https://exemple.test/la-pub",
            n,
            n / 4,
            refers_to="brand1",
            fold="quote",
            copies=9,
        )
        for n in range(80)
    ]
    assert not coaction(case(mocking)).is_pack


def test_reposts_of_one_post_are_no_pack() -> None:
    assert not coaction(
        case([post(n, "Lisez tous ce message du soir", n, n, fold="repost", copies=1) for n in range(30)])
    ).groups


def test_the_same_things_hours_apart_are_no_pack() -> None:
    slow = [post(p.id, p.text, p.author, 60 * p.author) for p in pack(6)]  # type: ignore[operator]
    assert not coaction(case(crowd(40) + slow)).is_pack


def test_the_evidence_is_told_in_both_languages_without_quoting_anybody() -> None:
    told = judge(case(crowd(40) + pack(6)))
    kinds = {line["fr"] for line in told["groups"][0]["evidence"]}
    assert {"le même lien", "les mêmes comptes interpellés"} <= kinds
    assert "6 comptes" in told["sentence"]["fr"] and "6 accounts" in told["sentence"]["en"]


def test_hostile_posts_get_a_defined_answer_in_linear_time() -> None:
    odd = ["", "🙂", "‏שלום", "\0", "@" * 50_000, "https://" + "a" * 50_000, "mot " * 12_000]
    posts = [post(n, odd[n % len(odd)], n % 90 or None, n / 50) for n in range(2_000)]
    assert judge(case(posts))["is_pack"] in {True, False}
    assert judge(case([]))["groups"] == []


def test_a_thousand_posts_alike_are_not_shuffled_once_chance_brings_as_much() -> None:
    words = "Boycottez cette marque qui ment à ses clients https://exemple.test/a cc @presse @regulateur"
    began = time.process_time()
    assert not coaction(case([post(n, words, n, n / 20, fold="copy", copies=0) for n in range(1_000)])).is_pack
    assert time.process_time() - began < 3, "ten seconds when all 99 shuffles are played"


@pytest.mark.shared
@pytest.mark.skipif(not OUTAGE.exists(), reason="the real outage is not on this machine")
def test_the_real_outage_is_no_pack() -> None:
    with OUTAGE.open(encoding="utf-8-sig") as file:
        day = [row for row in csv.DictReader(file) if row["created_at"].startswith("2024-07-19")]
    number = {name: n for n, name in enumerate(sorted({row["author"] for row in day}))}
    posts = [
        Post(
            n,
            datetime.fromisoformat(row["created_at"]),
            number[row["author"]],
            row["text"],
            row["author"],
            "x",
            is_ours=row["brand_side"] == "True",
        )
        for n, row in enumerate(day)
    ]
    assert len(posts) > 100 and not coaction(case(posts)).is_pack
