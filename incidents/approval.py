"""Whose agreement words need before they leave, and whether they have it.

Knows neither Django nor the database: a paper and an act in, the paper after it out. The services write the difference.
Nobody agrees to words of their own; an agreement is given to one version and falls with it; steps come in order; a
person signs a version once, so that several steps are several people.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from clients.approvers import ANSWERS_TO, PART

WRITING, WAITING, REFUSED, APPROVED = "writing", "waiting", "refused", "approved"
PUBLISHED, WITHDRAWN = "published", "withdrawn"


class NotAllowed(Exception):
    """The act is not possible now; `code` says why: moved, not_waiting, own, not_yours, twice, too_late, …"""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Signer:
    """Whoever decides: a person with an account, or later the recipient of a link. `key` is theirs alone."""

    key: str
    name: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a role or one person's key, how many, and who else may once it has fallen back ("": the leads).

    Of a part both: its role, and the key of whoever has it now.
    """

    rank: int
    role: str = ""
    person: str = ""
    needed: int = 1
    fallback: str = ""
    has_fallen_back: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A decision at a step of the present version that was not taken back."""

    rank: int
    signer: str
    is_yes: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A draft as the rules see it: `writers` are the keys of all who wrote words up to the present version."""

    version: int = 1
    state: str = WRITING
    writers: frozenset[str] = frozenset()
    steps: tuple[Step, ...] = ()
    given: tuple[Given, ...] = ()

    @property
    def current(self) -> Step | None:
        """The first step that lacks an agreement; None when all have theirs."""
        return next((step for step in self.steps if self.agreed(step) < step.needed), None)

    def agreed(self, step: Step) -> int:
        """How many people, none of them a writer, agreed at that step."""
        yes = {one.signer for one in self.given if one.rank == step.rank and one.is_yes}
        return len(yes - self.writers)

    @property
    def is_agreed(self) -> bool:
        """All that was asked for was given to this very version."""
        return bool(self.steps) and self.current is None


@dataclass(frozen=True, slots=True)
class Case:
    """What the words are about: nothing in particular, or an incident of that qualification and severity (1 to 4)."""

    qualification: str = ""
    severity: int | None = None


def is_asked_for(when: str, case: Case) -> bool:
    """Whether a policy's step counts in that case; `when` as clients.choices.AsksWhen."""
    asked = {
        "always": True,
        "incident": bool(case.qualification),
        "crisis": case.qualification == "crisis",
        "worst": case.severity is not None and case.severity <= 2,
    }
    return asked[when]


def usual_steps(case: Case) -> tuple[str, ...]:
    """The roles asked where a client has no policy: somebody else of the team; a lead in an incident; in a crisis the
    client as well.
    """
    if not case.qualification:
        return ("team",)
    return ("lead", "client") if case.qualification == "crisis" else ("lead",)


def usual_minutes(severity: int | None) -> int:
    """Within how many minutes a step is decided where its policy gives no deadline: the graver, the sooner."""
    return {1: 30, 2: 120, 3: 720}.get(severity or 4, 1440)


def may_answer(step: Step, signer: Signer) -> bool:
    """Whether the step asks for that person; after it fell back also for its fallback, else for a lead."""
    role = "lead" if step.role == PART and not step.person else step.role  # a part that nobody has is the leads'
    if signer.key == step.person or ANSWERS_TO.get(role, frozenset()) & signer.roles:
        return True
    if not step.has_fallen_back:
        return False
    return signer.key == step.fallback or bool(ANSWERS_TO["lead"] & signer.roles)


def why_not(paper: Paper, signer: Signer) -> str:
    """Why that person cannot decide now, as a code of NotAllowed; "" when they can."""
    step = paper.current
    if paper.state != WAITING or step is None:
        return "not_waiting"
    if signer.key in paper.writers:
        return "own"
    if any(one.signer == signer.key for one in paper.given):
        return "twice"
    return "" if may_answer(step, signer) else "not_yours"


def reword(paper: Paper, writer: str, *, version: int) -> Paper:
    """New words by that writer, begun from `version`: what was agreed to falls. Raises NotAllowed (over, moved)."""
    _check_alive(paper)
    _check_version(paper, version)
    return Paper(version=paper.version + 1, writers=paper.writers | {writer})


def submit(paper: Paper, steps: Sequence[Step], *, version: int) -> Paper:
    """Asks for the agreements. Raises NotAllowed (over, moved, waiting_already, refused_words, no_steps)."""
    _check_alive(paper)
    _check_version(paper, version)
    if paper.state in {WAITING, APPROVED}:
        raise NotAllowed("waiting_already")
    if paper.state == REFUSED:
        raise NotAllowed("refused_words")
    if not steps:
        raise NotAllowed("no_steps")
    return replace(paper, state=WAITING, steps=_in_order(steps), given=())


def decide(paper: Paper, signer: Signer, *, version: int, is_yes: bool) -> Paper:
    """A yes or a no at the present step. Raises NotAllowed (over, moved, not_waiting, own, twice, not_yours)."""
    _check_alive(paper)
    _check_version(paper, version)
    code = why_not(paper, signer)
    step = paper.current
    if code or step is None:
        raise NotAllowed(code)
    return _settled(replace(paper, given=(*paper.given, Given(step.rank, signer.key, is_yes))))


def take_back(paper: Paper, signer: Signer) -> Paper:
    """Undoes one's own decision, as long as nobody decided after it. Raises NotAllowed (over, nothing, too_late)."""
    _check_alive(paper)
    mine = next((one for one in paper.given if one.signer == signer.key), None)
    if mine is None:
        raise NotAllowed("nothing")
    if paper.given[-1] != mine:
        raise NotAllowed("too_late")
    return _settled(replace(paper, given=paper.given[:-1]))


def fall_back(paper: Paper) -> Paper:
    """The present step opens to its fallback. Raises NotAllowed (not_waiting, fallen_already)."""
    step = paper.current
    if paper.state != WAITING or step is None:
        raise NotAllowed("not_waiting")
    if step.has_fallen_back:
        raise NotAllowed("fallen_already")
    fallen = (replace(one, has_fallen_back=True) if one == step else one for one in paper.steps)
    return replace(paper, steps=tuple(fallen))


def publish(paper: Paper, *, version: int) -> Paper:
    """A person posted these very words. Raises NotAllowed (over, moved, not_approved)."""
    _check_alive(paper)
    _check_version(paper, version)
    if paper.state != APPROVED or not paper.is_agreed:
        raise NotAllowed("not_approved")
    return replace(paper, state=PUBLISHED)


def withdraw(paper: Paper) -> Paper:
    """Nobody is asked any more. Raises NotAllowed (over)."""
    _check_alive(paper)
    return replace(paper, state=WITHDRAWN)


def bring_back(paper: Paper) -> Paper:
    """Undo of a withdrawal: the same words as a new version, to be submitted. Raises NotAllowed (not_withdrawn)."""
    if paper.state != WITHDRAWN:
        raise NotAllowed("not_withdrawn")
    return Paper(version=paper.version + 1, writers=paper.writers)


def _check_alive(paper: Paper) -> None:
    if paper.state in {PUBLISHED, WITHDRAWN}:
        raise NotAllowed("over")


def _check_version(paper: Paper, version: int) -> None:
    if version != paper.version:
        raise NotAllowed("moved")


def _settled(paper: Paper) -> Paper:
    """Its state as its decisions make it: one no refuses, all the agreements approve."""
    if any(not one.is_yes for one in paper.given):
        return replace(paper, state=REFUSED)
    return replace(paper, state=APPROVED if paper.is_agreed else WAITING)


def _in_order(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda one: one.rank))
