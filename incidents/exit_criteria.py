"""What must be true for an incident to be over, a line each. Pure: no Django here."""

import re

MOST = 40
_BULLET = re.compile(r"^\s*(?:[-–—•*·]|\d{1,2}[.)])\s+")


def lines(text: str) -> tuple[str, ...]:
    """The criteria of a text: one a line, without bullets, empty lines and repeats, in order.

    Lines beyond the fortieth stay in the fortieth: nothing that was written is lost.
    """
    stripped = (_BULLET.sub("", line).strip() for line in text.replace("\0", "").splitlines())
    found = tuple(dict.fromkeys(line for line in stripped if line))
    return found if len(found) <= MOST else (*found[: MOST - 1], " ".join(found[MOST - 1 :]))
