"""Posts as they came, made harmless, and what changed in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.listening.changes import changes
from clients.listening.display import as_text, harmless, is_html

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<a href='  java\nscript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<style>@import 'http://a.example'</style>",
    "<p style='background:url(http://a.example)'>x</p>",
    "<form action='http://a.example'><input name=q><button>x</button></form>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<base href='http://a.example/'><meta http-equiv=refresh content='0;url=http://a.example'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<<b>script>alert(1)</script>",
    "<video poster=http://a.example><source onerror=alert(1)></video>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_runs_loads_or_sends(attack: str) -> None:
    shown = harmless(attack).lower()
    tags = [piece.split(">")[0] for piece in shown.split("<")[1:]]
    assert all(tag.strip("/").split(" ")[0] in {"p", "b", "a"} for tag in tags)
    assert all(
        "javascript" not in tag and "data:" not in tag and " on" not in tag and "style" not in tag for tag in tags
    )


@given(st.text())
def test_any_text_is_made_harmless(text: str) -> None:
    assert "<script" not in harmless(text).lower()
    assert harmless(harmless(text)) == harmless(text)


@pytest.mark.parametrize(
    ("text", "is_one"), [("<p>a</p>", True), ("a <br> b", True), ("1 < 2 > 0", False), ("<3", False)]
)
def test_html_is_known_by_its_tags(text: str, is_one: bool) -> None:
    assert is_html(text) is is_one


def test_bytes_are_read_as_text() -> None:
    assert as_text("é".encode()) == "é" and as_text(b"\xff") == "\ufffd"


@given(st.text(), st.text())
def test_changes_hold_both_texts_in_full(before: str, after: str) -> None:
    pieces = changes(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == after
