"""Whose agreement an approval's step asks for, and whether anybody could give it. Pure.

A person signs a version once, and nobody agrees to words of their own: several steps are several people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Who a step asks for -> the roles that answer to it.
ANSWERS_TO: dict[str, frozenset[str]] = {
    "team": frozenset({"cm", "lead", "director"}),
    "lead": frozenset({"lead", "director"}),
    "director": frozenset({"director"}),
    "client": frozenset({"approver", "owner"}),
    "owner": frozenset({"owner"}),
    "part": frozenset(),  # one person, whoever has that part in the incident: no role answers to it
}
PART = "part"
GONE, NOBODY, TOO_FEW, ONLY_WRITER, SAME_PEOPLE = "gone", "nobody", "too_few", "only_writer", "same_people"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A step of a policy: a role or one person's number, and how many of them."""

    role: str = ""
    person: int | None = None
    needed: int = 1


def faults(steps: Sequence[Wanted], team: Mapping[int, frozenset[str]]) -> list[str]:
    """What is wrong with each step in its order, "" when nothing; `team`: active people and their roles here.

    gone: the person named is not there any more. nobody, too_few: the role is held by nobody, or by fewer than are
    asked for. only_writer: the one who could agree is the only one who could have written. same_people: each step has
    its people, but together they ask for more different ones than there are.
    """
    may = [_who(one, team) for one in steps]
    found = [_fault(one, who) for one, who in zip(steps, may, strict=True)]
    taken: dict[int, int] = {}
    for number, (one, who) in enumerate(zip(steps, may, strict=True)):
        if found[number]:
            continue
        if not all(_place(slot, who, taken, may) for slot in [number] * one.needed):
            found[number] = SAME_PEOPLE
    return found


def _who(step: Wanted, team: Mapping[int, frozenset[str]]) -> frozenset[int]:
    """Who could agree at the step; whoever leads stands for a part that nobody has been given."""
    if step.person is not None:
        return frozenset({step.person} & team.keys())
    roles = ANSWERS_TO["lead" if step.role == PART else step.role]
    return frozenset(pk for pk, held in team.items() if held & roles)


def _fault(step: Wanted, who: frozenset[int]) -> str:
    if not who:
        return GONE if step.person is not None else NOBODY
    if len(who) < step.needed:
        return TOO_FEW
    return ONLY_WRITER if step.role == "team" and len(who) == step.needed else ""


def _place(
    step: int, who: frozenset[int], taken: dict[int, int], may: Sequence[frozenset[int]],
    tried: set[int] | None = None,
) -> bool:  # fmt: skip
    """Gives the step one of its people, moving who stands in the way to another of theirs (an augmenting path)."""
    seen = set() if tried is None else tried
    for person in sorted(who - seen):
        seen.add(person)
        other = taken.get(person)
        if other is None or _place(other, may[other], taken, may, seen):
            taken[person] = step
            return True
    return False
