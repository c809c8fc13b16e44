"""Which strikes were played, and when: a small file, so that a network that was killed goes on where it was."""

import json
import threading
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from reports.demo.quiet import Post
from reports.demo.rapidolin import RAPIDOLIN
from reports.demo.strikes import Strike
from reports.demo.teckel import TECKEL

SCRIPTS = (RAPIDOLIN, TECKEL)


@dataclass(frozen=True)
class Performance:
    code: str
    number: int
    began_at: str  # ISO 8601, aware

    @property
    def strike(self) -> Strike:
        return next(strike for strike in SCRIPTS if strike.code == self.code)

    @property
    def began(self) -> datetime:
        return datetime.fromisoformat(self.began_at)

    def posts(self) -> list[Post]:
        return list(self.strike.posts(self.number, self.began))

    def is_going_on(self, now: datetime) -> bool:
        """From the moment it is announced until its last post."""
        return now < self.began + self.strike.length


class Playbill:
    """All performances so far. Several threads ask, one at a time begins."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.lock = threading.Lock()
        kept = json.loads(file.read_text()) if file.exists() else []
        self.performances = [Performance(**one) for one in kept]

    def begin(self, at: datetime, now: datetime, *, after: datetime | None = None) -> Performance | None:
        """Announces the next strike for `at`, on the client that was left in peace the longest.

        None when one is still going on, or when one began after the moment `after` already.
        """
        with self.lock:
            last = self.performances[-1] if self.performances else None
            if (last and last.is_going_on(now)) or (after is not None and self.has_begun_since(after)):
                return None
            begun = Performance(self._next().code, len(self.performances) + 1, at.isoformat())
            self.performances = [*self.performances, begun]
            self._keep()
            return begun

    def has_begun_since(self, moment: datetime) -> bool:
        return any(one.began >= moment for one in self.performances)

    def posts(self, schema_name: str, until: datetime) -> list[Post]:
        """What the strikes on the client have brought so far."""
        played = [one for one in self.performances if one.strike.schema_name == schema_name]
        return [post for one in played for post in one.posts() if post.published_at <= until]

    def _next(self) -> Strike:
        played = {one.code: one.number for one in self.performances}
        return min(SCRIPTS, key=lambda strike: played.get(strike.code, 0))

    def _keep(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps([asdict(one) for one in self.performances]))
        fresh.replace(self.file)
