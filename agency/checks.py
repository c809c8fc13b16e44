"""What `check --deploy` says of this house beside Django's own list."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from agency import reply_address

SHORTEST_VAULT_KEY = 32


@register(Tags.security, deploy=True)
def outgoing_door_is_shut_to_the_inside(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A feed's address must not reach what only this machine may see."""
    if not settings.OUTGOING_ALLOW_PRIVATE or settings.DEMO:
        return []
    return [
        Error(
            "Feeds may reach private addresses: anybody who adds a source could read this machine's neighbours.",
            hint="Unset REMPART_ALLOW_PRIVATE_ADDRESSES.",
            id="rempart.E001",
        )
    ]


@register(Tags.security, deploy=True)
def demo_stays_at_home(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """The demo prints its passwords and asks for no second factor."""
    if not settings.DEMO or settings.AGENCY_HOST.endswith("localhost"):
        return []
    return [
        checks.Warning(
            f"This is the demo, on {settings.AGENCY_HOST}: its passwords are known and no second factor is asked for.",
            hint="Unset REMPART_DEMO.",
            id="rempart.W001",
        )
    ]


@register(Tags.security, deploy=True)
def second_factor_is_asked_for(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Outside the demo, staff have a second factor."""
    if settings.SECOND_FACTOR_REQUIRED or settings.DEMO:
        return []
    return [Error("Agency staff may sign in with a password alone.", id="rempart.E002")]


@register(Tags.security, deploy=True)
def credentials_have_keys_of_their_own(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Outside the demo, what encrypts the sources' credentials is not the key that signs cookies."""
    if settings.DEMO:
        return []
    if settings.VAULT_KEYS and all(len(key) >= SHORTEST_VAULT_KEY for key in settings.VAULT_KEYS):
        return []
    return [
        Error(
            "The credentials of the sources have no key of their own, or a short one.",
            hint=f"Set REMPART_VAULT_KEYS to {SHORTEST_VAULT_KEY} random characters or more, then run rotate_vault.",
            id="rempart.E003",
        )
    ]


@register(Tags.security, deploy=True)
def answers_by_mail_are_whole_or_off(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """A mailbox of the answers that is half set is not read, and nobody would know."""
    found: list[CheckMessage] = [
        Error(fault, hint="Set both, or neither: answers by mail are then off.", id="rempart.E004")
        for fault in reply_address.faults()
    ]
    if reply_address.is_in_clear():
        found.append(
            checks.Warning(
                "The password of the mailbox of the answers crosses the network unencrypted.",
                hint="Write REMPART_REPLIES_URL with imaps://, or add ?starttls=1.",
                id="rempart.W002",
            )
        )
    return found
