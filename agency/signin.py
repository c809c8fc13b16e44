"""How allauth is told the rules of this house: nobody signs up alone, staff enter by the agency's door only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import connection
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django_tenants.utils import get_public_schema_name

from agency import clock, vault
from agency.choices import CLIENT_ROLES
from agency.hosts import address_of
from agency.models import Client, User
from agency.roles import is_staff, roles_of
from agency.services import audit, people

SESSION_SCHEMA = "schema"


class HouseAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the agency; a right password on the wrong host opens nothing."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        if may_sign_in(user, request.tenant):  # type: ignore[attr-defined]
            return None
        _note(request, "signin.refused", user)
        messages.error(request, _("This account does not open this door."))
        return redirect("account_login")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        _note(request, "signin.done", user)
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """In the trail when the address is somebody's; what a stranger typed (perhaps a password) is not kept."""
        user = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        if user is not None:
            _note(request, "signin.failed", user)

    def reauthenticate(self, user: User, password: str) -> bool:
        """allauth's own looks for the address in its table of e-mails, which this house leaves empty."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk


class HouseMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What second factors are made of lies encrypted like every other credential."""

    def encrypt(self, text: str) -> str:
        return vault.seal_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises vault.Unsealable: a secret that cannot be opened must let nobody in."""
        return vault.unseal_text(encrypted_text)


def may_sign_in(user: User, tenant: object) -> bool:
    """Staff sign in on the agency's host (and reach clients by a hand-over); the client's people on their own."""
    if isinstance(tenant, Client):
        return bool(roles_of(user, tenant) & CLIENT_ROLES)
    return is_staff(user)


def _note(request: HttpRequest, action: str, user: User) -> None:
    tenant = request.tenant  # type: ignore[attr-defined]
    client = tenant if isinstance(tenant, Client) else None
    audit.note(action=action, by=user, now=clock.now(), client=client, address=address_of(request))


@receiver(user_logged_in)
def bind_session_to_host(request: HttpRequest, **_kwargs: Any) -> None:
    """Notes the schema whose host the person signed in on; SessionHostMiddleware refuses the session elsewhere."""
    request.session[SESSION_SCHEMA] = connection.schema_name  # type: ignore[attr-defined]


@receiver(user_logged_out)
def leave_clients_too(request: HttpRequest, user: User | None, **_kwargs: Any) -> None:
    """Who leaves the agency's desk leaves every client's desk: the next person at this screen is a stranger there."""
    if user is not None and connection.schema_name == get_public_schema_name():  # type: ignore[attr-defined]
        people.leave_clients(person=user, now=clock.now())
