"""No report names the person behind an account."""

import time

import pytest

from reports.discretion import accounts_named, discreet

KNOWN = ["cm_rapid", "antoinettelabbe", "LeCMduSoir", "Marie Curie", "panne", "bob"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Vu par @cm_rapid.", "Vu par [un compte]."),
        ("Vu par @inconnu@mastodon.example, hier", "Vu par [un compte], hier"),
        ("cm_rapid et ANTOINETTELABBE répondent", "[un compte] et [un compte] répondent"),
        ("LeCMduSoir, puis Marie Curie", "[un compte], puis [un compte]"),
        ("https://www.x.com/cm_rapid/status/12?s=20 vu", "x.com vu"),
        ("La panne dure, bob le dit", "La panne dure, bob le dit"),
        ("Écrire à claire@aldane.test", "Écrire à claire@aldane.test"),
        ("Notre compte @Aldane répond", "Notre compte @Aldane répond"),
    ],
)
def test_accounts_are_masked_and_words_are_not(text: str, shown: str) -> None:
    assert discreet(text, "fr", known=KNOWN, own={"aldane"}) == shown


def test_what_a_person_typed_is_told_by_its_handles() -> None:
    assert accounts_named("Merci à @cm_rapid et @Aldane, claire@aldane.test", {"@aldane"}) == ["@cm_rapid"]


def test_thousands_of_accounts_cost_little() -> None:
    many = [f"compte_{number}" for number in range(50_000)]
    begins = time.perf_counter()
    assert discreet("Le compte_49999 relaie. " * 80, "en", known=many).count("[an account]") == 80
    assert time.perf_counter() - begins < 2
