"""A mail as it came over the wire, and the mention that it becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from clients.listening.collectors.plain import from_html, tidy
from clients.listening.raw import (
    LIMITS,
    ORIGINAL_LIMIT,
    TEXT_LIMIT,
    Kind,
    RawMention,
    content_id,
    fitting_id,
    in_utc,
    language_hint,
)

EARLIEST_YEAR = 1990  # an earlier date is a clock at zero
DEEPEST = 20  # parts within parts that are still looked into
MOST_PARTS = 200
MOST_NESTED = 60  # each line is looked at once for each part that it lies in: a thousand take a reader seconds
_NESTED = (b"multipart/", b"message/rfc822")
_BREAKS = (RecursionError, ValueError, LookupError, TypeError, AttributeError)
HTML_READ = 200_000  # characters from which text is made; the rest is kept and not read
MOST_TAGS = 10_000  # tags within tags without end take a parser the square of their number
LONGEST_HEADER = 5_000  # characters of a header that are looked at
_A_NAME_OF_ITS_OWN = re.compile(
    r"(?:(?=[^@]*\d)[^@\s<>]{8,}|[^@\s<>]{16,})@[^@\s<>]+"
)  # <0@localhost> names every mail of that sender
_ID = re.compile(r"<([^<>\s]+)>")
_HTML = re.compile(r"<(?:html|body|div|p|br|table|span)\b", re.I)


@dataclass(frozen=True)
class Mail:
    """A mail taken apart. `text` is its plain text, or made from `html`; `attachments` are names."""

    message_id: str
    in_reply_to: str
    sender: str
    sender_name: str
    subject: str
    sent_at: datetime | None
    text: str
    html: str
    is_from_html: bool
    attachments: tuple[str, ...]
    language: str
    is_newsletter: bool


def parse(content: bytes) -> Mail:
    """The mail in its bytes, or in the first of them: a message that is cut is read as far as it goes.

    What is made to break its readers (parts in parts without end, mostly) is read by its headers alone.
    """
    return taken_apart(opened(content)[0], content)


def opened(content: bytes) -> tuple[Message, bool]:
    """The message with its parts, and True; of what is made to break or busy its readers the head alone, and False."""
    if sum(content.lower().count(kind) for kind in _NESTED) <= MOST_NESTED:
        try:
            return message_from_bytes(content), True
        except _BREAKS:
            pass
    return message_from_bytes(_head(content)), False


def taken_apart(message: Message, content: bytes) -> Mail:
    """What an opened message says, or else its head."""
    try:
        return _parsed(message)
    except _BREAKS:
        return _parsed(message_from_bytes(_head(content)))


def _head(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n"


def readable(html: str) -> str:
    """As much of the HTML as is read: long enough for any mail, too short to keep a parser busy for long."""
    pieces = html[:HTML_READ].split("<", MOST_TAGS)
    return "<".join(pieces[:MOST_TAGS])


def _parsed(message: Message) -> Mail:
    name, address = sender_of(message)
    plain, html, attachments = _body(message)
    return Mail(
        message_id=_message_id(message),
        in_reply_to=_in_reply_to(message),
        sender=address,
        sender_name=name,
        subject=header(message, "Subject"),
        sent_at=_sent_at(message),
        text=plain or from_html(readable(html)),
        html=html,
        is_from_html=bool(html and not plain),
        attachments=attachments,
        language=language_hint(header(message, "Content-Language").partition(",")[0]),
        is_newsletter=bool(message.get("List-Unsubscribe") or message.get("List-Id")),
    )


def to_mention(mail: Mail, received_at: datetime | None) -> RawMention:
    """The mention of a mail. Its author is the sender, by address: a complaint is answered there."""
    sent_at = mail.sent_at or received_at
    parts = [mail.text or mail.subject, *(f"[{name}]" for name in mail.attachments)]
    return RawMention(
        external_id=_external_id(mail),
        text="\n".join(part for part in parts if part)[:TEXT_LIMIT] or "—",
        published_at=sent_at,
        title=mail.subject[: LIMITS["title"]],
        language=mail.language,
        network="mail",
        author_handle=mail.sender[: LIMITS["author_handle"]],
        author_name=mail.sender_name[: LIMITS["author_name"]],
        reply_to=mail.in_reply_to,
        kind=_kind(mail),
        original=mail.html[:ORIGINAL_LIMIT] if mail.is_from_html else "",
    )


def header(message: Message, name: str) -> str:
    """A header in plain text, encoded words decoded, whatever charset they claim."""
    written = _written(message, name)
    try:
        pieces = decode_header(written)
    except (HeaderParseError, ValueError):
        return tidy(written)
    return tidy("".join(p if isinstance(p, str) else decoded(p, c or "") for p, c in pieces)).replace("\n", " ")


def decoded(content: bytes, charset: str) -> str:
    """Bytes as text: in the charset they claim if it fits, else UTF-8, else the one of old Windows clients."""
    for claimed in (charset, "utf-8"):
        try:
            return content.decode(claimed)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return content.decode("cp1252", "replace")


def sender_of(message: Message) -> tuple[str, str]:
    """Name and address (in lower case) of who wrote. The address is taken apart before its name is decoded, so that
    a name made to look like an address stays a name."""
    for field in ("From", "Sender"):
        for name, address in _addresses(_written(message, field)):
            if address or name:
                named = Message()
                named["Subject"] = re.sub(r"[\r\n]+", " ", name)
                return header(named, "Subject"), tidy(address).replace("\n", "").lower()
    return "", ""


def _written(message: Message, name: str) -> str:
    return str(message.get(name) or "")[:LONGEST_HEADER]


def _addresses(written: str) -> list[tuple[str, str]]:
    try:
        return getaddresses([written])
    except RecursionError:  # comments in comments without end
        return []


def _kind(mail: Mail) -> Kind:
    if mail.is_newsletter:
        return "article"
    return "reply" if mail.in_reply_to else "post"


def _external_id(mail: Mail) -> str:
    """Its Message-ID where that names one mail only; else a hash of what it says, the same in a folder made anew."""
    if mail.message_id:
        return fitting_id(mail.message_id)
    sent = mail.sent_at.isoformat() if mail.sent_at else ""
    return content_id(mail.sender, mail.subject, sent, mail.text)


def _message_id(message: Message) -> str:
    written = tidy(_written(message, "Message-ID")).strip("<> \n")
    return written if _A_NAME_OF_ITS_OWN.fullmatch(written) else ""


def _in_reply_to(message: Message) -> str:
    named = _ID.findall(_written(message, "In-Reply-To")) or _ID.findall(_written(message, "References"))[-1:]
    return fitting_id(tidy(named[0])) if named and _A_NAME_OF_ITS_OWN.fullmatch(named[0]) else ""


def _sent_at(message: Message) -> datetime | None:
    try:
        moment = parsedate_to_datetime(_written(message, "Date"))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if moment.tzinfo is None or moment.year < EARLIEST_YEAR:
        return None
    return in_utc(moment)


def _body(message: Message) -> tuple[str, str, tuple[str, ...]]:
    """The plain text, the HTML, and the names of what was attached: the two texts mostly say the same."""
    plains: list[str] = []
    htmls: list[str] = []
    attachments: list[str] = []
    for part, within in _parts(message):
        name = _attached(part)
        if name is not None:
            attachments.append(name)
            continue
        content = _content(part)
        if part.get_content_type() == "text/html" or (not plains and _HTML.match(content.lstrip())):
            htmls.append(within + content)
        elif tidy(content):
            plains.append(within + content)
    named = tuple(name for name in attachments if name)[:MOST_PARTS]
    return tidy("\n".join(plains)), "\n".join(htmls), named


def _parts(message: Message, within: str = "", depth: int = 0) -> Iterator[tuple[Message, str]]:
    """The leaves of a message, each with the heading of the forwarded mail that it opens ("" for all others)."""
    if depth > DEEPEST:
        return
    if not message.is_multipart():
        yield message, within
        return
    if message.get_content_type() == "message/rfc822":
        for forwarded in message.get_payload()[:1]:  # type: ignore[index, union-attr]
            yield from _parts(forwarded, _heading(forwarded), depth + 1)  # type: ignore[arg-type]
        return
    for part in message.get_payload()[:MOST_PARTS]:  # type: ignore[index, union-attr]
        yield from _parts(part, within, depth + 1)  # type: ignore[arg-type]
        within = ""


def _heading(forwarded: Message) -> str:
    """Who wrote what is forwarded, and about what: said above it, as mail programs do."""
    name, address = sender_of(forwarded)
    return f"— {name or address} : {header(forwarded, 'Subject')}\n" if name or address else ""


def _attached(part: Message) -> str | None:
    """The name of an attachment ("" without one); None for a part that is text to read."""
    disposition = part.get_content_disposition()
    if part.get_content_maintype() == "text" and disposition != "attachment":
        return None
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError):
        name = ""
    carrier = Message()
    carrier["Subject"] = re.sub(r"[\r\n]+", " ", name)
    return header(carrier, "Subject")[:200]


def _content(part: Message) -> str:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        content = None
    if not isinstance(content, bytes):
        return str(part.get_payload())
    try:
        charset = part.get_content_charset() or ""
    except (ValueError, LookupError, TypeError):
        charset = ""
    return decoded(content, charset)
