"""How allauth is told the rules of this house: nobody signs up alone, staff enter by the agency's door only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.db import connection
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from agency.choices import CLIENT_ROLES
from agency.models import Client, User
from agency.roles import is_staff, roles_of

SESSION_SCHEMA = "schema"


class HouseAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the agency; a right password on the wrong host opens nothing."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        if may_sign_in(user, request.tenant):  # type: ignore[attr-defined]
            return None
        messages.error(request, _("This account does not open this door."))
        return redirect("account_login")


def may_sign_in(user: User, tenant: object) -> bool:
    """Staff sign in on the agency's host (and reach clients by a hand-over); the client's people on their own."""
    if isinstance(tenant, Client):
        return bool(roles_of(user, tenant) & CLIENT_ROLES)
    return is_staff(user)


@receiver(user_logged_in)
def bind_session_to_host(request: HttpRequest, **_kwargs: Any) -> None:
    """Notes the schema whose host the person signed in on; SessionHostMiddleware refuses the session elsewhere."""
    request.session[SESSION_SCHEMA] = connection.schema_name
