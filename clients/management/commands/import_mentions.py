"""`manage.py import_mentions CLIENT FILE`: a CSV or XLSX of mentions, taken in and read to the end."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from django_tenants.utils import schema_context

from agency import clock
from agency.hosts import standing_url
from agency.models import Client
from clients.listening import tables
from clients.listening.reading.reader import Reader
from clients.services import imports, reading

BAR = 30
PROBLEMS_SHOWN = 100


def column(text: str) -> tuple[str, str]:
    """`field=column`, the column's name as it stands in the file."""
    field, found, name = text.partition("=")
    if not found or not name:
        raise argparse.ArgumentTypeError(f"write FIELD=COLUMN, not {text!r}")
    return field.strip(), name.strip()


class Command(BaseCommand):
    help = "Takes in the mentions of a CSV or XLSX file, then reads them. Bad rows are listed; run it again at will."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("client", help="the client's schema, as in maison_aldane")
        parser.add_argument("file", type=Path)
        parser.add_argument("--map", nargs="+", type=column, default=[], metavar="FIELD=COLUMN", dest="columns",
                            help="which column holds which field; what is not said is guessed by name")  # fmt: skip
        parser.add_argument(
            "--source", default="", help="name of the source; by default one for each tool that exports"
        )
        parser.add_argument("--network", default="", help="network of rows that name none, as in x or mastodon")
        parser.add_argument("--timezone", default="", help="of dates that give none; by default the client's")
        parser.add_argument("--strict", action="store_true", help="exit 1 when a row was refused")

    def handle(self, *, client: str, file: Path, columns: list[tuple[str, str]], **options: Any) -> None:
        tenant = Client.objects.filter(schema_name=client.replace("-", "_"), is_active=True).first()
        if tenant is None:
            known = (
                ", ".join(
                    Client.objects.filter(is_active=True).order_by("schema_name").values_list("schema_name", flat=True)
                )
                or "none"
            )
            raise CommandError(f"No client has the schema {client!r}. Clients: {known}.")
        try:
            with schema_context(tenant.schema_name), translation.override("en"):  # as all that a terminal says
                refused = self._import(tenant, file, dict(columns), options)
        except tables.TableError as error:
            raise CommandError(f"{file}: {error.words.en}. Nothing was taken in.") from error
        except (OSError, ValidationError) as error:
            words = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            raise CommandError(f"{words} Nothing was taken in.") from error
        if refused and options["strict"]:
            raise CommandError(f"{refused} rows were refused (--strict).", returncode=1)

    def _import(self, client: Client, file: Path, columns: Mapping[str, str], options: Mapping[str, Any]) -> int:
        layout = tables.sniff(file)
        mapping = {field: name for field, name in {**layout.guesses, **columns}.items() if name != "-"}
        for field, name in columns.items():  # a column given by hand is not also guessed for another field
            mapping = {f: n for f, n in mapping.items() if n != name or f == field}
        tool = tables.recognised(layout.header)
        how = f"sheet « {layout.sheet} »" if layout.sheet else f"{layout.encoding}, « {layout.delimiter} »"
        self.stdout.write(
            f"{file.name}: {tool + ', ' if tool else ''}{how}, " + ", ".join(f"{f} = {n}" for f, n in mapping.items())
        )
        self.stdout.write("Good rows are kept; bad ones are left out and listed at the end.")
        name = options["source"] or imports.default_source(file_name=file.name, tool=tool)
        source = imports.source_named(name)
        new = known = rows = 0
        problems: list[tables.RowProblem] = []
        for chunk in imports.chunks(
            source=source, path=file, layout=layout, mapping=mapping, network=options["network"],
            timezone=options["timezone"] or client.timezone, now=clock.now(), rows_total=tables.count(file, layout),
        ):  # fmt: skip
            new, known, rows = new + chunk.new, known + chunk.known, chunk.rows
            problems += chunk.problems
            self._progress(chunk.fraction, f"{rows} rows, {new} new, {known} known, {len(problems)} refused")
        self._end_progress()
        self._list(problems)
        self.stdout.write(
            self.style.SUCCESS(f"{rows} rows: {new} new, {known} known already, {len(problems)} refused.")
        )
        self._read()
        self._say_what_next(client, new)
        return len(problems)

    def _read(self) -> None:
        count = 0
        while read := reading.read_new(reader=Reader.shipped(), now=clock.now()):
            count += read
            self._progress(None, f"{count} mentions read")
        self._end_progress()
        self.stdout.write(f"{count} mentions read: language, intent, sentiment, watches.")

    def _progress(self, fraction: float | None, words: str) -> None:
        if not self.stdout.isatty():
            self.stdout.write(words if fraction is None else f"{fraction:4.0%}  {words}")
            return
        bar = "" if fraction is None else f"[{'█' * round(fraction * BAR):<{BAR}}] {fraction:4.0%}  "
        self.stdout.write(f"\r\x1b[K{bar}{words}", ending="")
        self.stdout.flush()

    def _end_progress(self) -> None:
        if self.stdout.isatty():
            self.stdout.write("")

    def _list(self, problems: list[tables.RowProblem]) -> None:
        for problem in problems[:PROBLEMS_SHOWN]:
            where = f"line {problem.line}" + (f", column {problem.column}" if problem.column else "")
            self.stderr.write(f"{where}: {problem.words.en}")
        if len(problems) > PROBLEMS_SHOWN:
            self.stderr.write(f"… and {len(problems) - PROBLEMS_SHOWN} more.")

    def _say_what_next(self, client: Client, new: int) -> None:
        host = client.get_primary_domain()
        if host:
            self.stdout.write(f"To sort them: {standing_url(host.domain, '/agence/tri/')}")
        if new:
            self.stdout.write("While `up` runs, surges are looked for within seconds and appear on the desk.")
