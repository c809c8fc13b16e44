"""Mails that come back, as mail programs and servers write them."""

from email.message import EmailMessage
from itertools import count

_NUMBERS = count(1)
QUOTED = "> INC-0001 a besoin de vous.\n> https://maison-aldane.localhost/alerte/secret-secret/\n"


def reply(
    to: str, text: str = "Je prends.", *, sender: str = "Léa <lea@rempart.test>", subtype: str = "plain", **headers: str
) -> bytes:
    """A mail that a person wrote, as it lies on the server."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, "Re: À prendre"
    message["Message-ID"] = f"<reponse-numero-{next(_NUMBERS)}@rempart.test>"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        if value:
            message[name.replace("_", "-")] = value
    message.set_content(text, subtype=subtype)
    return message.as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def bounce(
    to: str, *, action: str = "failed", message_id: str = "", why: str = "smtp; 550 5.1.1 User unknown"
) -> bytes:
    """A server's report (RFC 3464) with the head of our own message in it."""
    head = f"Message-ID: {message_id}\r\n" if message_id else ""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\r\n"
        f"To: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\n"
        f"Message-ID: <rapport-numero-{next(_NUMBERS)}@mx.example>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nI'm sorry.\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; lea@rempart.test\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: {why}\r\n\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\n{head}Subject: A prendre\r\n\r\n--x--\r\n"
    ).encode()
