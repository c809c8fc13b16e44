"""The rota's spans and people in a sentence, in the reader's language and Paris time."""

from datetime import datetime

from django.utils.translation import gettext as _

from agency.models import Client
from agency.templatetags.rempart import day_short, hm
from agency.wall_clock import day_of


def span(begins: datetime, ends: datetime) -> str:
    """« 23 nov., 22:00 – 06:00 », with the day it ends when the day after is not enough to know it."""
    if (day_of(ends) - day_of(begins)).days <= 1:
        return f"{day_short(begins)}, {hm(begins)} – {hm(ends)}"
    return f"{day_short(begins)}, {hm(begins)} – {day_short(ends)}, {hm(ends)}"


def whose(client: Client | None) -> str:
    """The client's name, or that it is for all of them."""
    return client.name if client else _("every client")
