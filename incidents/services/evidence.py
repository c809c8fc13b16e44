"""The pictures of a log: kept byte for byte under a name of ours, their hash sealed with the line that shows them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.utils.translation import get_language

from incidents import pictures
from incidents.chain import Break
from incidents.models import Incident, Picture, TimelineEntry
from incidents.services.refusals import Refused

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that may be kept, and what is known of it."""

    content: bytes
    measured: pictures.Measured
    sha256: str


def looked_at(content: bytes) -> Shown:
    """What was handed in. Raises Refused (too_heavy, not_a_picture, cut_off, too_large, animated)."""
    try:
        measured = pictures.measure(content)
    except pictures.Unfit as unfit:
        raise Refused(unfit.code, unfit.words("en" if get_language() == "en" else "fr")) from unfit
    return Shown(content, measured, hashlib.sha256(content).hexdigest())


def keep(*, entry: TimelineEntry, shown: Shown, now: datetime) -> Picture:
    """Writes the file, then its row: a file too many on the disk is nothing, one too few is a proof lost."""
    row = Picture(
        entry=entry,
        media_type=shown.measured.media_type,
        sha256=shown.sha256,
        size=len(shown.content),
        width=shown.measured.width,
        height=shown.measured.height,
        added_at=now,
    )
    row.file.save("picture", ContentFile(shown.content), save=False)
    row.save(force_insert=True)
    return row


def changed(incident: Incident) -> list[Break]:
    """The lines whose picture, read from the disk, is no longer what was sealed; empty when all are."""
    rows = Picture.objects.filter(entry__incident=incident).select_related("entry").order_by("entry__number")
    return [Break(row.entry.number, "picture") for row in rows if _sha256_of(row) != row.sha256]


def _sha256_of(row: Picture) -> str:
    """The hash of the file as it lies on the disk; empty when there is none."""
    digest = hashlib.sha256()
    try:
        with row.file.open("rb") as file:
            for block in file.chunks(_BLOCK):
                digest.update(block)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()
