"""What a service refuses, as the API says it: the same stable code, the same words."""

from collections.abc import Iterator
from contextlib import contextmanager

from agency.api.problems import Problem
from incidents.choices import TRANSITIONS
from incidents.models import Incident
from incidents.services.refusals import Refused


@contextmanager
def told(incident: Incident | None = None) -> Iterator[None]:
    """Turns a Refused into a Problem: 409 for a move that the incident may not make, 403 for an act that is not the
    key's, 422 for the rest.
    """
    try:
        yield
    except Refused as refusal:
        if refusal.code == "wrong_move" and incident is not None:
            raise Problem(409, refusal.code, refusal.words, errors=_possible(incident)) from refusal
        status = 403 if refusal.code == "not_allowed" else 422
        raise Problem(status, refusal.code, refusal.words) from refusal


def _possible(incident: Incident) -> list[dict[str, str]]:
    """Where the incident may go from where it is, one line each."""
    return [{"field": "to", "code": "possible", "message": state} for state in sorted(TRANSITIONS[incident.state])]
