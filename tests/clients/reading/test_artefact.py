"""A model on disk is arrays and a card that vouches for them: anything else is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from clients.listening.reading.artefact import Artefact, WrongArtefact, load, save
from clients.listening.reading.reader import SHIPPED


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    arrays = {"coef": np.eye(3, dtype=np.float16)}
    save(Artefact("sentiment", "sentiment/1", arrays, {"bits": 3}, {"trained_on": "2026-11-23"}), tmp_path)
    return tmp_path


def test_what_was_saved_comes_back(folder: Path) -> None:
    again = load(folder, "sentiment")
    assert again.version == "sentiment/1" and again.card == {"trained_on": "2026-11-23"}
    assert (again.arrays["coef"] == np.eye(3)).all()


def test_altered_arrays_are_refused(folder: Path) -> None:
    np.savez(folder / "sentiment.npz", coef=np.ones((3, 3), np.float16))
    with pytest.raises(WrongArtefact, match="vouches"):
        load(folder, "sentiment")


def test_altered_settings_are_refused(folder: Path) -> None:
    card = json.loads((folder / "sentiment.json").read_text())
    (folder / "sentiment.json").write_text(json.dumps(card | {"reading": {"bits": 4}}))
    with pytest.raises(WrongArtefact, match="vouches"):
        load(folder, "sentiment")


def test_pickled_objects_are_refused(folder: Path) -> None:
    np.savez(folder / "sentiment.npz", allow_pickle=True, coef=np.array([{"a": 1}], dtype=object))
    with pytest.raises(WrongArtefact, match="cannot be read"):
        load(folder, "sentiment")


@pytest.mark.parametrize("name", ["sentiment.npz", "sentiment.json"])
def test_a_missing_or_cut_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:20])
    with pytest.raises(WrongArtefact):
        load(folder, "sentiment")
    (folder / name).unlink()
    with pytest.raises(WrongArtefact):
        load(folder, "sentiment")


def test_another_task_is_refused(folder: Path) -> None:
    for suffix in ("npz", "json"):
        (folder / f"sentiment.{suffix}").rename(folder / f"intent.{suffix}")
    with pytest.raises(WrongArtefact, match="another format or task"):
        load(folder, "intent")


@pytest.mark.parametrize("task", ["sentiment", "intent"])
def test_shipped_models_are_small_and_say_where_they_come_from(task: str) -> None:
    card = load(SHIPPED, task).card
    assert (SHIPPED / f"{task}.npz").stat().st_size < 1_000_000
    assert all(origin["licence"] != "not stated" for origin in card["training_set"]["origins"])
    assert not any("NC" in origin["licence"] for origin in card["training_set"]["origins"])
