"""The single door to e-mail: real SMTP, an answer that says whether it is worth trying again."""

import smtplib
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email


class NotAccepted(Exception):
    """The server did not take the message. `is_passing`: the same message may be accepted later."""

    def __init__(self, words: str, *, is_passing: bool) -> None:
        self.words = words
        self.is_passing = is_passing
        super().__init__(words)


class Post(Protocol):
    def send(self, *, to: str, subject: str, body: str, key: str, reply_to: str = "") -> None:
        """Hands one plain-text message over, or raises NotAccepted. `key` makes its Message-ID: same key, same one.

        `reply_to` is where it is answered, and where it comes back when it cannot be delivered.
        """


@dataclass(frozen=True)
class SmtpPost:
    """The server of EMAIL_URL."""

    def send(self, *, to: str, subject: str, body: str, key: str, reply_to: str = "") -> None:
        _check_address(to)
        message = _message(to, subject, body, key, reply_to)
        try:
            _hand_over(message)
        except NotAccepted as refusal:
            if refusal.is_passing or not reply_to:
                raise
            # Some servers let a program send under its own address only: the message matters more than its way back.
            message.from_email = settings.DEFAULT_FROM_EMAIL
            _hand_over(message)


def _message(to: str, subject: str, body: str, key: str, reply_to: str) -> EmailMessage:
    """The message; what cannot be delivered comes back to `reply_to`, while its From stays the house's."""
    headers = {"Message-ID": f"<{key}@{settings.AGENCY_HOST}>", "Auto-Submitted": "auto-generated"}
    if not reply_to:
        return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [to], headers=headers)
    headers["From"] = settings.DEFAULT_FROM_EMAIL
    return EmailMessage(subject, body, reply_to, [to], headers=headers, reply_to=[reply_to])


def _hand_over(message: EmailMessage) -> None:
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise NotAccepted(_say(code, reason), is_passing=code < 500) from error
    except smtplib.SMTPResponseException as error:
        raise NotAccepted(_say(error.smtp_code, error.smtp_error), is_passing=error.smtp_code < 500) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotAccepted(f"{type(error).__name__}: {error}"[:300], is_passing=True) from error


def _check_address(to: str) -> None:
    """Raises NotAccepted for what is no address, or one whose host has no name on the network (too long in IDNA)."""
    try:
        validate_email(to)
        to.rpartition("@")[2].encode("idna")
    except (ValidationError, UnicodeError) as error:
        raise NotAccepted(f"{to}: {error}"[:300], is_passing=False) from error


def _say(code: int, reason: bytes | str) -> str:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return f"{code} {text}"[:300]
