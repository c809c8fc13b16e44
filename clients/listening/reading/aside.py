"""The quick encoder for pages: loaded aside, so that nobody waits for a page while a model loads (some 3 s, 130 MB)."""

from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread

from clients.listening.reading.embeddings import Encoder, Vectors, available, encode

ENCODER: Encoder = "use"  # 2 ms a text; the better one takes 40
_asked, _loaded, _lock = Event(), Event(), Lock()


def ready_encoder() -> Callable[[Sequence[str]], Vectors] | None:
    """What makes vectors, once it is loaded; None until then, and where the extra is not installed.

    The first call has it loaded by a thread of its own.
    """
    if _loaded.is_set():
        return _encode if available(ENCODER) else None
    with _lock:
        if not _asked.is_set():
            _asked.set()
            Thread(target=_load, name="encoder", daemon=True).start()
    return None


def _load() -> None:
    try:
        available(ENCODER)
    finally:
        _loaded.set()


def _encode(texts: Sequence[str]) -> Vectors:
    made = encode(ENCODER, texts)
    if made is None:
        raise RuntimeError("The encoder went away.")
    return made
