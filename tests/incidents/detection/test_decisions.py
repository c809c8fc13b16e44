"""What a person said of the accounts of an incident is what the next reading starts from."""

from dataclasses import replace
from typing import Any

from incidents.detection import leverage, pack
from incidents.detection.roles import judge, origin_of
from tests.incidents.detection.test_roles import STRIKE, case, post

SAME = "Remboursez tout le monde, comme vous l’avez promis, @Aldane"


def acting_together(**said: Any) -> dict[str, Any]:
    """Three accounts that copy one text and answer one post, within the hour of thirty others."""
    crowd = [post(n, 100 + n, f"message numéro {n} sans rapport avec le reste", attack="no") for n in range(1, 30)]
    three = [post(40 + who + 10 * turn, who, f"{SAME} {turn}") for turn in (0, 1) for who in (1, 2, 3)]
    return pack.judge(case(*sorted([*crowd, *three], key=lambda one: one.id), **said))


def test_a_removed_role_is_presumed_no_more_and_what_the_machine_would_say_is_kept_beside() -> None:
    told = judge(replace(STRIKE, removed=frozenset({2})))
    assert 2 not in {row["author"] for row in told["rows"]} and told["undecided"] == 2
    assert [(row["author"], row["role"]) for row in told["unaided"]] == [(2, "follower")]
    assert judge(STRIKE)["unaided"] == [], "nobody has spoken: there is nothing to keep beside"


def test_when_a_person_clears_the_account_at_the_origin_another_is_looked_for() -> None:
    answered = replace(STRIKE, posts=(*STRIKE.posts, post(9, 9, "oui", reply_to="p2")))
    assert (origin_of(answered), origin_of(replace(answered, confirmed={1: "customer"}))) == (1, 2)
    assert origin_of(replace(answered, removed=frozenset({1}))) == leverage.origin_of(
        replace(answered, confirmed={2: "instigator"})
    )
    told = judge(replace(answered, confirmed={1: "customer"}))
    assert [row["role"] for row in told["unaided"]] == ["instigator"], "its own word does not change with ours"


def test_who_a_person_says_looks_on_is_popcorn_and_who_does_not_is_none() -> None:
    shares = [
        judge(replace(STRIKE, confirmed=said))["popcorn_share"] for said in ({}, {8: "spectator"}, {4: "customer"})
    ]
    assert shares == [0.125, 0.25, 0.0]


def test_no_pack_is_made_of_accounts_that_a_person_cleared() -> None:
    assert [one["author"] for one in acting_together()["groups"][0]["accounts"]] == [1, 2, 3]
    evidence = acting_together(confirmed={1: "follower"})["groups"][0]["evidence"]
    assert [(line["fr"], line["times"], line["pairs"]) for line in evidence] == [("presque le même texte", 2, 3)]
    assert not acting_together(confirmed={1: "customer"})["is_pack"]
    assert not acting_together(removed=frozenset({2}))["is_pack"]
