"""The staff's side under fire: the incident's own pages, and the stock ones for looking up."""

from incidents.admin import (
    attaching,
    care,
    closing,
    composer,
    debriefs,
    drafts,
    follow_ups,
    milestones,
    playbooks,
    records,
    reliefs,
    replay,
    rooms,
    shift_notes,
    silences,
    to_do,
)

__all__ = [
    "attaching",
    "care",
    "closing",
    "composer",
    "debriefs",
    "drafts",
    "follow_ups",
    "milestones",
    "playbooks",
    "records",
    "reliefs",
    "replay",
    "rooms",
    "shift_notes",
    "silences",
    "to_do",
]
