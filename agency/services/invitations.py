"""The first key to the house: a link by which a new person sets their password."""

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from agency.choices import AGENCY_ROLES
from agency.hosts import standing_url
from agency.mail import Post
from agency.models import Domain, User
from agency.services import audit


def link(person: User) -> str:
    """Where the person sets a password, on the host they will sign in on. Good for a day and one change."""
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    door = reverse("account_reset_password_from_key", args=key.split("-", 1), urlconf=settings.ROOT_URLCONF)
    return standing_url(_host_of(person), door)


def _host_of(person: User) -> str:
    """The agency's for staff; for a client's person their client's, the first one by name."""
    if person.memberships.filter(role__in=AGENCY_ROLES).exists() or not person.memberships.exists():
        return str(settings.AGENCY_HOST)
    at = Domain.objects.filter(tenant__memberships__user=person, tenant__is_active=True, is_primary=True)
    return at.order_by("tenant__name", "pk").values_list("domain", flat=True).first() or str(settings.AGENCY_HOST)


def send(*, person: User, post: Post, by: User | None, now: datetime) -> None:
    """Sends the link in the person's language. Raises mail.NotAccepted when the server does not take it."""
    with translation.override(person.language):
        subject = _("Your access to Rempart")
        body = _(
            "Hello %(name)s,\n\n"
            "An access to Rempart, the crisis desk, was opened for %(email)s. "
            "Choose your password here, within a day:\n\n"
            "%(link)s\n\n"
            "If the link no longer works, ask for another one on the sign-in page (“Forgot your password?”).\n"
        ) % {"name": person.full_name, "email": person.email, "link": link(person)}
    post.send(to=person.email, subject=subject, body=body, key=f"invitation-{person.pk}-{now:%Y%m%d%H%M%S}")
    audit.note(action="person.invited", by=by, now=now, subject="person", subject_id=person.pk)
