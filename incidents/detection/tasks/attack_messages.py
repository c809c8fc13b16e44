"""What single messages of a pile-on say of the role, the side and the anger of who wrote them, and of whom they hit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from clients.listening.evaluation.metrics import macro_f1
from clients.listening.evaluation.protocol import Row
from incidents.detection.alike import Alike, Alikes, Floats, Ridge
from incidents.detection.tasks.attack_people import ADDRESSED, ROLES, SIDES, plain, scenes_of

PEACEFUL = "NAG"  # not aggressive; OAG and CAG are openly and covertly so
MAIN = (*ROLES, "pack", "target", "aggressive", "open", "hits the pack", "hits the target")
# What else a person may have said of a message, by column: each value is a question more.
_FURTHER = {
    "intention": ("DFN", "ATK", "AIN", "CNS", "CR", "EMP", "GSL"),
    "verbal_abuse": ("DNG", "NCG", "THR"),
    "sentiment": ("NEG", "NEU"),
    "context": ("DFN", "ATK", "AIN", "CNS", "OTH", ""),
    "target": ("bully", "bully_support", "victim", "victim_support", "conciliator"),
}
QUESTIONS = (*MAIN, *(f"{column} {value}" for column, values in _FURTHER.items() for value in values))
_AROUND = [QUESTIONS.index(name) for name in ("aggressive", "open", "pack")]
_THRESHOLDS = np.arange(0.4, 0.7, 0.02)


def wanted(rows: Sequence[Row]) -> Floats:
    """Return rows x QUESTIONS, 1.0 where the answer is yes, from `role`, `hate` and what else was said."""
    return np.array(
        [
            [row["role"] == role for role in ROLES]
            + [SIDES[row["role"]] == side for side in ("pack", "target")]
            + [row["hate"] != PEACEFUL, row["hate"] == "OAG"]
            + [row.get("target", "").startswith(hit) for hit in ("bully", "victim")]
            + [row.get(column, "") == value for column, values in _FURTHER.items() for value in values]
            for row in rows
        ],
        float,
    )


@dataclass
class Messages:
    """Reads single messages. `held`: what is said of each message learnt from by models that saw not its scene.

    Learning takes room for the square of the messages: 64 MB for 4,000.
    """

    alike: Alike = field(default_factory=Alike)

    def fit(self, rows: Sequence[Row]) -> Self:
        """Learn the QUESTIONS; `alikes` keeps how alike the messages are, messages x messages."""
        self.alikes = self.alike.fit([row["text"] for row in rows]).among()
        self._ridge = Ridge().fit(self.alikes, wanted(rows), [row["scenario"] for row in rows])
        self.held = self._ridge.held
        return self

    def say(self, texts: Sequence[str]) -> Iterator[tuple[Floats, Alikes]]:
        """Yield messages x QUESTIONS and their likenesses with those learnt from, some rows at a time, in order."""
        for alikes in self.alike.beside(texts):
            yield self._ridge.say(alikes), alikes


class Anger:
    """Tells an aggressive message from what is said of it, of its author's others, and of those around it."""

    def fit(self, rows: Sequence[Row], said: Floats) -> Self:
        """Learn from the MAIN questions; the threshold is that of the best macro-F1 among the very rows learnt from."""
        angry = [row["hate"] != PEACEFUL for row in rows]
        figures = _figures(rows, said)
        self._model = make_pipeline(StandardScaler(), LogisticRegression(C=0.02, max_iter=2_000)).fit(figures, angry)
        found = self._model.predict_proba(figures)[:, 1]
        truth = np.array(angry).astype(str).tolist()
        self._threshold = max(_THRESHOLDS, key=lambda t: macro_f1(truth, (found > t).astype(str).tolist()))
        return self

    def is_in(self, rows: Sequence[Row], said: Floats) -> npt.NDArray[np.bool_]:
        """Return whether each message is aggressive."""
        return np.asarray(self._model.predict_proba(_figures(rows, said))[:, 1] > self._threshold)


def _figures(rows: Sequence[Row], said: Floats) -> Floats:
    """Return messages x figures."""
    said = said[:, : len(MAIN)]
    found = np.zeros((len(rows), 3 * said.shape[1] + 4 * len(_AROUND) + len(ADDRESSED) + 7))
    for turns in scenes_of(rows):
        here, many = said[turns], len(turns)
        whole = here.mean(axis=0)
        of: dict[str, list[int]] = {}
        for k, turn in enumerate(turns):
            of.setdefault(rows[turn]["author"], []).append(k)
        total = {who: here[own].sum(axis=0) for who, own in of.items()}
        near = np.pad(here[:, _AROUND], ((2, 2), (0, 0)))
        for k, turn in enumerate(turns):
            who = rows[turn]["author"]
            count = len(of[who])
            others = (total[who] - here[k]) / (count - 1) if count > 1 else whole
            around = near[[k, k + 1, k + 3, k + 4]].ravel()
            found[turn] = np.concatenate([here[k], others, whole, around, _marks(rows[turn]["text"], k, count, many)])
    return found


def _marks(raw: str, place: int, count: int, many: int) -> Floats:
    text = plain(raw)
    return np.array(
        [
            *(bool(pattern.search(text)) for pattern in ADDRESSED),
            len(text) / 100,
            "?" in text,
            "!" in text,
            place / many,
            raw.isupper(),
            len(text.split()) < 3,
            count / many,
        ],
        float,
    )
