"""The single door to somebody who must come: e-mail, or SMS and chat by the library `apprise`.

`apprise` goes out by itself, not through agency/http: only the services named here are used, those with a host of
somebody's own only where that host is public, without redirects and with short waits.
"""

import logging
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from agency.addresses import is_public, resolve_by_system
from agency.mail import NotAccepted, Post, SmtpPost

if TYPE_CHECKING:
    from apprise import NotifyBase

EMAIL, APPRISE = "email", "apprise"
CONNECT_S, READ_S = 5.0, 10.0
LONGEST_ADDRESS = 1000
# Their hosts are the services' own, written in the library.
SERVICES = frozenset({
    "46elks", "brevo", "bulksms", "burstsms", "clickatell", "clicksend", "discord", "freemobile", "gchat", "httpsms",
    "infobip", "mailersend", "msgbird", "octopush", "opsgenie", "pagerduty", "plivo", "pover", "seven", "sfr", "signl4",
    "sinch", "slack", "smsmanager", "telnyx", "tgram", "threema", "twilio", "voipms", "vonage", "webex", "whatsapp",
    "workflows", "wxteams", "zoom", "zulip",
})  # fmt: skip
# A host of somebody's own, over TLS; the same without TLS where private addresses are allowed (tests and the demo).
OWN_HOSTS = frozenset({"gotifys", "jsons", "mmosts", "nctalks", "ntfys", "rockets", "signals", "synologys"})
_BARE_HOSTS = frozenset(name.removesuffix("s") for name in OWN_HOSTS)
log = logging.getLogger("rempart.calling")


@dataclass(frozen=True, slots=True)
class Line:
    """One way to reach somebody: an e-mail address, or the address of a service as `apprise` writes it (a secret)."""

    kind: str
    address: str


class Telephone(Protocol):
    def call(self, line: Line, *, subject: str, body: str, key: str, reply_to: str = "") -> None:
        """Hands one message over, or raises NotAccepted. `key` makes the Message-ID of a mail, `reply_to` its answer's
        address."""


@dataclass(frozen=True)
class Exchange:
    """The doors of the settings: `post` for mail, `apprise` for everything else."""

    post: Post = field(default_factory=SmtpPost)

    def call(self, line: Line, *, subject: str, body: str, key: str, reply_to: str = "") -> None:
        if line.kind == EMAIL:
            self.post.send(to=line.address, subject=subject, body=body, key=key, reply_to=reply_to)
            return
        trouble = fault(line) or _host_fault(line.address)
        if trouble:
            raise NotAccepted(trouble, is_passing=False)
        _notify(line.address, subject, body)


def fault(line: Line) -> str:
    """Why nothing can leave by that line, in words, or "": judged without the network."""
    if line.kind == EMAIL:
        try:
            validate_email(line.address)
        except ValidationError:
            return _("“%(address)s” is not an e-mail address.") % {"address": line.address[:120]}
        return ""
    if len(line.address) > LONGEST_ADDRESS or "\x00" in line.address:
        return _("This is not the address of a service.")
    service = service_of(line.address)
    if service not in SERVICES and service not in _own_hosts():
        return _("“%(service)s” is not a service that can be used here.") % {"service": service[:40] or "?"}
    return "" if _plugin(line.address) else _("The service %(service)s does not know this address.") % {
        "service": service
    }  # fmt: skip


def service_of(address: str) -> str:
    """What stands before `://`, in small letters."""
    before, found, _rest = address.strip().partition("://")
    return before.lower() if found else ""


def _own_hosts() -> frozenset[str]:
    return OWN_HOSTS | _BARE_HOSTS if settings.OUTGOING_ALLOW_PRIVATE else OWN_HOSTS


def _host_fault(address: str) -> str:
    """Why its host is not visited, or "": it has no address, or one that is not on the public internet."""
    if service_of(address) in SERVICES or settings.OUTGOING_ALLOW_PRIVATE:
        return ""
    host = urlsplit(address.strip()).hostname or ""
    try:
        found = resolve_by_system(host, 443)
    except (OSError, UnicodeError, socket.gaierror):
        return _("No address is known for %(host)s.") % {"host": host[:120]}
    return "" if found and all(map(is_public, found)) else _("%(host)s is not on the public internet.") % {"host": host}


def _plugin(address: str) -> "NotifyBase | None":
    """The library's own reading of an address; None when it knows no such one."""
    from apprise import Apprise, AppriseAsset  # seconds and 45 MB: only where it is used

    return Apprise.instantiate(address.strip(), asset=AppriseAsset(), suppress_exceptions=True)


def _notify(address: str, subject: str, body: str) -> None:
    from apprise import Apprise

    plugin = _plugin(address)
    if plugin is None:  # `fault` has read it: only a change of the library between the two comes here
        raise NotAccepted(_("This is not the address of a service."), is_passing=False)
    plugin.redirects = False
    plugin.socket_connect_timeout, plugin.socket_read_timeout = CONNECT_S, READ_S
    book = Apprise()
    book.add(plugin)
    try:
        taken = bool(book.notify(body=body, title=subject))
    except Exception as error:  # 120 plug-ins of others: whatever one raises, the next channel is tried
        log.warning("The service %s failed: %s", service_of(address), type(error).__name__)
        taken = False
    if not taken:
        words = _("The service %(service)s did not take the message.") % {"service": service_of(address)}
        raise NotAccepted(words, is_passing=False)
