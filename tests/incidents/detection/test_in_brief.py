"""The reading in a line, for somebody who is woken up."""

from typing import Any

from incidents.detection.in_brief import conclusion, warnings


def told(pack: int = 0, popcorn: float = 0.0, **counts: int) -> str:
    groups = [{"accounts": [{"author": n, "handle": f"c{n}"} for n in range(pack)]}] if pack else []
    people: dict[str, Any] = {"counts": counts, "popcorn_share": popcorn}
    return conclusion({"people": people, "pack": {"groups": groups}})["fr"]


def test_the_first_sentence_says_what_it_is() -> None:
    assert (
        told(pack=9, instigator=1, follower=12)
        == "Une attaque sans doute concertée\u00a0: 9 comptes agissent ensemble."
    )
    assert told(instigator=1, follower=1) == "Un compte à l’origine, 1\u00a0autre à sa suite. Rien ne montre une meute."
    assert told(instigator=1).startswith("Un compte frappe, personne ne le suit")
    assert told(customer=50, follower=3) == "Surtout des clients mécontents (50\u00a0comptes), pas une meute."
    assert told(popcorn=0.7, instigator=1).startswith("Beaucoup regardent passer")
    assert told() == "Personne ne mène, pour l’instant."


def test_without_any_section_nothing_is_said() -> None:
    assert conclusion({}) == {} and warnings({}) == ()


def test_whom_to_warn_is_said_once_and_five_at_most() -> None:
    rows = [{"warn": {"fr": f"Prévenir {n // 2}", "en": f"Warn {n // 2}"}} for n in range(20)] + [{"warn": None}]
    assert [row["warn"]["fr"] for row in warnings({"called": {"rows": rows}})] == [f"Prévenir {n}" for n in range(5)]
