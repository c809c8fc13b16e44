"""An incident loaded once as plain values, for the judgements that know no database."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from agency.access import here
from clients.choices import AssessmentState
from clients.models import AgendaEntry, AuthorAssessment, Brand, Contact, KnownAccount, Mention, StaffedHours
from incidents.detection.case import Case, Known, Planned, Post, Staffed
from incidents.models import Incident, ParticipantRole
from incidents.selectors import outlooks

MOST = 20_000  # mentions of one incident that are read together


def case_of(incident: Incident, now: datetime) -> Case:
    """The incident at `now`, its mentions oldest first (the newest 20,000 when there are more)."""
    client, brand = here(), Brand.objects.get(pk=incident.brand_id)
    attached = Mention.objects.filter(attachments__incident=incident).order_by("-published_at", "-id")
    posts = posts_of(attached[:MOST], brand)
    said = ParticipantRole.objects.filter(incident=incident, author__erased_at__isnull=True)
    return Case(
        started_at=incident.started_at,
        now=now,
        posts=posts,
        zone=ZoneInfo(client.timezone),
        country=client.country,
        handles=tuple(brand.handles),
        known=tuple(
            Known(row.handle, row.party, row.network, row.name, row.whom_to_warn) for row in KnownAccount.objects.all()
        ),
        contacts=tuple(Contact.objects.filter(is_active=True).values_list("name", flat=True)),
        agenda=tuple(
            Planned(row.title, row.starts_at, row.ends_at)
            for row in AgendaEntry.objects.filter(Q(brand=brand) | Q(brand=None), ends_at__gte=incident.started_at)
        ),
        staffed=tuple(Staffed(row.weekday, row.opens_at, row.closes_at) for row in StaffedHours.objects.all()),
        past=outlooks.past_of(incident, now),
        habit=outlooks.habit_of(incident, now),
        before=posts_of(outlooks.mentions_before(incident, {post.author for post in posts if post.author}), brand),
        held=outlooks.record(),
        confirmed=dict(said.filter(state=AssessmentState.CONFIRMED).values_list("author_id", "role")),
        removed=frozenset(said.filter(state=AssessmentState.REMOVED).values_list("author_id", flat=True)),
    )


def posts_of(mentions: Iterable[Mention], brand: Brand) -> tuple[Post, ...]:
    """The mentions as posts, oldest first; an erased account has neither number nor name."""
    ours = {handle.lstrip("@").casefold() for handle in brand.handles}
    rows = list(mentions.select_related("author")) if isinstance(mentions, QuerySet) else list(mentions)
    roles = dict(
        AuthorAssessment.objects.filter(author_id__in={row.author_id for row in rows})
        .exclude(state=AssessmentState.REMOVED)
        .values_list("author_id", "role")
    )
    return tuple(_post(row, ours, roles) for row in sorted(rows, key=lambda row: (row.published_at, row.pk)))


def _post(row: Mention, ours: set[str], roles: dict[int, str]) -> Post:
    author = row.author if row.author and not row.author.erased_at else None
    return Post(
        id=row.pk,
        at=row.published_at,
        author=author.pk if author else None,
        text=f"{row.title}\n{row.text}" if row.title and not row.text.startswith(row.title) else row.text,
        handle=author.handle if author else "",
        network=author.network if author else "",
        external_id=row.external_id,
        url=row.url,
        kind=row.kind,
        reply_to=row.reply_to,
        refers_to=row.refers_to,
        copies=row.root_id,
        fold=row.fold,
        intent=row.intent,
        sentiment=row.sentiment,
        attack=row.attack,
        role=roles.get(author.pk, "") if author else "",
        bio=author.bio if author else "",
        followers=author.followers if author else None,
        reach=row.reach,
        is_ours=bool(author and author.handle.casefold() in ours),
    )
