"""Severity from five answers, explained; not knowing is not a no."""

from itertools import product

import pytest

from incidents.severity import ANSWERS, CODES, QUESTIONS, Assessment, Unanswered, assess


def judged(**given: str) -> Assessment:
    return assess({code: given.get(code, "no") for code in CODES})


@pytest.mark.parametrize(
    ("yes", "severity", "qualification"),
    [
        ((), 4, "signal"),
        (("word",), 3, "paracrisis"),
        (("customers",), 3, "paracrisis"),
        (("officials", "word"), 3, "paracrisis"),
        (("officials", "spread"), 2, "paracrisis"),
        (("customers", "spread"), 2, "crisis"),
        (("customers", "officials", "spread"), 1, "crisis"),
        (("harm",), 2, "crisis"),
        (("harm", "spread"), 1, "crisis"),
    ],
)
def test_the_table_is_read_as_written(yes: tuple[str, ...], severity: int, qualification: str) -> None:
    found = judged(**dict.fromkeys(yes, "yes"))
    assert (found.severity, found.qualification, found.is_settled) == (severity, qualification, True)


def test_not_knowing_is_never_milder_than_no_nor_graver_than_yes() -> None:
    for answers in product(ANSWERS, repeat=5):
        given = dict(zip(CODES, answers, strict=True))
        for code in (code for code in CODES if given[code] == "unknown"):
            yes, unknown, no = (assess({**given, code: answer}).severity for answer in ("yes", "unknown", "no"))
            assert yes <= unknown <= no


def test_one_unknown_answer_that_matters_keeps_it_from_being_a_mere_signal() -> None:
    for code in CODES:
        assert judged(**{code: "unknown"}).qualification == "paracrisis"


def test_ignorance_alone_never_makes_a_crisis() -> None:
    found = assess(dict.fromkeys(CODES, "unknown"))
    assert (found.severity, found.qualification, found.mildest, found.gravest) == (2, "paracrisis", 4, 1)
    assert judged(customers="yes", harm="unknown").qualification == "paracrisis"


def test_the_reasons_say_what_is_known_what_to_find_out_and_what_it_means() -> None:
    known, asked, between, meaning = judged(customers="yes", spread="unknown").reasons("fr")
    assert known == "De vrais clients sont touchés."
    assert asked.startswith("À vérifier\u00a0: en parle-t-on ailleurs")
    assert between == "Selon ces réponses, la gravité ira de\u00a02 à\u00a03\u00a0; en attendant, 2."
    assert meaning.startswith("Une paracrise\u00a0:")


def test_every_word_exists_in_french_and_in_english() -> None:
    for answers in product(ANSWERS, repeat=5):
        found = assess(dict(zip(CODES, answers, strict=True)))
        assert len(found.reasons("fr")) == len(found.reasons("en")) >= 2
    assert all(set(question.asked) == {"fr", "en"} for question in QUESTIONS)


def test_a_missing_a_strange_and_an_unheard_of_answer_are_named() -> None:
    given = dict.fromkeys(CODES, "no")
    del given["harm"]
    with pytest.raises(Unanswered) as caught:
        assess({**given, "spread": "maybe", "weather": "no"})
    assert caught.value.codes == ("harm", "spread", "weather")


def test_what_is_kept_is_plain() -> None:
    kept = judged(word="yes").to_json()
    assert kept["answers"]["word"] == "yes"
    assert (kept["severity"], kept["qualification"]) == (3, "paracrisis")
