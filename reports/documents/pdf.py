"""The report as a tagged PDF (PDF/UA-1 and PDF/A-2a), set by Typst from data alone."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from incidents.charts import role_mark
from incidents.charts.svg import Svg
from reports.documents.content import ReportContent
from reports.documents.glyphs import FONTS, MISSING, breakable, drawable
from reports.documents.sheet import sheet
from reports.documents.words import WORDS

TEMPLATE = Path(__file__).parent / "report.typ"
ROLES = ("instigator", "pack", "popcorn", "customer", "ally", "media", "none")
REGIONS = {"fr": "FR", "en": "GB"}


def render(content: ReportContent) -> bytes:
    """The PDF. The same content gives the same bytes: its date is the report's, not today's."""
    pdf = typst.compile(
        TEMPLATE,
        format="pdf",
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(_paper(content), ensure_ascii=False)},
        pdf_standards=["ua-1", "a-2a"],
        timestamp=int(content.generated_at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("Typst gives one document for a report.")
    return pdf


def _paper(content: ReportContent) -> dict[str, Any]:
    """The sheet as plain data whose every character can be drawn, and which says so when one was replaced."""
    worded = asdict(sheet(content, skin="paper"))
    paper: dict[str, Any] = _drawable(worded)
    paper["region"] = REGIONS[content.language]
    paper["marks"] = {role: role_mark(role, "paper") for role in ROLES}
    if _missing(paper) > _missing(worded):
        about = paper["notes"][-1]
        about["lines"] = [*about["lines"], WORDS[content.language].missing_glyphs]
    return paper


def _drawable(value: Any) -> Any:
    """The same structure with its text made drawable; long words may break, except inside a drawing's markup."""
    if isinstance(value, Svg):
        return drawable(value)
    if isinstance(value, str):
        return breakable(drawable(value))
    if isinstance(value, dict):
        return {name: _drawable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(inner) for inner in value]
    return value


def _missing(value: Any) -> int:
    return json.dumps(value, ensure_ascii=False).count(MISSING)
