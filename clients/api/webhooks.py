"""The webhooks in the API's document, beside its paths."""

from typing import Any

from clients import webhook_schemas


def document(result: dict[str, Any], **_given: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: `webhooks` as OpenAPI 3.1 has them."""
    return {**result, "webhooks": webhook_schemas.documented()}
