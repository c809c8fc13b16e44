"""The feed collector, against a real server on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agency.http import Door
from clients.listening.collectors import registry
from clients.listening.collectors.protocol import CollectError, Fetched, PassingFailure, PermanentFailure
from clients.listening.raw import RawMention, check
from tests.loopback import Answer, Site, serving

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
FEEDS = Path(__file__).parents[2] / "fixtures" / "feed"
HEAD = '<rss version="2.0"><channel><title>t</title>'
TAIL = "</channel></rss>"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def read(url: str, cursor: dict[str, Any] | None = None, max_bytes: int = 5_000_000, **settings: Any) -> Fetched:
    door = Door(timeout_s=5, max_bytes=max_bytes, allow_private=True)
    return registry.fetch("feed", {"url": url, **settings}, cursor or {}, http=door, now=NOW)


def read_file(site: Site, name: str, **settings: Any) -> tuple[RawMention, ...]:
    return read(site.lay("/" + name, (FEEDS / name).read_bytes()), **settings).mentions


def item(guid: str, text: str = "texte") -> str:
    return f"<item><guid>{guid}</guid><title>{text}</title></item>"


def test_a_google_alert_is_unwrapped_and_stripped(site: Site) -> None:
    (mention,) = read_file(site, "google_alerts.xml")
    assert mention.url == "https://gazette.example/economie?id=42&page=1"
    assert mention.title == "Aérolia : les bagages de l'été toujours à quai"
    assert mention.text == "La compagnie Aérolia promet un retour à la normale & des bons d'achat\u00a0..."
    assert mention.external_id == "tag:google.com,2013:googlealerts/feed:1234567890123456789"
    assert mention.published_at == datetime(2026, 11, 20, 18, 5, tzinfo=UTC)
    assert mention.author_handle == "gazette.example"


def test_rss_gives_plain_text_absolute_links_and_utc(site: Site) -> None:
    first = read_file(site, "gazette.rss")[0]
    assert first.title == "L’appel d’Aérolia & consorts"
    assert first.text == "Premier paragraphe, 1 < 2.\nSecond lien."
    assert first.url == site.base + "/appel"
    assert first.published_at == datetime(2026, 11, 20, 18, 15, tzinfo=UTC)
    assert (first.author_name, first.language, first.network, first.kind) == ("Zoé Martin", "fr-FR", "web", "article")


def test_entries_without_id_or_date_are_kept_and_those_without_words_left_out(site: Site) -> None:
    mentions = read_file(site, "gazette.rss")
    assert [m.title for m in mentions[1:]] == [
        "Sans guid ni date",
        "Rien que ce titre < 3",
        "Date folle",
        "Horloge à zéro",
    ]
    assert mentions[1].external_id == "https://gazette.example/sans"
    assert mentions[2].external_id.startswith("sha256:")
    assert {m.published_at for m in mentions[1:]} == {None}


def test_an_address_in_the_author_field_is_not_kept(site: Site) -> None:
    assert read_file(site, "gazette.rss")[1].author_name == "Rédaction"


def test_json_feed_is_read_and_hostile_links_dropped(site: Site) -> None:
    first, second = read_file(site, "forum.json")
    assert (first.external_id, first.author_handle, first.language) == ("7", "voyageuse_33", "fr")
    assert first.text == "Qui d'autre attend son bagage\u00a0?\nDeux jours."
    assert first.published_at == datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    assert (second.text, second.title, second.url, second.published_at) == ("a < b & c", "Titre gras", "", None)


def test_what_came_is_kept_as_it_came(site: Site) -> None:
    markup = "<p>Rien\u00a0reçu… <script>x()</script><b onclick='y()'>été</b></p>\n<!-- z -->"
    document = HEAD + f"<item><guid>1</guid><description><![CDATA[{markup}]]></description></item>" + TAIL
    (mention,) = read(site.lay("/f", document)).mentions
    assert mention.original == markup
    assert mention.text == "Rien\u00a0reçu… été"


def test_an_entry_updated_after_its_publication_is_an_edit(site: Site) -> None:
    (mention,) = read_file(site, "phpbb.atom")
    assert mention.published_at == datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    assert mention.edited_at == datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    assert mention.title == "Traversées • Re: Grève de demain"
    assert (mention.author_name, mention.text.splitlines()[0]) == (
        "capitaine_h",
        "Confirmé par le port : rien ne part.",
    )


@pytest.mark.parametrize("name", ["appstore.xml", "appstore.json"])
def test_a_review_has_its_stars_in_the_title(site: Site, name: str) -> None:
    mention = read_file(site, name)[0]
    assert (mention.title, mention.external_id) == ("1/5 · Billet introuvable", "9000000001")
    assert mention.text == "Impossible de retrouver mon billet & personne ne répond."
    assert mention.published_at == datetime(2026, 11, 20, 17, 15, tzinfo=UTC)
    assert mention.author_name == "voyageuse.33"
    assert mention.url.startswith("https://itunes.apple.com/fr/review?id=1&type=Purple")


def test_a_forum_s_post_bears_its_author_and_its_own_address(site: Site) -> None:
    (mention,) = read_file(site, "discourse.rss")
    assert (mention.external_id, mention.url) == (
        "forum.example-post-907",
        "https://forum.example/t/traversee-annulee/42/7",
    )
    assert (mention.author_handle, mention.author_name) == ("zoe_m", "Zoé Martin")
    assert mention.text.endswith("Pas nous. Toujours aucun remboursement.")


def test_a_comment_is_read_whole(site: Site) -> None:
    (mention,) = read_file(site, "wordpress_comments.rss")
    assert (mention.author_name, mention.external_id) == ("Paul", "https://blog.example/?p=12#comment-5")
    assert mention.text == "En réponse à Zoé.\nMême chose ici, deux heures de retard …"


FIXTURES = sorted(path.name for path in FEEDS.iterdir() if path.suffix != ".md")


@pytest.mark.parametrize("name", FIXTURES)
def test_what_a_feed_gives_is_acceptable_and_the_same_at_each_reading(site: Site, name: str) -> None:
    first, again = read_file(site, name), read_file(site, name)
    assert first == again
    assert [check(mention, now=NOW) for mention in first] == [[]] * len(first)


def test_the_settings_choose_network_kind_and_language(site: Site) -> None:
    mention = read_file(site, "forum.json", network="forum", kind="post", language="en")[0]
    assert (mention.network, mention.kind, mention.language) == ("forum", "post", "en")


def test_an_unchanged_feed_is_not_read_again(site: Site) -> None:
    url = site.lay("/f", HEAD + item("1") + TAIL, ETag='"v1"', Last_Modified="Fri, 20 Nov 2026 18:00:00 GMT")
    first = read(url)
    second = read(url, first.cursor)
    assert (len(first.mentions), first.unchanged) == (1, False)
    assert (second.mentions, second.unchanged, second.bytes, second.cursor) == ((), True, 0, first.cursor)
    assert site.asked[-1][1]["if-modified-since"] == "Fri, 20 Nov 2026 18:00:00 GMT"


def test_a_server_without_conditional_requests_is_recognised_by_the_body(site: Site) -> None:
    url = site.lay("/f", HEAD + item("1") + TAIL)
    first = read(url)
    assert read(url, first.cursor).unchanged
    site.lay("/f", HEAD + item("2") + item("1") + TAIL)
    assert [m.external_id for m in read(url, first.cursor).mentions] == ["2", "1"]


def test_the_cursor_of_another_address_is_forgotten(site: Site) -> None:
    url = site.lay("/f", HEAD + item("1") + TAIL, ETag='"v1"')
    assert len(read(url, {"url": "https://old.example/", "etag": '"v1"'}).mentions) == 1


def test_a_moved_feed_says_where_to(site: Site) -> None:
    site.lay("/new", HEAD + item("1") + TAIL)
    assert read(site.lay("/old", status=301, Location="/new")).moved_to == site.base + "/new"
    assert read(site.lay("/guest", status=302, Location="/new")).moved_to == ""


def test_the_cursor_moves_with_the_feed(site: Site) -> None:
    new = site.lay("/new", HEAD + item("1") + TAIL, ETag='"v1"')
    moved = read(site.lay("/old", status=301, Location="/new"))
    assert read(new, moved.cursor).unchanged


def test_a_feed_with_a_password_does_not_move_it_to_another_server(site: Site) -> None:
    with serving() as other:
        old = site.lay("/old", status=301, Location=other.lay("/new", item("1")))
        assert read(old, user="lou", password="un mot").moved_to == ""
        assert [headers.get("authorization") for _path, headers in other.asked] == [None]
    near = site.lay("/near", status=301, Location=site.lay("/new", item("1")))
    assert read(near, user="lou").moved_to == site.base + "/new"


def failure(url: str, **given: Any) -> CollectError:
    with pytest.raises(CollectError) as caught:
        read(url, **given)
    return caught.value


@pytest.mark.parametrize(
    ("status", "wait", "kind", "seconds"),
    [
        (410, "", PermanentFailure, None),
        (401, "", PermanentFailure, None),
        (404, "", PassingFailure, None),
        (500, "", PassingFailure, None),
        (429, "120", PassingFailure, 120.0),
        (503, "Fri, 20 Nov 2026 20:10:00 GMT", PassingFailure, 600.0),
        (503, "Fri, 20 Nov 2026 19:00:00 GMT", PassingFailure, 0.0),
        (429, "soon", PassingFailure, None),
        (429, "nan", PassingFailure, None),
        (429, "1e30", PassingFailure, 604_800.0),
    ],
)
def test_refusals_are_passing_or_permanent_with_the_pause_asked_for(
    site: Site, status: int, wait: str, kind: type[CollectError], seconds: float | None
) -> None:
    caught = failure(site.lay("/f", "x" * 100, status=status, Retry_After=wait))
    assert type(caught) is kind
    assert caught.retry_after == seconds
    assert str(status) in caught.words_fr
    assert str(status) in caught.words_en


def test_a_web_page_says_so_and_names_the_feed_it_offers(site: Site) -> None:
    page = """<!DOCTYPE html><html><head><link rel="stylesheet" href="/a.css">
    <link type='application/rss+xml' rel='alternate' title="Flux" href='/flux.rss?a=1&amp;b=2'></head></html>"""
    caught = failure(site.lay("/", page, Content_Type="text/html"))
    assert isinstance(caught, PassingFailure)
    assert caught.words_en == (
        f"this address answers with a web page, not a feed; the page offers this feed: {site.base}/flux.rss?a=1&b=2"
    )
    assert "page web" in caught.words_fr


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("/etc/passwd", "not_a_feed"),
        ("<a/>", "not_a_feed"),
        ('{"a": 1}', "not_a_feed"),
        ("{", "not_a_feed"),
        ("[" * 100_000, "not_a_feed"),
        ("\x89PNG\r\n", "not_a_feed"),
        ("<HTML><body>Maintenance</body></HTML>", "web_page"),
    ],
)
def test_what_is_not_a_feed_is_a_passing_failure(site: Site, body: str, code: str) -> None:
    caught = failure(site.lay("/f", body))
    assert (type(caught), caught.code) == (PassingFailure, code)


def test_a_cut_feed_keeps_its_complete_entries_says_so_and_is_asked_for_whole_again(site: Site) -> None:
    whole = HEAD + item("1") + item("2") + item("3", "un texte coupé") + TAIL
    url = site.lay("/f", whole[: whole.index("coupé")], ETag='"v1"')
    fetched = read(url)
    assert [m.external_id for m in fetched.mentions] == ["1", "2"]
    assert set(fetched.cursor) == {"url", "known"}
    assert "2 complete entries" in fetched.notes[0].en


def test_malformed_xml_is_read_and_said(site: Site) -> None:
    fetched = read(site.lay("/f", HEAD + item("1", "A & B &nbsp; <br> fin") + TAIL))
    assert fetched.mentions[0].external_id == "1"
    assert "malformed" in fetched.notes[0].en


BOMBS = {
    "billion laughs": '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + HEAD + item("1", "&b;") + TAIL,
    "quadratic": '<!DOCTYPE r [<!ENTITY a "' + "A" * 10_000 + '">]>' + HEAD + item("1", "&a;" * 1_000) + TAIL,
    "outer file": '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + HEAD + item("1", "&a;") + TAIL,
    "parameter": "<!DOCTYPE r [<!ENTITY % a '<!ENTITY b \"x\">'> %a;]>" + HEAD + item("1", "&b;") + TAIL,
    "nesting": HEAD + "<a>" * 5_000,
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_bombs_are_refused_for_good(site: Site, bomb: str, encoding: str) -> None:
    caught = failure(site.lay("/f", bomb.encode(encoding)))
    assert (type(caught), caught.code) == (PermanentFailure, "dangerous")


def test_a_large_feed_that_is_not_xml_is_given_up_at_once(site: Site) -> None:
    assert failure(site.lay("/f", HEAD + "<a " * 200_000)).code == "hopeless"


def test_a_feed_over_the_limit_is_a_clear_error(site: Site) -> None:
    caught = failure(site.lay("/f", HEAD + item("1") * 1_000 + TAIL), max_bytes=10_000)
    assert (type(caught), caught.code) == (PassingFailure, "too_large")
    assert "0.01 MB" in caught.words_en


def test_a_slow_feed_a_broken_off_one_and_a_private_one_are_clear_errors(site: Site) -> None:
    site.pages["/slow"] = Answer(body=b"x" * 50, drip_s=0.1)
    site.pages["/short"] = Answer(body=b"x", promise=100)
    cases = {"/slow": (0.3, True), "/short": (5.0, True), "/inside": (5.0, False)}
    codes = []
    for path, (timeout_s, allow_private) in cases.items():
        with pytest.raises(CollectError) as caught:
            door = Door(timeout_s=timeout_s, allow_private=allow_private)
            registry.fetch("feed", {"url": site.base + path}, {}, http=door, now=NOW)
        codes.append((caught.value.code, type(caught.value)))
    assert codes == [("too_slow", PassingFailure), ("protocol", PassingFailure), ("private_address", PermanentFailure)]


ACCENTS = '<?xml version="1.0" encoding="{said}"?>' + HEAD + item("1", "été à « Nîmes »") + TAIL


@pytest.mark.parametrize(
    ("encoding", "said", "header"),
    [
        ("utf-8", "utf-8", "text/xml"),
        ("utf-8", "iso-8859-1", "text/xml; charset=iso-8859-1"),
        ("latin-1", "iso-8859-1", "application/rss+xml"),
        ("latin-1", "utf-8", "text/xml; charset=utf-8"),
        ("cp1252", "windows-1252", "text/xml"),
        ("utf-16", "utf-16", "application/xml"),
        ("utf-8-sig", "utf-8", "application/xml"),
    ],
)
def test_accents_survive_true_and_wrong_encodings(site: Site, encoding: str, said: str, header: str) -> None:
    body = ACCENTS.format(said=said).encode(encoding)
    assert read(site.lay("/f", body, Content_Type=header)).mentions[0].text == "été à « Nîmes »"


def test_entries_that_share_an_id_are_told_apart_by_their_content(site: Site) -> None:
    twins = item("same", "un") + item("same", "deux") + item("same", "deux")
    ids = [m.external_id for m in read(site.lay("/f", HEAD + twins + TAIL)).mentions]
    assert len(ids) == len(set(ids)) == 2


def test_very_long_ids_and_texts_are_brought_within_limits(site: Site) -> None:
    (mention,) = read(site.lay("/f", HEAD + item("x" * 2_000, "mot " * 10_000) + TAIL)).mentions
    assert check(mention) == []
    assert len(mention.text) == 20_000


def test_the_password_of_a_source_is_sent(site: Site) -> None:
    read(site.lay("/f", HEAD + item("1") + TAIL), user="marie", password="secret")
    assert site.asked[-1][1]["authorization"] == "Basic bWFyaWU6c2VjcmV0"


def test_an_unknown_kind_and_a_missing_address_are_permanent() -> None:
    door = Door()
    for kind in ("pigeon", "feed"):
        with pytest.raises(PermanentFailure):
            registry.fetch(kind, {}, {}, http=door, now=NOW)


def test_a_json_feed_may_say_what_an_item_answers_and_who_wrote_it(site: Site) -> None:
    author = {"name": "ines_b", "_rempart": {"bio": "Community manager", "followers": 310}}
    items = [
        {"id": "1", "content_text": "Un", "authors": [author]},
        {"id": "2", "content_text": "Deux", "_rempart": {"reply_to": "1"}},
        {"id": "3", "content_text": "Trois", "_rempart": {"refers_to": "1"}},
        {
            "id": "4",
            "content_text": "Quatre",
            "authors": [{"name": "a", "_rempart": {"followers": "x"}}],
            "_rempart": 7,
        },
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": items}
    said = read(site.lay("/social.json", json.dumps(feed).encode()), kind="post").mentions
    linked = {one.external_id: (one.kind, one.reply_to, one.refers_to, one.author_bio, one.followers) for one in said}
    assert linked == {
        "1": ("post", "", "", "Community manager", 310),
        "2": ("reply", "1", "", "", None),
        "3": ("quote", "", "1", "", None),
        "4": ("post", "", "", "", None),
    }
