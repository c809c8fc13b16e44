"""What the pages of the list to sort say of the last act: what was done, what was left alone and why, the way back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.admin.knowing import hidden_of
from clients.choices import SortingKind
from clients.models import SortingAct
from clients.selectors.hidden import NOTHING, Hidden
from clients.selectors.sorting import Change
from clients.services.triage import Moved

_TAG = "sorted"


def say_done(request: HttpRequest, words: str, moved: Moved) -> None:
    """Says what an act came to, with what it left alone; the page then offers its undo, and to do the rest again."""
    told = " ".join(part for part in (words if moved.ids else "", left_alone(moved.others, hidden_of(request))) if part)
    if moved.act is None:
        return
    tags = f"{_TAG} {moved.act.pk} {'undo' if moved.ids else ''} {'redo' if moved.others else ''}"
    (messages.warning if moved.others else messages.success)(request, told, extra_tags=tags)


def along(count: int) -> str:
    """What is said of those that only repeat the mentions moved; nothing when there is none."""
    return ngettext(", with %(count)d repeat", ", with %(count)d repeats", count) % {"count": count} if count else ""


def left_alone(changes: Sequence[Change], hidden: Hidden) -> str:
    """Who changed what an act then left alone, and when; nothing when there is none."""
    if not changes:
        return ""
    last = max(changes, key=lambda change: change.act.pk)
    if len(changes) == 1:
        return _("Left as it is: %(what)s.") % {"what": what_happened(last.act, hidden)}
    words = ngettext("%(count)d left as it is", "%(count)d left as they are", len(changes)) % {"count": len(changes)}
    return _("%(left)s: the last one, %(what)s.") % {"left": words, "what": what_happened(last.act, hidden)}


def what_happened(act: SortingAct, hidden: Hidden) -> str:
    """One act in the words of whoever reads it, who may not know of what is `hidden`: "set aside by Nadia at 21:42"."""
    at = date_format(localtime(act.done_at), "H:i")
    return _what(act, hidden) % {"who": act.by, "at": at}


def _what(act: SortingAct, hidden: Hidden) -> str:
    if act.kind == SortingKind.SET_ASIDE and act.kept.get("labels"):
        return _("said not to be about us by %(who)s at %(at)s")
    return {
        SortingKind.SET_ASIDE: _("set aside by %(who)s at %(at)s"),
        SortingKind.PUT_BACK: _("put back by %(who)s at %(at)s"),
        SortingKind.WAIT: _("put off by %(who)s at %(at)s"),
        SortingKind.ATTACH: _("attached to an incident by %(who)s at %(at)s"),
        SortingKind.DETACH: _("taken out of an incident by %(who)s at %(at)s"),
        SortingKind.LABEL: _("labelled by %(who)s at %(at)s"),
    }[hidden.kind_of(act)]


def toast(request: HttpRequest) -> dict[str, Any] | None:
    """The last act's words, and where to undo or redo it, from the messages; one that left something alone comes first.

    Several wait where acts followed each other faster than pages; one on what was restricted meanwhile is not told.
    """
    waiting = [message for message in messages.get_messages(request) if not _is_hidden(request, message)]
    left = [message for message in waiting if "redo" in str(message.extra_tags).split()]
    return _shown((left or waiting)[-1]) if waiting else None


def _is_hidden(request: HttpRequest, message: Message) -> bool:
    tag, *given = str(message.extra_tags or "-").split()
    hidden = hidden_of(request) if tag == _TAG else NOTHING
    return bool(hidden.incidents) and any(hidden.hides(act) for act in SortingAct.objects.filter(pk=given[0]))


def _shown(message: Message) -> dict[str, Any]:
    tag, *given = str(message.extra_tags or "-").split()
    if tag == "list":
        return {"words": str(message), "act": "", "undo": reverse("client_admin:sort_list_restore", args=given)}
    if tag != _TAG:
        return {"words": str(message)}
    number, *offered = given
    return {
        "words": str(message),
        "act": number,
        "undo": reverse("client_admin:sort_undo") if "undo" in offered else "",
        "redo": reverse("client_admin:sort_redo") if "redo" in offered else "",
    }
