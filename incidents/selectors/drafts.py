"""Drafts as pages and services read them: their paper, who is asked, who was, what waits for whom."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Prefetch, Q, QuerySet

from agency.access import here, leads_of
from agency.choices import AGENCY_ROLES
from agency.models import Membership, User
from agency.roles import roles_of
from clients.approvers import ANSWERS_TO
from clients.choices import ApprovedBy, Duty
from clients.models import ApprovalPolicy, Brand, PolicyStep
from incidents import approval
from incidents.approval import Case, Given, Paper, Signer, Step
from incidents.choices import DraftState, IncidentState
from incidents.models import Approval, ApprovalStep, Draft, DraftVersion, Incident, NoAnswer
from incidents.selectors.duties import holders_of
from incidents.selectors.gate import seen_by

ALIVE = (DraftState.WRITING, DraftState.WAITING, DraftState.REFUSED, DraftState.APPROVED)


@dataclass(frozen=True, slots=True)
class Asked:
    """A step of a draft as it is shown: what it asks for, who decided, who may still be asked."""

    step: ApprovalStep
    decisions: tuple[Approval, ...]
    people: tuple[User, ...]
    is_current: bool
    is_late: bool

    @property
    def is_passed(self) -> bool:
        return sum(one.is_yes for one in self.decisions) >= self.step.needed


def signer_of(person: User) -> Signer:
    """The person as the rules of approval know them."""
    return Signer(key_of(person.pk), str(person), frozenset(roles_of(person, here())))


def key_of(person: int | None) -> str:
    return f"person:{person}" if person else ""


def visible(person: User | None) -> Q:
    """Drafts that the person may know of: those without an incident, and those of incidents they may know of."""
    return Q(incident__isnull=True) | seen_by(person, "incident__")


def listed(person: User | None) -> QuerySet[Draft]:
    """All the drafts that the person may know of, the newest first, with what a list shows."""
    shown = Draft.objects.filter(visible(person)).select_related(
        "brand", "incident", "mention__author", "position", "written_by", "published_by"
    )
    return shown.prefetch_related(Prefetch("versions", _versions())).order_by("-created_at", "-pk")


def of_incident(incident: Incident, most: int) -> list[Draft]:
    """The newest drafts of an incident that whoever asks may know of, with their words; not those withdrawn."""
    kept = incident.drafts.exclude(state=DraftState.WITHDRAWN).prefetch_related(Prefetch("versions", _versions()))
    return list(kept.order_by("-created_at", "-pk")[:most])


def _versions() -> QuerySet[DraftVersion]:
    """The words of drafts, the last first."""
    return DraftVersion.objects.select_related("written_by").order_by("-number")


def alive(person: User | None) -> QuerySet[Draft]:
    """Those that are neither published nor withdrawn."""
    return listed(person).filter(state__in=ALIVE)


def latest(draft: Draft) -> DraftVersion:
    """Its present words."""
    return draft.versions.select_related("written_by").get(number=draft.version)


def undecided() -> QuerySet[ApprovalStep]:
    """Steps to be decided now; those of an incident that was set aside rest until it is taken up again."""
    waiting = ApprovalStep.objects.filter(opened_at__isnull=False, closed_at__isnull=True)
    return waiting.exclude(version__draft__incident__state=IncidentState.DISMISSED)


def open_steps(person: User | None) -> QuerySet[ApprovalStep]:
    """Steps to be decided now in what the person may know of, the first due first."""
    shown = Q(version__draft__incident__isnull=True) | seen_by(person, "version__draft__incident__")
    waiting = undecided().filter(shown)
    return waiting.select_related(
        "version__draft__brand", "version__draft__incident", "version__draft__mention__author", "version__written_by"
    ).order_by("due_at", "pk")


def waiting_for(person: User) -> list[ApprovalStep]:
    """The steps that this person can decide now, in the same number of queries however many wait."""
    signer, steps = signer_of(person), list(open_steps(person)[:100])
    papers = papers_of([one.version.draft for one in steps])
    return [one for one in steps if not approval.why_not(papers[one.version.draft_id], signer)]


def paper_of(draft: Draft) -> Paper:
    """The draft as the rules of approval see it."""
    return papers_of([draft])[draft.pk]


def papers_of(drafts: Collection[Draft]) -> dict[int, Paper]:
    """Each draft by its number, as the rules of approval see it; three queries, five where a step asks for a part."""
    at = {draft.pk: draft.version for draft in drafts}
    steps: dict[int, list[Step]] = defaultdict(list)
    given: dict[int, list[Given]] = defaultdict(list)
    wrote: dict[int, set[str]] = defaultdict(set)
    rows = list(ApprovalStep.objects.filter(version__draft__in=at).select_related("version").order_by("rank"))
    has_part = _who_has_the_part(rows, drafts)
    for row in rows:
        if row.version.number == at[row.version.draft_id]:
            steps[row.version.draft_id].append(step_of(row, has_part.get(row.version.draft_id)))
    standing = Approval.objects.filter(step__version__draft__in=at, taken_back_at__isnull=True)
    for one in standing.select_related("step__version"):
        if one.step.version.number == at[one.step.version.draft_id]:
            given[one.step.version.draft_id].append(Given(one.step.rank, one.signer, one.is_yes))
    for version in DraftVersion.objects.filter(draft__in=at).defer("text"):
        if version.number <= at[version.draft_id]:
            wrote[version.draft_id].add(writer_of(version))
    return {
        one.pk: Paper(one.version, one.state, frozenset(wrote[one.pk]), tuple(steps[one.pk]), tuple(given[one.pk]))
        for one in drafts
    }


def steps_of(draft: Draft) -> QuerySet[ApprovalStep]:
    """The steps of its present version, in their order."""
    found = ApprovalStep.objects.filter(version__draft=draft, version__number=draft.version)
    return found.select_related("person", "fallback", "version").order_by("rank")


def step_of(row: ApprovalStep, has_part: int | None = None) -> Step:
    """The step as the rules see it; `has_part`: who approves the words in the draft's incident now."""
    person = has_part if row.role == ApprovedBy.PART else row.person_id
    return Step(row.rank, row.role, key_of(person), row.needed, key_of(row.fallback_id), row.fell_back_at is not None)


def _who_has_the_part(steps: Iterable[ApprovalStep], drafts: Iterable[Draft]) -> dict[int, int]:
    """Who approves the words in the incident of each draft that asks for it, by the draft's number."""
    asking = {row.version.draft_id for row in steps if row.role == ApprovedBy.PART}
    held_by = {one.pk: one.incident_id for one in drafts if one.pk in asking and one.incident_id}
    has = holders_of(Duty.APPROVER, set(held_by.values())) if held_by else {}
    return {draft: has[incident] for draft, incident in held_by.items() if incident in has}


def writer_of(version: DraftVersion) -> str:
    """The key of whoever wrote a version: a person, or an API key by its name."""
    return key_of(version.written_by_id) or f"key:{version.key_name}"


def case_of(incident: Incident | None) -> Case:
    return Case(incident.qualification, incident.severity) if incident else Case()


def policy_steps(brand: Brand, case: Case) -> list[PolicyStep]:
    """What is asked for in that case by the brand's policy, else the client's, else as is usual; never nothing.

    A step whose policy gives no deadline has that of the case's severity.
    """
    policy = ApprovalPolicy.objects.filter(Q(brand=brand) | Q(brand__isnull=True)).order_by("brand_id").first()
    found = list(policy.steps.select_related("person", "fallback").order_by("rank")) if policy else []
    asked = [one for one in found if approval.is_asked_for(one.asks_when, case)]
    steps = asked or [PolicyStep(rank=rank, role=role) for rank, role in enumerate(approval.usual_steps(case), 1)]
    for one in steps:
        one.minutes = one.minutes or approval.usual_minutes(case.severity)
    return steps


def people_of(step: ApprovalStep, paper: Paper, incident: Incident | None) -> list[User]:
    """Who can decide that step now, by name: there, asked, not a writer, not signed yet, and inside the gate."""
    found = {one.pk: one for one in _asked(step, incident)}
    if step.fell_back_at is not None:
        found |= {one.pk: one for one in _fallback(step)}
    spent = paper.writers | {one.signer for one in paper.given}
    free = [one for one in found.values() if key_of(one.pk) not in spent]
    return sorted(inside(free, incident), key=lambda one: (one.full_name, one.pk))


def inside(people: Sequence[User], incident: Incident | None) -> list[User]:
    """Those of the people who may know of the incident."""
    if incident is None or not incident.is_restricted:
        return list(people)
    return [one for one in people if Incident.objects.filter(seen_by(one), pk=incident.pk).exists()]


def _asked(step: ApprovalStep, incident: Incident | None) -> QuerySet[User]:
    """Active people here whom the step names, who have the part or whose role it asks for; the leads for a part's."""
    ours = Membership.objects.filter(Q(client=here()) | Q(client__isnull=True))
    person, role = step.person_id, step.role
    if role == ApprovedBy.PART:
        has = holders_of(Duty.APPROVER, [incident.pk]) if incident else {}
        person, role = next(iter(has.values()), None), ApprovedBy.LEAD
    wanted = ours.filter(user=person) if person else ours.filter(role__in=ANSWERS_TO[role])
    return User.objects.filter(pk__in=wanted.values("user_id"), is_active=True)


def _fallback(step: ApprovalStep) -> Iterable[User]:
    """Who was named for that while they are there, else whoever leads the client's team."""
    ours = Membership.objects.filter(Q(client=here()) | Q(client__isnull=True), role__in=AGENCY_ROLES)
    named = User.objects.filter(pk=step.fallback_id or 0, is_active=True, pk__in=ours.values("user_id"))
    return named if named.exists() else leads_of(here())


def asked(draft: Draft, now: datetime) -> list[Asked]:
    """Each step of the present version, with who decided it and, for the current one, who can."""
    paper = paper_of(draft)
    current = paper.current if paper.state == DraftState.WAITING else None
    found = []
    for row in steps_of(draft).prefetch_related(
        Prefetch("approvals", Approval.objects.filter(taken_back_at__isnull=True))
    ):
        is_current = current is not None and current.rank == row.rank
        people = tuple(people_of(row, paper, draft.incident)) if is_current else ()
        is_late = is_current and row.due_at is not None and row.due_at < now
        found.append(Asked(row, tuple(row.approvals.all()), people, is_current, is_late))
    return found


def just_decided(person: User) -> list[Approval]:
    """The person's own decisions that can still be taken back, the last first."""
    shown = Q(step__version__draft__incident__isnull=True) | seen_by(person, "step__version__draft__incident__")
    mine = Approval.objects.filter(
        shown,
        signer=key_of(person.pk),
        taken_back_at__isnull=True,
        step__version__draft__state__in=ALIVE,
        step__version__number=F("step__version__draft__version"),
    ).select_related("step__version__draft__brand")
    recent = mine.order_by("-decided_at", "-pk")[:20]
    return [one for one in recent if _is_last(one)]


def was_asked(draft: Draft, signer: Signer) -> bool:
    """Whether a step that is or was to be decided asks for that person: they may read the words and decide."""
    opened = ApprovalStep.objects.filter(version__draft=draft, opened_at__isnull=False)
    rows = list(opened.select_related("version"))
    has_part = _who_has_the_part(rows, [draft]).get(draft.pk)
    return any(approval.may_answer(step_of(one, has_part), signer) for one in rows)


def _is_last(decision: Approval) -> bool:
    given = paper_of(decision.step.version.draft).given
    return bool(given) and given[-1].signer == decision.signer


def decisions(draft: Draft) -> QuerySet[Approval]:
    """All that was ever decided on it, taken back or not, the last first."""
    found = Approval.objects.filter(step__version__draft=draft).select_related("step__version")
    return found.order_by("-decided_at", "-pk")


def silence_of(mention_id: int, person: User) -> NoAnswer | None:
    """The decision not to answer that mention that nobody has looked at again, when the person may know of it."""
    return silences(person).filter(mention=mention_id).first()


def silences(person: User | None) -> QuerySet[NoAnswer]:
    """Decisions not to answer that wait for their second look, the first due first."""
    return silences_ever(person).filter(looked_at__isnull=True)


def silences_ever(person: User | None) -> QuerySet[NoAnswer]:
    """All the decisions not to answer that the person may know of, looked at again or not."""
    shown = Q(incident__isnull=True) | seen_by(person, "incident__")
    found = NoAnswer.objects.filter(shown).select_related("mention__author", "incident", "by")
    return found.order_by("look_again_at", "pk")
