"""The two commands: train on labelled files, judge on another, refuse in words."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clients.listening.reading.reader import SHIPPED


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    rows = [
        f"{word} {i},{label}"
        for i in range(6)
        for word, label in (("nul", "negative"), ("jeudi", "neutral"), ("bravo", "positive"))
    ]
    path = tmp_path / "labelled.csv"
    path.write_text("text,label\n" + "\n".join(rows) + "\n")
    return path


def test_a_model_is_trained_then_judged(labelled: Path, tmp_path: Path) -> None:
    out = StringIO()
    licence = f"{labelled.name}=own words"
    call_command(
        "train_reading", "--sentiment", labelled, "--out", tmp_path, "--without-seeds", "--licence", licence, stdout=out
    )
    call_command("evaluate_reading", "--task", "sentiment", "--test", labelled, "--model", tmp_path, stdout=out)
    assert out.getvalue().count("macro-F1 1.000") == 2
    assert '"licence": "own words"' in (tmp_path / "sentiment.json").read_text()


def test_nothing_to_train_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nothing to train"):
        call_command("train_reading", "--out", tmp_path)


def test_a_wrong_label_names_its_line_and_nothing_is_written(labelled: Path, tmp_path: Path) -> None:
    labelled.write_text(labelled.read_text() + "hélas,triste\n")
    with pytest.raises(CommandError, match="line 20: label “triste”"):
        call_command("train_reading", "--sentiment", labelled, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_missing_model_is_refused(labelled: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("evaluate_reading", "--task", "sentiment", "--test", labelled, "--model", tmp_path)


def test_the_shipped_model_judges_by_default(labelled: Path) -> None:
    out = StringIO()
    call_command("evaluate_reading", "--task", "sentiment", "--test", labelled, stdout=out)
    assert "texts 18" in out.getvalue() and SHIPPED.is_dir()
