"""`evaluate accounts`: one line a row, whatever the file; which column is the label is found in the training file."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from clients.listening.evaluation import accounts
from clients.listening.evaluation.figures_of_accounts import figures_of
from clients.listening.evaluation.protocol import Options, WrongFile

HOUSES = ["Official account of the river company", "News and offers from our shops", "We sell shoes, contact us"]
PEOPLE = ["I love my dog", "my own opinions, mom of two", "lover of trains and my wife"]


@pytest.fixture(autouse=True)
def no_embedding(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without the extra: the models are slow to load, and nothing here is about them."""
    monkeypatch.setattr("clients.listening.reading.embeddings._loaded", lambda encoder: None)


def _file(path: Path, header: str, rows: Sequence[str]) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def _train(tmp_path: Path, name: str = "general_public") -> Path:
    rows = [f'"{bio} {n}",{label},{"ab"[n % 2]}' for n in range(8) for label, bios in (("0.0", HOUSES), ("1.0", PEOPLE))
            for bio in bios]  # fmt: skip
    return _file(tmp_path / "train.csv", f"bio,{name},source", rows)


@pytest.mark.parametrize("name", ["general_public", "label"])
def test_the_label_column_is_found_and_the_test_file_needs_none(tmp_path: Path, name: str) -> None:
    test = _file(tmp_path / "test.csv", "extra,bio", ['1,"Official page, contact us"', '2,"I love my wife"', "3,"])
    answers = list(accounts.answer([_train(tmp_path, name)], test, Options()))
    assert [row["row"] for row in answers] == ["0", "1", "2"]
    assert [row["label"] for row in answers[:2]] == ["0.0", "1.0"]
    assert all(0.5 <= float(row["p"]) <= 1 for row in answers)


def test_labels_of_the_test_file_change_nothing(tmp_path: Path) -> None:
    train = _train(tmp_path)
    bios = ['"Official page"', '"my dog"']
    told = _file(tmp_path / "told.csv", "bio,general_public", [f"{bio},1.0" for bio in bios])
    untold = _file(tmp_path / "untold.csv", "bio", bios)
    assert list(accounts.answer([train], told, Options())) == list(accounts.answer([train], untold, Options()))


def test_the_score_tells_the_right_label_from_the_wrong_one(tmp_path: Path) -> None:
    test = _file(tmp_path / "test.csv", "bio,label", ["a,x", "b,y", "c,x"])
    right = [{"row": str(n), "label": label, "p": "0.9"} for n, label in enumerate("xyx")]
    wrong = [{"row": str(n), "label": label, "p": "0.9"} for n, label in enumerate("yxy")]
    assert [figure.value for figure in accounts.score(test, right, Options())] == [1.0, 1.0]
    assert [figure.value for figure in accounts.score(test, wrong, Options())] == [0.0, 0.0]


def test_a_file_that_cannot_teach_is_refused_in_words(tmp_path: Path) -> None:
    test = _file(tmp_path / "test.csv", "bio", ["a"])
    for header, rows in (("bio,label", []), ("bio,kind", ["a,b"]), ("bio,label", ["a,x", "b,x"]), ("text", ["a"])):
        with pytest.raises(WrongFile):
            list(accounts.answer([_file(tmp_path / "train.csv", header, rows)], test, Options()))


def test_figures_that_are_none_count_as_zero() -> None:
    odd = {"bio": "", "tweets": "many", "followers": "inf", "verified": "True", "join_date": "yesterday"}
    plain = figures_of([odd], ["tweets", "followers", "verified", "join_date"])
    assert plain.shape == figures_of([{"bio": ""}], ["tweets", "followers", "verified", "join_date"]).shape
    assert float(plain.sum()) == pytest.approx(1.0 + 1 + 1 / 160, abs=1.1)
