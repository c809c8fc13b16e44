"""What waits in the rooms of all clients, in one query each."""

from dataclasses import dataclass
from datetime import datetime

from agency.across import across_clients
from clients.choices import ImportState
from clients.listening.collectors import registry
from clients.models.readings import TRIES

# See clients.selectors.sources.due, which says the same of one client.
_TURNS = """
SELECT {name}, id, due_at, coalesce(claimed_until >= %(now)s, false) FROM {schema}.clients_source
WHERE is_active AND kind = ANY(%(kinds)s)
    AND (claimed_until >= %(now)s OR due_at IS NULL OR due_at <= %(now)s)
"""
# See reading.has_unread, imports.waiting, watches.to_match_again, doubts.has_some and waiting.bring_back: the same of
# one client.
_WAITING = """
(SELECT {name}, 'mentions', min(id) FROM {schema}.clients_mention WHERE read_at IS NULL HAVING min(id) IS NOT NULL)
UNION ALL
(SELECT {name}, 'import', id FROM {schema}.clients_mentionimport
    WHERE state = ANY(%(going)s) AND (claimed_until IS NULL OR claimed_until < %(now)s))
UNION ALL
(SELECT {name}, 'watch', id FROM {schema}.clients_watch WHERE rematched_to IS NOT NULL AND is_active)
UNION ALL
(SELECT {name}, 'doubt', mention_id FROM {schema}.clients_secondreading
    WHERE tries < %(tries)s AND (claimed_until IS NULL OR claimed_until < %(now)s) LIMIT 1)
UNION ALL
(SELECT {name}, 'back', mention_id FROM {schema}.clients_waiting WHERE until <= %(now)s ORDER BY until LIMIT 1)
"""


@dataclass(frozen=True)
class SourceTurn:
    """A source that is due, or that somebody reads at the moment."""

    schema_name: str
    source_id: int
    due_at: datetime | None
    is_under_way: bool

    @property
    def key(self) -> tuple[str, int]:
        return self.schema_name, self.source_id


@dataclass(frozen=True)
class Waiting:
    """Work for the workers of one client.

    `what` is mentions (to read), doubt (to read by meaning), import, watch (to match again) or back (a mention that was
    put off, whose time has come).
    """

    schema_name: str
    what: str
    number: int


def turns(now: datetime) -> list[SourceTurn]:
    """All clients' active sources that we read ourselves and that are due or under way."""
    return [SourceTurn(*row) for row in across_clients(_TURNS, {"now": now, "kinds": list(registry.COLLECTORS)})]


def waiting(now: datetime) -> list[Waiting]:
    """Unread mentions, imports in the queue, watches whose words changed, what was put off: of all clients."""
    going = [ImportState.READY.value, ImportState.RUNNING.value]
    return [Waiting(*row) for row in across_clients(_WAITING, {"now": now, "going": going, "tries": TRIES})]
