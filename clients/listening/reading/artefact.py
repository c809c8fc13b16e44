"""A trained model on disk: plain arrays (`NAME.npz`, never pickle) and a card (`NAME.json`) that vouches for them."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FORMAT = 1
Arrays = dict[str, npt.NDArray[Any]]


class WrongArtefact(Exception):
    """The model's files are missing, unreadable, of another format, or not those that the card vouches for."""


@dataclass(frozen=True)
class Artefact:
    """`arrays`: the numbers. `reading`: what goes with them to read (classes, bits, thresholds), under the same hash.

    `card`: where they come from and what they are worth (origins, licences, figures, versions, date).
    """

    task: str
    version: str
    arrays: Arrays
    reading: Mapping[str, Any]
    card: Mapping[str, Any]


def digest(arrays: Arrays, reading: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the arrays (names, types, shapes, bytes) and of the settings they are read with."""
    total = hashlib.sha256(json.dumps(reading, sort_keys=True, ensure_ascii=True).encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        total.update(f"{name}|{array.dtype.str}|{array.shape}".encode())
        total.update(array.tobytes())
    return total.hexdigest()


def save(artefact: Artefact, folder: Path) -> None:
    """Write `<task>.npz` and `<task>.json` into an existing or new folder, replacing those there."""
    folder.mkdir(parents=True, exist_ok=True)
    card = {
        "format": FORMAT,
        "task": artefact.task,
        "version": artefact.version,
        "sha256": digest(artefact.arrays, artefact.reading),
        "reading": dict(artefact.reading),
        **artefact.card,
    }
    with (folder / f"{artefact.task}.npz").open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **artefact.arrays)
    text = json.dumps(card, ensure_ascii=False, indent=2, sort_keys=False) + "\n"
    (folder / f"{artefact.task}.json").write_text(text, encoding="utf-8")


def load(folder: Path, task: str) -> Artefact:
    """Read a model back. Raises WrongArtefact when anything differs from what the card vouches for."""
    try:
        card = json.loads((folder / f"{task}.json").read_text(encoding="utf-8"))
        with (folder / f"{task}.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except (OSError, ValueError, zipfile.BadZipFile, KeyError) as error:
        raise WrongArtefact(f"The {task} model in {folder} cannot be read: {error}") from error
    if card.get("format") != FORMAT or card.get("task") != task:
        raise WrongArtefact(f"The card {task}.json in {folder} is of another format or task.")
    if digest(arrays, card.get("reading", {})) != card.get("sha256"):
        raise WrongArtefact(f"The {task} model in {folder} is not the one its card vouches for (SHA-256 differs).")
    about = {k: v for k, v in card.items() if k not in {"format", "task", "version", "sha256", "reading"}}
    return Artefact(task, card["version"], arrays, card["reading"], about)
