"""Excel workbooks: the table found, real dates, hidden sheets, and files made to hurt."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from clients.listening.raw import RawMention
from clients.listening.tables import RowProblem, TableError, count, read, sniff, workbook
from clients.listening.tables.workbook import BadWorkbook, count_rows

HEADER = ("Date", "Auteur", "Texte", "Abonnés", "URL")
EVENING = datetime(2026, 11, 20, 19, 15)  # noqa: DTZ001 (a workbook's dates have no zone)


def first_sheet(book: Workbook) -> Any:
    """The sheet that a new workbook has."""
    return book.worksheets[0]


def laid(folder: Path, rows: Sequence[Sequence[Any]], name: str = "mentions.xlsx", title: str = "Export") -> Path:
    book = Workbook()
    sheet = first_sheet(book)
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(folder / name)
    return folder / name


def rows_of(path: Path) -> list[RawMention | RowProblem]:
    layout = sniff(path)
    return list(read(path, layout, layout.guesses, "web"))


def test_a_workbook_with_a_preamble_and_real_dates_is_read(tmp_path: Path) -> None:
    row = (EVENING, "zoe", "Toujours en retard", 1200, "https://forum.example/1")
    path = laid(tmp_path, [("Rapport de veille",), (), HEADER, row])
    layout = sniff(path)
    assert (layout.sheet, layout.header_line, layout.header) == ("Export", 3, HEADER)
    (first,) = rows_of(path)
    assert isinstance(first, RawMention)
    assert (first.text, first.author_handle, first.followers) == ("Toujours en retard", "zoe", 1200)
    assert first.published_at == datetime(2026, 11, 20, 18, 15, tzinfo=UTC)


def test_a_date_and_an_hour_in_two_columns_make_one_moment(tmp_path: Path) -> None:
    path = laid(tmp_path, [("Date", "Time", "Text"), (EVENING.date(), EVENING.time(), "un"), (EVENING.date(), "", "x")])
    first, second = rows_of(path)
    assert isinstance(first, RawMention) and first.published_at == datetime(2026, 11, 20, 18, 15, tzinfo=UTC)
    assert isinstance(second, RawMention) and second.published_at == datetime(2026, 11, 19, 23, tzinfo=UTC)


def test_the_table_is_found_behind_a_cover_sheet_and_hidden_ones_are_left(tmp_path: Path) -> None:
    book = Workbook()
    cover = first_sheet(book)
    cover.title = "Couverture"
    cover.append(["Rapport"])
    hidden = book.create_sheet("Brouillon")
    hidden.append(list(HEADER))
    hidden.append([EVENING, "lea", "À ne pas lire", 1, ""])
    hidden.sheet_state = "hidden"
    shown = book.create_sheet("Mentions")
    shown.append(list(HEADER))
    shown.append([EVENING, "zoe", "À lire", 1, ""])
    book.save(tmp_path / "book.xlsx")
    layout = sniff(tmp_path / "book.xlsx")
    assert (layout.sheet, layout.other_sheets) == ("Mentions", ("Couverture",))
    assert [row.text for row in rows_of(tmp_path / "book.xlsx") if isinstance(row, RawMention)] == ["À lire"]


def test_merged_cells_blank_rows_and_notes_beside_the_table_do_no_harm(tmp_path: Path) -> None:
    book = Workbook()
    sheet = first_sheet(book)
    for row in (
        ["Veille", None],
        list(HEADER),
        [EVENING, "zoe", "un", 1, "", "note à côté"],
        [],
        [EVENING, "lea", "deux"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:E1")
    book.save(tmp_path / "book.xlsx")
    assert [row.text for row in rows_of(tmp_path / "book.xlsx") if isinstance(row, RawMention)] == ["un", "deux"]


def test_an_id_that_the_spreadsheet_has_rounded_is_not_trusted(tmp_path: Path) -> None:
    rows = [("ID", "Date", "Text"), (1590000000000000001, EVENING, "un"), (1590000000000000002, EVENING, "deux")]
    first, second = rows_of(laid(tmp_path, rows))
    assert isinstance(first, RawMention) and isinstance(second, RawMention)
    assert first.external_id.startswith("sha256:") and first.external_id != second.external_id
    kept = rows_of(laid(tmp_path, [("ID", "Date", "Text"), ("1590000000000000001", EVENING, "un"), (42, EVENING, "x")]))
    assert [row.external_id for row in kept if isinstance(row, RawMention)] == ["1590000000000000001", "42"]


def test_a_formula_is_read_by_the_value_it_had(tmp_path: Path) -> None:
    path = laid(tmp_path, [("Date", "Text"), (EVENING, "=1+1")])
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
    assert b"<f>1+1</f><v />" in sheet or b"<f>1+1</f><v/>" in sheet or b"<f>1+1</f><v></v>" in sheet
    with_value = sheet.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>").replace(b"<v />", b"<v>2</v>")
    with_value = with_value.replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>")
    (row,) = rows_of(replaced(path, "xl/worksheets/sheet1.xml", with_value))
    assert isinstance(row, RawMention) and row.text == "2"


def test_progress_follows_the_rows(tmp_path: Path) -> None:
    path = laid(tmp_path, [HEADER, *[(EVENING, f"a{n}", f"texte {n}", n, "") for n in range(300)]])
    layout = sniff(path)
    total = count(path, layout)
    reading = read(path, layout, layout.guesses, "web", rows=total)
    seen = [reading.fraction_read for _ in reading]
    assert total == 300 and seen == sorted(seen) and 0 < seen[0] < 0.01 and reading.fraction_read == 1


def test_the_same_rows_have_the_same_ids_in_csv_and_in_excel(tmp_path: Path) -> None:
    post = "https://x.com/zoe/status/1590000000000000001"
    in_excel = laid(tmp_path, [HEADER, (EVENING, "zoe", "un", 3, ""), (EVENING, "lea", "deux", 1, post)])
    (tmp_path / "m.csv").write_text(
        f"Date;Auteur;Texte;URL\n20/11/2026 19:15;zoe;un;\n20/11/2026 19:15;lea;deux;{post}\n"
    )
    one, other = rows_of(in_excel), rows_of(tmp_path / "m.csv")
    assert [getattr(row, "external_id", row) for row in one] == [getattr(row, "external_id", row) for row in other]
    assert isinstance(one[1], RawMention) and (one[1].external_id, one[1].network) == ("1590000000000000001", "x")


def replaced(path: Path, member: str, content: bytes) -> Path:
    """A copy of the workbook with one of its parts replaced."""
    copy = path.with_name(f"altered-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == member else old.read(name))
    return copy


SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:B2"/>'
    b"<sheetData>%s</sheetData></worksheet>"
)
NAMED = (
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>Date</t></is></c><c r="B1" t="inlineStr"><is><t>Text</t></is></c></row>'
)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (b"<row>" + b"<c/>" * 600_000 + b"</row>", "row_too_long"),
        (b"", "empty"),
        (b"<row r='1'><c r='A1'><v>1</v></c><c r='B1'><v>2</v></c></row>", "no_sheet"),
        (b"<row r='x'></row>", "not_a_workbook"),
        (b"<row><c t='s'><v>99</v></c></row>", "not_a_workbook"),
        (b"<row", "not_a_workbook"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused_in_words(tmp_path: Path, rows: bytes, code: str) -> None:
    path = replaced(laid(tmp_path, [HEADER]), "xl/worksheets/sheet1.xml", SHEET % rows)
    with pytest.raises(TableError) as refusal:
        sniff(path)
    assert refusal.value.code == code and refusal.value.words.fr


def test_a_zip_that_unpacks_to_gigabytes_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = laid(tmp_path, [HEADER])
    bomb = replaced(path, "xl/worksheets/sheet1.xml", SHEET % (b"<row/>" * 20_000_000))  # 120 MB of blanks, 120 kB here
    monkeypatch.setattr(workbook, "UNPACKED_LIMIT", 100_000_000)
    before = time.monotonic()
    with pytest.raises(TableError) as refusal:
        sniff(bomb)
    assert refusal.value.code == "workbook_too_large" and time.monotonic() - before < 2


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    dtd = b'<!DOCTYPE w [<!ENTITY l0 "ha">' + laughs + b"]>"
    rows = b"<row><c t='inlineStr'><is><t>&l11;</t></is></c></row>"
    path = replaced(laid(tmp_path, [HEADER]), "xl/worksheets/sheet1.xml", dtd + SHEET % rows)
    with pytest.raises(TableError) as refusal:
        sniff(path)
    assert refusal.value.code == "not_a_workbook"


def test_a_row_far_below_the_last_and_a_lying_size_cost_nothing(tmp_path: Path) -> None:
    far = b'<row r="999999999999"><c><v>1</v></c></row>'
    lying = (SHEET % (NAMED + far)).replace(b"A1:B2", b"A1:XFD1048576")
    path = replaced(laid(tmp_path, [HEADER]), "xl/worksheets/sheet1.xml", lying)
    before = time.monotonic()
    assert rows_of(path) == [] and time.monotonic() - before < 8


def test_hundreds_of_thousands_of_empty_rows_are_passed_over(tmp_path: Path) -> None:
    path = replaced(laid(tmp_path, [HEADER]), "xl/worksheets/sheet1.xml", SHEET % (NAMED + b"<row/>" * 300_000))
    layout = sniff(path)
    assert count_rows(path, layout.sheet) == 300_001
    before = time.monotonic()
    assert list(read(path, layout, {**layout.guesses}, "web")) == [] and time.monotonic() - before < 20


def test_a_workbook_cut_in_the_middle_keeps_what_came_before_and_says_so(tmp_path: Path) -> None:
    rows = b"".join(
        b'<row><c t="inlineStr"><is><t>2026-11-20 10:00</t></is></c><c t="inlineStr"><is><t>n%d</t></is></c></row>' % n
        for n in range(5_000)
    )
    whole = SHEET % (NAMED + rows)
    path = replaced(laid(tmp_path, [HEADER]), "xl/worksheets/sheet1.xml", whole[:-120])
    *before, last = rows_of(path)
    assert 4_000 < len(before) < 5_000 and all(isinstance(row, RawMention) for row in before)
    assert isinstance(last, RowProblem) and last.code == "damaged"


def test_a_file_that_is_only_a_zip_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("mentions.csv", "date;texte\n")
    with pytest.raises(TableError) as refusal:
        sniff(tmp_path / "a.xlsx")
    assert refusal.value.code == "not_a_workbook"
    with pytest.raises(BadWorkbook):
        count_rows(tmp_path / "a.xlsx", "Export")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1), garbage=st.binary(min_size=1, max_size=40))
def test_no_damaged_workbook_crashes_the_reader(tmp_path: Path, where: float, garbage: bytes) -> None:
    whole = laid(tmp_path, [HEADER, (EVENING, "zoe", "un", 1, ""), (EVENING, "lea", "deux", 2, "")]).read_bytes()
    at = int(where * len(whole))
    (tmp_path / "hurt.xlsx").write_bytes(whole[:at] + garbage + whole[at + len(garbage) :])
    try:
        found = rows_of(tmp_path / "hurt.xlsx")
    except TableError:
        return
    assert all(isinstance(row, RawMention | RowProblem) for row in found)
