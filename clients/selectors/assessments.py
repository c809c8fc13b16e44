"""What accounts presumably are, as far as it still holds."""

from datetime import datetime

from django.db.models import QuerySet

from clients.choices import AssessmentState
from clients.models import Author, AuthorAssessment, Mention

SAID_AT_MOST = 20


def of_author(author: Author | None, now: datetime) -> AuthorAssessment | None:
    """What the account presumably is; None for no account, an erased one, and what expired."""
    if author is None or author.erased_at is not None:
        return None
    return AuthorAssessment.objects.filter(author=author, expires_at__gt=now).first()


def held(assessment: AuthorAssessment | None) -> AuthorAssessment | None:
    """The same, unless a person removed it."""
    return None if assessment is None or assessment.state == AssessmentState.REMOVED else assessment


def said_by(author: Author) -> QuerySet[Mention]:
    """What the account said last, twenty at most."""
    mentions = Mention.objects.filter(author=author).select_related("source").order_by("-published_at", "-pk")
    return mentions.defer("original")[:SAID_AT_MOST]
