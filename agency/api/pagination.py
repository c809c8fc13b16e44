"""Pages by an ever-growing number: whoever comes back with the last cursor misses nothing and reads nothing twice."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from agency.numbers import whole_number

if TYPE_CHECKING:
    from rest_framework.views import APIView  # DRF imports this module while it loads its own views


def encode(number: int) -> str:
    return base64.urlsafe_b64encode(f"s{number}".encode()).decode().rstrip("=")


def decode(cursor: str) -> int:
    """The number in the cursor; ValidationError (code bad_cursor) when it is not one of ours."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        if not text.startswith("s"):
            raise ValueError
        number = int(text[1:])
        if not 0 <= number < 2**63:
            raise ValueError
    except (ValueError, binascii.Error) as error:
        raise ValidationError({"cursor": "unknown cursor"}, code="bad_cursor") from error
    return number


class SeqPagination(BasePagination):
    """`?cursor=…&limit=…` (1 to 500, 100 by default). `next` is always there: it is where to come back later."""

    default_limit = 100
    max_limit = 500

    def paginate_queryset(  # type: ignore[override]  # pages are cut by the database, never from a list
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        self.after = decode(request.query_params["cursor"]) if "cursor" in request.query_params else 0
        self.limit = self._limit(request.query_params.get("limit"))
        rows = list(queryset.filter(pk__gt=self.after).order_by("pk")[: self.limit + 1])
        self.has_more = len(rows) > self.limit
        rows = rows[: self.limit]
        self.last = rows[-1].pk if rows else self.after
        return rows

    def _limit(self, text: str | None) -> int:
        if text is None:
            return self.default_limit
        limit = whole_number(text)
        if limit is None or not 1 <= limit <= self.max_limit:
            raise ValidationError({"limit": f"1 to {self.max_limit}"}, code="bad_limit")
        return limit

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": encode(self.last), "has_more": self.has_more})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next", "has_more"],
            "properties": {
                "results": schema,
                "next": {"type": "string", "description": "Give it back as `cursor`, now or later."},
                "has_more": {"type": "boolean"},
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
            {
                "name": "limit",
                "in": "query",
                "required": False,
                "schema": {"type": "integer", "minimum": 1, "maximum": self.max_limit, "default": self.default_limit},
            },
        ]
