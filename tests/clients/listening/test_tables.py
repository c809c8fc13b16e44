"""Tables that other tools export: layout found, rows read, bad rows named."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clients.listening.raw import RawMention
from clients.listening.tables import RowProblem, TableError, read, recognised, sniff
from clients.listening.tables.dates import is_day_first, moment
from clients.listening.tables.rows import _whole

TABLES = Path(__file__).parents[2] / "fixtures" / "csv"
REAL = Path(__file__).parents[4] / "shared" / "data" / "surge" / "free_fr.csv"
PARIS = ZoneInfo("Europe/Paris")


def rows_of(path: Path, network: str = "web") -> list[RawMention | RowProblem]:
    layout = sniff(path)
    return list(read(path, layout, layout.guesses, network))


def mentions_of(path: Path) -> list[RawMention]:
    return [row for row in rows_of(path) if isinstance(row, RawMention)]


def laid(folder: Path, content: str | bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_a_meltwater_export_in_utf16_with_tabs_and_preamble_is_read() -> None:
    layout = sniff(TABLES / "meltwater_utf16.tsv")
    assert (layout.encoding, layout.delimiter, layout.header_line) == ("utf-16", "\t", 4)
    assert {**layout.guesses, "text": "Hit Sentence", "published_time": "Time"} == layout.guesses
    first, second, third = read(TABLES / "meltwater_utf16.tsv", layout, layout.guesses, "x")
    assert isinstance(first, RawMention)
    assert isinstance(third, RawMention)
    assert first.text == 'Encore "en retard", merci Aérolia'
    assert (first.external_id, first.author_handle, first.language) == ("1590000000000000001", "zoe_33", "fr")
    assert (first.reach, first.followers) == (12345, 1200)
    assert first.published_at == datetime(2026, 11, 20, 18, 15, tzinfo=UTC)
    assert isinstance(second, RowProblem)
    assert (second.line, second.column, second.code) == (6, "Hit Sentence", "text_withheld")
    assert (third.text, third.reach, third.followers) == ("Deux lignes,\nun seul mot d'ordre", 8000, None)


def test_a_brandwatch_export_with_seven_lines_of_preamble_is_read() -> None:
    path = TABLES / "brandwatch.csv"
    assert (sniff(path).encoding, sniff(path).header_line) == ("utf-8-sig", 8)
    first, second = mentions_of(path)
    assert (first.text, first.kind, first.author_handle) == ("@Aerolia bravo pour les bagages", "reply", "zoe_33")
    assert (first.reach, first.followers) == (350, 1200)
    assert (second.title, second.text, second.kind) == ("Bagages", "Toujours à quai", "article")
    assert first.external_id.startswith("sha256:")


def test_meltwaters_explore_export_is_recognised_and_its_rows_keep_their_network() -> None:
    path = TABLES.parent / "meltwater" / "explore.csv"
    layout = sniff(path)
    assert (recognised(layout.header), layout.header_line) == ("Meltwater", 4)
    post, withheld, article = read(path, layout, layout.guesses, "")
    assert isinstance(post, RawMention) and isinstance(article, RawMention)
    assert (post.external_id, post.network, post.kind) == ("1859000000000000001", "x", "reply")
    assert post.published_at == datetime(2026, 11, 20, 18, 15, tzinfo=UTC)
    assert isinstance(withheld, RowProblem) and (withheld.line, withheld.code) == (6, "text_withheld")
    assert (article.network, article.kind, article.text) == ("web", "article", "Un vol entier est parti sans bagages.")


def test_tools_are_recognised_by_their_columns(tmp_path: Path) -> None:
    assert recognised(sniff(TABLES / "brandwatch.csv").header) == "Brandwatch"
    dotted = "url,published,title,content,lang,source_type,reach,extra_author_attributes.name\n"
    row = 'https://x.com/zoe/status/18,2026-11-20T18:15:00Z,,Bonjour,fr,"SOCIALMEDIA,SOCIALMEDIA_TWITTER",350,Zoé\n'
    path = laid(tmp_path, dotted + row)
    assert recognised(sniff(path).header) == "Talkwalker"
    (post,) = mentions_of(path)
    assert (post.external_id, post.network, post.author_name, post.reach) == ("18", "x", "Zoé", 350)
    assert recognised(sniff(TABLES / "tableur_cp1252.csv").header) == ""


def test_a_french_spreadsheet_in_cp1252_with_semicolons_is_read() -> None:
    path = TABLES / "tableur_cp1252.csv"
    assert (sniff(path).encoding, sniff(path).delimiter) == ("cp1252", ";")
    first, second = mentions_of(path)
    assert (first.text, first.followers) == ("« Jamais à l’heure » – 30 € perdus", 1234)
    assert first.published_at == datetime(2026, 11, 20, 18, 15, tzinfo=UTC)
    assert second.published_at == datetime(2026, 11, 20, 18, 16, tzinfo=UTC)


@pytest.mark.parametrize("column", ["Author Bio", "author.description", "user_description", "Description du compte"])
def test_how_an_account_presents_itself_is_read_where_the_export_has_it(tmp_path: Path, column: str) -> None:
    rows = f"Date,Author,Text,{column}\n2026-11-17 21:58,lea_com,Bravo,{{}}\n"
    for bio, kept in (("Attachée de presse", "Attachée de presse"), ("n/a", ""), ("a" * 3_000, "a" * 1_000)):
        (mention,) = mentions_of(laid(tmp_path, rows.format(bio)))
        assert (mention.author_bio, mention.text) == (kept, "Bravo")


def test_each_bad_row_is_named_by_line_and_column_and_the_good_ones_stay() -> None:
    rows = rows_of(TABLES / "bad_rows.csv")
    assert [row.external_id for row in rows if isinstance(row, RawMention)] == ["1", "7"]
    assert [(row.line, row.column, row.code) for row in rows if isinstance(row, RowProblem)] == [
        (3, "date", "bad_date"),
        (4, "", "too_few_cells"),
        (5, "", "too_many_cells"),
        (6, "texte", "missing"),
        (7, "url", "not_a_web_address"),
        (10, "", "cut"),
    ]


def test_problems_have_words_in_both_languages() -> None:
    problem = rows_of(TABLES / "bad_rows.csv")[1]
    assert isinstance(problem, RowProblem)
    assert "hier" in problem.words.say("fr")
    assert problem.words.say("en") == "“hier” is not a known date"


def test_a_quote_that_is_never_closed_costs_its_rows_not_the_file(tmp_path: Path) -> None:
    good = "2026-11-20T18:15:00Z,bonjour\n"
    rows = rows_of(laid(tmp_path, "date,text\n" + '2026-11-20T18:15:00Z,"oups\n' + good * 20_000))
    assert isinstance(rows[0], RowProblem)
    assert (rows[0].line, rows[0].code) == (2, "endless_cell")
    assert sum(isinstance(row, RawMention) for row in rows) > 10_000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"  \n\n", "empty"),
        (b"\xff\xfe", "empty"),
        (b"PK\x03\x04rest", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0rest", "workbook"),
        (b"\x89PNG\r\n\x1a\n\x01\x02\x03", "binary"),
        (b"1,2\n3,4\n", "no_header"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(TableError) as refusal:
        sniff(laid(tmp_path, content))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("mapping", "code", "named"),
    [
        ({"text": "texte", "published_at": "Jour"}, "unknown_columns", "Jour"),
        ({"text": "texte", "published_at": "date", "mood": "auteur"}, "unknown_fields", "mood"),
        ({"text": "texte"}, "unmapped", "published_at"),
        ({}, "unmapped", "text"),
    ],
)
def test_a_mapping_that_does_not_fit_names_the_columns(mapping: dict[str, str], code: str, named: str) -> None:
    path = TABLES / "bad_rows.csv"
    with pytest.raises(TableError) as refusal:
        read(path, sniff(path), mapping, "web")
    assert refusal.value.code == code
    assert named in refusal.value.words.en
    assert code == "unknown_fields" or "id, date, auteur, texte, url" in refusal.value.words.fr


def test_ids_that_a_spreadsheet_has_rounded_are_not_trusted(tmp_path: Path) -> None:
    row = "1.59E+18,2026-11-20T18:15:00Z,{}\n"
    first, second = mentions_of(laid(tmp_path, "id,date,text\n" + row.format("un") + row.format("deux")))
    assert first.external_id != second.external_id


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    path = laid(tmp_path, "date,text\n" + "2026-11-20T18:15:00Z,bonjour\n" * 5_000)
    reading = read(path, sniff(path), sniff(path).guesses, "web")
    assert reading.fraction_read == 0
    seen = [reading.fraction_read for _ in reading]
    assert seen == sorted(seen)
    assert 0 < seen[0] < 0.5
    assert reading.fraction_read == 1


def test_american_dates_are_recognised_by_the_whole_column(tmp_path: Path) -> None:
    path = laid(tmp_path, "date,text\n01/02/2026,un\n01/25/2026,deux\n")
    assert not sniff(path).day_first
    assert [m.published_at for m in mentions_of(path)] == [
        datetime(2026, 1, 1, 23, tzinfo=UTC),
        datetime(2026, 1, 24, 23, tzinfo=UTC),
    ]
    assert is_day_first(["01/02/2026"])


@pytest.mark.parametrize(
    "written",
    [
        "2024-07-19T17:15:00Z",
        "2024-07-19 17:15:00+00:00",
        "2024-07-19 17:15:00 UTC",
        "2024-07-19T19:15:00",
        "1721409300",
        "1721409300000",
        "19/07/2024 19:15",
        "19/07/2024 à 19h15",
        "19.07.24 7:15 PM",
        "19-Jul-2024 07:15PM",
        "Jul 19, 2024 7:15 PM",
        "19 juillet 2024 à 19:15",
        "Ven. 19 juil. 2024 19:15:00",
        "Fri Jul 19 17:15:00 +0000 2024",
        "Fri, 19 Jul 2024 17:15:00 GMT",
        "2024/07/19 19:15",
    ],
)
def test_dates_of_every_habit_are_one_moment(written: str) -> None:
    assert moment(written, PARIS) == datetime(2024, 7, 19, 17, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["", "hier", "10", "17:15", "31/02/2024", "12/25/2024", "2024-13-01", "19/07/2024 25:00", "19 foo 2024"]
)
def test_what_is_not_wholly_a_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        moment(written, PARIS)


def test_the_hour_that_comes_twice_and_the_one_that_is_skipped_have_a_moment() -> None:
    assert moment("26/10/2025 02:30", PARIS) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert moment("30/03/2025 02:30", PARIS) == datetime(2025, 3, 30, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("1234", 1234),
        ("1 234", 1234),
        ("1\u202f234", 1234),
        ("1,234", 1234),
        ("1.234.567", 1234567),
        ("12,0", 12),
        ("3.4K", 3400),
        ("1,2 M", 1200000),
        ("many", None),
        ("-3", None),
        ("1,2,3", None),
    ],
)
def test_counts_are_read_as_people_write_them(written: str, count: int | None) -> None:
    assert _whole(written) == count


CELL = st.text(st.characters(blacklist_categories=["Cs"]), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_reading_twice_gives_the_same_ids_whatever_the_cells_hold(
    tmp_path: Path, rows: list[tuple[str, str]], delimiter: str, encoding: str
) -> None:
    path = tmp_path / "table.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(["date", "auteur", "texte"])
        writer.writerows(["2026-11-20T18:15:00Z", author, text] for author, text in rows)
    layout = sniff(path)
    assert (layout.delimiter, layout.header) == (delimiter, ("date", "auteur", "texte"))
    first, again = rows_of(path), rows_of(path)
    assert first == again
    assert len(first) == len(rows)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_no_file_crashes_the_reader(tmp_path: Path, content: bytes) -> None:
    path = laid(tmp_path, b"date,text\n" + content)
    try:
        layout = sniff(path)
        rows = list(read(path, layout, layout.guesses, "web"))
    except TableError:
        return
    assert all(isinstance(row, RawMention | RowProblem) for row in rows)


@pytest.mark.shared
@pytest.mark.skipif(not REAL.exists(), reason="the folder of real data is not beside the project")
def test_three_years_of_real_mentions_are_read_without_a_problem() -> None:
    mapping = {"published_at": "created_at", "author_handle": "author", "text": "text"}
    rows = list(read(REAL, sniff(REAL), mapping, "x"))
    assert all(isinstance(row, RawMention) for row in rows)
    assert len({row.external_id for row in rows if isinstance(row, RawMention)}) == len(rows) == 2502
