"""From texts to hashed, weighted features: words, word pairs, and letters within words.

The same features as two scikit-learn vectorizers side by side (words 1-2, `char_wb` 2-5), made for a whole batch at
once with numpy. A feature is a 64-bit polynomial hash taken from running sums, so that no dictionary of words is ever
stored: the shipped model holds numbers only, and each can still be traced back to the words of the text being read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from clients.listening.reading.folding import composed, folded, without_addresses, without_long_runs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]

_TOKEN = re.compile(r"@user|\w+|[!?]+|\.{2,}|…|[^\w\s.,;:'\"()\[\]{}/\\|*_~<>«»“”#@&+=$€°-]|[:;]'?-?[()DP]")
LONGEST = 4000  # characters read by the model: an article says what it is about before that
_SPACE = ord(" ")
_BASE = 0x9E3779B97F4A7C15
_BASE_INVERSE = pow(_BASE, -1, 1 << 64)
_LETTERS_LOW, _LETTERS_HIGH = 2, 5
_WORD, _PAIR = 101, 102


@dataclass(frozen=True)
class Occurrences:
    """Every feature occurrence of a batch, gathered into entries: one for each (text, feature) met.

    Of an entry, `row`: index of the text; `bucket`: hashed feature below `2 ** bits`, words in the lower half and
    letters in the upper half; `count`: its occurrences. Of an occurrence, `entry`: index of its entry; `token` and
    `token_end`: indices, in `tokens`, of the first and last word it covers. `token_row`: index of the text of a token.
    """

    bits: int
    row: Ints
    bucket: Ints
    count: Ints
    entry: Ints
    token: Ints
    token_end: Ints
    tokens: list[str]
    token_row: Ints
    texts: int

    @cached_property
    def by_text(self) -> Any:
        """Sums entries by text: texts x entries, sparse. Made once for all the models that read the batch."""
        ends = np.searchsorted(self.row, np.arange(self.texts + 1))
        return csr_matrix((np.ones(self.row.size), np.arange(self.row.size), ends), shape=(self.texts, self.row.size))

    @cached_property
    def by_token(self) -> Any:
        """Shares each entry between its occurrences, a pair's between its two words: tokens x entries, sparse."""
        share = 1.0 / self.count[self.entry]
        pairs = np.flatnonzero(self.token != self.token_end)
        share[pairs] /= 2
        tokens = np.concatenate([self.token, self.token_end[pairs]])
        entries = np.concatenate([self.entry, self.entry[pairs]])
        shares = np.concatenate([share, share[pairs]])
        return csr_matrix((shares, (tokens, entries)), shape=(len(self.tokens), self.row.size))

    @cached_property
    def dampened(self) -> npt.NDArray[np.float64]:
        """1 + ln count of each entry."""
        return 1.0 + np.log(self.count)


def tokens_of(text: str) -> list[str]:
    """Return the words, strings of ! and ?, emoji and smileys of a text as written, handles and links masked."""
    return _TOKEN.findall(without_long_runs(without_addresses(composed(text[:LONGEST]))))


def occurrences(texts: Sequence[str], *, bits: int) -> Occurrences:
    """Hash every word, word pair and in-word run of 2 to 5 letters of the texts into `2 ** bits` buckets."""
    per_text = [tokens_of(text) for text in texts]
    tokens = [token for found in per_text for token in found]
    token_row = np.repeat(np.arange(len(texts)), [len(found) for found in per_text])
    joined = folded(" " + "".join(token + " " for token in tokens))
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype=np.uint32)
    is_space = codes == _SPACE
    spaces = np.flatnonzero(is_space)
    sums, back = _running_sums(codes)
    token_at = np.cumsum(is_space) - 1
    parts = [_words(sums, back, spaces, bits), _pairs(sums, back, spaces, token_row, bits)]
    parts += [_letters(sums, back, is_space, token_at, size, bits) for size in range(_LETTERS_LOW, _LETTERS_HIGH + 1)]
    bucket, token, token_end = (np.concatenate([part[i] for part in parts]) for i in range(3))
    keys = (token_row[token] << bits) | bucket
    key, entry, count = np.unique(keys, return_inverse=True, return_counts=True)
    row, bucket = key >> bits, key & ((1 << bits) - 1)
    return Occurrences(bits, row, bucket, count, entry.reshape(-1), token, token_end, tokens, token_row, len(texts))


def weights(found: Occurrences, idf: Floats) -> Floats:
    """Return the value of each entry: (1 + ln count) x idf, scaled to length 1 per text in words and in letters."""
    value = found.dampened * idf[found.bucket]
    block = found.row * 2 + (found.bucket >= idf.size // 2)
    length = np.sqrt(np.bincount(block, weights=value * value, minlength=2 * found.texts))
    return (value / np.maximum(length, 1e-9)[block]).astype(np.float32)


def inverse_document_frequency(texts: Sequence[str], *, bits: int, at_least: int) -> Floats:
    """Return ln((1 + n) / (1 + df)) + 1 per bucket (scikit-learn's smooth idf), 0 where df is under `at_least`.

    Features seen in a single text are dropped so that no rare name or phrase of the training set leaves a trace.
    """
    df = np.bincount(occurrences(texts, bits=bits).bucket, minlength=1 << bits)
    idf = np.log((1 + len(texts)) / (1 + df)) + 1
    return np.where(df >= at_least, idf, 0).astype(np.float32)


def _running_sums(codes: npt.NDArray[np.uint32]) -> tuple[Hashes, Hashes]:
    """Return sums S with S[j] - S[i] = hash of codes[i:j] x BASE^i (mod 2^64), and BASE^-i to bring it back."""
    powers, back = np.empty(codes.size + 1, np.uint64), np.empty(codes.size + 1, np.uint64)
    powers[0] = back[0] = 1
    powers[1:], back[1:] = np.uint64(_BASE), np.uint64(_BASE_INVERSE)
    np.multiply.accumulate(powers, out=powers)
    np.multiply.accumulate(back, out=back)
    sums = np.zeros(codes.size + 1, np.uint64)
    np.cumsum(_mixed(codes.astype(np.uint64)) * powers[:-1], out=sums[1:])
    return sums, back


def _mixed(values: Hashes) -> Hashes:
    """Scatter 64-bit values (the finalizer of splitmix64, Steele et al. 2014)."""
    values = values + np.uint64(_BASE)
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _buckets(sums: Hashes, back: Hashes, start: Ints, end: Ints, kind: int, bits: int) -> Ints:
    """Return the bucket, within half of the table, of each span `start:end` for a kind of feature."""
    hashes = _mixed((sums[end] - sums[start]) * back[start] + np.uint64(kind))
    return (hashes >> np.uint64(65 - bits)).astype(np.int64)


def _words(sums: Hashes, back: Hashes, spaces: Ints, bits: int) -> tuple[Ints, Ints, Ints]:
    token = np.arange(spaces.size - 1)
    return _buckets(sums, back, spaces[:-1] + 1, spaces[1:], _WORD, bits), token, token


def _pairs(sums: Hashes, back: Hashes, spaces: Ints, token_row: Ints, bits: int) -> tuple[Ints, Ints, Ints]:
    token = np.flatnonzero(token_row[:-1] == token_row[1:])
    return _buckets(sums, back, spaces[token] + 1, spaces[token + 2], _PAIR, bits), token, token + 1


def _letters(
    sums: Hashes, back: Hashes, is_space: npt.NDArray[np.bool_], token_at: Ints, size: int, bits: int
) -> tuple[Ints, Ints, Ints]:
    """Runs of `size` characters inside one word, its bounding spaces included."""
    count = max(is_space.size - size + 1, 0)
    inner = np.zeros(count, bool)
    for offset in range(1, size - 1):
        inner |= is_space[offset : offset + count]
    if size == _LETTERS_LOW:
        inner = is_space[:count] & is_space[1 : 1 + count]
    start = np.flatnonzero(~inner)
    token = token_at[start]
    return _buckets(sums, back, start, start + size, size, bits) + (1 << (bits - 1)), token, token
