"""People: invited, sent away, let in again, and the roles they hold. Never deleted."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agency import vault
from agency.choices import Role
from agency.models import Client, HandOver, Membership, User
from agency.services import audit

_LONGEST_SESSION = timedelta(days=1)


@transaction.atomic
def create(*, email: str, full_name: str, language: str = "fr", by: User | None, now: datetime) -> User:
    """A person who cannot sign in until they set a password by the link that is sent to them.

    Raises ValidationError when the address is malformed or somebody's already.
    """
    person = User(email=User.objects.normalize_email(email).lower(), full_name=full_name, language=language)
    person.set_unusable_password()
    person.full_clean()
    person.save()
    audit.note(action="person.added", by=by, now=now, subject="person", subject_id=person.pk)
    return person


@transaction.atomic
def change(*, person: User, by: User, now: datetime) -> User:
    """Keeps the changed name, address or language; a changed address signs in alone."""
    person.email = person.email.lower()
    person.full_clean()
    person.save(update_fields=["email", "full_name", "language"])
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
    audit.note(action="person.changed", by=by, now=now, subject="person", subject_id=person.pk)
    return person


def show_insults(*, person: User, shows: bool) -> None:
    """How a person wants to read the words of others: at once, or blurred until asked for. Nobody else’s matter."""
    User.objects.filter(pk=person.pk).update(shows_insults=shows)


@transaction.atomic
def give_role(*, person: User, client: Client | None, role: str, by: User | None, now: datetime) -> Membership:
    """The person's one role for the client, or for every client (None); it replaces the one held before.

    Raises ValidationError for a client's role without a client, and for taking the last director away.
    """
    membership = Membership.objects.filter(user=person, client=client).first() or Membership(user=person, client=client)
    was_director = _is_house_director(membership)
    membership.role = role
    membership.full_clean()
    membership.save()
    if was_director:
        _check_a_director_stays()
    _note_role("role.given", membership, by, now)
    return membership


@transaction.atomic
def take_role(*, membership: Membership, by: User, now: datetime) -> None:
    """The person loses that role at once. Raises ValidationError for taking the last director away."""
    _note_role("role.taken", membership, by, now)
    was_director = _is_house_director(membership)
    membership.delete()
    if was_director:
        _check_a_director_stays()


def _note_role(action: str, membership: Membership, by: User | None, now: datetime) -> None:
    audit.note(
        action=action,
        by=by,
        now=now,
        client=membership.client,
        subject="person",
        subject_id=membership.user_id,
        detail={"role": membership.role},
    )


@transaction.atomic
def deactivate(*, person: User, by: User, now: datetime) -> User:
    """The person is out of every host at once; what they wrote keeps their name.

    Raises ValidationError for oneself and for the last director.
    """
    if person.pk == by.pk:
        raise ValidationError(_("Somebody else must do that for you."), code="oneself")
    if User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        if any(_is_house_director(one) for one in person.memberships.all()):
            _check_a_director_stays()
        leave_clients(person=person, now=now)
        audit.note(action="person.deactivated", by=by, now=now, subject="person", subject_id=person.pk)
    person.refresh_from_db()
    return person


@transaction.atomic
def reactivate(*, person: User, by: User, now: datetime) -> User:
    """The person may sign in again, with the roles they had."""
    if User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        audit.note(action="person.reactivated", by=by, now=now, subject="person", subject_id=person.pk)
    person.refresh_from_db()
    return person


@transaction.atomic
def forget_second_factor(*, person: User, by: User, now: datetime) -> None:
    """For a lost telephone: the next sign-in sets a new second factor up."""
    Authenticator.objects.filter(user=person).delete()
    audit.note(action="person.second_factor_forgotten", by=by, now=now, subject="person", subject_id=person.pk)


def leave_clients(*, person: User, now: datetime) -> int:
    """Ends the sessions that the person's hand-overs opened on clients' hosts; returns how many."""
    keys = (
        HandOver.objects.filter(user=person, used_at__gt=now - _LONGEST_SESSION)
        .exclude(session_key="")
        .values_list("session_key", flat=True)
    )
    return Session.objects.filter(session_key__in=list(keys)).delete()[0]


def _is_house_director(membership: Membership) -> bool:
    return membership.pk is not None and membership.client_id is None and membership.role == Role.DIRECTOR


def _check_a_director_stays() -> None:
    if not Membership.objects.filter(client__isnull=True, role=Role.DIRECTOR, user__is_active=True).exists():
        raise ValidationError(_("The agency needs at least one director."), code="last_director")


def reseal_second_factors(*, is_rehearsal: bool) -> tuple[int, int]:
    """Seals what second factors are made of anew under the first key; how many were, how many cannot be opened.

    Those of before there was a vault are sealed too. With `is_rehearsal` nothing is written.
    """
    done, lost = 0, 0
    for factor in Authenticator.objects.order_by("pk"):
        try:
            resealed = {name: _resealed(value) for name, value in factor.data.items()}
        except vault.Unsealable:
            lost += 1
            continue
        done += 1
        if not is_rehearsal:
            Authenticator.objects.filter(pk=factor.pk, data=factor.data).update(data=resealed)
    return done, lost


def _resealed(value: object) -> object:
    """Texts, and lists of them, under the first key; a count of used codes is no secret."""
    if isinstance(value, str):
        return vault.seal_text(vault.unseal_text(value))
    return [_resealed(one) for one in value] if isinstance(value, list) else value
