from typing import ClassVar

from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clients.choices import ATTACKS, FOLDED_AWAY, URGENT, Attack, Axis, Fold, Intent, LabelSource, Sentiment, Triage
from clients.models.brands import Watch
from clients.models.sources import Source

# What a list shows: not what only repeats a root, unless it is urgent. Indexes and queries must say it alike.
SHOWN = ~models.Q(fold__in=FOLDED_AWAY) | models.Q(intent__in=URGENT)
# What a person looks at as an attack: the axis says so, whatever the intent, or the intent does.
IS_ATTACK = models.Q(attack=Attack.YES) | models.Q(intent__in=ATTACKS)

WITHOUT_HANDLES = {"mail"}  # its authors are addresses already: an @ before would name nobody


class Author(models.Model):
    """An account on a network, as the network shows it. Kept apart from what it wrote, so that it can be erased."""

    network = models.CharField(_("network"), max_length=30)
    handle = models.CharField(_("handle"), max_length=255)
    name = models.CharField(_("name shown"), max_length=255, blank=True)
    url = models.CharField(_("address"), max_length=2000, blank=True)
    bio = models.TextField(_("how it presents itself"), blank=True, db_default="")
    followers = models.BigIntegerField(_("followers"), null=True, blank=True)
    first_seen_at = models.DateTimeField(_("first seen"))
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ("handle", "id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("network", "handle", name="one_author_per_network_and_handle"),
        ]

    def __str__(self) -> str:
        if self.erased_at:
            return gettext("erased account")
        return self.handle if self.network in WITHOUT_HANDLES else f"@{self.handle}"


class Suppression(models.Model):
    """An account that was erased, known only by a keyed hash of its handle: what it writes again bears no name."""

    network = models.CharField(_("network"), max_length=30)
    handle_hmac = models.CharField(max_length=64)
    author = models.OneToOneField(
        Author, on_delete=models.PROTECT, related_name="suppression", verbose_name=_("author")
    )
    erases_words = models.BooleanField(_("its words are erased too"), default=False)
    reason = models.TextField(_("reason"))
    by_id = models.BigIntegerField(_("person"))
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        ordering = ("-created_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("network", "handle_hmac", name="one_suppression_per_account"),
        ]

    def __str__(self) -> str:
        return f"{self.network} · {self.created_at:%Y-%m-%d}"


class Mention(models.Model):
    """Something somebody published. `id` grows with arrival: readers page by it.

    `text` is plain and normalised (NFC, no control characters), the newest version; `original` is what came, byte for
    byte, where it differs. What repeats another mention is folded under it (`root`), and still counts.
    """

    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("source"),
        db_index=False,  # the unique key begins with it
    )
    external_id = models.CharField(_("number at the source"), max_length=500)
    author = models.ForeignKey(
        Author,
        on_delete=models.SET_NULL,
        related_name="mentions",
        null=True,
        blank=True,
        verbose_name=_("author"),
        db_index=False,  # what an account wrote is asked for by date: mention_of_author
    )
    kind = models.CharField(_("kind"), max_length=8, default="post")
    title = models.TextField(_("title"), blank=True)
    text = models.TextField(_("text"))
    url = models.TextField(_("address"), blank=True)
    original = models.BinaryField(_("as it came"), null=True)
    reply_to = models.CharField(_("in reply to"), max_length=500, blank=True)
    refers_to = models.CharField(_("quotes or reposts"), max_length=500, blank=True, db_default="")
    root = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        related_name="folded",
        null=True,
        blank=True,
        verbose_name=_("repeats"),
        db_index=False,
    )
    fold = models.CharField(_("how"), max_length=6, choices=Fold.choices, blank=True, db_default="")
    text_hash = models.BigIntegerField(null=True, editable=False)
    reach = models.BigIntegerField(_("reach"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=3, blank=True)
    published_at = models.DateTimeField(_("published at"))
    is_date_sure = models.BooleanField(
        _("the source gave the date"),
        default=True,
        help_text=_("Otherwise the source gave none, or one in the future: the hour of collection stands in."),
    )
    collected_at = models.DateTimeField(_("collected at"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)
    is_edit_dated = models.BooleanField(db_default=False, default=False, editable=False)  # by the source, not by us
    deleted_at = models.DateTimeField(
        _("deleted at its source"), null=True, blank=True, help_text=_("When we saw it; our copy stays.")
    )
    # What the reading found last (the full history is in Classification) and what a person did with it.
    read_at = models.DateTimeField(_("read at"), null=True)
    intent = models.CharField(_("intent"), max_length=16, choices=Intent.choices, blank=True)
    sentiment = models.CharField(_("sentiment"), max_length=10, choices=Sentiment.choices, blank=True)
    attack = models.CharField(_("public attack"), max_length=9, choices=Attack.choices, blank=True, db_default="")
    triage = models.CharField(_("triage"), max_length=10, choices=Triage.choices, default=Triage.NEW)

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering = ("-published_at", "-id")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("source", "external_id", name="one_mention_per_source_and_number"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["triage", "-published_at", "-id"], name="mention_shown", condition=SHOWN),
            models.Index(fields=["-published_at", "-id"], name="mention_recent"),
            models.Index(
                fields=["intent", "-published_at", "-id"],
                name="mention_shown_by_intent",
                condition=models.Q(triage=Triage.NEW) & SHOWN,
            ),
            models.Index(
                fields=["-published_at", "-id"],
                name="mention_shown_attack",
                condition=models.Q(triage=Triage.NEW) & IS_ATTACK & SHOWN,
            ),
            # Read without the rows: some accounts have a hundred thousand of them.
            models.Index(fields=["author", "-published_at", "-id"], include=["is_date_sure"], name="mention_of_author"),
            models.Index(fields=["root"], name="mention_folded", condition=models.Q(root__isnull=False)),
            # Copies are looked for among the first ones only, and a root among all by its number or its address.
            models.Index(
                fields=["text_hash", "published_at"],
                name="mention_first_of_text",
                condition=models.Q(text_hash__isnull=False, root__isnull=True),
            ),
            models.Index(fields=["refers_to"], name="mention_refers", condition=~models.Q(refers_to="")),
            HashIndex(fields=["url"], name="mention_address", condition=~models.Q(url="")),
            models.Index(fields=["id"], name="mention_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class MentionVersion(models.Model):
    """What a mention said before it was edited."""

    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="versions", verbose_name=_("mention"))
    title = models.TextField(_("title"), blank=True)
    text = models.TextField(_("text"))
    original = models.BinaryField(_("as it came"), null=True)
    sha256 = models.CharField(max_length=64)  # of title and text
    edited_at = models.DateTimeField(_("edited at"), null=True)  # as the source dates it; None for the first version
    seen_from = models.DateTimeField(_("seen from"))
    seen_until = models.DateTimeField(_("seen until"))

    class Meta:
        verbose_name = _("version of a mention")
        verbose_name_plural = _("versions of mentions")
        ordering = ("seen_from", "id")

    def __str__(self) -> str:
        return self.text[:80]


class Fingerprint(models.Model):
    """One of the keys that texts nearly the same are likely to share (clients.listening.copies), for a week."""

    pk = models.CompositePrimaryKey("key", "mention_id")
    key = models.BigIntegerField()
    mention_id = models.BigIntegerField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("fingerprint")
        verbose_name_plural = _("fingerprints")
        # Asked for by whole keys only. The primary key is told to Django alone: its index cost more than the rows.
        indexes: ClassVar[list[models.Index]] = [HashIndex(fields=["key"], name="fingerprint_key")]

    def __str__(self) -> str:
        return str(self.mention_id)


class WatchHit(models.Model):
    """A mention that a watch caught. Time and author are repeated here: surges are counted from this table alone."""

    watch = models.ForeignKey(Watch, on_delete=models.CASCADE, related_name="hits", db_index=False)
    mention = models.ForeignKey(Mention, on_delete=models.CASCADE, related_name="hits")
    author_id = models.BigIntegerField(null=True)
    published_at = models.DateTimeField()
    is_counted = models.BooleanField(default=True)
    # What the narrow streams count by, repeated from the mention for the same reason (incidents.detection.streams).
    is_attack = models.BooleanField(db_default=False, default=False)
    is_urgent = models.BooleanField(db_default=False, default=False)  # legal, safety, call to action
    thread = models.CharField(max_length=500, blank=True, db_default="")  # the post that all replies go back to

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
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["axis", "mention", "created_at"],
                name="said_by_a_person",
                condition=models.Q(label_source=LabelSource.PERSON),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.axis}: {self.value}"
