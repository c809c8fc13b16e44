"""A client with a team on call and a ladder to climb."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agency.calling import Exchange
from agency.models import Client, Shift, User
from clients.models import Contact, EscalationPolicy, EscalationStep
from incidents.models import Incident, Signal
from incidents.services import calls, incidents, unanswered
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.letters import Letters

AGENCY = (("on_call", 0), ("on_call", 5), ("backup", 5), ("lead", 5), ("director", 15))


@dataclass
class Night:
    """Who is there, and the post in which their calls end."""

    cm: User
    backup: User
    lead: User
    director: User
    post: Letters = field(default_factory=Letters)

    def ring(self, at: datetime) -> list[str]:
        """Makes what is due at that moment until nothing is; to whom it went."""
        before = len(self.post.sent)
        while waiting := calls.due(now=at):
            for one in waiting:
                calls.make(call_id=one, telephone=Exchange(self.post), now=at)
        for one in unanswered.due(now=at):
            unanswered.remind(alert_id=one, post=self.post, now=at)
        return [to for to, _subject, _body in self.post.sent[before:]]

    def link(self) -> str:
        """The path of the last link that left."""
        lines = [line for _to, _subject, body in self.post.sent for line in body.splitlines() if "/alerte/" in line]
        return lines[-1][lines[-1].index("/alerte/") :]


def on_call(who: User, client: Client | None = None, *, rank: str = "primary", hours: int = 24) -> Shift:
    return Shift.objects.create(
        person=who, client=client, rank=rank, starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=hours),
        made_by=who, made_at=NOW,
    )  # fmt: skip


def night(client: Client, person: MakePerson) -> Night:
    """A CM on call, a backup, a lead and a director, each with a role for the client."""
    there = Night(person("cm", client), person("cm", client), person("lead", client), person("director", client))
    on_call(there.cm, client)
    on_call(there.backup, client, rank="backup")
    return there


def ladder(*rungs: tuple[str, int] | tuple[str, int, Contact], name: str = "Tous", **asks: list) -> EscalationPolicy:
    policy = EscalationPolicy.objects.create(name=name, **asks)
    for place, (target, delay, *contact) in enumerate(rungs, 1):
        EscalationStep.objects.create(
            policy=policy, place=place, target=target, delay_minutes=delay, contact=contact[0] if contact else None
        )
    return policy


def proposal(at: datetime = NOW) -> Incident:
    signal = Signal.objects.create(
        watch=factories.watch(), started_at=at, detected_at=at, raised_at=at, observed=9, expected=1, window_minutes=60
    )
    return incidents.propose(signal=signal, now=at)
