"""What a hand-over note says. Pure."""

from dataclasses import dataclass

LONGEST = {"situation": 2000, "to_do": 4000, "promised": 2000, "do_not": 1000}


@dataclass(frozen=True, slots=True)
class Note:
    """Where we are and who leads, what is open, what was promised, what not to do."""

    situation: str = ""
    to_do: str = ""
    promised: str = ""
    do_not: str = ""
