"""The desk's card of words that wait: to approve, to post, to look at again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from agency.models import Client, User
from incidents.selectors import desk_words

MOST_SHOWN = 12


def part(clients: Sequence[Client], person: User, now: datetime) -> dict[str, Any]:
    """`words_key` changes with what the card shows."""
    read = desk_words.waiting(clients, person=person, now=now)
    rows = [
        {
            "read": one,
            "is_mine": one.is_for(person),
            "is_late": one.act != "post" and one.due_at < now,
            "path": _path(one),
        }
        for one in read[:MOST_SHOWN]
    ]
    return {
        "words": rows,
        "words_more": max(0, len(read) - MOST_SHOWN),
        "words_key": [(one["read"], one["is_mine"], one["is_late"]) for one in rows],
    }


def _path(one: desk_words.Waiting) -> str:
    if one.act == "look":
        return reverse("client_admin:drafts", urlconf=settings.ROOT_URLCONF) + f"#silence-{one.id}"
    return reverse("client_admin:draft", args=[one.id], urlconf=settings.ROOT_URLCONF)
