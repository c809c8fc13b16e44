"""A view declares `scopes = {"GET": Scope.…}`: a key that lacks the scope is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from agency.models import ApiKey

if TYPE_CHECKING:
    from rest_framework.views import APIView  # DRF imports this module while it loads its own views


class AnyKey(BasePermission):
    """Any living key of this client, whatever its scopes."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, ApiKey):
            raise NotAuthenticated
        return True


class KeyHasScope(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        if not isinstance(request.auth, ApiKey):
            raise NotAuthenticated
        scopes: dict[str, str] = view.scopes  # type: ignore[attr-defined]
        wanted = scopes.get("GET" if request.method == "HEAD" else str(request.method))
        if wanted is None:
            return request.method == "OPTIONS"  # no view answers it: 405
        return wanted in request.auth.scopes
