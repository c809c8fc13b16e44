"""Words that wait across the clients a person may see: for them, past their deadline, to post, or to look at again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agency.models import Client, User
from agency.roles import roles_of
from incidents import approval
from incidents.approval import Step
from incidents.selectors.drafts import key_of
from incidents.selectors.of_clients import ask

MOST_OF_ONE_CLIENT = 20
# One row a step that is open, a draft approved and not posted, a silence whose time has come.
_WAITING = """
(SELECT {client}, 'approve', d.id, d.subject, i.number, s.due_at, s.role,
    CASE WHEN s.role = 'part' THEN coalesce(h.person_id, i.lead_id) ELSE s.person_id END, s.fallback_id,
    s.fell_back_at IS NOT NULL,
    EXISTS (SELECT 1 FROM {schema}.incidents_draftversion o WHERE o.draft_id = d.id AND o.written_by_id = {person})
    OR EXISTS (SELECT 1 FROM {schema}.incidents_approval a JOIN {schema}.incidents_approvalstep t ON t.id = a.step_id
        WHERE t.version_id = v.id AND a.by_id = {person} AND a.taken_back_at IS NULL)
FROM {schema}.incidents_approvalstep s JOIN {schema}.incidents_draftversion v ON v.id = s.version_id
JOIN {schema}.incidents_draft d ON d.id = v.draft_id LEFT JOIN {schema}.incidents_incident i ON i.id = d.incident_id
LEFT JOIN {schema}.incidents_dutyholder h ON h.incident_id = i.id AND h.duty = 'approver' AND h.person_id IN (
    SELECT m.user_id FROM public.agency_membership m JOIN public.agency_user u ON u.id = m.user_id AND u.is_active
    WHERE (m.client_id IS NULL OR m.client_id = {client}) AND m.role IN ('cm', 'lead', 'director'))
WHERE s.opened_at IS NOT NULL AND s.closed_at IS NULL AND (i.id IS NULL OR i.state <> 'dismissed' AND {seen})
ORDER BY s.due_at, s.id LIMIT {most})
UNION ALL
(SELECT {client}, 'post', d.id, d.subject, i.number, d.created_at, '', NULL, NULL, false, false
FROM {schema}.incidents_draft d LEFT JOIN {schema}.incidents_incident i ON i.id = d.incident_id
WHERE d.state = 'approved' AND d.written_by_id = {person} AND (i.id IS NULL OR {seen}) ORDER BY d.id LIMIT {most})
UNION ALL
(SELECT {client}, 'look', n.id, n.reason, i.number, n.look_again_at, '', n.by_id, NULL, false, false
FROM {schema}.incidents_noanswer n LEFT JOIN {schema}.incidents_incident i ON i.id = n.incident_id
WHERE n.looked_at IS NULL AND n.look_again_at <= {now} AND (i.id IS NULL OR {seen})
ORDER BY n.look_again_at, n.id LIMIT {most})
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: `act` is approve, post or look; `id` of the draft, or of the decision not to answer."""

    client: Client
    act: str
    id: int
    words: str
    incident: int | None
    due_at: datetime
    role: str
    person_id: int | None
    fallback_id: int | None
    has_fallen_back: bool
    is_spent: bool

    @property
    def reference(self) -> str:
        return f"INC-{self.incident:04d}" if self.incident else ""

    def is_for(self, person: User) -> bool:
        """Whether that person can do it now."""
        if self.act != "approve":
            return self.act == "post" or self.person_id == person.pk
        step = Step(
            1,
            self.role,
            key_of(self.person_id),
            fallback=key_of(self.fallback_id),
            has_fallen_back=self.has_fallen_back,
        )
        signer = approval.Signer(key_of(person.pk), "", frozenset(roles_of(person, self.client)))
        return not self.is_spent and approval.may_answer(step, signer)


def waiting(clients: Sequence[Client], *, person: User, now: datetime) -> tuple[Waiting, ...]:
    """What that person can do now, and what is past its hour whoever does it, the first due first; one query."""
    values = {"person": person, "now": now, "most": MOST_OF_ONE_CLIENT}
    found: list[Waiting] = ask(_WAITING, clients, values, Waiting)
    told = [one for one in found if one.is_for(person) or one.due_at < now]
    return tuple(sorted(told, key=lambda one: (not one.is_for(person), one.due_at, one.client.pk, one.id)))
