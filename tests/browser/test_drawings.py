"""The drawings as a browser sets them: its own letters are wider or narrower than the tables they were placed by."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page

from incidents.charts import Svg
from tests.browser.eyes import Eyes
from tests.incidents.test_drawings import CASES

ROOT = Path(__file__).parents[2]
SHEETS = ("agency/static/rempart/ui.css", "incidents/static/incidents/charts.css")
BOXES = """() => [...document.querySelectorAll("svg")].filter(one => one.checkVisibility()).map(one => {
    const box = node => { const {left, right, top, bottom} = node.getBoundingClientRect();
                          return [left, right, top, bottom, node.textContent]; };
    return [box(one), [...one.querySelectorAll("text")].map(box)];
})"""


def drawn(width: int) -> Iterator[Svg]:
    for name, (draw, figure) in CASES.items():
        yield draw(figure, language="fr", zone=ZoneInfo("Europe/Paris"), width=width, name=f"{name}-{width}")


@pytest.fixture
def sheet(eyes: Eyes, tmp_path: Path) -> Iterator[Page]:
    """Every drawing at both widths, with the house's own styles and letters."""
    links = "".join(f'<link rel="stylesheet" href="file://{ROOT / path}">' for path in SHEETS)
    figures = "".join(
        f'<figure class="figure"><div class="wide">{wide}</div><div class="narrow">{narrow}</div></figure>'
        for wide, narrow in zip(drawn(680), drawn(320), strict=True)
    )
    page = tmp_path / "drawings.html"
    page.write_text(f'<!doctype html><html lang="fr" data-theme="dark"><meta charset="utf-8">{links}{figures}</html>')
    opened = eyes.browser.new_page()
    opened.goto(f"file://{page}")
    yield opened
    opened.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1360, 390, 340])
def test_no_word_runs_into_another_or_out_of_its_drawing(sheet: Page, width: int) -> None:
    sheet.set_viewport_size({"width": width, "height": 800})
    sheet.evaluate("document.fonts.ready")
    assert sheet.evaluate("[...document.fonts].some(one => one.status === 'loaded')")
    drawings = sheet.evaluate(BOXES)
    assert len(drawings) == len(CASES)
    for (left, right, *_), words in drawings:
        assert not [one for one in words if one[0] < left - 1 or one[1] > right + 1]
        touching = [
            (a[4], b[4]) for a, b in combinations(words, 2)
            if a[0] < b[1] and b[0] < a[1] and a[2] + 3 < b[3] and b[2] + 3 < a[3]
        ]  # fmt: skip
        assert not touching


@pytest.mark.browser
def test_what_is_dark_on_the_screen_is_printed_on_white(sheet: Page) -> None:
    ink = "getComputedStyle(document.querySelector('.chart-strong')).fill"
    assert sheet.evaluate(ink) == "rgb(242, 239, 248)"
    sheet.emulate_media(media="print")
    assert sheet.evaluate(ink) == "rgb(30, 26, 41)"
