"""What a surge is about."""

from datetime import UTC, datetime, timedelta

from incidents.detection.terms import Heard, evidence, rising_terms, sentences

BEFORE = [
    "Bonjour, où est ma commande ?",
    "Très beaux draps, merci",
    "Ma commande est arrivée",
    "Merci pour la commande",
]
NOW = [
    "Remboursement refusé chez @MaisonAldane, cc @consofr",
    "Trois semaines pour un REMBOURSEMENT https://exemple.test/remboursement",
    "remboursement promis, remboursement jamais venu",
    "Et ma commande alors, et mon délai",
    "Le délai, parlons-en",
    "Délai, délai, délai",
]


def test_the_words_that_rise_come_first_each_text_counting_once() -> None:
    first, second = rising_terms(NOW, BEFORE, "fr")[:2]
    assert [(t.term, t.now, t.before) for t in (first, second)] == [("délai", 3, 0), ("remboursement", 3, 0)]


def test_handles_addresses_stop_words_and_usual_words_are_left_out() -> None:
    terms = {term.term for term in rising_terms(NOW, BEFORE, "fr", k=50)}
    assert terms == {"remboursement", "délai"}


def test_without_a_time_before_the_most_frequent_words_are_given() -> None:
    assert [(term.term, term.rise) for term in rising_terms(NOW, [])][:2] == [("délai", 0.0), ("remboursement", 0.0)]


def test_nothing_said_gives_no_word_and_no_sentence() -> None:
    assert rising_terms([], []) == ()
    assert sentences(evidence([], [], "fr"), "fr") == ()


def test_the_evidence_names_sources_and_the_first_hour_never_an_account() -> None:
    noon = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    posts = [Heard(noon + timedelta(minutes=i), "Forum" if i else "X", text) for i, text in enumerate(NOW)]
    told = sentences(evidence(posts, [], "fr", k=2), "fr")
    assert told == (
        "Mots qui montent\u00a0: délai, remboursement.",
        "Sources\u00a0: Forum (5), X (1).",
        "Premier message à 21\u00a0h\u00a000.",
    )
    assert sentences(evidence(posts, [], "en", k=2), "en")[2] == "First post at 21:00."
