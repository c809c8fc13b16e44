"""How long words are, as each network counts them."""

import pytest

from incidents.networks import graphemes, length


@pytest.mark.parametrize(
    ("text", "network", "used"),
    [
        ("Bonjour", "x", 7),
        ("Voir https://exemple.fr/une/adresse/tres/longue/qui/compte/vingt-trois", "x", 5 + 23),
        ("Voir https://exemple.fr/une/adresse", "bluesky", 35),
        ("日本", "x", 4),
        ("👩‍👩‍👧", "x", 2),
        ("👩‍👩‍👧", "bluesky", 1),
        ("🇫🇷🇧🇪", "bluesky", 2),
        ("e\u0301te\u0301", "bluesky", 3),
        ("", "x", 0),
        ("« Été ! »", "x", 9),
        ("…", "x", 2),
        ("مرحبا", "mastodon", 5),
    ],
)
def test_each_network_counts_its_own_way(text: str, network: str, used: int) -> None:
    assert length(text, network).used == used


def test_what_is_too_long_says_by_how_much() -> None:
    assert (length("a" * 285, "x").over, length("a" * 280, "x").over) == (5, 0)
    assert length("a" * 50_000, "other").over == 0


def test_fifty_thousand_joined_signs_are_counted_in_one_pass() -> None:
    assert length("👩\u200d" * 25_000, "x").used == 2
    assert len(graphemes("\u0301" * 50_000)) == 1
