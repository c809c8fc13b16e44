from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import Axis, Intent, LabelSource, Sentiment, Triage
from clients.models.brands import Watch
from clients.models.sources import Source


class Author(models.Model):
    """An account on a network, as the network shows it. Kept apart from what it wrote, so that it can be erased."""

    network = models.CharField(_("network"), max_length=30)
    handle = models.CharField(_("handle"), max_length=255)
    name = models.CharField(_("name shown"), max_length=255, blank=True)
    url = models.CharField(_("address"), max_length=2000, blank=True)
    followers = models.BigIntegerField(_("followers"), null=True, blank=True)
    first_seen_at = models.DateTimeField(_("first seen"))

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ("handle", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("network", "handle", name="one_author_per_network_and_handle"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"


class Mention(models.Model):
    """Something somebody published, exactly as it came. `id` grows with arrival: readers page by it."""

    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("source"),
        db_index=False,  # the unique key begins with it
    )
    external_id = models.CharField(_("number at the source"), max_length=500)
    author = models.ForeignKey(
        Author, on_delete=models.SET_NULL, related_name="mentions", null=True, blank=True, verbose_name=_("author")
    )
    kind = models.CharField(_("kind"), max_length=8, default="post")
    title = models.TextField(_("title"), blank=True)
    text = models.TextField(_("text"))
    url = models.TextField(_("address"), blank=True)
    reply_to = models.CharField(_("in reply to"), max_length=500, blank=True)
    reach = models.BigIntegerField(_("reach"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=3, blank=True)
    published_at = models.DateTimeField(_("published at"))
    is_date_sure = models.BooleanField(
        _("the source gave the date"),
        default=True,
        help_text=_("Otherwise the source gave none, or one in the future: the hour of collection stands in."),
    )
    collected_at = models.DateTimeField(_("collected at"))
    # What the reading found last (the full history is in Classification) and what a person did with it.
    read_at = models.DateTimeField(_("read at"), null=True)
    intent = models.CharField(_("intent"), max_length=16, choices=Intent.choices, blank=True)
    sentiment = models.CharField(_("sentiment"), max_length=10, choices=Sentiment.choices, blank=True)
    triage = models.CharField(_("triage"), max_length=10, choices=Triage.choices, default=Triage.NEW)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ("-published_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("source", "external_id", name="one_mention_per_source_and_number"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["triage", "-published_at", "-id"], name="mention_triage"),
            models.Index(fields=["-published_at", "-id"], name="mention_recent"),
            models.Index(
                fields=["intent", "-published_at", "-id"],
                name="mention_to_sort_by_intent",
                condition=models.Q(triage=Triage.NEW),
            ),
            models.Index(fields=["id"], name="mention_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class WatchHit(models.Model):
    """A mention that a watch caught. Time and author are repeated here: surges are counted from this table alone."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="hits", db_index=False)
    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="hits")
    author_id = models.BigIntegerField(null=True)
    published_at = models.DateTimeField()
    is_counted = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("watch hit")
        verbose_name_plural = _("watch hits")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("watch", "mention", name="one_hit_per_watch_and_mention"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["watch", "published_at"], name="hit_by_time")]

    def __str__(self) -> str:
        return f"{self.watch_id} · {self.mention_id}"


class Classification(models.Model):
    """One label on one axis, by a rule, a model or a person, with its reasons. Never overwritten: the last counts."""

    mention = models.ForeignKey(
        Mention, on_delete=models.CASCADE, related_name="classifications", verbose_name=_("mention")
    )
    axis = models.CharField(_("axis"), max_length=10, choices=Axis.choices)
    value = models.CharField(_("value"), max_length=16)
    confidence = models.FloatField(_("confidence"), null=True)
    reasons = models.JSONField(_("reasons"), default=list)
    label_source = models.CharField(_("by"), max_length=6, choices=LabelSource.choices)
    version = models.CharField(_("version"), max_length=80, blank=True)
    by_id = models.BigIntegerField(_("person"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("classification")
        verbose_name_plural = _("classifications")
        ordering = ("created_at", "id")

    def __str__(self) -> str:
        return f"{self.axis}: {self.value}"
