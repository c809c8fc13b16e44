"""What the pages of the list to sort say of the last gesture, and the way back from it."""

from collections.abc import Sequence

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

from agency.admin.guard import client_of

UNDO_SECONDS = 3600
_GESTURES = {"aside": "sort_put_back", "said": "sort_take_back"}  # what was done, and the page that takes it back


def say_done(request: HttpRequest, words: str, gesture: str, numbers: Sequence[int]) -> None:
    """Says that a gesture ("aside", "said") was done, with the signed numbers of what it touched beside."""
    token = _signer(request, gesture).sign_object(list(numbers), compress=True)
    messages.success(request, words, extra_tags=f"{gesture} {token}")


def undone(request: HttpRequest, gesture: str) -> list[int]:
    """The numbers that an undo is about. Raises BadSignature for a token old, altered, or of another client."""
    numbers: list[int] = _signer(request, gesture).unsign_object(request.POST.get("token", ""), max_age=UNDO_SECONDS)
    return numbers


def toast(request: HttpRequest) -> dict[str, str] | None:
    """The last gesture's words and its undo token, from the messages; other messages are shown as usual."""
    for message in messages.get_messages(request):
        gesture, _space, token = str(message.extra_tags or "").partition(" ")
        if gesture in _GESTURES:
            return {"words": str(message), "token": token, "undo": reverse(f"client_admin:{_GESTURES[gesture]}")}
        return {"words": str(message), "token": ""}
    return None


def _signer(request: HttpRequest, gesture: str) -> signing.TimestampSigner:
    """One client's undo is not another's, nor one gesture's another's."""
    return signing.TimestampSigner(salt=f"triage.undo.{gesture}.{client_of(request).schema_name}")
