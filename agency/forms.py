"""Forms of the sign-in pages."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from agency.models import User
from agency.signin import may_sign_in


class ResetPasswordHereForm(ResetPasswordForm):  # type: ignore[misc]
    """Writes only to those who sign in on this host; the page says the same to everybody."""

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        found: list[User] = self.users  # type: ignore[has-type]
        self.users = [user for user in found if may_sign_in(user, request.tenant)]  # type: ignore[attr-defined]
        return str(super().save(request, **kwargs))
