"""The two tasks of evaluation on texts: files written here, answered by machines without embeddings or with."""

import csv
from pathlib import Path
from types import ModuleType

import pytest

from clients.listening.evaluation import exchange, sentiment
from clients.listening.evaluation.protocol import Options, WrongFile

THINGS = ("the parcel", "my order", "the bill", "this flight", "the refund", "a seat")
BRAND = [f"@11571{n} Sorry to hear about {thing}! Please DM us your number. ^AB" for n, thing in enumerate(THINGS)]
CUSTOMER = [f"@Shop I have been waiting for {thing} for a week, what are you doing?" for thing in THINGS]
SIDES = [("False", text, "", "1") for text in BRAND] + [("True", text, "2", "") for text in CUSTOMER]
FEELINGS = [("positive", f"Thank you, {thing} is great") for thing in THINGS] + [
    ("negative", f"Awful, {thing} is broken") for thing in THINGS
]


def written(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def sides(folder: Path) -> Path:
    return written(folder / "sides.csv", ("inbound", "text", *exchange.LINKS), SIDES)


def feelings(folder: Path) -> Path:
    return written(folder / "feelings.csv", ("label", "text"), FEELINGS)


def test_the_side_of_a_message_is_told_by_how_it_speaks_and_whom_it_addresses(tmp_path: Path) -> None:
    new = [("@999999 Happy to help, please DM us. -Tom",), ("@Other I am still waiting, what is this?",)]
    test = written(tmp_path / "new.csv", ("text",), new)
    answers = list(exchange.answer([sides(tmp_path)], test, Options()))
    assert [(row["row"], row["label"]) for row in answers] == [("0", "False"), ("1", "True")]


def test_a_side_is_told_where_every_handle_is_masked_alike(tmp_path: Path) -> None:
    new = [("@user Sorry to hear that! Please DM us. ^TB",), ("@user I have been waiting for my order",)]
    test = written(tmp_path / "masked.csv", ("text",), new)
    answers = list(exchange.answer([sides(tmp_path)], test, Options()))
    assert [row["label"] for row in answers] == ["False", "True"]


@pytest.mark.parametrize(
    "text",
    ["Done ^AB", "See you -Tom", "Thanks - Emma", "Hi ^Wren https://t.co/a https://t.co/b", "More 1 ^LJ 2/2", "*JohnW"],
)
def test_a_signature_of_a_team_is_seen(text: str) -> None:
    assert exchange.is_signed(text)


@pytest.mark.parametrize("text", ["", "waiting since Monday", "a - b and more words after it", "https://t.co/a"])
def test_no_signature_is_seen_where_there_is_none(text: str) -> None:
    assert not exchange.is_signed(text)


def test_a_feeling_is_learnt_from_the_files_own_labels(tmp_path: Path) -> None:
    test = written(tmp_path / "new.csv", ("text",), [("Thank you, great",), ("Awful, broken",)])
    answers = list(sentiment.answer([feelings(tmp_path)], test, Options()))
    assert [row["label"] for row in answers] == ["positive", "negative"]
    assert all(0.5 <= float(row["p"]) <= 1 for row in answers)


def test_labels_of_the_test_file_change_no_answer(tmp_path: Path) -> None:
    true = written(tmp_path / "true.csv", ("label", "text"), FEELINGS)
    swapped = written(tmp_path / "swapped.csv", ("label", "text"), [("odd", text) for _, text in FEELINGS])
    train = [feelings(tmp_path)]
    assert list(sentiment.answer(train, true, Options())) == list(sentiment.answer(train, swapped, Options()))


@pytest.mark.parametrize("task", [sentiment, exchange])
def test_hostile_texts_each_have_a_line_in_order(task: ModuleType, tmp_path: Path) -> None:
    test = written(
        tmp_path / "hostile.csv", ("text",), [("",), ("😡" * 40,), ("@" * 50_000,), ("مرحبا",), ("- " * 9_000,)]
    )
    train = feelings(tmp_path) if task is sentiment else sides(tmp_path)
    assert [row["row"] for row in task.answer([train], test, Options())] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("task", [sentiment, exchange])
def test_no_training_file_is_said(task: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(WrongFile, match="--train"):
        list(task.answer([], written(tmp_path / "t.csv", ("text",), [("x",)]), Options()))


def test_the_score_compares_with_the_labels(tmp_path: Path) -> None:
    test = feelings(tmp_path)
    right = [{"row": str(n), "label": label, "p": "1"} for n, (label, _) in enumerate(FEELINGS)]
    assert [figure.value for figure in sentiment.score(test, right, Options())] == [1.0, 1.0]
    wrong = [{**row, "label": "positive"} for row in right]
    assert sentiment.score(test, wrong, Options())[1].value == 0.5
