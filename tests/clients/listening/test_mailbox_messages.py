"""From the bytes of a mail to the mention: what senders really send."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clients.listening.collectors.mailbox import alerts as mailbox_alerts
from clients.listening.collectors.mailbox.message import Mail, parse, to_mention
from clients.listening.raw import RawMention, refused

MAILS = Path(__file__).parents[2] / "fixtures" / "mail"
RECEIVED = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def read(name: str) -> Mail:
    return parse((MAILS / name).read_bytes())


def mention(*lines: bytes) -> RawMention:
    return to_mention(parse(b"\r\n".join(lines)), RECEIVED)


def test_a_complaint_becomes_a_mention_of_its_sender() -> None:
    said = to_mention(read("complaint.eml"), RECEIVED)
    assert said.text.startswith("Bonjour,\nle drap bleu a déteint sur tout mon linge dès le premier lavage.\nJ’attends")
    assert said.text.endswith("[drap.jpg]")
    assert said.title == "Réclamation : mon drap a déteint"
    assert (said.author_handle, said.author_name) == ("zoe.martin@client.example", "Zoé Martin")
    assert said.published_at == datetime(2026, 11, 20, 17, 42, 7, tzinfo=UTC)
    assert (said.external_id, said.reply_to) == (
        "20261120184207.4f2a1@client.example",
        "confirmation-88121@maison-aldane.example",
    )
    assert (said.network, said.kind, said.original) == ("mail", "reply", "")


def test_a_forwarded_mail_says_who_wrote_it_first() -> None:
    said = to_mention(read("forwarded.eml"), RECEIVED)
    assert said.text == "Pour la veille.\n— Bruno Sarr : Scandaleux\nVotre boutique a fermé devant moi."
    assert said.author_handle == "accueil@maison-aldane.example"


def test_an_alert_mail_is_a_mention_an_item() -> None:
    first, second = mailbox_alerts.to_mentions(read("google_alert.eml"), RECEIVED)
    assert first.url == first.external_id == "https://gazette.example/economie?id=7"
    assert first.title == "Maison Aldane : le linge qui déteint"
    assert first.text == "Des clientes de Maison Aldane racontent des lessives perdues\u00a0..."
    assert (first.author_handle, first.author_name) == ("gazette.example", "La Gazette")
    assert (second.text, second.author_name) == ("La marque Aldane répond enfin.", "Le Courrier")
    assert {item.network for item in (first, second)} == {"web"}


def test_an_alert_without_the_usual_names_is_still_taken_apart() -> None:
    html = (
        '<p><a href="https://www.google.com/url?url=https://a.example/1&ct=ga">Un titre</a><br>Un extrait.</p>'
        '<p><a href="https://www.google.com/url?url=https://a.example/2&ct=ga">Deux</a> Autre extrait.'
        '<a href="https://www.google.com/alerts/share?u=1">Facebook</a></p>'
    )
    head = b"From: Alerts <googlealerts-noreply@google.com>\r\nContent-Type: text/html\r\n\r\n"
    items = mailbox_alerts.to_mentions(parse(head + html.encode()), RECEIVED)
    assert [(item.title, item.text) for item in items] == [("Un titre", "Un extrait."), ("Deux", "Autre extrait.")]


def test_an_item_that_leads_nowhere_is_left_out() -> None:
    html = (
        '<a href="https://www.google.com/url?url=http://[a/&ct=ga">Crochet</a>'
        '<a href="https://www.google.com/url?url=javascript:alert(1)&ct=ga">Script</a>'
        '<a href="https://www.google.com/url?url=https%3A%2F%2Fa.example%2F%00b&ct=ga">Nul</a> Extrait.'
    )
    head = b"From: googlealerts-noreply@google.com\r\nContent-Type: text/html\r\n\r\n"
    (item,) = mailbox_alerts.to_mentions(parse(head + html.encode()), RECEIVED)
    assert (item.url, item.text, refused(item)) == ("https://a.example/b", "Extrait.", [])


def test_html_alone_becomes_text_and_is_kept() -> None:
    said = mention(
        b"From: a@b.example", b"Content-Type: text/html; charset=utf-8", b"", b"<p>un</p><p>deux &amp; 3</p>"
    )
    assert (said.text, said.original) == ("un\ndeux & 3", "<p>un</p><p>deux &amp; 3</p>")


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("utf-8", "déçue".encode("cp1252")),  # says UTF-8, is not
        ("us-ascii", "déçue".encode()),
        ("x-unknown", "déçue".encode()),
        ("", "déçue".encode()),
        ("iso-8859-1", "déçue".encode("latin-1")),
        ("utf-16", "déçue".encode("utf-16")),
    ],
)
def test_a_charset_may_lie(charset: str, body: bytes) -> None:
    head = (
        f"From: a@b.example\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    assert parse(head.encode() + body).text == "déçue"


def test_a_mail_without_date_has_the_one_of_its_arrival() -> None:
    assert mention(b"From: a@b.example", b"Subject: x", b"", b"texte").published_at == RECEIVED
    assert mention(b"From: a@b.example", b"Date: jamais", b"", b"texte").published_at == RECEIVED


def test_a_message_id_that_many_mails_share_names_none() -> None:
    one = mention(b"From: a@b.example", b"Message-ID: <0@localhost>", b"", b"un")
    other = mention(b"From: a@b.example", b"Message-ID: <0@localhost>", b"", b"deux")
    assert one.external_id != other.external_id
    assert one.external_id.startswith("sha256:")


def test_a_mail_without_message_id_is_known_again_by_what_it_says() -> None:
    lines = (b"From: a@b.example", b"Subject: s", b"", b"texte")
    assert mention(*lines).external_id == mention(*lines).external_id


def test_a_name_that_looks_like_an_address_stays_a_name() -> None:
    said = mention(b"From: =?utf-8?q?ceo=40maison-aldane=2Eexample?= <x@evil.example>", b"", b"texte")
    assert (said.author_handle, said.author_name) == ("x@evil.example", "ceo@maison-aldane.example")


def test_a_mail_of_a_subject_only_is_its_subject() -> None:
    assert mention(b"From: a@b.example", b"Subject: Rappelez-moi", b"", b"").text == "Rappelez-moi"


def test_a_newsletter_is_an_article() -> None:
    assert mention(b"From: a@b.example", b"List-Unsubscribe: <https://a.example>", b"", b"x").kind == "article"


HEAD = b"From: a@b.example\r\nSubject: pieges\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
WRAPPED = b'<a href="https://www.google.com/url?url=https://a.example/1">t</a>'
TRAPS = {
    "parts in parts": HEAD
    + b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(7_000)),
    "mails in mails": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 10_000,
    "comments in comments": b"From: " + b"(" * 50_000 + b"\r\nSubject: pieges\r\n\r\nx",
    "a header without end": b"Subject: pieges" + b" =?utf-8?q?a?=" * 30_000 + b"\r\n\r\nx",
    "blocks in blocks": HTML + b"<div>" * 100_000,
    "words in tags": HTML + WRAPPED + b"<b>x" * 100_000,
    "comments never closed": HTML + WRAPPED + b"<!--" * 100_000,
    "brackets": HTML + WRAPPED + b"<" * 400_000,
}


@pytest.mark.parametrize("trap", TRAPS)
def test_a_mail_made_to_exhaust_its_reader_costs_little(trap: str) -> None:
    began = time.process_time()
    mail = parse(TRAPS[trap])
    assert refused(to_mention(mail, RECEIVED)) == []
    mailbox_alerts.to_mentions(mail, RECEIVED)
    assert time.process_time() - began < 4
    assert mail.subject.startswith("pieges")


HEADERS = st.sampled_from(
    [b"From", b"Subject", b"Date", b"Message-ID", b"In-Reply-To", b"Content-Type", b"Content-Transfer-Encoding"]
)
VALUES = st.one_of(
    st.binary(max_size=60).map(lambda value: value.replace(b"\n", b"").replace(b"\r", b"")),
    st.sampled_from(
        [
            b"text/html; charset=utf-7",
            b"multipart/mixed; boundary=b",
            b"message/rfc822",
            b"base64",
            b"quoted-printable",
            b"=?utf-8?b?w6?=",
            b"=?x?q?=FF?= <a@b>",
            b"<<>>@",
            b"Fri, 99 Nov 9999 99:99:99 +9999",
            b"text/plain; charset*=utf-8''%ff",
        ]
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(HEADERS, VALUES), max_size=8), st.binary(max_size=300))
def test_no_mail_breaks_us(headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    content = b"".join(name + b": " + value + b"\r\n" for name, value in headers) + b"\r\n" + body
    mail = parse(content)
    assert not [p for p in refused(to_mention(mail, RECEIVED)) if p.code != "future_date"]
    if mail.html:
        mailbox_alerts.to_mentions(mail, RECEIVED)
