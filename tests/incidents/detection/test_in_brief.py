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
    assert told(customer=3, spectator=16).startswith("Beaucoup regardent passer"), "three complain, sixteen laugh"
    assert told(leader=2, follower=1) == "2\u00a0comptes entraînent, 1\u00a0autre suit. Rien ne montre une meute."
    assert told(leader=1).startswith("1\u00a0compte entraîne. Rien")
    assert told() == "Personne ne mène, pour l’instant."


def test_those_who_look_on_do_not_hide_those_who_bring_a_grievance() -> None:
    assert "mais 9\u00a0comptes exposent un grief" in told(popcorn=0.6, spectator=20, customer=9)
    assert "peu reprochent" in told(popcorn=0.6, spectator=60, customer=3), "three of sixty are hardly anybody"


def test_without_any_section_nothing_is_said() -> None:
    assert conclusion({}) == {} and warnings({}) == ()


def test_whom_to_warn_is_said_once_with_all_who_may_call_and_five_at_most() -> None:
    lawyer = {"fr": "le service juridique", "en": "the legal department"}
    rows = [{"whom": lawyer, "name": name, "reacted_at": None} for name in ("DGCCRF", "UFC-Que Choisir")]
    rows += [{"whom": None, "name": "@un_copain"}, {"whom": {"fr": "Léa", "en": "Léa"}, "name": "Léa"}]
    told = warnings({"called": {"rows": rows}})
    assert [(one.whom["en"], [name for name, _at in one.callers]) for one in told] == [
        ("the legal department", ["DGCCRF", "UFC-Que Choisir"]),
        ("Léa", []),
    ]
    many = [{"whom": {"fr": f"n{n}", "en": f"n{n}"}, "name": "x"} for n in range(9)]
    assert len(warnings({"called": {"rows": many}})) == 5
