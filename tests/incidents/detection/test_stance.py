"""What an answer does with what it answers."""

import csv
from pathlib import Path
from random import Random

import numpy as np
import pytest

from clients.listening.evaluation.protocol import Options, WrongFile
from incidents.detection.stance import Said, StanceReader, best_shift, figures
from incidents.detection.stance_words import cues
from incidents.detection.tasks import cascade

SAYS = {
    "query": ["is this true? any source?", "really? where did you hear it?"],
    "deny": ["this is fake, not true, stop it", "liar, a hoax, it never happened"],
    "comment": ["sad day for them all", "my train is late again"],
}


def rows(threads, event="a"):
    found = []
    for thread in range(threads):
        top = f"{event}{thread}"
        found.append({"tweet_id": top, "in_reply_to": "", "text": "BREAKING: shots reported", "stance": "support"})
        for place, (stance, texts) in enumerate(SAYS.items()):
            number = f"{top}-{place}"
            found.append({"tweet_id": number, "in_reply_to": top, "text": texts[thread % 2], "stance": stance})
    return [{"event": event, "created_at": f"2026-01-01T00:{n % 60:02d}:00Z"} | row for n, row in enumerate(found)]


def written(path: Path, found):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    return path


def light():
    return StanceReader(encode=lambda encoder, texts: None)


def test_stances_are_learnt_from_other_events_whatever_the_order_of_the_rows(tmp_path):
    train = written(tmp_path / "train.csv", rows(8) + rows(8, "b"))
    asked = rows(4, "c")
    Random(2).shuffle(asked)
    test = written(tmp_path / "test.csv", asked)
    answers = cascade.answer([train], test, Options(), light())
    assert [row["tweet_id"] for row in answers] == [row["tweet_id"] for row in asked]
    assert [row["parent"] for row in answers] == [row["in_reply_to"] for row in asked]
    found = {figure.name: figure.value for figure in cascade.score(test, answers, Options())}
    assert found["parents as in_reply_to"] == 1
    assert found["stance macro-F1"] > 0.9


def test_the_stances_of_the_test_file_are_not_looked_at(tmp_path):
    train = written(tmp_path / "train.csv", rows(4) + rows(4, "b"))
    asked = rows(2, "c")
    honest = written(tmp_path / "test.csv", asked)
    swapped = written(tmp_path / "swapped.csv", [row | {"stance": "deny"} for row in asked])
    assert cascade.answer([train], honest, Options(), light()) == cascade.answer([train], swapped, Options(), light())


def test_cycles_gone_parents_and_a_row_alone_have_a_defined_answer(tmp_path):
    asked = [
        {"tweet_id": "1", "in_reply_to": "2", "text": "", "created_at": "2026-01-01T00:02:00Z"},
        {"tweet_id": "2", "in_reply_to": "1", "text": "\u202eabc", "created_at": "2026-01-01T00:01:00Z"},
        {"tweet_id": "3", "in_reply_to": "gone", "text": "🙂", "created_at": "not a date"},
        {"tweet_id": "4", "in_reply_to": "4", "text": "x" * 50_000, "created_at": "9999-12-31T23:59:59Z"},
    ]
    train = written(tmp_path / "train.csv", rows(3) + rows(3, "b"))
    answers = cascade.answer([train], written(tmp_path / "test.csv", asked), Options(), light())
    assert [(row["parent"], row["depth"]) for row in answers] == [("2", "1"), ("", "0"), ("", "0"), ("", "0")]


def test_a_file_with_no_links_hangs_posts_under_their_thread(tmp_path):
    asked = [{"tweet_id": "2", "thread_id": "1", "text": "b"}, {"tweet_id": "1", "thread_id": "1", "text": "a"}]
    answers = cascade.answer([], written(tmp_path / "test.csv", asked), Options())
    assert [(row["parent"], row["depth"], row["stance"]) for row in answers] == [
        ("1", "1", "comment"),
        ("", "0", "comment"),
    ]


def test_a_file_without_labels_is_not_scored(tmp_path):
    path = written(tmp_path / "test.csv", [row | {"stance": ""} for row in rows(1)])
    with pytest.raises(WrongFile):
        cascade.score(path, cascade.answer([], path, Options()), Options())


def test_one_stance_alone_cannot_be_learnt():
    with pytest.raises(ValueError, match="Two stances"):
        light().fit([Said("a", "", 0.0, None, 0, 0)], ["deny"], ["e"])


def test_a_rare_stance_is_raised_until_it_is_found():
    target = np.asarray([0] * 90 + [1] * 10)
    logs = np.log(np.where(target[:, None] == 1, [0.6, 0.4], [0.9, 0.1]))
    assert ((logs + best_shift(logs, target)).argmax(axis=1) == target).all()


def test_an_empty_text_has_figures_like_any_other():
    assert cues("").shape == cues("Is it true?! https://example.org @someone").shape
    assert np.isfinite(figures([Said("", "", 0.0, None, 0, 0)])).all()
