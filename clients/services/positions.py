"""What may be said: who wrote it, who approved it, until when.

Words in use stay in use while new ones wait for an approval. Nobody approves their own words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.blanks import is_malformed
from clients.choices import PositionKind, WordsState
from clients.models import Brand, Position, PositionVersion
from clients.models.positions import WORDS


@dataclass(frozen=True)
class Facts:
    """What a position is about, for whom and from when, beside its words."""

    brand: Brand
    code: str
    title: str
    kind: str = PositionKind.HOLDING
    language: str = "fr"
    audience: str = ""
    owner: User | None = None
    valid_from: date | None = None

    @property
    def is_said(self) -> bool:
        """False for what must not be said."""
        return self.kind != PositionKind.DO_NOT_SAY


@dataclass(frozen=True)
class Terms(Facts):
    """The facts of a position to be, and its last day: `renew` moves that one later."""

    valid_until: date | None = None


def write(*, terms: Terms, words: Mapping[str, str], by: User, now: datetime) -> Position:
    """A new position whose words wait for an approval. Raises ValidationError (`taken`: its code is another's)."""
    kept = _checked(words)
    position = Position(**vars(terms), **kept)
    position.clean_fields(exclude=["approved_by", "owner"])
    position.validate_constraints()
    try:
        with transaction.atomic():
            position.save()
            _add(position, 1, kept, "", by, now)
            _note("position.written", position, by, now)
    except IntegrityError as error:
        raise _taken(terms.code) from error
    return position


@transaction.atomic
def describe(*, position: Position, facts: Facts, by: User, now: datetime) -> Position:
    """Other facts under the same words; noted with the names of those that changed, nothing when none did.

    Approved words stay approved, except for another brand or language, or once what was forbidden may be said (or the
    reverse): nobody has read them as such, so that they wait for somebody else's approval again.
    Raises ValidationError: a code that is `taken`, a first day after the last, other words that wait (`moved`).
    """
    position = _locked(position)
    changed = sorted(name for name, value in vars(facts).items() if getattr(position, name) != value)
    if not changed:
        return position
    asks_again = position.approved_at is not None and _is_read_otherwise(position, facts)
    latest = _latest(position, now) if asks_again else None
    if latest is not None and latest.state == WordsState.WAITING:
        raise ValidationError(_("New words wait for an approval: have them decided first."), "moved")
    for name in changed:
        setattr(position, name, getattr(facts, name))
    position.clean_fields(exclude=["approved_by", "owner"])
    position.validate_constraints()
    try:
        with transaction.atomic():
            position.save(update_fields=[*changed, "updated_at"])
    except IntegrityError as error:
        raise _taken(facts.code) from error
    if latest is not None:
        _ask_again(position, latest.number + 1, by, now)
    _note("position.described", position, by, now, changed=changed)
    return position


def _is_read_otherwise(position: Position, facts: Facts) -> bool:
    was_said = position.kind != PositionKind.DO_NOT_SAY
    return (position.brand, position.language, was_said) != (facts.brand, facts.language, facts.is_said)


def _ask_again(position: Position, number: int, by: User, now: datetime) -> None:
    words = {name: getattr(position, name) for name in WORDS}
    _add(position, number, words, _("Same words; their brand, language or kind changed."), by, now)
    _put(position, {}, approved_by=None, approved_at=None)


def _taken(code: str) -> ValidationError:
    return ValidationError(_("The code %(code)s is another position’s.") % {"code": code}, "taken")


@transaction.atomic
def reword(*, position: Position, words: Mapping[str, str], why: str, by: User, now: datetime) -> PositionVersion:
    """New words, to be approved by somebody else; those in use stay usable meanwhile, those that waited are replaced.

    Raises ValidationError: `same` words, no reason (`why`), nothing to copy, braces that make no blank.
    """
    kept, position = _checked(words), _locked(position)
    latest = _latest(position, now)
    if all(kept[name] == getattr(latest, name) for name in WORDS) and latest.state != WordsState.REFUSED:
        raise ValidationError(_("These are the words as they are."), "same")
    if not why.strip():
        raise ValidationError(_("Say why the words change: who approves them will read it."), "why")
    if latest.state == WordsState.WAITING:
        PositionVersion.objects.filter(pk=latest.pk).update(state=WordsState.REPLACED, decided_at=now)
    if position.approved_at is None:
        _put(position, kept)
    version = _add(position, latest.number + 1, kept, why.strip(), by, now)
    _note("position.worded", position, by, now, version.number)
    return version


@transaction.atomic
def approve(*, position: Position, by: User, today: date, now: datetime, number: int | None = None) -> Position:
    """The words that wait are in use from now on; `number` says which were read, when somebody read them.

    Raises ValidationError: `expired`, one's `own` words, no words that wait or others than those read (`moved`).
    """
    position = _locked(position)
    if position.valid_until and position.valid_until < today:
        raise ValidationError(
            _("%(position)s has expired: give it a new last day first.") % {"position": position}, code="expired"
        )
    version = _waiting(position, number, now)
    if version.written_by_id == by.pk:
        raise ValidationError(_("Somebody else has to approve the words you wrote."), "own")
    _decide(version, WordsState.APPROVED, by, now)
    _put(position, {name: getattr(version, name) for name in WORDS}, approved_by=by, approved_at=now)
    _note("position.approved", position, by, now, version.number)
    return position


@transaction.atomic
def refuse(*, position: Position, number: int, note: str, by: User, now: datetime) -> PositionVersion:
    """The words that wait are not taken; who wrote them reads why. Raises ValidationError (`why`, `moved`)."""
    position = _locked(position)
    version = _waiting(position, number, now)
    if not note.strip():
        raise ValidationError(_("Say why: who wrote these words has to know what to change."), "why")
    _decide(version, WordsState.REFUSED, by, now, note.strip())
    _note("position.refused", position, by, now, version.number)
    return version


@transaction.atomic
def renew(*, position: Position, until: date | None, by: User, today: date, now: datetime) -> Position:
    """A new last day (None: no end). Raises ValidationError when it is past, or before the first one."""
    position = _locked(position)
    if until is not None and until < today:
        raise ValidationError(_("The last day is past: choose a day to come."), "past")
    if until is not None and position.valid_from and until < position.valid_from:
        raise ValidationError(_("The last day is before the first."), "past")
    position.valid_until, position.reminded_at = until, None
    position.save(update_fields=["valid_until", "reminded_at", "updated_at"])
    _note("position.renewed", position, by, now)
    return position


def retire(*, position: Position, by: User, now: datetime) -> Position:
    """It is not said any more, and nobody is reminded of it; `bring_back` undoes it."""
    return _set_retired(position, now, "position.retired", by, now)


def bring_back(*, position: Position, by: User, now: datetime) -> Position:
    """As it was: approved or not, expired or not."""
    return _set_retired(position, None, "position.brought_back", by, now)


@transaction.atomic
def _set_retired(position: Position, moment: datetime | None, action: str, by: User, now: datetime) -> Position:
    changed = Position.objects.filter(pk=position.pk, retired_at__isnull=moment is not None).update(retired_at=moment)
    if changed:
        position.retired_at = moment
        _note(action, position, by, now)
    return position


def _locked(position: Position) -> Position:
    return Position.objects.select_for_update(of=("self",)).select_related("brand").get(pk=position.pk)


def _checked(words: Mapping[str, str]) -> dict[str, str]:
    kept = {name: words.get(name, "").strip() for name in WORDS}
    if not kept["short_text"]:
        raise ValidationError(_("Write the short text: it is what is copied."), "empty")
    broken = [name for name, text in kept.items() if is_malformed(text)]
    if broken:
        raise ValidationError(_("A blank is written {{town}}: two braces, a name, two braces."), "blank")
    return kept


def _latest(position: Position, now: datetime) -> PositionVersion:
    """The newest version; words from before there were versions become the first."""
    found = position.versions.order_by("-number").first()
    if found is not None:
        return found
    first = _add(position, 1, {name: getattr(position, name) for name in WORDS}, "", None, position.updated_at or now)
    if position.approved_at is not None:
        _decide(first, WordsState.APPROVED, position.approved_by, position.approved_at)
    return first


def _waiting(position: Position, number: int | None, now: datetime) -> PositionVersion:
    found = _latest(position, now)
    if found.state != WordsState.WAITING or (number is not None and found.number != number):
        raise ValidationError(
            _("%(position)s: these words were decided or replaced meanwhile. Read what stands now.")
            % {"position": position},
            "moved",
        )
    return found


def _add(
    position: Position, number: int, words: Mapping[str, str], why: str, by: User | None, now: datetime
) -> PositionVersion:
    return PositionVersion.objects.create(
        position=position, number=number, why=why[:300], written_by=by, written_at=now, **words
    )


def _decide(version: PositionVersion, state: str, by: User | None, now: datetime, note: str = "") -> None:
    version.state, version.decided_by, version.decided_at, version.note = state, by, now, note[:300]
    version.save(update_fields=["state", "decided_by", "decided_at", "note"])


def _put(position: Position, words: Mapping[str, str], **approval: User | datetime | None) -> None:
    for name, value in {**words, **approval}.items():
        setattr(position, name, value)
    position.save(update_fields=[*words, *approval, "updated_at"])


def _note(
    action: str, position: Position, by: User, now: datetime, version: int | None = None, changed: Sequence[str] = ()
) -> None:
    audit.note(
        action=action,
        by=by,
        now=now,
        client=here(),
        subject="clients.position",
        subject_id=position.pk,
        detail={**({"version": version} if version else {}), **({"changed": list(changed)} if changed else {})},
    )
