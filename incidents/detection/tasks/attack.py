"""Pile-ons between several people: how aggressive each message is, and the side and the role of each participant.

A first stage reads single messages; a second one reads each participant beside the others of the scene (what their
messages say, when they speak, whom they answer), and answers a scene as a whole. Scenes never help to judge
themselves: the second stage learns from what the first says of scenes that it has not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from clients.listening.evaluation.metrics import accuracy, macro_f1, with_interval
from clients.listening.evaluation.protocol import Figure, Options, Row, WrongFile, rows_of
from incidents.detection.tasks.attack_messages import Floats, Messages
from incidents.detection.tasks.attack_people import ADDRESSED, ROLES, SIDES, assigned, figures_of, plain

COLUMNS = ("row", "scenario", "author", "aggressive", "side", "role")
NEEDED = ("scenario", "author", "text")
LABELS = ("role", "hate")
PEACEFUL = "NAG"  # not aggressive; OAG and CAG are openly and covertly so
_LEAST = 1e-3
_VECTORS_WEIGHT = 0.25  # of what a participant's mean vector says, beside the figures


def answer(train: Sequence[Path], test: Path, options: Options) -> Iterable[Row]:
    """Return a line per message: aggressive yes or no, the side (pack, target, neutral) and role of its author.

    Learns from the training files' `role` and `hate`. Raises WrongFile.
    """
    known = [row for path in train for row in rows_of(path, (*NEEDED, *LABELS)) if row["role"] in SIDES]
    try:
        pileons = PileOns().fit(known)
    except ValueError as error:
        raise WrongFile(f"--train: several scenes with their roles and anger are needed ({error}).") from error
    asked = list(rows_of(test, NEEDED))
    angry, roles = pileons.answer(asked)
    for number, (row, is_angry) in enumerate(zip(asked, angry, strict=True)):
        role = roles[_person(row)]
        yield {
            "row": str(number),
            "scenario": row["scenario"],
            "author": row["author"],
            "aggressive": "yes" if is_angry else "no",
            "side": SIDES[role],
            "role": role,
        }


def score(test: Path, answers: Sequence[Row], options: Options) -> list[Figure]:
    """Return macro-F1 and accuracy of side and role per participant, and macro-F1 of aggressive per message."""
    rows = list(rows_of(test, (*NEEDED, *LABELS)))
    angry = ["no" if row["hate"] == PEACEFUL else "yes" for row in rows]
    people = {_person(row): (row["role"], said) for row, said in zip(rows, answers, strict=True) if row["role"]}
    if not people:
        raise WrongFile(f"{test}: no role to compare with.")
    roles, said = [role for role, _ in people.values()], [line for _, line in people.values()]
    sides = [SIDES.get(role, role) for role in roles]
    return [
        with_interval("aggressive, macro-F1", macro_f1, angry, [line["aggressive"] for line in answers]),
        with_interval("side, macro-F1", macro_f1, sides, [line["side"] for line in said]),
        with_interval("side, accuracy", accuracy, sides, [line["side"] for line in said]),
        with_interval("role, macro-F1", macro_f1, roles, [line["role"] for line in said]),
        with_interval("role, accuracy", accuracy, roles, [line["role"] for line in said]),
    ]


Person = tuple[str, str]


def _person(row: Row) -> Person:
    return row["scenario"], row["author"]


@dataclass
class PileOns:
    """Learns pile-ons and answers others. The same rows give the same answers."""

    messages: Any = None  # what reads single messages; Messages() unless told

    def fit(self, rows: Sequence[Row]) -> Self:
        """Learn from rows with `role` and `hate`. Raises ValueError when there is too little to learn from."""
        if len({row["scenario"] for row in rows}) < 2:
            raise ValueError("fewer than two scenes")
        roles = np.array([row["role"] for row in rows])
        angry = np.array([row["hate"] != PEACEFUL for row in rows])
        asked = {
            "role": roles,
            "side": np.array([SIDES[role] for role in roles]),
            "aggressive": np.where(angry, "yes", "no"),
            "open": np.array([str(row["hate"] == "OAG") for row in rows]),
        }
        self.messages = self.messages or Messages(balanced=("role", "side"))
        self.messages.fit([row["text"] for row in rows], asked, [row["scenario"] for row in rows])
        if set(self.messages.classes["role"]) != set(ROLES):
            raise ValueError("a role is missing")
        self._learn_anger(rows, angry)
        self._learn_people(rows)
        return self

    def answer(self, rows: Sequence[Row]) -> tuple[npt.NDArray[np.bool_], dict[Person, str]]:
        """Return whether each message is aggressive, and the role of each participant."""
        if not rows:
            return np.zeros(0, bool), {}
        said, vectors = self.messages.say([row["text"] for row in rows])
        angry = self._anger.predict_proba(_message_figures(rows, said))[:, 1] > self._threshold
        people, figures, means = _participants(rows, said, vectors)
        logs = _log(self._people, figures)
        if means is not None:
            logs = (1 - _VECTORS_WEIGHT) * logs + _VECTORS_WEIGHT * _log(self._means, means)
        roles: dict[Person, str] = {}
        for scene in dict.fromkeys(scene for scene, _ in people):
            members = [k for k, (where, _) in enumerate(people) if where == scene]
            roles |= dict(zip((people[k] for k in members), assigned(logs[members], self._second), strict=True))
        return angry, roles

    def _learn_anger(self, rows: Sequence[Row], angry: npt.NDArray[np.bool_]) -> None:
        """Learn anger in its surroundings; the threshold is the best of the training rows themselves."""
        figures = _message_figures(rows, self.messages.out_of_fold)
        self._anger = _model(0.05).fit(figures, angry)
        said = self._anger.predict_proba(figures)[:, 1]
        tried = np.arange(0.4, 0.7, 0.02)
        self._threshold = max(
            tried, key=lambda t: macro_f1(angry.astype(str).tolist(), (said > t).astype(str).tolist())
        )

    def _learn_people(self, rows: Sequence[Row]) -> None:
        people, figures, means = _participants(rows, self.messages.out_of_fold, self.messages.vectors)
        roles = {_person(row): row["role"] for row in rows}
        labels = [roles[person] for person in people]
        self._people = _model(0.02).fit(figures, labels)
        self._means = None if means is None else _model(0.003).fit(means, labels)
        bullies = Counter(scene for (scene, _), role in zip(people, labels, strict=True) if role == "bully")
        several = sum(count > 1 for count in bullies.values())
        self._second = float(np.log((several + 1) / (len(bullies) - several + 1)))


def _model(strength: float) -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=2_000))


def _log(model: Any, figures: Floats) -> Floats:
    return np.asarray(np.log(model.predict_proba(figures) + _LEAST), float)


def _scenes(rows: Sequence[Row]) -> Iterator[list[int]]:
    """Yield the rows' numbers scene by scene, in the order of the file: it is that of time, whatever the clock says."""
    scenes: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        scenes.setdefault(row["scenario"], []).append(number)
    yield from scenes.values()


def _participants(
    rows: Sequence[Row], said: dict[str, Floats], vectors: dict[str, Floats]
) -> tuple[list[Person], Floats, Floats | None]:
    """Return the participants, their figures, and their mean vectors beside those of their scene."""
    people: list[Person] = []
    figures, means = [], []
    joined = np.hstack(list(vectors.values())) if vectors else None
    for turns in _scenes(rows):
        authors = [rows[turn]["author"] for turn in turns]
        here, found = figures_of(
            authors, [rows[turn]["text"] for turn in turns], {name: p[turns] for name, p in said.items()}
        )
        people += [(rows[turns[0]]["scenario"], name) for name in here]
        figures.append(found)
        if joined is not None:
            number = np.array([here.index(name) for name in authors])
            mean = np.stack([joined[turns][number == k].mean(axis=0) for k in range(len(here))])
            means.append(mean - mean.mean(axis=0))
    return people, np.vstack(figures), np.vstack(means) if means else None


def _message_figures(rows: Sequence[Row], said: dict[str, Floats]) -> Floats:
    """Return messages x figures: what is said of the message, of its author's others, and of those around it."""
    found = np.zeros((len(rows), 15 + said["role"].shape[1] + said["side"].shape[1]))
    odds, openly = (_odds(said[name][:, -1]) for name in ("aggressive", "open"))
    for turns in _scenes(rows):
        here, many = odds[turns], len(turns)
        total: Counter[str] = Counter()
        count: Counter[str] = Counter()
        for turn, value in zip(turns, here, strict=True):
            total[rows[turn]["author"]] += value
            count[rows[turn]["author"]] += 1
        padded = np.pad(here, 2)
        for k, turn in enumerate(turns):
            who, text = rows[turn]["author"], plain(rows[turn]["text"])
            others = (total[who] - here[k]) / (count[who] - 1) if count[who] > 1 else here.mean()
            around = padded[[k, k + 1, k + 3, k + 4]]
            marks = [bool(ADDRESSED[0].search(text)), bool(ADDRESSED[1].search(text)), len(text) / 100, "?" in text]
            shape = [k / many, rows[turn]["text"].isupper(), len(text.split()) < 3]
            known = [*np.log(said["role"][turn] + _LEAST), *np.log(said["side"][turn] + _LEAST)]
            found[turn] = [here[k], openly[turn], others, here.mean(), *around, *marks, *shape, *known]
    return found


def _odds(p: Floats) -> Floats:
    return np.asarray(np.log((p + _LEAST) / (1 - p + _LEAST)), float)
