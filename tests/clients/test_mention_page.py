"""The page of one mention: what came, what changed, what repeats it, why it was caught."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser

from agency.models import Client, User
from clients.models import Mention
from clients.services import reading
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said, watch
from tests.conftest import NOW, MakePerson

Visit = Callable[..., Browser]
HOSTILE = (
    '<p onclick="x()">Le <b>colis</b> <img src="http://a.example/i.gif" onerror="alert(1)"><script>alert(2)</script>'
    '<a href="javascript:alert(3)" style="x">ici</a> <a href="https://b.example/">là</a></p><iframe src="//c"></iframe>'
)


@pytest.fixture
def desk(aldane: Client, person: MakePerson, visit: Visit) -> Browser:
    reader = person("cm", aldane)
    User.objects.filter(pk=reader.pk).update(language="en")
    return visit(reader, aldane)


def heard(**fields: object) -> Mention:
    ingest(source=feed(), raws=[said(1, "Le colis d’Aldane est perdu", author_handle="noe.b", **fields)], now=NOW)
    reading.read_new(reader=reading.Reader.shipped(), now=NOW)
    return Mention.objects.get()


def page_of(desk: Browser, mention: Mention, query: str = "") -> str:
    return desk.get(f"/agence/tri/mentions/{mention.pk}/{query}").content.decode()


def test_the_page_says_what_who_whence_and_why(desk: Browser, aldane: Client) -> None:
    watch(["Aldane"], required=["colis"])
    page = page_of(desk, heard())
    for words in ("Le colis d’Aldane est perdu", "@noe.b", "Presse", "contains “Aldane”", "p1"):
        assert words in page


def test_html_is_shown_harmless_and_kept_as_it_came(desk: Browser, aldane: Client) -> None:
    mention = heard()
    Mention.objects.update(original=HOSTILE.encode())
    page = page_of(desk, mention)
    shown = page.split('is-html">')[1].split("</div>")[0]
    assert "<b>colis</b>" in shown and 'href="https://b.example/"' in shown and "noreferrer" in shown
    for bad in ("<img", "<script", "alert(", "onclick", "style=", "javascript:", "<iframe"):
        assert bad not in shown
    mention.refresh_from_db()
    assert bytes(mention.original or b"") == HOSTILE.encode()


def test_bytes_that_are_no_text_break_nothing(desk: Browser, aldane: Client) -> None:
    mention = heard()
    Mention.objects.update(original=b"\xff\xfe <b>a\x00</b> \xed\xa0\x80")
    assert "a" in page_of(desk, mention)


def test_each_change_is_readable(desk: Browser, aldane: Client) -> None:
    mention = heard()
    for number, text in enumerate(("Le colis est là", "Le colis est <i>perdu</i>")):
        mention.versions.create(
            text=text,
            sha256="",
            seen_from=NOW + timedelta(minutes=number),
            seen_until=NOW + timedelta(minutes=number + 1),
        )
    Mention.objects.update(edited_at=NOW)
    page = page_of(desk, mention)
    assert "edited 2 times" in page
    assert "Le colis est <del>là</del><ins>&lt;i&gt;perdu&lt;/i&gt;</ins>" in page


def test_a_mention_deleted_at_its_source_stays_and_says_so(desk: Browser, aldane: Client) -> None:
    mention = heard()
    Mention.objects.update(deleted_at=NOW)
    page = page_of(desk, mention)
    assert "deleted at its source" in page and "our copy stays" in page and "est perdu" in page


def test_an_erased_account_is_not_named(desk: Browser, aldane: Client) -> None:
    mention = heard()
    assert mention.author is not None
    mention.author.erased_at, mention.author.handle = NOW, "x"
    mention.author.save()
    assert "@noe.b" not in page_of(desk, mention) and "erased account" in page_of(desk, mention)


def test_one_goes_back_to_the_list_one_came_from_and_nowhere_else(desk: Browser, aldane: Client) -> None:
    mention = heard()
    assert 'href="/agence/tri/?vue=tout&amp;q=x"' in page_of(desk, mention, "?retour=/agence/tri/%3Fvue%3Dtout%26q%3Dx")
    for elsewhere in ("https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"):
        assert 'href="/agence/tri/"' in page_of(desk, mention, f"?retour={elsewhere}")


def test_no_such_mention_is_not_found(desk: Browser, aldane: Client) -> None:
    assert desk.get("/agence/tri/mentions/999999/").status_code == 404
