"""CSV files of mentions: good rows are kept, bad ones are listed, nothing is doubled."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from agency.models import Client, User
from clients.listening import tables
from clients.listening.raw import RawMention
from clients.models import Author, Mention, MentionImport, Source
from clients.selectors import imports as waiting_imports
from clients.services import imports
from tests.conftest import NOW, MakePerson

GOOD = "date;auteur;texte\n17/11/2026 21:58;marie_c;Toujours rien reçu\n17/11/2026 22:04;noe.b;Un numéro ?\n"
MIXED = GOOD + "hier;lea;Date fausse\n17/11/2026 22:10;demi\n17/11/2026 22:11;jules;Dernière\n"
COLUMNS = {"published_at": "date", "author_handle": "auteur", "text": "texte"}


@pytest.fixture
def marie(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


def upload(text: str | bytes, by: User, name: str = "export.csv") -> MentionImport:
    content = text if isinstance(text, bytes) else text.encode()
    return imports.receive(file=SimpleUploadedFile(name, content), source_name="", by=by)


def begin(importing: MentionImport) -> None:
    imports.start(importing=importing, mapping=COLUMNS, timezone="Europe/Paris", network="x", now=NOW)


def run(importing: MentionImport) -> bool:
    return imports.run(importing=importing, clock=lambda: NOW)


def dies_after(rows: int) -> Callable[[], datetime]:
    """A clock that kills its worker once so many rows have been kept."""

    def tick() -> datetime:
        if MentionImport.objects.get().rows_done == rows:
            raise KeyboardInterrupt
        return NOW

    return tick


def test_an_upload_is_looked_at_and_waits_for_a_person(marie: User) -> None:
    importing = upload(GOOD, marie)
    assert (importing.state, importing.mapping, importing.source.name) == ("waiting", COLUMNS, "Import")
    assert list(waiting_imports.waiting(NOW)) == [] and not run(importing)


def test_a_started_import_keeps_good_rows_and_lists_bad_ones(marie: User) -> None:
    importing = upload(MIXED, marie)
    begin(importing)
    assert list(waiting_imports.waiting(NOW)) == [importing]
    assert run(importing)
    importing.refresh_from_db()
    assert (importing.state, importing.new_count, importing.problem_count, importing.rows_done) == ("done", 3, 2, 5)
    assert [problem["line"] for problem in importing.problems] == [4, 5]
    assert importing.problems[0]["column"] == "date" and "hier" in importing.problems[0]["fr"]
    assert Mention.objects.order_by("id").first().published_at == datetime(2026, 11, 17, 20, 58, tzinfo=UTC)


def test_how_an_account_presents_itself_comes_in_with_its_mentions(marie: User) -> None:
    importing = upload(GOOD.replace(";texte", ";texte;bio").replace("reçu", "reçu;Attachée de presse"), marie)
    assert importing.mapping == {**COLUMNS, "author_bio": "bio"}
    imports.start(importing=importing, mapping=importing.mapping, timezone="Europe/Paris", network="x", now=NOW)
    run(importing)
    assert dict(Author.objects.values_list("handle", "bio")) == {"marie_c": "Attachée de presse"}


def test_the_same_file_again_adds_nothing(marie: User) -> None:
    for _turn in range(2):
        importing = upload(GOOD, marie)
        begin(importing)
        run(importing)
    assert (importing.new_count, importing.known_count, Mention.objects.count()) == (0, 2, 2)


def test_the_same_rows_under_another_name_in_another_format_add_nothing(marie: User, tmp_path: Path) -> None:
    book = Workbook()
    for line in GOOD.splitlines():
        book.worksheets[0].append(line.split(";"))
    book.save(tmp_path / "autre.xlsx")
    for content, name in ((GOOD.encode(), "export.csv"), ((tmp_path / "autre.xlsx").read_bytes(), "autre.xlsx")):
        importing = upload(content, marie, name)
        begin(importing)
        run(importing)
    assert (importing.new_count, importing.known_count, Source.objects.count()) == (0, 2, 1)


def test_a_file_taken_in_under_its_own_name_goes_on_there(marie: User) -> None:
    Source.objects.create(name="CSV · export.csv", kind="import")
    assert (
        upload(GOOD, marie).source.name == "CSV · export.csv" and upload(GOOD, marie, "b.csv").source.name == "Import"
    )


def test_exports_of_one_tool_share_a_source_of_its_name(marie: User) -> None:
    header = "Date,Time,Document ID,URL,Author Handle,Title,Opening Text,Hit Sentence,Reach\n"
    assert (upload(header + "x\n", marie, "a.csv").tool, Source.objects.get().name) == (
        "Meltwater",
        "Import · Meltwater",
    )


def test_the_next_table_of_the_same_shape_is_read_as_the_last_one(marie: User) -> None:
    strange = GOOD.replace("date;auteur;texte", "quand;qui;quoi")
    first = upload(strange, marie)
    assert first.mapping == {} and imports.last_of_its_shape(first) is None
    chosen = {"published_at": "quand", "author_handle": "qui", "text": "quoi"}
    imports.start(importing=first, mapping=chosen, timezone="Europe/London", network="x", now=NOW)
    again = upload(GOOD.replace("date;auteur;texte", "Quoi;Qui;Quand").replace("x", "y"), marie, "suite.csv")
    assert (again.mapping, again.timezone) == ({}, "Europe/Paris")  # same names, another way of writing them
    again = upload(strange, marie, "suite.csv")
    assert (again.mapping, again.timezone, again.network) == (chosen, "Europe/London", "x")
    assert imports.last_of_its_shape(again) == first


def test_the_first_rows_are_shown_as_they_will_be_taken_in(marie: User) -> None:
    importing = upload(MIXED, marie)
    rows = imports.preview(importing=importing, mapping=COLUMNS, timezone="Europe/London", network="x")
    assert [getattr(row, "code", "") for row in rows] == ["", "", "bad_date", "too_few_cells", ""]
    assert isinstance(rows[0], RawMention) and rows[0].published_at == datetime(2026, 11, 17, 21, 58, tzinfo=UTC)
    assert Mention.objects.count() == 0


def test_an_import_that_is_stopped_keeps_what_came_before(marie: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "CHUNK", 1)
    importing = upload(MIXED, marie)
    begin(importing)
    with pytest.raises(KeyboardInterrupt):
        imports.run(importing=importing, clock=dies_after(2))
    left = MentionImport.objects.get()
    assert imports.stop(importing=left, now=NOW) and not imports.stop(importing=left, now=NOW)
    assert (left.state, left.new_count, Mention.objects.count()) == ("stopped", 2, 2)
    assert not list(waiting_imports.waiting(NOW + timedelta(hours=1))) and not run(left)


def test_a_worker_notices_that_its_import_was_stopped(marie: User) -> None:
    importing = upload(GOOD, marie)
    begin(importing)
    calls = iter([NOW])

    def stopped_once_claimed() -> datetime:
        if next(calls, None) is None:
            imports.stop(importing=MentionImport.objects.get(), now=NOW)
        return NOW

    assert imports.run(importing=importing, clock=stopped_once_claimed) is False
    assert (MentionImport.objects.get().state, Mention.objects.count()) == ("stopped", 0)


def test_how_far_it_is_and_how_long_it_still_takes(marie: User) -> None:
    importing = upload(GOOD, marie)
    begin(importing)
    assert waiting_imports.time_left(importing, NOW) is None
    importing.state, importing.rows_total, importing.rows_done, importing.started_at = "running", 300, 100, NOW
    assert waiting_imports.time_left(importing, NOW + timedelta(seconds=10)) == timedelta(seconds=20)


def test_a_file_is_deleted_once_read(marie: User, django_capture_on_commit_callbacks: Any) -> None:
    importing = upload(MIXED, marie)
    path = Path(importing.file.path)
    begin(importing)
    with django_capture_on_commit_callbacks(execute=True):
        run(importing)
    assert not path.exists() and MentionImport.objects.get().file.name == "" and importing.rows_total == 5


def test_a_file_that_nobody_had_read_is_deleted_after_thirty_days(
    marie: User, django_capture_on_commit_callbacks: Any
) -> None:
    old, fresh = upload(GOOD, marie), upload(GOOD, marie)
    MentionImport.objects.filter(pk=old.pk).update(created_at=NOW - timedelta(days=31))
    MentionImport.objects.filter(pk=fresh.pk).update(created_at=NOW - timedelta(days=29))
    with django_capture_on_commit_callbacks(execute=True):
        imports.forget_files(now=NOW)
    old.refresh_from_db()
    assert (old.state, old.file.name) == ("stopped", "") and Path(fresh.file.path).exists()


def test_a_killed_worker_is_resumed_where_it_was(marie: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "CHUNK", 1)
    importing = upload(MIXED, marie)
    begin(importing)

    with pytest.raises(KeyboardInterrupt):
        imports.run(importing=importing, clock=dies_after(2))
    left = MentionImport.objects.get()
    assert (left.state, left.rows_done, left.new_count, run(left)) == ("running", 2, 2, False)
    later = NOW + imports.CLAIM + timedelta(seconds=1)
    assert list(waiting_imports.waiting(later)) == [left]
    assert imports.run(importing=left, clock=lambda: later)
    assert (left.state, left.new_count, left.known_count, left.problem_count) == ("done", 3, 0, 2)


def test_who_comes_back_after_its_claim_writes_nothing(marie: User, monkeypatch: pytest.MonkeyPatch) -> None:
    importing = upload(GOOD, marie)
    begin(importing)
    moments = iter([NOW, NOW])

    def taken_over_meanwhile() -> datetime:
        moment = next(moments, None)
        if moment is None:
            MentionImport.objects.update(claimed_until=NOW + timedelta(hours=1))
        return moment or NOW

    assert imports.run(importing=importing, clock=taken_over_meanwhile) is False
    assert Mention.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty"), (b"PK\x03\x04 a workbook", "not_a_workbook"), (b"\x00\x01\x02\x03binary", "binary")],
)
def test_a_file_that_is_no_table_is_refused_in_words_and_not_kept(marie: User, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        upload(content, marie)
    assert refusal.value.error_dict["file"][0].code == code and refusal.value.messages[0]
    assert not MentionImport.objects.exists() and not Source.objects.exists()


def test_a_file_too_large_is_refused(marie: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "UPLOAD_LIMIT", 10)
    with pytest.raises(ValidationError):
        upload(GOOD, marie)


@pytest.mark.parametrize("mapping", [{"text": "texte"}, {**COLUMNS, "text": "absente"}, {**COLUMNS, "colour": "texte"}])
def test_columns_that_do_not_fit_are_refused_before_any_row(marie: User, mapping: dict[str, str]) -> None:
    importing = upload(GOOD, marie)
    with pytest.raises(ValidationError):
        imports.start(importing=importing, mapping=mapping, timezone="Europe/Paris", network="", now=NOW)
    importing.refresh_from_db()
    assert (importing.state, Mention.objects.count()) == ("waiting", 0)


def test_an_unknown_time_zone_is_refused(marie: User) -> None:
    with pytest.raises(ValidationError):
        imports.start(importing=upload(GOOD, marie), mapping=COLUMNS, timezone="Mars/Olympus", network="", now=NOW)


def test_a_vanished_file_fails_in_words(marie: User) -> None:
    importing = upload(GOOD, marie)
    begin(importing)
    Path(importing.file.path).unlink()
    run(importing)
    assert (importing.state, importing.failure["en"]) == ("failed", "the file is no longer there")


def test_an_old_spreadsheets_accents_are_read(marie: User) -> None:
    importing = upload(GOOD.encode("cp1252"), marie)
    begin(importing)
    run(importing)
    assert Mention.objects.order_by("id").first().text == "Toujours rien reçu"


Command = Callable[..., tuple[str, str]]


@pytest.fixture
def command(aldane: Client, tmp_path: Path) -> Command:
    def run_it(text: str, *options: str, client: str = "maison_aldane") -> tuple[str, str]:
        file, out, err = tmp_path / "export.csv", StringIO(), StringIO()
        file.write_text(text, encoding="utf-8")
        call_command("import_mentions", client, str(file), *options, stdout=out, stderr=err)
        return out.getvalue(), err.getvalue()

    return run_it


def test_the_command_takes_a_file_in_and_is_run_again_at_will(command: Command) -> None:
    assert "2 rows: 2 new, 0 known already, 0 refused." in command(GOOD)[0]
    assert "2 rows: 0 new, 2 known already, 0 refused." in command(GOOD)[0]
    assert Mention.objects.filter(read_at=None).count() == 0


def test_the_command_takes_a_workbook_in(aldane: Client, tmp_path: Path) -> None:
    book = Workbook()
    for line in GOOD.splitlines():
        book.worksheets[0].append(line.split(";"))
    book.save(tmp_path / "export.xlsx")
    out = StringIO()
    call_command("import_mentions", "maison_aldane", str(tmp_path / "export.xlsx"), stdout=out)
    assert "sheet « Sheet »" in out.getvalue() and "2 rows: 2 new" in out.getvalue()


def test_the_command_takes_columns_by_hand(command: Command) -> None:
    strange = GOOD.replace("date;auteur;texte", "quand;qui;quoi")
    command(strange, "--map", "published_at=quand", "author_handle=qui", "text=quoi", "--source", "Archives")
    assert Mention.objects.count() == 2 and Source.objects.get().name == "Archives"


def test_the_command_lists_bad_rows_and_is_strict_on_demand(command: Command) -> None:
    out, err = command(MIXED)
    assert "3 new" in out and "line 4, column date" in err and "line 5" in err
    with pytest.raises(CommandError) as refusal:
        command(MIXED, "--strict")
    assert refusal.value.returncode == 1 and Mention.objects.count() == 3


@pytest.mark.parametrize("options", [("--map", "text=absente"), ("--timezone", "Mars/Olympus")])
def test_the_command_refuses_what_does_not_fit_and_keeps_nothing(command: Command, options: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="Nothing was taken in"):
        command(GOOD, *options)
    assert Mention.objects.count() == 0


def test_the_command_names_the_clients_when_it_knows_not_this_one(command: Command) -> None:
    with pytest.raises(CommandError, match="maison_aldane, tramontel"):
        command(GOOD, client="inconnu")


@pytest.mark.shared
def test_the_real_free_export_is_read(aldane: Client) -> None:
    file = Path(__file__).parents[3] / "shared/data/surge/free_fr.csv"
    if not file.exists():
        pytest.skip("the real data is not here")
    layout = tables.sniff(file)
    mapping = {"published_at": "created_at", "author_handle": "author", "text": "text"}
    chunk = next(
        imports.chunks(
            source=imports.source_named("Free"),
            path=file,
            layout=layout,
            mapping=mapping,
            network="x",
            timezone="UTC",
            now=NOW,
        )
    )
    assert chunk.new > 1_900 and not chunk.problems
