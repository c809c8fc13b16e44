"""What an account presumably is: by its own words, of its trade or office only, and rather nothing than wrong.

The bios of bios.csv were written by hand for this, by who wrote the rules: they tell what is meant, not how good it is.
"""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.choices import PresumedRole
from clients.listening.reading.account_words import CUES
from clients.listening.reading.accounts import BIO_READ, Behaviour, assess

BIOS = list(csv.DictReader((Path(__file__).parent / "bios.csv").read_text(encoding="utf-8").splitlines()))
# Opinions, faiths, origins, states of health, sexualities, unions: what a bio may say and nobody may infer from.
SENSITIVE = [
    "LFI", "RN", "Républicain", "de gauche", "de droite", "macroniste", "Conservative", "MAGA", "catholique",
    "musulmane", "juif", "athée", "Christian", "Muslim", "gay", "lesbienne", "trans", "LGBT", "she/her", "diabétique",
    "handicapé", "bipolar", "cancer survivor", "CGT", "syndicaliste", "franco-algérien", "Breton", "Black",
]  # fmt: skip


def _role(bio: str) -> str:
    found = assess(bio=bio)
    return found.role if found else "none"


def test_nine_in_ten_presumed_professionals_are_some_and_few_are_missed() -> None:
    said = [(row["role"], _role(row["bio"])) for row in BIOS]
    presumed = [true for true, role in said if role == "professional"]
    assert len(BIOS) >= 150
    assert presumed.count("professional") >= 0.9 * len(presumed)
    assert presumed.count("professional") >= 0.9 * sum(true == "professional" for true, _ in said)


@pytest.mark.parametrize("role", ["brand", "media", "official", "automated", "none"])
def test_each_role_is_known_by_its_words(role: str) -> None:
    ours = [_role(row["bio"]) for row in BIOS if row["role"] == role]
    assert ours.count(role) >= 0.9 * len(ours)


@pytest.mark.parametrize("word", SENSITIVE)
def test_no_opinion_faith_origin_health_or_sexuality_changes_an_answer_or_is_quoted(word: str) -> None:
    for row in BIOS:
        before = assess(bio=row["bio"])
        assert assess(bio=f"{word}. {row['bio']} | {word}") == before
        assert before is None or word.casefold() not in " ".join(before.quoted).casefold().split()


def test_such_words_alone_say_nothing() -> None:
    assert assess(bio=" · ".join(SENSITIVE), handle="catholique_lfi", name="Militante") is None


def test_an_elected_official_is_read_from_the_office_never_from_the_party() -> None:
    found = assess(bio="Députée LFI-NUPES de la 4e circonscription, catholique")
    assert found is not None and (found.role, found.quoted) == ("official", ("Députée",))
    assert assess(bio="Militant LFI, candidat RN") is None


def test_the_reasons_quote_the_bio_in_both_languages() -> None:
    found = assess(bio="Chargée de communication. Mes propos n’engagent que moi", handle="lea_com")
    assert found is not None and found.confidence == 0.97
    assert found.basis[0] == (
        "sa présentation dit « Chargée de communication »",
        "its bio says “Chargée de communication”",
    )
    assert found.quoted == ("Chargée de communication", "com", "n'engagent que moi")


def test_two_trades_are_the_first_and_a_house_that_sells_one_is_nothing() -> None:
    assert _role("Journaliste puis attachée de presse") == "media"
    assert _role("Community manager. Contactez-nous pour vos réseaux") == "none"


def _every(seconds: float, count: int = 60, shake: float = 0.0) -> Behaviour:
    """Posts at that pace from 09:07:13 on, each later or earlier by up to `shake` seconds."""
    dice, start = Random(1), datetime(2026, 11, 17, 9, 7, 13, tzinfo=UTC)
    return Behaviour([start + timedelta(seconds=n * seconds + dice.uniform(-shake, shake)) for n in range(count)])


def test_a_clock_is_presumed_automated_even_where_some_posts_were_not_heard() -> None:
    whole = _every(3_600, shake=10)
    for behaviour in (whole, Behaviour([at for n, at in enumerate(whole.moments) if n % 7])):
        found = assess(behaviour=behaviour)
        assert found is not None and found.role == "automated" and "60 min" in found.basis[0].fr


@pytest.mark.parametrize(
    "behaviour",
    [
        _every(3_600, shake=400),
        _every(3_600, 49),
        _every(86_400),
        _every(600, shake=60),
        _every(5),
    ],
)
def test_an_irregular_hand_few_posts_a_post_a_day_or_many_at_once_are_no_clock(behaviour: Behaviour) -> None:
    assert assess(behaviour=behaviour) is None


@pytest.mark.parametrize("grain", [60, 900, 3_600, 86_400])
def test_times_that_a_source_rounds_make_no_clock(grain: int) -> None:
    dice = Random(2)
    times = [int(dice.expovariate(1) * 1.2 * grain) + n * grain for n in range(200)]
    rounded = [datetime.fromtimestamp(1_763_337_600 + time // grain * grain, UTC) for time in times]
    assert assess(behaviour=Behaviour(rounded)) is None


def test_who_speaks_of_an_order_of_theirs_is_presumed_a_customer() -> None:
    found = assess(behaviour=Behaviour(texts=("Toujours pas reçu ma commande, dix jours !",)))
    assert found is not None and (found.role, found.quoted) == ("customer", ("ma commande",))
    assert assess(behaviour=Behaviour(texts=("Ils sont nuls",))) is None


@pytest.mark.parametrize(
    "bio", ["", "\0", "🍿" * 3_000, "a" * 50_000, "\u202eretsanruoj", "((((" * 9_000, "ex-" * 9_000]
)
def test_any_text_has_an_answer(bio: str) -> None:
    assert assess(bio=bio, name=bio, handle=bio, behaviour=Behaviour(texts=(bio,))) is None


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=BIO_READ), st.sampled_from(BIOS))
def test_whatever_stands_around_the_answer_is_a_role_with_its_words(noise: str, row: dict[str, str]) -> None:
    found = assess(bio=noise + row["bio"] + noise, handle=noise)
    if found is not None:
        assert found.role in PresumedRole.values and 0.5 <= found.confidence <= 0.97 and found.quoted and found.basis


def test_every_list_of_words_is_of_a_role_of_ours() -> None:
    assert {cue.role for cue in CUES} <= set(PresumedRole.values)
