"""Markup made to exhaust its reader is known before its tree is built, and shown letter by letter."""

import resource
import time

import pytest

from clients.listening.display import harmless
from clients.listening.tangles import is_tangled

EXHAUSTING = {
    "fonts never closed": "".join(f"<font color={n}><p>" for n in range(5_000)),
    "fonts closed where it does not count": "".join(f"<font a={n}><table><td></font></table>" for n in range(3_000))
    + "<p>" * 9_000,
    "fonts closed in a drawing": "".join(f"<b id={n}><svg><desc></b></svg>" for n in range(3_000)) + "<p>" * 9_000,
    "fonts closed in a choice": "".join(f"<i id={n}><select></i></select>" for n in range(3_000)) + "<p>" * 9_000,
    "fonts closed in an attribute": "".join(f"<b id={n} title='</b>'>" for n in range(3_000)) + "<p>" * 9_000,
    "fonts closed in a comment": "".join(f"<b id={n}><!--</b>-->" for n in range(3_000)) + "<p>" * 9_000,
    "other ends": "".join(f"<font a={n}></b>" for n in range(5_000)) + "<p>" * 5_000,
    "blocks never closed": "<div>" * 30_000,
    "links never closed": "<a href=x><p>" * 7_000,
    "tables in tables": "<table><tr><td>" * 10_000,
    "lists in lists": "<ul><li>" * 15_000,
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(10_000)) + ">",
    "forms and buttons": "<form><button><p>" * 9_000,
    "rubies and options": "<ruby><rt><select><option>" * 7_000,
    "headings": "<h1><b><h2><i>" * 9_000,
    "drawings": "<svg><g><math><mtext>" * 8_000,
}


@pytest.mark.parametrize("name", EXHAUSTING)
def test_no_markup_takes_more_than_a_moment_to_show(name: str) -> None:
    memory, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    harmless(EXHAUSTING[name])
    assert time.process_time() - begun < 2
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024 < 200


def test_long_articles_are_no_tangle() -> None:
    paragraph = "<p>Un <b>mot</b> et <em>un autre</em>, <a href='https://a.example/'>un lien</a>.</p><p>Sans fin<br>"
    assert not is_tangled(paragraph * 1_000)
    assert not is_tangled("<table><tr><td><strong>Prix</strong></td></tr></table>" * 400)
