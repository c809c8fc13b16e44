"""Pile-ons between several people: how aggressive each message is, and the side and the role of each participant.

A first stage reads single messages; a second one reads each participant beside the others of the scene (what their
messages say, when they speak, whom they answer), and answers a scene as a whole. Scenes never help to judge
themselves: the second stage learns from what the first says of scenes that it has not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from clients.listening.evaluation.metrics import accuracy, macro_f1, with_interval
from clients.listening.evaluation.protocol import Figure, Options, Row, WrongFile, rows_of
from clients.listening.reading.embeddings import Encode, encode
from incidents.detection.alike import Alike, Alikes, Floats
from incidents.detection.tasks.attack_messages import MAIN, PEACEFUL, Anger, Messages
from incidents.detection.tasks.attack_people import ROLES, SIDES, Person, assigned, participants, together

COLUMNS = ("row", "scenario", "author", "aggressive", "side", "role")
NEEDED = ("scenario", "author", "text")
LABELS = ("role", "hate")
TREES = 300
_PENALTY = 1.0  # of the ridge on participants, in mean likenesses of one with itself
_FLOORS = (1e-3, 1e-2, 0.02)  # the least probability that each of the three readings of a participant may give


def answer(train: Sequence[Path], test: Path, options: Options, pileons: PileOns | None = None) -> Iterable[Row]:
    """Return a line per message: aggressive yes or no, the side (pack, target, neutral) and role of its author.

    Learns from the training files' `role` and `hate`, and from `target`, `intention`, `context`, `verbal_abuse` and
    `sentiment` where they have them. `pileons` learns: with the embeddings that are installed, by default. Raises
    WrongFile.
    """
    pileons = pileons or PileOns()
    known = [row for path in train for row in rows_of(path, (*NEEDED, *LABELS)) if row["role"] in SIDES]
    try:
        pileons.fit(known)
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


def _person(row: Row) -> Person:
    return row["scenario"], row["author"]


class PileOns:
    """Learns pile-ons and answers others. The same rows give the same answers."""

    def __init__(self, reads: Encode = encode, trees: int = TREES) -> None:
        self._messages = Messages(Alike(reads))
        self._people = _People(trees)

    def fit(self, rows: Sequence[Row]) -> Self:
        """Learn from rows with `role` and `hate`. Raises ValueError when there is too little to learn from."""
        if len({row["scenario"] for row in rows}) < 2:
            raise ValueError("fewer than two scenes")
        if {row["role"] for row in rows} != set(ROLES):
            raise ValueError("a role is missing")
        if len({row["hate"] == PEACEFUL for row in rows}) < 2:
            raise ValueError("all messages are as aggressive")
        self._messages.fit(rows)
        self._anger = Anger().fit(rows, self._messages.held)
        self._people.fit(rows, self._messages.held, self._messages.alikes)
        return self

    def answer(self, rows: Sequence[Row]) -> tuple[npt.NDArray[np.bool_], dict[Person, str]]:
        """Return whether each message is aggressive, and the role of each participant."""
        if not rows:
            return np.zeros(0, bool), {}
        heard = [
            (said, self._people.narrowed(alikes)) for said, alikes in self._messages.say([r["text"] for r in rows])
        ]
        said, like = (np.vstack(tables) for tables in zip(*heard, strict=True))
        return self._anger.is_in(rows, said), self._people.roles(rows, said, like)


class _People:
    """Reads participants in three ways: a line and trees on their figures, a ridge on the likeness of what they say.

    The line reads what is said on all the questions; the trees, which lose their way among many, on the MAIN ones.
    """

    def __init__(self, trees: int) -> None:
        self._line = make_pipeline(StandardScaler(), LogisticRegression(C=0.005, max_iter=2_000))
        self._trees = ExtraTreesClassifier(trees, min_samples_leaf=3, class_weight="balanced", random_state=0)

    def fit(self, rows: Sequence[Row], said: Floats, alikes: Alikes) -> Self:
        """Learn from what is said of the messages by models that saw not their scene, and from their likenesses."""
        self._rows = rows
        people, figures = participants(rows, said)
        main = participants(rows, said[:, : len(MAIN)])[1]
        roles = {_person(row): row["role"] for row in rows}
        labels = [roles[person] for person in people]
        self._line.fit(figures, labels)
        self._trees.fit(main, labels)
        self._learn_likeness(together(rows, self.narrowed(alikes)), labels)
        bullies = Counter(scene for (scene, _), role in zip(people, labels, strict=True) if role == "bully")
        several = sum(count > 1 for count in bullies.values())
        self._second = float(np.log((several + 1) / (len(bullies) - several + 1)))
        return self

    def narrowed(self, alikes: Alikes) -> Alikes:
        """Return the likeness with each participant learnt from, instead of with each message of theirs."""
        return together(self._rows, alikes.T).T

    def roles(self, rows: Sequence[Row], said: Floats, like: Alikes) -> dict[Person, str]:
        """Return the role of each participant, each scene answered as a whole. `like`: messages as `narrowed`."""
        people, figures = participants(rows, said)
        main = participants(rows, said[:, : len(MAIN)])[1]
        alike = together(rows, like)
        readings = (self._line.predict_proba(figures), self._trees.predict_proba(main), self._liken(alike))
        logs = np.sum([np.log(np.clip(p, least, 1)) for p, least in zip(readings, _FLOORS, strict=True)], axis=0)
        members: dict[str, list[int]] = {}
        for number, (scene, _) in enumerate(people):
            members.setdefault(scene, []).append(number)
        found: dict[Person, str] = {}
        for here in members.values():
            found |= dict(zip((people[k] for k in here), assigned(logs[here], self._second), strict=True))
        return found

    def _learn_likeness(self, alike: Alikes, labels: Sequence[str]) -> None:
        is_role = np.array([[label == role for role in ROLES] for label in labels], float)
        self._usual, self._unit = is_role.mean(axis=0), max(float(np.trace(alike)) / len(alike), 1e-9)
        penalised = alike / self._unit + _PENALTY * np.eye(len(alike))
        self._weights = np.linalg.solve(penalised, is_role - self._usual)

    def _liken(self, alike: Alikes) -> Floats:
        return np.asarray(alike / self._unit @ self._weights + self._usual, float)
