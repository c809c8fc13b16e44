"""What somebody at the desk would have captured of a post on the simulated network: a PNG, drawn by Typst."""

import json
from pathlib import Path

import typst

from clients.models import Mention
from reports.demo.quiet import PARIS
from reports.documents.glyphs import FONTS, drawable

TEMPLATE = Path(__file__).parent / "capture.typ"


def capture_of(mention: Mention) -> bytes:
    """The post as a picture of 880 pixels across; its words are handed in as data, never as markup."""
    said = {
        "name": drawable(mention.author.name if mention.author else ""),
        "handle": drawable(f"@{mention.author.handle}" if mention.author else ""),
        "text": drawable(mention.text),
        "at": f"{mention.published_at.astimezone(PARIS):%d/%m/%Y %H:%M}",
    }
    picture = typst.compile(
        TEMPLATE,
        format="png",
        ppi=144,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"said": json.dumps(said, ensure_ascii=False)},
    )
    if not isinstance(picture, bytes):
        raise TypeError("Typst gives one page for a post.")
    return picture
