"""What the participants of one pile-on do, taken together: figures of each beside the others, and one joint answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from clients.listening.evaluation.protocol import Row
from incidents.detection.alike import Alikes, Floats

Person = tuple[str, str]  # scene, name
SIDES = {
    "bully": "pack",
    "bully_support": "pack",
    "victim": "target",
    "victim_support": "target",
    "conciliator": "neutral",
}
ROLES = tuple(sorted(SIDES))
_ADDRESSED = (
    r"\b(?:tu|t|toi|te|ton|ta|tes|vous|vos|votre|ferme|tg)\b|\bt'",
    r"\b(?:je|j|moi|me|mon|ma|mes|jsuis|suis)\b|\bj'|\bm'",
    r"\b(?:il|elle|lui|la|sa|son|ses|l)\b",
    r"\b(?:on|nous|les gars|arretez|arreter|stop|calme\w*|laisse\w*|tranquille)\b",
)
ADDRESSED = tuple(re.compile(pattern) for pattern in _ADDRESSED)
_MOST = 2_000  # characters of a message that are looked at


def plain(text: str) -> str:
    """Return a text in lower case without accents."""
    cut = unicodedata.normalize("NFD", text[:_MOST].lower())
    return "".join(letter for letter in cut if not unicodedata.combining(letter))


def scenes_of(rows: Sequence[Row]) -> Iterator[list[int]]:
    """Yield the rows' numbers scene by scene, in the order of the file: it is that of time, whatever the clock says."""
    scenes: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        scenes.setdefault(row["scenario"], []).append(number)
    yield from scenes.values()


def participants(rows: Sequence[Row], said: Floats) -> tuple[list[Person], Floats]:
    """Return the participants (scene and name), and participants x figures. `said`: what was said of each message."""
    people: list[Person] = []
    figures: list[Floats] = []
    for turns in scenes_of(rows):
        authors, texts = [rows[turn]["author"] for turn in turns], [rows[turn]["text"] for turn in turns]
        here, found = figures_of(authors, texts, said[turns])
        people += [(rows[turns[0]]["scenario"], name) for name in here]
        figures.append(found)
    return people, np.vstack(figures)


def together(rows: Sequence[Row], table: Alikes) -> Alikes:
    """Return participants x columns from messages x columns: the mean of each, less that of its scene's participants.

    The participants come in the order of `participants`.
    """
    found = []
    for turns in scenes_of(rows):
        place = {name: k for k, name in enumerate(dict.fromkeys(rows[turn]["author"] for turn in turns))}
        number = np.array([place[rows[turn]["author"]] for turn in turns])
        mean = np.zeros((len(place), table.shape[1]), np.float32)
        np.add.at(mean, number, table[turns])
        mean /= np.bincount(number).astype(np.float32)[:, None]
        found.append(mean - mean.mean(axis=0))
    return np.vstack(found)


def figures_of(authors: Sequence[str], texts: Sequence[str], said: Floats) -> tuple[list[str], Floats]:
    """Return the participants of one scene, in order of appearance, and participants x figures.

    The messages are in order of time; `said`: messages x what was said of each. Each figure comes three times: as it
    is, beside the scene's mean, and as a rank.
    """
    turns: dict[str, list[int]] = {}
    for turn, name in enumerate(authors):
        turns.setdefault(name, []).append(turn)
    before, after = _last_other(authors), [len(authors) - 1 - k for k in _last_other(authors[::-1])][::-1]
    scene = _Scene(texts, said, before, [k if k < len(authors) else -1 for k in after], len(turns))
    own = np.stack([_figures(place, np.array(mine), scene) for place, mine in enumerate(turns.values())])
    many = len(own)
    rank = (own[:, None] > own[None]).mean(axis=1) if many <= 500 else own.argsort(0).argsort(0) / many
    return list(turns), np.hstack([own, own - own.mean(axis=0), rank])


@dataclass(frozen=True)
class _Scene:
    texts: Sequence[str]
    said: Floats
    before: Sequence[int]  # the last message of somebody else before each one, -1 for none
    after: Sequence[int]
    people: int


def _last_other(authors: Sequence[str]) -> list[int]:
    """Return, for each message, the number of the last one before it by somebody else; -1 for none."""
    found: list[int] = []
    for turn, name in enumerate(authors):
        alone = not turn or (authors[turn - 1] == name and found[-1] < 0)
        found.append(-1 if alone else found[-1] if authors[turn - 1] == name else turn - 1)
    return found


def _figures(place: int, turns: npt.NDArray[np.intp], scene: _Scene) -> Floats:
    own, many = scene.said[turns], len(scene.texts)
    read = [plain(scene.texts[turn]) for turn in turns]
    at = turns / many
    return np.concatenate(
        [
            own.mean(axis=0),
            own.sum(axis=0) / np.sqrt(len(turns) + 5),
            own[:3].mean(axis=0),
            [np.log(len(turns)), len(turns) / many * scene.people, at[0], at.mean(), at[-1]],
            [place == 0, place == 1, place / scene.people],
            [np.mean([bool(pattern.search(text)) for text in read]) for pattern in ADDRESSED],
            [np.mean([len(text) for text in read]) / 100],
            [np.mean([mark in text for text in read]) for mark in "?!"],
            *(_around(scene.said, [near[turn] for turn in turns]) for near in (scene.before, scene.after)),
        ]
    ).astype(float)


def _around(said: Floats, near: Sequence[int]) -> Floats:
    """Return what is said of the others' neighbouring messages, of the whole scene's when there is none."""
    met = [turn for turn in near if turn >= 0]
    return np.asarray(said[met or slice(None)].mean(axis=0), float)


def assigned(logs: Floats, second: float) -> list[str]:
    """Return the likeliest roles of one scene's participants together: one victim, and one bully or two.

    `logs`: participants x ROLES; `second`: the logarithm of the odds of a second bully. In linear time.
    """
    bully, victim = ROLES.index("bully"), ROLES.index("victim")
    others = [k for k in range(len(ROLES)) if k not in {bully, victim}]
    chosen = [others[k] for k in logs[:, others].argmax(axis=1)]
    rest = logs[:, others].max(axis=1)
    as_bully, as_victim = logs[:, bully] - rest, logs[:, victim] - rest
    leading = [int(k) for k in np.argsort(-as_bully, kind="stable")[:3]]

    def bullies(target: int) -> list[int]:
        free = [k for k in leading if k != target]
        return free[:1] + [k for k in free[1:2] if as_bully[k] + second > 0]

    def worth(target: int) -> float:
        return float(as_victim[target] + sum(as_bully[k] + second * n for n, k in enumerate(bullies(target))))

    target = max(range(len(logs)), key=worth)
    for k in bullies(target):
        chosen[k] = bully
    chosen[target] = victim
    return [ROLES[k] for k in chosen]
