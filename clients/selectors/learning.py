"""What people corrected: what models learn from, and how often machine and people agree."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from clients.choices import ModelState
from clients.listening.reading.refit import Corrected
from clients.models import Mention, ReadingModel
from clients.selectors.shares import wilson

AGREEMENT_DAYS = timedelta(days=90)
_CORRECTIONS = """
SELECT DISTINCT ON (c.mention_id) c.mention_id,
    CASE WHEN m.title = '' OR starts_with(m.text, m.title) THEN m.text ELSE m.title || E'\\n' || m.text END, c.value
FROM clients_classification c JOIN clients_mention m ON m.id = c.mention_id
WHERE c.label_source = 'person' AND c.axis = %s AND c.value <> 'uncertain'
ORDER BY c.mention_id, c.created_at DESC, c.id DESC
"""
# What the machine had said before the last word of a person, against that word.
_VERDICTS = """
SELECT p.mention_id, p.value, (
    SELECT value FROM clients_classification x WHERE x.mention_id = p.mention_id AND x.axis = p.axis
        AND x.label_source <> 'person' AND x.created_at <= p.created_at ORDER BY created_at DESC, id DESC LIMIT 1
) FROM (
    SELECT DISTINCT ON (mention_id) mention_id, axis, value, created_at FROM clients_classification
    WHERE label_source = 'person' AND axis = %s AND created_at >= %s ORDER BY mention_id, created_at DESC, id DESC
) p ORDER BY p.created_at DESC
"""


@dataclass(frozen=True)
class Agreement:
    """Of `count` labels given by people in 90 days, how many the machine had given too; bounds of the share (Wilson).

    `doubts`: those on which the machine had answered "uncertain"; they count neither for nor against it.
    """

    count: int
    agreed: int
    doubts: int
    low: float
    high: float
    disagreed: tuple[tuple[Mention, str, str], ...]  # mention, the machine's label, the person's

    @property
    def share(self) -> float:
        return self.agreed / self.count if self.count else 0.0


def corrections(axis: str) -> list[Corrected]:
    """The last word of a person on each mention, in the order of the mentions."""
    with connection.cursor() as cursor:
        cursor.execute(_CORRECTIONS, [axis])
        return [Corrected(*row) for row in cursor.fetchall()]


def digest(said: Sequence[Corrected]) -> str:
    """SHA-256 of the corrections: says which set a model was made of without showing a word of it."""
    lines = "\n".join(f"{one.number}\t{one.value}\t{one.text}" for one in said)
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


def agreement(axis: str, now: datetime, most: int = 10) -> Agreement:
    """How often machine and people agree on an axis, and the newest disagreements."""
    with connection.cursor() as cursor:
        cursor.execute(_VERDICTS, [axis, now - AGREEMENT_DAYS])
        rows = cursor.fetchall()
    settled = [row for row in rows if row[2] not in {None, "uncertain"}]
    agreed = sum(person == machine for _, person, machine in settled)
    apart = [row for row in settled if row[1] != row[2]][:most]
    found = Mention.objects.select_related("author").in_bulk([row[0] for row in apart])
    pairs = tuple((found[number], machine, person) for number, person, machine in apart)
    return Agreement(len(settled), agreed, len(rows) - len(settled), *wilson(agreed, len(settled)), pairs)


def models(axis: str) -> list[ReadingModel]:
    """The models of an axis, the newest first, without their arrays; at most 50."""
    return list(ReadingModel.objects.filter(axis=axis).defer("arrays").order_by("-trained_at", "-id")[:50])


def in_use(axis: str) -> ReadingModel | None:
    return ReadingModel.objects.filter(axis=axis, state=ModelState.ACTIVE).defer("arrays").first()
