"""What the participants of one pile-on do, taken together: figures of each beside the others, and one joint answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
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


def figures_of(authors: Sequence[str], texts: Sequence[str], said: Mapping[str, Floats]) -> tuple[list[str], Floats]:
    """Return the participants of one scene, in order of appearance, and participants x figures.

    The messages are in order of time. `said`: what was said of each message, under "role", "side" and "aggressive"
    (the last column: yes). Each figure comes three times: as it is, beside the scene's mean, and as a rank.
    """
    people = list(dict.fromkeys(authors))
    turns: dict[str, list[int]] = {name: [] for name in people}
    for turn, name in enumerate(authors):
        turns[name].append(turn)
    raw = [
        _figures(place, np.array(turns[name]), authors, texts, said, len(people)) for place, name in enumerate(people)
    ]
    own = np.stack(raw)
    rank = (own[:, None] > own[None]).mean(axis=1) if len(people) <= 500 else own.argsort(0).argsort(0) / len(people)
    return people, np.hstack([own, own - own.mean(axis=0), rank])


def _figures(
    place: int,
    turns: npt.NDArray[np.intp],
    authors: Sequence[str],
    texts: Sequence[str],
    said: Mapping[str, Floats],
    people: int,
) -> Floats:
    role, angry, many = np.log(said["role"] + 1e-3), said["aggressive"][:, -1], len(authors)
    own, first = role[turns], angry[turns]
    read = [plain(texts[turn]) for turn in turns]
    before = [turn - 1 for turn in turns if turn and authors[turn - 1] != authors[turn]]
    after = [turn + 1 for turn in turns if turn + 1 < many and authors[turn + 1] != authors[turn]]
    return np.concatenate(
        [
            own.mean(axis=0),
            np.log(said["side"][turns] + 1e-3).mean(axis=0),
            own.sum(axis=0) / np.sqrt(len(turns) + 5),
            own[:3].mean(axis=0),
            [first.mean(), (first > 0.5).mean(), first[:3].mean(), first[0]],
            [np.log(len(turns)), len(turns) / many * people, turns[0] / many, turns.mean() / many, turns[-1] / many],
            [place == 0, place == 1, place / people],
            [np.mean([bool(pattern.search(text)) for text in read]) for pattern in ADDRESSED],
            [np.mean([len(text) for text in read]) / 100],
            [np.mean([mark in text for text in read]) for mark in "?!"],
            *(_around(said["role"], angry, near) for near in (before, after)),
        ]
    ).astype(float)


def _around(role: Floats, angry: Floats, near: list[int]) -> Floats:
    """Return how angry the others' neighbouring messages are, and the roles that they speak of."""
    if not near:
        return np.concatenate([[0.5], np.zeros(role.shape[1])])
    return np.concatenate([[angry[near].mean()], role[near].mean(axis=0)])


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
