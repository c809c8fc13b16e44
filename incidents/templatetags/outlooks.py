"""What the pages of a reading say of moments and draw of them."""

from datetime import UTC, datetime

from django import template

register = template.Library()


@register.filter
def moment(written: str | None) -> datetime | None:
    """A moment kept as ISO 8601 by a pure judgement, aware; None for nothing or for what is not a moment."""
    try:
        at = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
