"""The door to the outer network, as the settings want it: the edges open it, services are handed it."""

from django.conf import settings

from agency.http import Door


def door() -> Door:
    """A door with the house's time-out, size limit and rule on private addresses."""
    return Door(
        timeout_s=settings.OUTGOING_TIMEOUT_SECONDS,
        max_bytes=settings.OUTGOING_MAX_BYTES,
        allow_private=settings.OUTGOING_ALLOW_PRIVATE,
        version=settings.VERSION,
    )
