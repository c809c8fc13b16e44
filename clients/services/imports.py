"""CSV files of mentions: looked at, then read in chunks, each kept whole together with how far it is."""

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
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agency.models import User
from clients.choices import ImportState, SourceKind
from clients.listening import tables
from clients.listening.raw import RawMention
from clients.listening.words import Words
from clients.models import MentionImport, Source
from clients.selectors.sources import free_at
from clients.services.ingest import ingest

CHUNK = 2_000
CLAIM = timedelta(minutes=2)  # a chunk takes a second; after this its worker is taken for dead
UPLOAD_LIMIT = 100_000_000  # bytes
PROBLEMS_KEPT = 1_000

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
    each: Callable[[Chunk], None] = lambda chunk: None,
) -> Iterator[Chunk]:
    """Takes the file in by chunks of 2,000 rows, each in a transaction with `each`, which may note the progress.

    The first `skip` rows are passed over. Good rows are kept, bad ones are in the chunk's problems. Raises
    tables.TableError before any row when the mapping does not fit the file, ValidationError for an unknown time zone.
    """
    _check_timezone(timezone)
    reading = tables.read(path, layout, mapping, network, timezone=timezone)
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


def receive(*, file: UploadedFile, source_name: str, by: User) -> MentionImport:
    """Keeps an uploaded file to be checked by a person, with the columns that we recognise.

    Raises ValidationError in words, and keeps nothing, when it is too large or is not a table that can be read.
    """
    if (file.size or 0) > UPLOAD_LIMIT:
        raise ValidationError(
            {"file": _("The file is over the limit of 100 MB: send it in several parts.")}, code="too_large"
        )
    name = (file.name or "mentions.csv")[:200]
    with transaction.atomic():
        made = MentionImport(source=source_named(source_name or f"CSV · {name}"), file_name=name, by=by)
        made.file.save("mentions.csv", file, save=False)
        try:
            made.mapping = tables.sniff(Path(made.file.path)).guesses
        except tables.TableError as error:
            made.file.delete(save=False)
            words = error.words.say(get_language() or "fr")
            raise ValidationError({"file": ValidationError(words, code=error.code)}) from error
        made.save()
    return made


def start(*, importing: MentionImport, mapping: Mapping[str, str], timezone: str, network: str, now: datetime) -> None:
    """Puts the import in the queue with the columns that a person chose. Raises ValidationError when they do not fit.

    An import that has started already is left as it is.
    """
    _check_timezone(timezone)
    path = Path(importing.file.path)
    try:
        tables.read(path, tables.sniff(path), mapping, network, timezone=timezone)
    except tables.TableError as error:
        raise ValidationError(error.words.say(get_language() or "fr"), code=error.code) from error
    MentionImport.objects.filter(pk=importing.pk, state=ImportState.WAITING).update(
        state=ImportState.READY, mapping=dict(mapping), timezone=timezone, network=network
    )
    importing.refresh_from_db()


def run(*, importing: MentionImport, clock: Callable[[], datetime]) -> bool:
    """Reads the file from where it was left to its end, noting after each chunk how far it is; False when another does.

    A worker killed on the way loses at most a chunk, which is read again: nothing is doubled.
    """
    if not _claim(importing, clock()):
        return False
    path = Path(importing.file.path)
    try:
        layout = tables.sniff(path)
        for _chunk in chunks(
            source=importing.source,
            path=path,
            layout=layout,
            mapping=importing.mapping,
            network=importing.network,
            timezone=importing.timezone,
            now=clock(),
            skip=importing.rows_done,
            each=lambda chunk: _note(importing, chunk, clock()),
        ):
            pass
    except tables.TableError as error:
        return _fail(importing, error.words, clock())
    except FileNotFoundError:
        return _fail(importing, _FILE_GONE, clock())
    except _TakenOver:
        return False
    importing.state, importing.fraction, importing.finished_at, importing.claimed_until = (
        ImportState.DONE,
        1.0,
        clock(),
        None,
    )
    importing.save(update_fields=["state", "fraction", "finished_at", "claimed_until"])
    return True


def give_up(*, importing: MentionImport, now: datetime) -> None:
    """Marks an import that broke in our own hands as failed, so that it is not tried for ever."""
    _fail(importing, _BROKE, now)


def _check_timezone(timezone: str) -> None:
    if timezone not in available_timezones():
        raise ValidationError(_("This time zone does not exist: %(name)s.") % {"name": timezone}, code="bad_timezone")


class _TakenOver(Exception):
    """The claim expired and another worker goes on with the import."""


def _claim(importing: MentionImport, now: datetime) -> bool:
    free = MentionImport.objects.filter(
        free_at(now), pk=importing.pk, state__in=[ImportState.READY, ImportState.RUNNING]
    )
    if not free.update(state=ImportState.RUNNING, claimed_until=now + CLAIM):
        return False
    importing.refresh_from_db()
    return True


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
    ours = MentionImport.objects.filter(
        pk=importing.pk, claimed_until=importing.claimed_until, rows_done=importing.rows_done
    )
    if not ours.update(**changes):
        raise _TakenOver
    for name, value in changes.items():
        setattr(importing, name, value)


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
