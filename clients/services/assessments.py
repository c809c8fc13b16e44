"""What accounts presumably are: presumed where mentions are read, said otherwise by people, forgotten in time."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.choices import AssessmentState, PresumedRole
from clients.listening.reading import account_pace
from clients.listening.reading.accounts import VERSION, Behaviour, Presumption, assess
from clients.listening.words import Words
from clients.models import Author, AuthorAssessment, Mention

KEPT = timedelta(days=90)  # people change trades: what is older is read again, or no longer presumed
REMOVAL_KEPT = timedelta(days=730)  # for so long the machine does not presume again what a person has removed
TEXTS_READ = 5  # of one account and batch
MOMENTS_READ = 200  # of one account, the newest
_SAID = Words("dit par une personne de l’agence", "said by a person of the agency")
# Accounts whose present bio was read already, or of which a person has spoken, cost no more than this.
_TO_READ = """
SELECT a.id, a.network, a.handle, a.name, a.bio, coalesce(s.version, '')
FROM clients_author a LEFT JOIN clients_authorassessment s ON s.author_id = a.id
WHERE a.id = ANY(%s) AND a.erased_at IS NULL AND (s.id IS NULL OR (s.state = 'presumed' AND s.expires_at > %s))
ORDER BY a.id
"""
# When those who wrote often posted, as the network dates it: our own clock, which dates what comes undated, is regular.
_MOMENTS = """
SELECT a.id, array_agg(m.published_at) FROM unnest(%s::bigint[]) AS a(id) CROSS JOIN LATERAL (
    SELECT published_at FROM clients_mention WHERE author_id = a.id AND is_date_sure
    ORDER BY published_at DESC, id DESC LIMIT %s) m
GROUP BY a.id HAVING count(*) >= %s
"""
# An account that is being erased meanwhile is waited for, and then is none. A person's word stands.
_KEEP = """
INSERT INTO clients_authorassessment AS known
    (author_id, role, confidence, basis, version, state, assessed_at, expires_at)
SELECT a.id, u.role, u.confidence, u.basis::jsonb, u.version, 'presumed', %s, %s
FROM unnest(%s::bigint[], %s::text[], %s::float8[], %s::text[], %s::text[]) AS u(id, role, confidence, basis, version)
JOIN clients_author a ON a.id = u.id AND a.erased_at IS NULL ORDER BY a.id FOR KEY SHARE OF a
ON CONFLICT (author_id) DO UPDATE SET role = excluded.role, confidence = excluded.confidence, basis = excluded.basis,
    version = excluded.version, assessed_at = excluded.assessed_at, expires_at = excluded.expires_at
WHERE known.state = 'presumed'
"""


class _Shown(NamedTuple):
    id: int
    network: str
    handle: str
    name: str
    bio: str
    read_before: str  # the version of what was presumed of it


def presume(*, texts: Mapping[int, Sequence[str]], now: datetime) -> int:
    """Presumes what the accounts are (by number, with some of what they wrote); returns how many are presumed anew.

    A bio that changed is read anew, and what it no longer says is dropped. What a person said is left alone.
    """
    if not texts:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_TO_READ, [list(texts), now])
        shown = [row for row in map(_Shown._make, cursor.fetchall()) if row.read_before != _version(row)]
        moments = _moments([row.id for row in shown])
        found = [(row, _assessed(row, texts[row.id], moments.get(row.id, ()))) for row in shown]
        kept = [(row, presumption) for row, presumption in found if presumption is not None]
        if kept:
            cursor.execute(_KEEP, [now, now + KEPT, *_columns(kept)])
    dropped = [row.id for row, presumption in found if presumption is None and row.read_before]
    if dropped:
        AuthorAssessment.objects.filter(author_id__in=dropped, state=AssessmentState.PRESUMED).delete()
    return len(kept)


def _version(row: _Shown) -> str:
    """By which rules, and of which presentation: the same words are not read twice."""
    told = "\x1f".join((row.handle, row.name, row.bio)).encode("utf-8", "surrogatepass")
    return f"{VERSION}:{hashlib.sha256(told).hexdigest()[:16]}"


def _moments(accounts: Sequence[int]) -> dict[int, Sequence[datetime]]:
    """When each account posted lately, of those that posted often enough to have a pace."""
    if not accounts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_MOMENTS, [list(accounts), MOMENTS_READ, account_pace.ENOUGH])
        return dict(cursor.fetchall())


def _assessed(row: _Shown, texts: Sequence[str], moments: Sequence[datetime]) -> Presumption | None:
    behaviour = Behaviour(moments=moments, texts=tuple(texts[:TEXTS_READ]))
    return assess(handle=row.handle, name=row.name, bio=row.bio, network=row.network, behaviour=behaviour)


def _columns(kept: Iterable[tuple[_Shown, Presumption]]) -> list[list[object]]:
    rows = [
        (row.id, found.role, found.confidence, json.dumps(_told(found.basis), ensure_ascii=False), _version(row))
        for row, found in kept
    ]
    return [list(column) for column in zip(*rows, strict=True)]


def _told(basis: Iterable[Words]) -> list[dict[str, str]]:
    return [{"fr": words.fr, "en": words.en} for words in basis]


# -- what people say ---------------------------------------------------------------------------------------------------
@transaction.atomic
def confirm(*, author: Author, by: User, now: datetime) -> AuthorAssessment:
    """A person says that the presumption is right: it holds for 90 days more. Raises ValidationError without one."""
    found = _of(author)
    if found is None or found.state == AssessmentState.REMOVED:
        raise ValidationError(_("Nothing is presumed of this account any more."), code="nothing_presumed")
    return _settle(found, AssessmentState.CONFIRMED, by, now)


@transaction.atomic
def correct(*, author: Author, role: str, by: User, now: datetime) -> AuthorAssessment:
    """A person says what the account is. Raises ValidationError for an unknown role or an erased account."""
    if role not in PresumedRole.values:
        raise ValidationError(_("This role does not exist."), code="unknown_role")
    found = _of(author) or AuthorAssessment(author=author)
    found.role, found.confidence, found.basis, found.version = role, 1.0, _told([_SAID]), ""
    return _settle(found, AssessmentState.CONFIRMED, by, now)


@transaction.atomic
def remove(*, author: Author, by: User, now: datetime) -> AuthorAssessment:
    """A person says that the presumption is wrong: nothing of it is shown, and the machine does not presume again.

    Raises ValidationError when nothing is presumed.
    """
    found = _of(author)
    if found is None or found.state == AssessmentState.REMOVED:
        raise ValidationError(_("Nothing is presumed of this account any more."), code="nothing_presumed")
    found.basis, found.confidence = [], 0.0
    return _settle(found, AssessmentState.REMOVED, by, now)


@transaction.atomic
def undo(*, author: Author, by: User, now: datetime) -> AuthorAssessment | None:
    """A person takes back what was said of an account: the machine presumes anew; returns what, None for nothing.

    Raises ValidationError when nobody said anything.
    """
    found = _of(author)
    if found is None or found.state == AssessmentState.PRESUMED:
        raise ValidationError(_("Nobody has said anything of this account."), code="nothing_said")
    audit.note(
        action="author.role.undone",
        by=by,
        now=now,
        client=here(),
        subject="clients.authorassessment",
        subject_id=found.pk,
        detail={"role": found.role},
    )
    found.delete()
    presume(texts={author.pk: _last_texts(author)}, now=now)
    return _of(author)


def machine_word(author: Author) -> Presumption | None:
    """What the machine would say of the account alone, whatever a person said."""
    shown = _Shown(author.pk, author.network, author.handle, author.name, author.bio, "")
    return _assessed(shown, _last_texts(author), _moments([author.pk]).get(author.pk, ()))


def _last_texts(author: Author) -> list[str]:
    newest = Mention.objects.filter(author=author).order_by("-published_at", "-pk")
    return list(newest.values_list("text", flat=True)[:TEXTS_READ])


def _of(author: Author) -> AuthorAssessment | None:
    """The account's row, if any, with the account held. Raises ValidationError when it was erased."""
    if Author.objects.select_for_update().get(pk=author.pk).erased_at is not None:
        raise ValidationError(_("This account was erased."), code="erased")
    return AuthorAssessment.objects.select_for_update().filter(author=author).first()


def _settle(found: AuthorAssessment, state: AssessmentState, by: User, now: datetime) -> AuthorAssessment:
    found.state, found.by_id, found.assessed_at = state, by.pk, now
    found.expires_at = now + (REMOVAL_KEPT if state == AssessmentState.REMOVED else KEPT)
    found.save()
    audit.note(
        action=f"author.role.{state.value}",
        by=by,
        now=now,
        client=here(),
        subject="clients.authorassessment",
        subject_id=found.pk,
        detail={"role": found.role},
    )
    return found


def forget_old(*, now: datetime) -> int:
    """Drops what is past its time, and what may be left of erased accounts; returns how many."""
    old = AuthorAssessment.objects.filter(expires_at__lte=now).delete()[0]
    return old + AuthorAssessment.objects.filter(author__erased_at__isnull=False).delete()[0]
