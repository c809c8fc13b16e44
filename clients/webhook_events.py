"""The events that a client's tools can be told of, and the message that tells one. Pure: no database, no network.

The catalogue only grows; what a kind says only gains facts. Nothing here is a draft's words, a machine's score, an
internal note or a person: a tool reads the rest over the API, with a key that may.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from clients.listening.words import Words

TEST = "webhook.test"
LONGEST_BODY = 20_000  # bytes


@dataclass(frozen=True, slots=True)
class Kind:
    """An event: its code, and when it comes."""

    code: str
    when: Words


KINDS = (
    Kind("incident.proposed", Words(
        "La machine propose un incident, ou une proposition écartée est reprise ; personne ne l’a encore confirmé.",
        "The machine proposes an incident, or a proposal set aside is taken up again; nobody has confirmed it yet.",
    )),
    Kind("incident.opened", Words(
        "Un incident est ouvert : une personne, ou un programme qui en a le droit, l’a confirmé.",
        "An incident is open: a person, or a program that may, has confirmed it.",
    )),
    Kind("incident.updated", Words(
        "La gravité d’un incident a été réévaluée, son type ou sa famille a changé, ou il n’est plus restreint.",
        "An incident’s severity was assessed again, its type or family changed, or it is no longer restricted.",
    )),
    Kind("incident.dismissed", Words("Une proposition a été écartée.", "A proposal was set aside.")),
    Kind("incident.closed", Words("Un incident a été clos.", "An incident was closed.")),
    Kind("incident.reopened", Words("Un incident clos a été rouvert.", "A closed incident was opened again.")),
    Kind("situation_report.issued", Words(
        "Un point de situation est sorti : son numéro, l’heure du suivant, pas son texte.",
        "A situation report is out: its number and the time of the next, not its text.",
    )),
    Kind("draft.approved", Words(
        "Des mots ont reçu toutes leurs approbations ; ils ne sont pas dans le message.",
        "Words have all their approvals; they are not in the message.",
    )),
    Kind("draft.published", Words(
        "Une personne a noté où des mots ont été publiés.", "A person noted where words were published."
    )),
    Kind("report.published", Words("Un rapport a été signé et publié.", "A report was signed and published.")),
)  # fmt: skip
CODES = tuple(kind.code for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Event:
    """What is told: `seq` only grows within a subject, `uid` is the same at each attempt."""

    uid: uuid.UUID
    seq: int
    kind: str
    happened_at: datetime
    is_drill: bool
    facts: Mapping[str, Any]


def message_id(event: Event) -> str:
    """The same at each attempt and for each endpoint: whoever got it twice knows by it."""
    return f"evt_{event.uid.hex}"


def body_of(event: Event, client: str) -> str:
    """The message, the same text at each attempt. `client` is the client's short name."""
    told = {
        "type": event.kind,
        "timestamp": in_utc(event.happened_at),
        "seq": event.seq,
        "client": client,
        "drill": event.is_drill,
        "data": dict(sorted(event.facts.items())),
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def in_utc(moment: datetime) -> str:
    """ISO 8601 in UTC: 2026-11-23T21:00:00.000000Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
