import io
import json
from datetime import timedelta

import pytest
from pypdf import PdfReader

from reports.documents.content import LogLine, Number
from reports.documents.glyphs import FONTS, breakable, drawable
from reports.documents.pdf import render
from reports.documents.sheet import sheet
from tests.reports.samples import START, report

HOSTILE = '#import "/etc/passwd": * $x$ *gras* <b>&amp; @ref #sys.inputs `raw` \\ \u202eRTL \x00\x07'


def _read(**changes):
    return PdfReader(io.BytesIO(render(report(**changes))))


def _text(pdf):
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).replace("\u00a0", " ").split())


def _tags(node, found):
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            _tags(child, found)
    elif isinstance(node, dict):
        found.append((str(node.get("/S")), node.get("/Alt")))
        if "/K" in node:
            _tags(node["/K"], found)
    return found


def test_the_pdf_is_tagged_titled_and_says_its_language_and_standards():
    pdf = _read()
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "fr-FR"
    assert pdf.metadata.title == "L’attaque venait d’un confrère · Maison Azur"
    metadata = pdf.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "pdfuaid:part" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata


def test_headings_tables_and_drawings_are_tagged_with_words_for_the_drawings():
    tags = _tags(_read().trailer["/Root"]["/StructTreeRoot"]["/K"], [])
    kinds = {kind for kind, _ in tags}
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/L"} <= kinds
    described = [alt for kind, alt in tags if kind == "/Figure"]
    assert len(described) == 4
    assert all(described)


def test_page_one_stands_alone():
    page = " ".join(_read().pages[0].extract_text().replace("\u00a0", " ").split())
    for words in (
        "L’attaque venait d’un confrère",
        "tenir la position P-07 à jour.",
        "Premier message",
        "Claire Marchetti",
        "1 / 4",
    ):
        assert words in page


def test_page_one_stands_alone_even_after_a_long_night():
    log = tuple(
        LogLine(START + timedelta(minutes=17 * n), f"Ligne {n}. " + "Il publie de nouveau. " * 9, key=n % 5 == 0)
        for n in range(120)
    )
    pdf = _read(log=log)
    assert "Claire Marchetti" in pdf.pages[0].extract_text()
    assert "Ligne 119." in _text(pdf)


def test_every_word_of_the_page_is_in_the_pdf():
    told, text = sheet(report()), _text(_read())
    drawn = (told.curve, *told.figures)
    for table in (told.moments, told.speakers, told.changes, *told.details, *(figure.table for figure in drawn)):
        for words in (
            table.title,
            *table.columns,
            *(cell for row in table.rows for cell in row.cells if len(cell) < 30),
        ):
            assert " ".join(words.replace("\u00a0", " ").split()) in text


def test_hostile_text_is_inert():
    everywhere = {
        "client": HOSTILE,
        "title": HOSTILE,
        "bottom_line": (HOSTILE,),
        "numbers": (Number(HOSTILE, HOSTILE, HOSTILE),),
    }
    text = _text(_read(**everywhere, log=(LogLine(START, HOSTILE + "A" * 4000),)))
    assert '#import "/etc/passwd": * $x$ *gras*' in text
    assert "root:" not in text


def test_what_the_fonts_cannot_draw_is_replaced_and_said():
    assert "Le signe □ remplace" in _text(_read(title="שלום 🍿"))
    assert "Le signe □ remplace" not in _text(_read(title="Popcorn 🍿 ❤️ 🇫🇷"))


@pytest.mark.parametrize(
    "empty", ["log", "who_spoke", "changes", "decisions", "captures", "method", "limits", "numbers"]
)
def test_a_part_may_be_empty(empty):
    assert len(_read(**{empty: ()}).pages) >= 1


def test_a_report_without_figures_or_colour_is_set_too():
    assert (
        len(
            _read(
                curve=None,
                strip=None,
                cadence=None,
                foresight=None,
                brand_colour="",
                confidential="",
                log_fingerprint="",
            ).pages
        )
        >= 1
    )


def test_the_same_report_gives_the_same_bytes():
    assert render(report()) == render(report())


def test_piles_of_accents_are_cut_and_marks_of_direction_dropped():
    assert drawable("Z" + "\u0301" * 50) == "Z" + "\u0301" * 3
    assert drawable("a\u202eb\u2066c") == "abc"
    assert drawable("👩🏽") == "👩"


def test_long_words_may_break_but_a_fingerprint_is_copied_whole():
    assert "\u200b" in breakable("x" * 60)
    assert breakable("3f" * 32) == "3f" * 32


def test_the_fonts_keep_their_licence_and_stay_small():
    assert len(list(FONTS.glob("OFL-*.txt"))) == 3
    assert sum(font.stat().st_size for font in FONTS.glob("*.ttf")) < 1.6e6
    assert json.loads((FONTS / "coverage.json").read_text())
