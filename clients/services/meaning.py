"""Mentions read a second time, by meaning: what the first reading left open, and what it calls an attack.

The worker of this queue keeps the model; the database says what waits. A claim is short and nothing is locked while
the model reads: the first reading, and people, never wait for it. What they said meanwhile wins.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from clients.choices import LabelSource
from clients.listening.reading.again import AXES, read_again
from clients.listening.reading.labels import Doc, Label
from clients.listening.reading.meaning import Meaning, MeaningReader, Own
from clients.models import Classification, Mention
from clients.selectors import learning as corrected
from clients.services import doubts, learning
from clients.services.reading import correct_hits, said_by_people

log = logging.getLogger("rempart.reading")

BATCH = 32  # a little more than a second
OWN = 100  # an axis: corrected mentions of the client, the newest, that a text is compared with

_TEXTS = """
SELECT id, CASE WHEN title = '' OR starts_with(text, title) THEN text ELSE title || E'\\n' || text END, language
FROM clients_mention WHERE id = ANY(%s) AND read_at IS NOT NULL ORDER BY id
"""


def reader(meaning: Meaning) -> MeaningReader:
    """The reader of the client at hand: its own models, and its own corrected mentions to compare with."""
    own: dict[str, Own] = {}
    for axis in AXES:
        said = corrected.corrections(axis)[-OWN:]
        own[axis] = Own(said, meaning.kept_vectors([one.text for one in said]))
    return MeaningReader(learning.reader(), meaning, own)


def read_more(*, reader: MeaningReader, now: datetime, limit: int = BATCH) -> int:
    """Reads the next `limit` that wait; returns how many were taken, 0 when none waits.

    Each axis that is still open, or called an attack, and of which no person spoke, gets one label more. A worker that
    dies costs nothing: its claim runs out.
    """
    numbers, until = doubts.claim(now=now, limit=limit)
    if not numbers:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_TEXTS, [numbers])
        rows = cursor.fetchall()
    found = _read(reader, {number: Doc(text, language) for number, text, language in rows})
    _keep(numbers, found, until, now)
    return len(numbers)


def _read(reader: MeaningReader, docs: Mapping[int, Doc]) -> dict[int, tuple[Label, ...]]:
    try:
        return dict(zip(docs, reader.predict(list(docs.values())), strict=True))
    except Exception:  # one text that breaks a model must not keep the others from being read
        log.exception("A batch of %s texts could not be read by meaning: one by one.", len(docs))
    found: dict[int, tuple[Label, ...]] = {}
    for number, doc in docs.items():
        try:
            found[number] = reader.predict([doc])[0]
        except Exception:
            log.exception("A text of %s characters could not be read by meaning: it stays as it was.", len(doc.text))
    return found


@transaction.atomic
def _keep(numbers: Sequence[int], found: Mapping[int, tuple[Label, ...]], until: datetime, now: datetime) -> None:
    """Writes down what was read of those that are still ours and still stand as they were read."""
    locked = Mention.objects.select_for_update(no_key=True).filter(pk__in=numbers, read_at__isnull=False)
    mentions = {one.pk: one for one in locked.only("id", *AXES).order_by("pk")}
    ours = doubts.drop(numbers=numbers, until=until)
    said = said_by_people(list(mentions))
    for number, mention in mentions.items():
        if number in ours and number in found:
            _settle(mention, {label.axis: label for label in found[number]}, set(said.get(number, {})), now)


def _settle(mention: Mention, labels: Mapping[str, Label], said: set[str], now: datetime) -> None:
    open_axes = read_again({axis: getattr(mention, axis) for axis in AXES})
    kept = [labels[axis] for axis in open_axes if axis in labels and axis not in said]
    changed = {label.axis: label.value for label in kept if label.value != getattr(mention, label.axis)}
    Classification.objects.bulk_create(_row(mention, label, now) for label in kept)
    if not changed:
        return
    for axis, value in changed.items():
        setattr(mention, axis, value)
    mention.save(update_fields=list(changed))
    if changed.keys() & {"intent", "attack"}:
        correct_hits([mention.pk])


def _row(mention: Mention, label: Label, now: datetime) -> Classification:
    return Classification(
        mention=mention,
        axis=label.axis,
        value=label.value,
        confidence=round(label.p, 4),
        reasons=[{"fr": why.words("fr"), "en": why.words("en")} for why in label.why],
        label_source=LabelSource.MODEL,
        version=label.version,
        created_at=now,
    )
