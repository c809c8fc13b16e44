"""Reads a folder of a mailbox over IMAP: newsletters, alert mails, complaints. It looks, and changes nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from email import message_from_bytes
from typing import Any

from agency.http import DoorError
from clients.listening.collectors.failures import from_door
from clients.listening.collectors.mailbox import alerts as mailbox_alerts
from clients.listening.collectors.mailbox.message import Mail, header, parse, sender_of, to_mention
from clients.listening.collectors.mailbox.opening import Box, box_of, broken, number, open_folder, with_token
from clients.listening.collectors.mailbox.session import BROKEN, Envelope, Session, open_session
from clients.listening.collectors.protocol import Fetched, OutgoingNetwork, Setting
from clients.listening.matching import plain
from clients.listening.raw import RawMention
from clients.listening.words import Words

MESSAGES = 200  # a reading; the rest is read at once after it
SECONDS = 60.0  # a reading, from the connection to the leave
ENOUGH_SECONDS = 40.0  # no further messages are asked for after this
PIECE = 512_000  # bytes of a message that are read: its text stands before what is attached
WHOLE = 5_000_000  # a message up to this size is read whole when its first piece holds no text
TOGETHER = 25  # messages asked for at once…
TOGETHER_BYTES = 4_000_000  # …and their bytes
FIRST_DAYS = 30

_UNREAD_BODY = Words(
    "[message de {megabytes}\u00a0Mo\u00a0: son texte n’a pas été lu]",
    "[message of {megabytes} MB: its text was not read]",
)


@dataclass(frozen=True)
class _Box(Box):
    """What is to be read of it, checked."""

    senders: tuple[str, ...]
    subjects: tuple[str, ...]
    days: int


@dataclass
class _Reading:
    """What one reading has brought so far: all up to `uid` of the folder's `validity`."""

    since: date
    validity: int
    uid: int
    mentions: dict[str, RawMention] = field(default_factory=dict)
    bytes: int = 0
    has_more: bool = False
    trouble: Words | None = None


class MailboxCollector:
    """Settings: server, user and password (or a provider's token, XOAUTH2), folder; filters by sender and subject."""

    kind = "mailbox"
    name = Words("Boîte de courriel (IMAP)", "Mailbox (IMAP)")
    unit_price = Decimal(0)
    settings = (
        Setting(
            "host",
            Words("Serveur IMAP", "IMAP server"),
            Words("imap.exemple.fr", "imap.example.com"),
            is_required=True,
            is_destination=True,
        ),
        Setting(
            "user", Words("Utilisateur", "User name"), Words("souvent l’adresse", "often the address"), is_required=True
        ),
        Setting(
            "password",
            Words("Mot de passe", "Password"),
            Words("ou mot de passe d’application", "or application password"),
            kind="secret",
        ),
        Setting("folder", Words("Dossier", "Folder"), default="INBOX"),
        Setting(
            "senders",
            Words("Expéditeurs retenus", "Senders kept"),
            Words("adresse ou partie d’adresse\u00a0; vide\u00a0: tous", "an address or part of one; empty: all"),
            kind="words",
        ),
        Setting(
            "subjects",
            Words("Objets retenus", "Subjects kept"),
            Words("un mot de l’objet\u00a0; vide\u00a0: tous", "a word of the subject; empty: all"),
            kind="words",
        ),
        Setting(
            "days",
            Words("Jours repris au début", "Days read at first"),
            Words("messages déjà dans le dossier", "messages already in the folder"),
            kind="number",
            default=FIRST_DAYS,
        ),
        Setting(
            "security",
            Words("Chiffrement", "Encryption"),
            kind="choice",
            choices=(
                ("tls", Words("TLS", "TLS")),
                ("starttls", Words("STARTTLS", "STARTTLS")),
                ("none", Words("Aucun (réseau sûr seulement)", "None (on a safe network only)")),
            ),
            default="tls",
            is_destination=True,
        ),
        Setting(
            "port",
            Words("Port", "Port"),
            Words("vide\u00a0: 993, ou 143 sans TLS d’emblée", "empty: 993, or 143 without TLS from the start"),
            kind="number",
            is_destination=True,
        ),
        Setting(
            "sign_in",
            Words("Connexion", "Sign-in"),
            kind="choice",
            choices=(
                ("password", Words("Mot de passe", "Password")),
                ("microsoft", Words("Jeton Microsoft 365", "Microsoft 365 token")),
                ("google", Words("Jeton Google", "Google token")),
            ),
            default="password",
        ),
        Setting("client_id", Words("Identifiant de l’application (jeton)", "Application id (token)")),
        Setting("client_secret", Words("Secret de l’application (jeton)", "Application secret (token)"), kind="secret"),
        Setting("refresh_token", Words("Jeton de renouvellement", "Refresh token"), kind="secret"),
        Setting(
            "token_url",
            Words("Adresse du jeton", "Address of the token"),
            Words("vide\u00a0: celle du fournisseur", "empty: the provider’s"),
            kind="url",
        ),
    )

    def fetch(
        self, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
    ) -> Fetched:
        """The messages that came since the cursor, oldest first, at most MESSAGES.

        The cursor holds UIDVALIDITY and the last UID. When the folder was made anew (another UIDVALIDITY) it is read
        again from the day of the first reading; known messages are known by their Message-ID.
        """
        box = _box(settings)
        opened, session = with_token(box, settings, http=http, now=now)
        box = replace(box, secret=opened.secret)
        known = dict(cursor) if cursor.get("of") == box.of else {}
        since = known.get("since") or (now - timedelta(days=box.days)).date().isoformat()
        reading = _Reading(date.fromisoformat(since), int(known.get("uidvalidity", 0)), int(known.get("uid", 0)))
        try:
            self._read(box, reading, http)
        except DoorError as error:
            raise from_door(error) from error
        fresh = {"of": box.of, "since": since, "uidvalidity": reading.validity, "uid": reading.uid}
        return Fetched(
            tuple(reading.mentions.values()),
            fresh,
            unchanged=fresh == known and not reading.trouble,
            bytes=reading.bytes,
            has_more=reading.has_more,
            session=session,
            notes=(reading.trouble,) if reading.trouble else (),
        )

    def _read(self, box: _Box, reading: _Reading, http: OutgoingNetwork) -> None:
        """Reads into `reading`; what breaks after some messages leaves them there. Raises CollectError, DoorError."""
        try:
            with open_session(http, box.host, box.port, security=box.security, seconds=SECONDS) as session:
                validity = open_folder(session, box)
                if validity != reading.validity:  # made anew: read from its beginning
                    reading.validity, reading.uid = validity, 0
                _read_messages(session, box, reading)
        except BROKEN as error:
            failure = broken(error)
            if not reading.mentions:
                raise failure from None
            reading.trouble = Words(failure.words_fr, failure.words_en)  # what came before is kept


def _box(settings: Mapping[str, Any]) -> _Box:
    """The settings, checked. Raises PermanentFailure."""
    days = min(max(number(settings.get("days"), FIRST_DAYS), 0), 36_500)
    senders, subjects = _words(settings.get("senders")), _words(settings.get("subjects"))
    return _Box(**asdict(box_of(settings)), senders=senders, subjects=subjects, days=days)


def _words(value: Any) -> tuple[str, ...]:
    given = value.splitlines() if isinstance(value, str) else value or ()
    return tuple(plain(str(word)) for word in given if str(word).strip())


def _read_messages(session: Session, box: _Box, reading: _Reading) -> None:
    ends_at = time.monotonic() + ENOUGH_SECONDS
    waiting = session.uids_after(reading.uid, reading.since)
    envelopes = session.envelopes(waiting[:MESSAGES]) if waiting else []
    for together in _in_pieces(envelopes):
        if time.monotonic() > ends_at:
            reading.has_more = True
            return
        _read_some(session, box, together, reading)
        reading.bytes = session.received
    reading.uid = waiting[:MESSAGES][-1] if waiting else reading.uid
    reading.bytes = session.received
    reading.has_more = len(waiting) > MESSAGES


def _in_pieces(envelopes: list[Envelope]) -> Iterator[list[Envelope]]:
    """Messages that are asked for at once: few enough, and not too many bytes together."""
    piece: list[Envelope] = []
    for envelope in envelopes:
        heavy = sum(min(one.size, PIECE) for one in [*piece, envelope]) > TOGETHER_BYTES
        if piece and (heavy or len(piece) >= TOGETHER):
            yield piece
            piece = []
        piece.append(envelope)
    if piece:
        yield piece


def _read_some(session: Session, box: _Box, together: list[Envelope], reading: _Reading) -> None:
    """The mentions of some messages; a message that broke our reading of it would stop all others, so none may."""
    wanted = _chosen(session, box, together)
    bodies = session.bodies([one.uid for one in wanted], PIECE) if wanted else {}
    for envelope in wanted:
        if envelope.uid not in bodies:
            continue  # deleted since it was counted
        mail = parse(bodies[envelope.uid])
        if not mail.text and PIECE < envelope.size <= WHOLE:
            mail = parse(session.bodies([envelope.uid], WHOLE).get(envelope.uid, bodies[envelope.uid]))
        for mention in _mentions(mail, envelope):
            known = reading.mentions.get(mention.external_id)
            reading.mentions[mention.external_id] = known or mention
    reading.uid = together[-1].uid


def _chosen(session: Session, box: _Box, together: list[Envelope]) -> list[Envelope]:
    """Those whose sender and subject are listened to. Decided here: few servers search accents and encoded words."""
    if not box.senders and not box.subjects:
        return together
    headers = session.headers([one.uid for one in together])
    return [one for one in together if one.uid in headers and _is_kept(headers[one.uid], box)]


def _is_kept(headers: bytes, box: _Box) -> bool:
    message = message_from_bytes(headers)
    sender, subject = plain(" ".join(sender_of(message))), plain(header(message, "Subject"))
    return (not box.senders or any(word in sender for word in box.senders)) and (
        not box.subjects or any(word in subject for word in box.subjects)
    )


def _mentions(mail: Mail, envelope: Envelope) -> tuple[RawMention, ...]:
    if mailbox_alerts.is_alert(mail) and (items := mailbox_alerts.to_mentions(mail, envelope.received_at)):
        return items
    if not mail.text and envelope.size > PIECE:
        unread = _UNREAD_BODY.put(megabytes=f"{envelope.size / 1e6:.1f}".replace(".", ","))
        mail = replace(mail, text="\n".join(filter(None, (mail.subject, unread.fr))))
    return (to_mention(mail, envelope.received_at),)
