"""Who does what in an incident, as its page shows it: the machine's word, and beside it what a person said since."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agency.models import User
from clients.choices import AssessmentState
from clients.models import Author, AuthorAssessment
from incidents.detection.case import Told
from incidents.detection.roles import ORDER
from incidents.detection.roles_words import ROLES
from incidents.models import Incident, IncidentReading, ParticipantRole

SHOWN_FIRST = 3  # accounts of each role; the others are folded
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Decision:
    """What a person said of an account: a role, or that it has none; `who` is "" for somebody who left."""

    role: str
    who: str
    at: datetime

    @property
    def words(self) -> Told | None:
        """The role in words; None when it was removed."""
        return ROLES.get(self.role)


@dataclass(frozen=True)
class Participant:
    """One account: the `role` that holds ("" after a removal), and what the machine presumes alone, on what `basis`."""

    author: int
    handle: str
    posts: int
    role: str
    confidence: float
    presumed: Told | None
    basis: Sequence[Told]
    decision: Decision | None
    account: AuthorAssessment | None  # what the account presumably is, whatever the incident

    @property
    def words(self) -> Told | None:
        """The role that holds, in words."""
        return ROLES.get(self.role)


@dataclass(frozen=True)
class Participants:
    """Those shown at once, every role among them, and those that are folded away."""

    first: tuple[Participant, ...]
    others: tuple[Participant, ...]

    def doing(self, *roles: str) -> list[Participant]:
        """The accounts with one of these roles."""
        return [one for one in (*self.first, *self.others) if one.role in roles]

    @property
    def origins(self) -> list[Participant]:
        """The accounts at the origin."""
        return self.doing("instigator")

    @property
    def is_origin_confirmed(self) -> bool:
        """Whether a person said who is at the origin."""
        return bool(self.origins) and all(one.decision for one in self.origins)

    @property
    def leaders(self) -> list[Participant]:
        """The accounts that lead on."""
        return self.doing("leader")


def machine_words(incident: Incident) -> dict[int, Row]:
    """What the machine says alone, by the account's number, as of the last reading."""
    kept = IncidentReading.objects.filter(incident=incident).first()
    return _alone(kept.sections.get("people", {})) if kept else {}


def participants_of(incident: Incident, people: Row) -> Participants:
    """The accounts of the section « people », with what people said of them, without waiting for the next reading."""
    alone, decisions = _alone(people), _decisions(incident)
    rows = {row["author"]: row for row in people.get("rows", ())}
    numbers = rows.keys() | alone.keys() | decisions.keys()  # one just taken back is only among those read alone
    there = {author.pk: author for author in Author.objects.filter(pk__in=numbers, erased_at__isnull=True)}
    accounts = {
        found.author_id: found
        for found in AuthorAssessment.objects.filter(author_id__in=there).exclude(state=AssessmentState.REMOVED)
    }
    found = [
        _participant(there[number], rows.get(number), alone.get(number), decisions.get(number), accounts.get(number))
        for number in numbers
        if number in there
    ]
    return _folded(sorted(found, key=_weight))


def _alone(people: Row) -> dict[int, Row]:
    theirs = {row["author"]: row for row in people.get("rows", ()) if not row.get("is_said")}
    return theirs | {row["author"]: row for row in people.get("unaided", ())}


def _decisions(incident: Incident) -> dict[int, Decision]:
    rows = list(ParticipantRole.objects.filter(incident=incident).exclude(state=AssessmentState.PRESUMED))
    names = {user.pk: str(user) for user in User.objects.filter(pk__in={row.by_id for row in rows})}
    return {
        row.author_id: Decision(
            row.role if row.state == AssessmentState.CONFIRMED else "", names.get(row.by_id or 0, ""), row.read_at
        )
        for row in rows
    }


def _participant(
    author: Author, row: Row | None, alone: Row | None, decision: Decision | None, account: AuthorAssessment | None
) -> Participant:
    seen = row or alone or {}
    return Participant(
        author=author.pk,
        handle=author.handle,
        posts=seen.get("posts", 0),
        role=decision.role if decision else (alone or {}).get("role", ""),
        confidence=(alone or {}).get("confidence", 0.0),
        presumed=alone["role_words"] if alone else None,
        basis=alone["basis"] if alone else (),
        decision=decision,
        account=account,
    )


def _weight(one: Participant) -> tuple[int, bool, float, int]:
    """In the order of the roles, what a person said before what is presumed, removed roles last."""
    place = ORDER.index(one.role) if one.role in ORDER else len(ORDER)
    return place, one.decision is None, -one.confidence, one.author


def _folded(found: Iterable[Participant]) -> Participants:
    many: Counter[str] = Counter()
    first: list[Participant] = []
    others: list[Participant] = []
    for one in found:
        many[one.role] += 1
        (first if many[one.role] <= SHOWN_FIRST or one.decision else others).append(one)
    return Participants(tuple(first), tuple(others))
