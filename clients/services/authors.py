"""An account that asks to be forgotten: its name goes, what is counted stays true, and it does not come back."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.listening.copies import text_hash, words_of
from clients.listening.raw import whole
from clients.models import (
    Author,
    AuthorAssessment,
    Classification,
    Fingerprint,
    Mention,
    MentionVersion,
    SecondReading,
    Source,
    Suppression,
)
from clients.selectors.authors import same_account
from clients.services.accounts import ERASED_WORDS, hidden_id, mark_of

BATCH = 2_000
# The lock of clients.services.ingest: a batch under way would write down after us what we have just erased.
_AFTER_WHAT_ARRIVES = "SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.ingest', 0))"
_HIDE_REFERRED = """
UPDATE clients_mention m SET refers_to = i.hidden FROM unnest(%s::text[], %s::text[]) AS i(told, hidden)
WHERE m.refers_to = i.told AND m.refers_to <> ''
"""
_HIDE_REPLIED = """
UPDATE clients_mention m SET reply_to = i.hidden FROM unnest(%s::text[], %s::text[]) AS i(told, hidden)
WHERE m.reply_to = i.told AND m.reply_to <> ''
"""


@transaction.atomic
def erase(*, author: Author, by: User, reason: str, erases_words: bool, now: datetime) -> Suppression:
    """Takes the identity out of the account and of all it wrote, and with `erases_words` the words too.

    Its mentions stay, under one account without a name, so that authors are still counted once. What it publishes
    later comes in without a name. Incidents' logs and published reports are not touched. Raises ValidationError when
    the account was erased already, or without a reason.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AFTER_WHAT_ARRIVES)
    author = Author.objects.select_for_update().get(pk=author.pk)
    if author.erased_at is not None:
        raise ValidationError(_("This account was erased already."), code="erased_already")
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: the reason is kept.")}, code="no_reason")
    suppression = Suppression.objects.create(
        network=author.network,
        handle_hmac=mark_of(author.network, author.handle),
        author=author,
        erases_words=erases_words,
        reason=reason.strip(),
        by_id=by.pk,
        created_at=now,
    )
    count = 0
    for account in list(same_account(author)):
        count += _erase_account(account, erases_words, now)
    audit.note(
        action="author.erased",
        by=by,
        now=now,
        client=here(),
        subject="clients.suppression",
        subject_id=suppression.pk,
        detail={"mentions": count, "words": erases_words},
    )
    author.refresh_from_db()
    return suppression


def _erase_account(account: Author, erases_words: bool, now: datetime) -> int:
    """One spelling of the account; how many mentions it had."""
    handle, fresh = account.handle, secrets.token_hex(12)
    Author.objects.filter(pk=account.pk).update(handle=fresh, name="", url="", bio="", followers=None, erased_at=now)
    AuthorAssessment.objects.filter(author=account).delete()
    count, ids = 0, {handle}
    mentions = Mention.objects.filter(author=account).order_by("pk")
    last = 0
    while batch := list(mentions.filter(pk__gt=last)[:BATCH]):
        ids.update(mention.external_id for mention in batch)
        _forget_ids(batch)
        for mention in batch:
            _forget(mention, f"{account.network} {fresh}", erases_words)
        Mention.objects.bulk_update(batch, ["external_id", "url", "original", "title", "text", "text_hash"])
        _forget_beside(batch, erases_words)
        count, last = count + len(batch), batch[-1].pk
    _forget_in_cursors(handle.removeprefix("@").casefold(), ids)
    return count


def _forget(mention: Mention, author: str, erases_words: bool) -> None:
    mention.url, mention.original = "", None
    if erases_words:
        mention.title, mention.text, mention.text_hash = "", ERASED_WORDS, None
    else:
        mention.text_hash = text_hash(words_of(whole(mention.title, mention.text)), author)


def _forget_beside(batch: list[Mention], erases_words: bool) -> None:
    """What hangs on the mentions: earlier versions, keys of their texts, reasons that quote them."""
    MentionVersion.objects.filter(mention__in=batch).update(original=None)
    if erases_words:
        MentionVersion.objects.filter(mention__in=batch).update(title="", text=ERASED_WORDS)
        Classification.objects.filter(mention__in=batch).update(reasons=[])
        Fingerprint.objects.filter(mention_id__in=[mention.pk for mention in batch]).delete()
        SecondReading.objects.filter(mention__in=batch).delete()  # whoever reads them by meaning writes nothing down


def _forget_in_cursors(handle: str, ids: Collection[str]) -> None:
    """Collectors remember the last days' posts by their ids: those of the account are let go."""
    for source in Source.objects.exclude(cursor={}).select_for_update():
        kept = _without(source.cursor, handle, ids)
        if kept != source.cursor:
            Source.objects.filter(pk=source.pk).update(cursor=kept)


def _without(kept: Any, handle: str, ids: Collection[str]) -> Any:
    """The cursor without the entries of its lists that name the account; what is not in a list stays as it is."""
    if isinstance(kept, dict):
        return {name: _without(value, handle, ids) for name, value in kept.items()}
    if isinstance(kept, list):
        return [_without(entry, handle, ids) for entry in kept if not _names(entry, handle, ids)]
    return kept


def _names(entry: Any, handle: str, ids: Collection[str]) -> bool:
    """Whether an entry of a list is, or is made of, an id of one of the account's posts, or tells its handle."""
    parts = entry if isinstance(entry, list) else [entry]
    return any(isinstance(part, str) and (part in ids or handle in part.casefold()) for part in parts)


def _forget_ids(batch: list[Mention]) -> None:
    """Hides the ids and addresses of its posts, in what others wrote in reply to them too."""
    hidden: dict[str, str] = {}
    for mention in batch:
        fresh = hidden_id(mention.external_id)
        hidden.update((name, fresh) for name in (mention.external_id, mention.url) if name)
        mention.external_id = fresh
    with connection.cursor() as cursor:
        for statement in (_HIDE_REFERRED, _HIDE_REPLIED):
            cursor.execute(statement, [list(hidden), list(hidden.values())])
