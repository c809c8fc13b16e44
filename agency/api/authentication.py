"""`Authorization: Bearer rmp_…`, never in the address."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from agency import clock
from agency.models import ApiKey, Client
from agency.services import keys


class ApiKeyAuthentication(BaseAuthentication):
    """request.auth is the ApiKey; request.user stays None: a key is not a person."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey] | None:
        parts = get_authorization_header(request).split()
        if not parts:
            return None
        if len(parts) != 2 or parts[0].lower() != b"bearer":
            raise AuthenticationFailed(code="malformed_authorization")
        tenant = request._request.tenant  # type: ignore[attr-defined]
        key = isinstance(tenant, Client) and keys.recognise(
            key=parts[1].decode("latin-1"), client=tenant, now=clock.now()
        )
        if not key:
            raise AuthenticationFailed(code="unknown_key")
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="rempart"'


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "rmp_…"}
