"""What a person wrote above the message that they answer, whatever program they wrote it with. Knows no Django.

No library: those that were tried (mail-parser-reply 1.36, email-reply-parser 0.5) leave Gmail's French line in when it
is folded, answer "Le" to who writes below the quote, and take half a minute for 20,000 ends of lines. Here each line is
looked at a fixed number of times.
"""

from __future__ import annotations

import re

from clients.listening.collectors.mailbox.message import readable
from clients.listening.collectors.plain import from_html

LONGEST = 20_000  # characters that are looked at: what is above a quote is short
LINES = 400
LONGEST_LINE = 1_000
_AROUND = " \u00a0\t*«»\"'“”"
FOLDED = 4  # lines over which a program may fold who wrote what is quoted, and when
_ENDS_WHO_WROTE = re.compile(r"(?:\ba\s+écrit|\bécrivait|\bwrote|\bschrieb)\s{0,3}:\s*$", re.I)
_BEGINS_WHO_WROTE = re.compile(r"^(?:Le|On|Am|El|Il)\b", re.I)
_WHEN_OR_WHO = re.compile(r"\d{1,2}[:hH/.\-]\s?\d{1,2}|\b(?:19|20)\d\d\b|<[^<>]*@|\S@\S")
_RULE = re.compile(
    r"^[-_*\s]{2,}+(?:message\s+d['’]origine|original\s+message|message\s+(?:original|transféré|initial)"
    r"|forwarded\s+message|courriel\s+original|ursprüngliche\s+nachricht)\b",
    re.I,
)
_FIRST_HEADER = re.compile(r"^\*?(?:De|From|Von|Da)\s?\*?\s?:\*?\s", re.I)
_OTHER_HEADER = re.compile(
    r"^\*?(?:Envoyé|Date|Sent|À|A|To|Objet|Subject|Cc|Copie(?: à)?|Gesendet|An|Betreff)(?: le)?\s?\*?\s?:\*?(?:\s|$)",
    re.I,
)
_SIGNED_BY_A_PROGRAM = re.compile(
    r"^(?:Envoyé (?:de|depuis|à partir d|avec|via)\b|Sent (?:from|with|via)\b|Get Outlook for\b|Télécharger Outlook\b"
    r"|Obtenez? Outlook\b|Provenance\s?: Courrier\b|Télécharger BlueMail\b|Yahoo Mail\b)",
    re.I,
)
_GREETING = re.compile(
    r"^(?:bonjour|bonsoir|salut|hello|hi|hey)\b(?:[ \t]+[^\W\d_]+){0,3}?[ \t]*(?:[,.!:;–-]+[ \t]*|$)", re.I
)
# “No”, and what may follow it: nothing, a sign, or what only a refusal goes on with (“no problem” is none).
_SAYS_NO = re.compile(
    r"^(?:non|no)(?:\W*$|[ \t]*[,.;:!…–—-]|[ \t]+(?:merci|désolée?|impossible|je|sorry|thanks|thank|i)\b|[ \t]+j['’])",
    re.I,
)
# Where a mail written in HTML alone begins to quote.
_QUOTE_IN_HTML = re.compile(
    r"<blockquote\b|<div[^<>]{0,300}?(?:\bgmail_quote|\byahoo_quoted|\bmoz-cite-prefix|\bprotonmail_quote"
    r"|id=[\"']?(?:x_)?(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container)"
    r"|border-top:\s?solid\s#(?:E1E1E1|B5C4DF))",
    re.I,
)
_END_OF_QUOTE = re.compile(r"</blockquote\s*>", re.I)


def above(text: str) -> str:
    """What was written, without the quote and the signature; "" when nothing was.

    Who writes below the quote, or between its lines, is read there, where a program marks what it quotes with ">".
    """
    lines = [line[:LONGEST_LINE].strip() for line in text[:LONGEST].splitlines()[:LINES]]
    cut = next((place for place in range(len(lines)) if _quotes_from(lines, place)), len(lines))
    written = _unsigned(_unquoted(lines[:cut]))
    if written:
        return written
    below = lines[cut:]
    return _unsigned(_unquoted(below[_length_of_who_wrote(below) :])) if any(map(_is_quoted, below)) else ""


def above_in_html(html: str) -> str:
    """The same of a mail in HTML alone, whose quotes bear no ">" but a mark of the program that wrote it."""
    kept = readable(html)
    found = _QUOTE_IN_HTML.search(kept)
    if found is None:
        return above(from_html(kept))
    return above(from_html(kept[: found.start()])) or above(from_html(_END_OF_QUOTE.split(kept)[-1]))


def says_no(written: str) -> bool:
    """Whether it begins with “non” or “no”, after a greeting or none: no other word is taken for a refusal.

    Taken for one wrongly, whoever comes next is called once too often; the other way round nobody would be.
    """
    lines = (_GREETING.sub("", line.strip(_AROUND)).strip(_AROUND) for line in written.splitlines()[:LINES])
    first = next((line for line in lines if line), "")
    return bool(_SAYS_NO.match(first[:LONGEST_LINE]))


def _quotes_from(lines: list[str], place: int) -> bool:
    """Whether what is quoted begins at that line."""
    line = lines[place].lstrip("> ")
    return (
        bool(_RULE.match(line)) or _length_of_who_wrote(lines[place : place + FOLDED]) > 0 or _is_header(lines, place)
    )


def _length_of_who_wrote(lines: list[str]) -> int:
    """How many of the lines, from the first, say who wrote what follows and when; 0 when they do not."""
    said = ""
    for count, written in enumerate(lines[:FOLDED], 1):
        line = written.lstrip("> ")
        if count > 1 and (not _BEGINS_WHO_WROTE.match(said) or _BEGINS_WHO_WROTE.match(line)):
            return 0  # only a line that begins so is folded, and the next one that does is another
        said = f"{said} {line}".strip()
        if _ENDS_WHO_WROTE.search(said[-30:]):
            return count if _WHEN_OR_WHO.search(said[-LONGEST_LINE:]) else 0
    return 0


def _is_header(lines: list[str], place: int) -> bool:
    """The head of a mail (from, sent, to, subject) in the text, as Outlook writes it above what it quotes."""
    if not _FIRST_HEADER.match(lines[place].lstrip("> ") + " "):
        return False
    following = lines[place + 1 : place + 7]
    return sum(bool(_OTHER_HEADER.match(line.lstrip("> "))) for line in following) >= 2


def _unquoted(lines: list[str]) -> list[str]:
    return [line for line in lines if not _is_quoted(line) and not (line and set(line) <= {"_"})]


def _is_quoted(line: str) -> bool:
    return line.startswith(">")


def _unsigned(lines: list[str]) -> str:
    end = next((n for n, line in enumerate(lines) if line == "--" or _SIGNED_BY_A_PROGRAM.match(line)), len(lines))
    return "\n".join(lines[:end]).strip()
