"""What the eye sees of a drawing on paper: a text test does not notice letters garbled, piled up or missing."""

import io
import json
import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import typst
from numpy.typing import NDArray
from pypdf import PdfReader

from reports.documents.glyphs import FONTS
from reports.documents.pdf import render
from reports.documents.sheet import Sheet, sheet
from tests.reports.samples import report, tally

SVG = "{http://www.w3.org/2000/svg}"
PAGE = Path(__file__).parent / "words.typ"


def told() -> Sheet:
    return sheet(report(tally=tally()), skin="paper")


def drawings() -> dict[str, str]:
    page = told()
    assert page.curve is not None
    return {figure.table.name: figure.wide for figure in (page.curve, *page.figures)}


def picture(**given: object) -> NDArray[np.float64]:
    """The page as ink, from 0 (white) to 1, one pixel a point."""
    inputs = {"it": json.dumps(given)}
    png = typst.compile(PAGE, format="png", ppi=72, font_paths=[FONTS], ignore_system_fonts=True, sys_inputs=inputs)
    assert isinstance(png, bytes)
    return 1 - unpacked(png)[:, :, :3].mean(axis=2) / 255


def unpacked(png: bytes) -> NDArray[np.uint8]:
    """The pixels of a PNG of 8 bits and four channels (W3C PNG 3rd edition, filters of chapter 9)."""
    place, data = 8, b""
    width, height = struct.unpack(">II", png[16:24])
    assert png[24:26] == b"\x08\x06"
    while place < len(png):
        length, kind = int.from_bytes(png[place : place + 4]), png[place + 4 : place + 8]
        data += png[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += 12 + length
    lines = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + 4 * width)
    rows = np.zeros((height + 1, width + 1, 4), np.int64)
    for index, line in enumerate(lines):
        rows[index + 1, 1:] = unfiltered(line[0], line[1:].reshape(width, 4).astype(np.int64), rows[index])
    return rows[1:, 1:].astype(np.uint8)


def unfiltered(kind: int, line: NDArray[np.int64], above: NDArray[np.int64]) -> NDArray[np.int64]:
    if kind == 0:
        return line
    if kind == 1:
        return np.cumsum(line, axis=0) % 256
    if kind == 2:
        return (line + above[1:]) % 256
    left, done = np.zeros(4, np.int64), np.empty_like(line)
    for x, values in enumerate(line):
        up, corner = above[x + 1], above[x]
        guess = (left + up) // 2 if kind == 3 else paeth(left, up, corner)
        left = done[x] = (values + guess) % 256
    return done


def paeth(left: NDArray[np.int64], up: NDArray[np.int64], corner: NDArray[np.int64]) -> NDArray[np.int64]:
    whole = left + up - corner
    far = np.abs(whole - left), np.abs(whole - up), np.abs(whole - corner)
    return np.where((far[0] <= far[1]) & (far[0] <= far[2]), left, np.where(far[1] <= far[2], up, corner))


def words_of(drawing: str) -> tuple[list[list[object]], str, tuple[float, float]]:
    """Its lines of text as (x, y, share, weight, words), the drawing without anything else, and its size."""
    root = ElementTree.fromstring(drawing)  # noqa: S314 our own drawing
    ElementTree.register_namespace("", SVG.strip("{}"))
    for node in [node for node in root if node.tag != f"{SVG}text"]:
        root.remove(node)
    words: list[list[object]] = []
    for node in root:
        node.set("fill", "#000000")
        share = {"start": 0, "middle": 0.5, "end": 1}[node.get("text-anchor", "start")]
        x, y = (float(node.get(name, "0")) for name in ("x", "y"))
        words.append([x, y, share, int(node.get("font-weight", "400")), node.text])
    size = root.get("viewBox", "").split()
    return words, ElementTree.tostring(root, encoding="unicode"), (float(size[2]), float(size[3]))


def likeness(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """The share of the ink that both have at the same place."""
    return float(np.minimum(one, other).sum() / np.maximum(one, other).sum())


@pytest.mark.parametrize("name", ["curve", "strip", "tally", "cadence", "foresight"])
def test_the_words_of_a_drawing_look_as_if_set_by_hand(name: str) -> None:
    words, drawing, (width, height) = words_of(drawings()[name])
    drawn = picture(width=width, height=height, drawing=drawing, words=[])
    set_by_hand = picture(width=width, height=height, drawing="", words=words)
    assert drawn.sum() > 500
    assert likeness(drawn, set_by_hand) > 0.85


def test_another_font_or_letters_out_of_place_are_noticed() -> None:
    words, drawing, (width, height) = words_of(drawings()["curve"])
    set_by_hand = picture(width=width, height=height, drawing="", words=words)
    for garbled in (drawing.replace("Rempart Sans", "Rempart Serif"), drawing.replace(' x="', ' dx="3" x="')):
        assert likeness(picture(width=width, height=height, drawing=garbled, words=[]), set_by_hand) < 0.7


def test_the_words_of_every_drawing_can_be_copied_from_the_pdf() -> None:
    pdf = PdfReader(io.BytesIO(render(report(tally=tally()))))
    text = "".join("".join(page.extract_text().split()) for page in pdf.pages)
    for drawing in drawings().values():
        missing = [line[4] for line in words_of(drawing)[0] if "".join(str(line[4]).split()) not in text]
        assert not missing
