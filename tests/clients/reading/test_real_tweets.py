"""The shipped model on real tweets that it has never seen (evaluation only: read where they lie, never copied)."""

from pathlib import Path

import pytest

from clients.listening.reading.evaluation import evaluate
from clients.listening.reading.labels import Doc
from clients.listening.reading.language import language_of
from clients.listening.reading.reader import Reader
from clients.listening.reading.training import read_labelled

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "sentiment"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the real labelled tweets are not on this machine"),
]


def test_english_tweets_of_another_trade_are_read_above_the_floor() -> None:
    tweets = read_labelled(FOLDER / "airline_en.csv", "sentiment")[::4]
    scores = evaluate(Reader.shipped().sentiment, [t.text for t in tweets], [t.label for t in tweets])
    assert scores.macro_f1 >= 0.60
    assert scores.accepted_accuracy >= 0.85 and scores.coverage >= 0.05


@pytest.mark.parametrize(("name", "language"), [("umsab_fr.csv", "fr"), ("airline_en.csv", "en")])
def test_the_language_of_tweets_is_right_when_it_is_said(name: str, language: str) -> None:
    tweets = read_labelled(FOLDER / name, "sentiment")[::4]
    said = [found for tweet in tweets if (found := language_of(Doc(tweet.text)).value)]
    assert len(said) / len(tweets) >= 0.90
    assert sum(found == language for found in said) / len(said) >= 0.98
