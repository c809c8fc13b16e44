"""Pairs of accounts that share the same things at the same time, from a file of shares of any length.

The reference is CooRTweet (Righetti and Balluff 2025): two shares of one object by two accounts at most `window`
seconds apart are one co-share; a pair is coordinated from `common` co-shares on. Its filter of accounts with a single
share is not applied. The work is done on disk, so that a file larger than the memory can be read.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import sqlite3
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from scipy.stats import poisson

from clients.listening.evaluation.protocol import Figure, Options, Row, WrongFile

COLUMNS = ("account_a", "account_b", "common", "p")
OBJECTS = ("object_id", "url_id", "object", "url")
TIMES = ("timestamp_share", "timestamp", "time", "created_at")
RARE = 0.01  # a pair whose co-shares chance would bring less often than this
_PRIOR = 20.0  # how many pairs of shares the rate of the whole file weighs, beside those of one object
Share = tuple[str, str, float]  # object, account, seconds

_TABLES = """
CREATE TABLE share (object TEXT, account TEXT, at REAL);
CREATE TABLE together (a TEXT, b TEXT, times INTEGER);
CREATE TABLE often (object TEXT, account TEXT, times INTEGER, PRIMARY KEY (object, account)) WITHOUT ROWID;
CREATE TABLE pace (object TEXT PRIMARY KEY, met REAL, could REAL) WITHOUT ROWID;
"""
_EXPECTED = """
SELECT SUM(x.times * y.times * (pace.met + ?) / (pace.could + ?))
FROM often x JOIN often y ON y.object = x.object AND y.account = ? JOIN pace ON pace.object = x.object
WHERE x.account = ?
"""


def answer(train: Sequence[Path], test: Path, options: Options) -> Iterable[Row]:
    """Return a line per coordinated pair, account_a before account_b, the most co-shares first. Nothing is learnt.

    `p`: how often chance brings that many co-shares, if the two shared the same objects but at times unrelated to each
    other: the tail of a Poisson law whose mean adds up, over their pairs of shares of one object, the share of such
    pairs that met among all accounts who shared it (drawn to the rate of the whole file when they are few).
    Raises WrongFile.
    """
    with TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "shares.sqlite")) as disk:
        disk.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-64000;" + _TABLES)
        disk.executemany("INSERT INTO share VALUES (?, ?, ?)", shares_of(test))
        _meet(disk, options.window)
        disk.execute("CREATE INDEX by_account ON often (account, object)")
        yield from _pairs(disk, options.common)


def score(test: Path, answers: Sequence[Row], options: Options) -> list[Figure]:
    """Return how many pairs were found and how many chance does not explain: a file of shares has no labels."""
    accounts = {row[side] for row in answers for side in ("account_a", "account_b")}
    rare = sum(float(row["p"]) < RARE for row in answers)
    return [
        Figure("pairs", len(answers)),
        Figure("accounts", len(accounts)),
        Figure(f"pairs with p < {RARE}", rare),
    ]


def shares_of(path: Path) -> Iterator[Share]:
    """Yield the shares of a CSV file, compressed or not; a row without account, object or time is left out.

    Raises WrongFile.
    """
    csv.field_size_limit(50_000_000)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as raw:
            text = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")  # type: ignore[arg-type]
            reader = csv.DictReader(line.replace("\0", "") for line in text)
            columns = _columns(path, reader.fieldnames or ())
            for row in reader:
                thing, account, said = (row[name] or "" for name in columns)
                at = seconds(said)
                if thing and account and at is not None:
                    yield thing, account, at
    except (OSError, EOFError, csv.Error) as error:
        raise WrongFile(f"{path}: not a readable CSV file ({error}).") from error


def seconds(said: str) -> float | None:
    """Return a time as seconds since 1970, from such a number or an ISO date (UTC without a zone); None otherwise."""
    try:
        value = float(said)
        return value if math.isfinite(value) else None
    except ValueError:
        pass
    try:
        at = datetime.fromisoformat(said.strip())
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None


def _columns(path: Path, names: Sequence[str]) -> tuple[str, str, str]:
    thing = next((name for name in OBJECTS if name in names), None)
    at = next((name for name in TIMES if name in names), None)
    if thing is None or at is None or "account_id" not in names:
        raise WrongFile(f"{path}: columns account_id, object_id or url_id, and timestamp are needed.")
    return thing, "account_id", at


def _meet(disk: sqlite3.Connection, window: float) -> None:
    """Write who met whom, how often each account shared each object, and how often its shares met."""
    ordered = disk.execute("SELECT object, at, account FROM share ORDER BY object, at, account")
    for thing, shares in groupby(ordered, key=lambda row: str(row[0])):
        often, met = _met(((at, account) for _, at, account in shares), window)
        total = sum(often.values())
        could = (total * total - sum(n * n for n in often.values())) / 2
        disk.executemany("INSERT INTO together VALUES (?, ?, ?)", ((a, b, n) for (a, b), n in met.items()))
        disk.executemany("INSERT INTO often VALUES (?, ?, ?)", ((thing, who, n) for who, n in often.items()))
        disk.execute("INSERT INTO pace VALUES (?, ?, ?)", (thing, met.total(), could))


def _met(shares: Iterable[tuple[float, str]], window: float) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Return, of one object's shares in order of time, the shares of each account and the co-shares of each pair."""
    often: Counter[str] = Counter()
    met: Counter[tuple[str, str]] = Counter()
    recent: deque[tuple[float, str]] = deque()
    for at, account in shares:
        while recent and at - recent[0][0] > window:
            recent.popleft()
        met.update((min(account, other), max(account, other)) for _, other in recent if other != account)
        recent.append((at, account))
        often[account] += 1
    return often, met


def _pairs(disk: sqlite3.Connection, common: int) -> Iterator[Row]:
    met, could = disk.execute("SELECT SUM(met), SUM(could) FROM pace").fetchone()
    rate = met / could if could else 0.0
    found = disk.execute(
        "SELECT a, b, SUM(times) AS n FROM together GROUP BY a, b HAVING n >= ? ORDER BY n DESC, a, b", (common,)
    )
    for a, b, times in found:
        (expected,) = disk.execute(_EXPECTED, (_PRIOR * rate, _PRIOR, b, a)).fetchone()
        p = float(poisson.sf(times - 1, expected))
        yield {"account_a": a, "account_b": b, "common": str(times), "p": f"{p:.3g}"}
