"""What several sections of one reading ask of the same case, worked out once."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from weakref import ref

from incidents.detection.case import Case

Found = TypeVar("Found")


def once_a_case(work_out: Callable[[Case], Found]) -> Callable[[Case], Found]:
    """Remember the answer for the last case asked about, as long as somebody holds that very case."""
    last: list[tuple[ref[Case], Found]] = []

    @wraps(work_out)
    def asked(case: Case) -> Found:
        kept = last[0] if last else None
        if kept is None or kept[0]() is not case:
            kept = ref(case), work_out(case)
            last[:] = [kept]
        return kept[1]

    return asked
