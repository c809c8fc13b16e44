"""Files of mentions (CSV, XLSX): looked at, then read in chunks, each kept whole together with how far it is."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agency.models import User
from clients.choices import ImportState, SourceKind
from clients.listening import tables
from clients.listening.raw import RawMention
from clients.listening.tables.rows import REQUIRED
from clients.listening.words import Words
from clients.models import MentionImport, Source
from clients.selectors.sources import free_at
from clients.services.ingest import ingest

CHUNK = 2_000
CLAIM = timedelta(minutes=2)  # a chunk takes a second; after this its worker is taken for dead
UPLOAD_LIMIT = 100_000_000  # bytes
PROBLEMS_KEPT = 1_000
PREVIEWED = 5  # rows
FILE_LIFE = timedelta(days=30)  # of one that was never read to its end
_UNDER_WAY = (ImportState.WAITING, ImportState.READY, ImportState.RUNNING)
_WAS_READ = (ImportState.READY, ImportState.RUNNING, ImportState.DONE)

_BROKE = Words(
    "l’import s’est interrompu sur une erreur de Rempart\u00a0: ce qui précède est gardé, l’agence est prévenue",
    "the import stopped on an error of Rempart: what came before is kept, the agency is told",
)
_FILE_GONE = Words("le fichier n’est plus là", "the file is no longer there")


@dataclass(frozen=True)
class Chunk:
    """What one chunk came to; `rows` counts the rows read so far in the file, `fraction` is 0 to 1 of it."""

    new: int
    known: int
    problems: tuple[tables.RowProblem, ...]
    rows: int
    fraction: float


def source_named(name: str) -> Source:
    """The import source of that name, made if need be. Raises ValidationError when another kind of source bears it."""
    source, _made = Source.objects.get_or_create(name=name[:100], defaults={"kind": SourceKind.IMPORT})
    if source.kind != SourceKind.IMPORT:
        raise ValidationError({"source_name": _("A source of another kind has this name.")}, code="name_taken")
    return source


def default_source(*, file_name: str, tool: str) -> str:
    """One source a tool, so that the next export adds to it; a file once taken in under its own name goes on there."""
    own = f"CSV · {file_name}"[:100]
    if Source.objects.filter(name=own, kind=SourceKind.IMPORT).exists():
        return own
    return f"Import · {tool}" if tool else "Import"


def chunks(
    *,
    source: Source,
    path: Path,
    layout: tables.Layout,
    mapping: Mapping[str, str],
    network: str,
    timezone: str,
    now: datetime,
    skip: int = 0,
    rows_total: int = 0,
    each: Callable[[Chunk], None] = lambda chunk: None,
) -> Iterator[Chunk]:
    """Takes the file in by chunks of 2,000 rows, each in a transaction with `each`, which may note the progress.

    The first `skip` rows are passed over; `rows_total`, where known, makes the progress exact. Good rows are kept, bad
    ones are in the chunk's problems. Raises tables.TableError before any row when the mapping does not fit the file,
    ValidationError for an unknown time zone.
    """
    _check_timezone(timezone)
    reading = tables.read(path, layout, mapping, network, timezone=timezone, rows=rows_total)
    rows = islice(iter(reading), skip, None)
    done = skip
    while batch := list(islice(rows, CHUNK)):
        done += len(batch)
        problems = tuple(row for row in batch if isinstance(row, tables.RowProblem))
        with transaction.atomic():
            taken = ingest(source=source, raws=[row for row in batch if isinstance(row, RawMention)], now=now)
            chunk = Chunk(taken.new, taken.known, problems, done, reading.fraction_read)
            each(chunk)
        yield chunk


def receive(*, file: UploadedFile, source_name: str, by: User, timezone: str = "Europe/Paris") -> MentionImport:
    """Keeps an uploaded file to be checked by a person, with the columns that served for the last one of its shape,
    else those that we recognise. `timezone` is the client's.

    Raises ValidationError in words, and keeps nothing, when it is too large or is not a table that can be read.
    """
    if (file.size or 0) > UPLOAD_LIMIT:
        raise ValidationError(
            {"file": _("The file is over the limit of 100 MB: send it in several parts.")}, code="too_large"
        )
    made = MentionImport(file_name=(file.name or "mentions.csv")[:200], by=by, timezone=timezone)
    made.file.save("mentions", file, save=False)
    try:
        with transaction.atomic():
            layout = tables.sniff(Path(made.file.path))
            made.tool = tables.recognised(layout.header)
            made.source = source_named(source_name or default_source(file_name=made.file_name, tool=made.tool))
            _recall(made, layout)
            made.save()
    except tables.TableError as error:
        made.file.delete(save=False)
        words = error.words.say(get_language() or "fr")
        raise ValidationError({"file": ValidationError(words, code=error.code)}) from error
    except ValidationError:
        made.file.delete(save=False)
        raise
    return made


def is_complete(mapping: Mapping[str, str]) -> bool:
    """Whether the columns say enough for a row to be taken in."""
    return all(mapping.get(field) for field in REQUIRED)


def last_of_its_shape(importing: MentionImport) -> MentionImport | None:
    """The latest other import whose table had the same columns, and whose mapping a person has confirmed."""
    alike = MentionImport.objects.filter(signature=importing.signature, state__in=_WAS_READ).exclude(pk=importing.pk)
    return alike.order_by("-created_at", "-id").first() if importing.signature else None


def preview(
    *, importing: MentionImport, mapping: Mapping[str, str], timezone: str, network: str
) -> list[RawMention | tables.RowProblem]:
    """The first rows as they would be taken in, or why not. Raises ValidationError when the columns do not fit."""
    _check_timezone(timezone)
    path = Path(importing.file.path)
    try:
        reading = tables.read(path, tables.sniff(path), mapping, network, timezone=timezone)
    except tables.TableError as error:
        raise ValidationError(error.words.say(get_language() or "fr"), code=error.code) from error
    return list(islice(iter(reading), PREVIEWED))


def start(*, importing: MentionImport, mapping: Mapping[str, str], timezone: str, network: str, now: datetime) -> None:
    """Puts the import in the queue with the columns that a person chose. Raises ValidationError when they do not fit.

    An import that has started already is left as it is.
    """
    preview(importing=importing, mapping=mapping, timezone=timezone, network=network)
    MentionImport.objects.filter(pk=importing.pk, state=ImportState.WAITING).update(
        state=ImportState.READY, mapping=dict(mapping), timezone=timezone, network=network
    )
    importing.refresh_from_db()


def stop(*, importing: MentionImport, now: datetime) -> bool:
    """Stops an import: what it brought so far stays, its file is deleted. False when it was over already."""
    going = MentionImport.objects.filter(pk=importing.pk, state__in=_UNDER_WAY)
    if not going.update(state=ImportState.STOPPED, finished_at=now, claimed_until=None):
        return False
    importing.refresh_from_db()
    _forget_file(importing)
    return True


def run(*, importing: MentionImport, clock: Callable[[], datetime]) -> bool:
    """Reads the file from where it was left to its end, noting after each chunk how far it is; False when another does
    or a person stopped it. The file is deleted when all of it has been read.

    A worker killed on the way loses at most a chunk, which is read again: nothing is doubled.
    """
    if not _claim(importing, clock()):
        return False
    if not importing.file:
        return _fail(importing, _FILE_GONE, clock())
    path = Path(importing.file.path)
    try:
        layout = tables.sniff(path)
        _count_rows(importing, path, layout)
        for _chunk in chunks(
            source=importing.source,
            path=path,
            layout=layout,
            mapping=importing.mapping,
            network=importing.network,
            timezone=importing.timezone,
            now=clock(),
            skip=importing.rows_done,
            rows_total=importing.rows_total or 0,
            each=lambda chunk: _note(importing, chunk, clock()),
        ):
            pass
    except tables.TableError as error:
        return _fail(importing, error.words, clock())
    except FileNotFoundError:
        return _fail(importing, _FILE_GONE, clock())
    except _TakenOver:
        return False
    return _finish(importing, clock())


def give_up(*, importing: MentionImport, now: datetime) -> None:
    """Marks an import that broke in our own hands as failed, so that it is not tried for ever."""
    _fail(importing, _BROKE, now)


def forget_files(*, now: datetime) -> int:
    """Deletes the files that were read, and those that nobody had read for thirty days; returns how many."""
    kept = MentionImport.objects.exclude(file="")
    old = kept.filter(created_at__lt=now - FILE_LIFE)
    for importing in old.filter(state=ImportState.WAITING):
        stop(importing=importing, now=now)
    over = kept.filter(state__in=[ImportState.DONE, ImportState.STOPPED]) | old.filter(state=ImportState.FAILED)
    for importing in over:
        _forget_file(importing)
    return len(over)


def _check_timezone(timezone: str) -> None:
    if timezone not in available_timezones():
        raise ValidationError(_("This time zone does not exist: %(name)s.") % {"name": timezone}, code="bad_timezone")


class _TakenOver(Exception):
    """The claim expired and another worker goes on with the import."""


def _claim(importing: MentionImport, now: datetime) -> bool:
    free = MentionImport.objects.filter(
        free_at(now), pk=importing.pk, state__in=[ImportState.READY, ImportState.RUNNING]
    )
    begun = Coalesce("started_at", Value(now))
    if not free.update(state=ImportState.RUNNING, claimed_until=now + CLAIM, started_at=begun):
        return False
    importing.refresh_from_db()
    return True


def _count_rows(importing: MentionImport, path: Path, layout: tables.Layout) -> None:
    if importing.rows_total is None:
        importing.rows_total = tables.count(path, layout)
        MentionImport.objects.filter(pk=importing.pk).update(rows_total=importing.rows_total)


def _note(importing: MentionImport, chunk: Chunk, now: datetime) -> None:
    listed = [*importing.problems, *map(_as_row, chunk.problems)][:PROBLEMS_KEPT]
    changes: dict[str, Any] = {
        "rows_done": chunk.rows,
        "fraction": chunk.fraction,
        "new_count": importing.new_count + chunk.new,
        "known_count": importing.known_count + chunk.known,
        "problem_count": importing.problem_count + len(chunk.problems),
        "problems": listed,
        "claimed_until": now + CLAIM,
    }
    if not _ours(importing).filter(rows_done=importing.rows_done).update(**changes):
        raise _TakenOver
    for name, value in changes.items():
        setattr(importing, name, value)


def _ours(importing: MentionImport) -> QuerySet[MentionImport]:
    """The row, as long as our claim on it holds and nobody stopped it."""
    claim = importing.claimed_until
    return MentionImport.objects.filter(pk=importing.pk, claimed_until=claim, state=ImportState.RUNNING)


def _finish(importing: MentionImport, now: datetime) -> bool:
    done = _ours(importing).update(state=ImportState.DONE, fraction=1.0, finished_at=now, claimed_until=None)
    importing.refresh_from_db()
    if done:
        _forget_file(importing)
    return bool(done)


def _forget_file(importing: MentionImport) -> None:
    """Deletes the file once the database says so: a crash in between leaves it to the next tidying."""

    def delete() -> None:
        importing.file.delete(save=False)
        MentionImport.objects.filter(pk=importing.pk).update(file="")

    if importing.file:
        transaction.on_commit(delete)


def _recall(made: MentionImport, layout: tables.Layout) -> None:
    """Fills in what a person chose for the last table of this shape; else what the columns' names tell."""
    made.signature = hashlib.sha256(tables.signature(layout.header).encode()).hexdigest()
    earlier = last_of_its_shape(made)
    if earlier and set(earlier.mapping.values()) <= set(layout.header):
        made.mapping, made.timezone, made.network = earlier.mapping, earlier.timezone, earlier.network
    else:
        made.mapping = layout.guesses


def _as_row(problem: tables.RowProblem) -> dict[str, Any]:
    return {
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "fr": problem.words.fr,
        "en": problem.words.en,
    }


def _fail(importing: MentionImport, words: Words, now: datetime) -> bool:
    MentionImport.objects.filter(pk=importing.pk).update(
        state=ImportState.FAILED, failure={"fr": words.fr, "en": words.en}, finished_at=now, claimed_until=None
    )
    importing.refresh_from_db()
    return True
