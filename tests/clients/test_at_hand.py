"""The position that fits what somebody wrote, and why."""

import numpy as np
import pytest

from clients.at_hand import Candidate, rank

POSITIONS = [
    Candidate(1, "Délais de remboursement", "Nous remboursons sous quatorze jours après réception du retour."),
    Candidate(2, "D’où vient notre lin\u00a0?", "Notre lin est cultivé en Normandie et tissé au Portugal."),
    Candidate(3, "Frais de livraison", "La livraison est offerte dès 80 euros."),
    Candidate(4, "Fermeture de l’atelier", "L’atelier ferme du 24 décembre au 2 janvier."),
    Candidate(5, "Grève des transporteurs", "Les colis partent avec deux jours de retard dans {{ville}}."),
]


@pytest.mark.parametrize(
    ("said", "best"),
    [
        ("Toujours pas REMBOURSÉE après trois semaines", 1),
        ("C’est du vrai lin\u00a0?", 2),
        ("c'est livré gratuitement ou la livraison se paie", 3),
        ("vous fermez quand en décembre", 4),
        ("Mon colis est en retard, encore une grève", 5),
    ],
)
def test_words_in_common_find_it_whatever_their_ending(said: str, best: int) -> None:
    assert rank(said, POSITIONS)[0].key == best


def test_the_reason_names_the_words_as_they_were_written() -> None:
    first = rank("Toujours pas REMBOURSÉE", POSITIONS)[0]
    assert first.why == ("mots communs\u00a0: REMBOURSÉE", "words in common: REMBOURSÉE")


@pytest.mark.parametrize("said", ["", " ", "lol", "🙂🙂", "\0", "\u202eabc", "x" * 50_000, "https://a.b/c"])
def test_what_shares_nothing_finds_nothing(said: str) -> None:
    assert rank(said, POSITIONS) == []


def test_meaning_finds_what_shares_no_word_and_says_so() -> None:
    toward = {"money": 0, "Délais": 0}
    vectors = np.eye(6, dtype=np.float32)

    def encode(texts: tuple[str, ...]) -> np.ndarray:
        return np.stack(
            [vectors[next((at for word, at in toward.items() if word in t), 1 + len(t) % 5)] for t in texts]
        )

    (first,) = rank("Where is my money?", POSITIONS, encode)
    assert first.key == 1 and "meaning" in first.why.en and "sens" in first.why.fr


def test_a_thousand_positions_are_ranked_in_reading_order_of_their_fit() -> None:
    many = [Candidate(n, f"Sujet {n}", "Nous remboursons." if n == 700 else "Autre chose.") for n in range(1_000)]
    assert [one.key for one in rank("remboursez-moi", many)] == [700]
