"""What the API shows of a mention, and how a push and its answer are described to integrators."""

from typing import Any

import msgspec
from rest_framework import serializers

from clients.choices import Fold, Intent, Sentiment, Triage
from clients.listening.batch import BATCH_LIMIT
from clients.listening.raw import EXTERNAL_ID_LIMIT, LIMITS, ORIGINAL_LIMIT, TEXT_LIMIT, RawMention
from clients.models import Author, Mention


class AuthorSerializer(serializers.Serializer[Any]):
    """The account, as the network shows it."""

    network = serializers.CharField()
    handle = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()
    followers = serializers.IntegerField(allow_null=True)
    is_erased = serializers.SerializerMethodField(
        help_text="True: the account asked to be erased; its handle is a mark of ours, the same in all it wrote."
    )

    def get_is_erased(self, author: Author) -> bool:
        return author.erased_at is not None


class TriageField(serializers.ChoiceField):
    """The state that a key may know of: what only a restricted incident holds was taken off the list, no more."""

    def get_attribute(self, instance: Mention) -> str:
        return Triage.SET_ASIDE if instance.is_hidden else instance.triage  # type: ignore[attr-defined]


class MentionSerializer(serializers.Serializer[Mention]):
    """A mention as it came, and the labels that it has now: a person's when there is one, else the machine's."""

    seq = serializers.IntegerField(source="pk", help_text="Grows with arrival; pages follow it.")
    source = serializers.CharField(source="source.name")  # type: ignore[assignment]
    external_id = serializers.CharField()
    author = AuthorSerializer(allow_null=True)
    kind = serializers.CharField(help_text="post, reply, repost, quote or article")
    title = serializers.CharField()
    text = serializers.CharField()
    url = serializers.CharField()
    reply_to = serializers.CharField()
    refers_to = serializers.CharField(help_text="Number or address of what it quotes or reposts")
    root = serializers.IntegerField(  # type: ignore[assignment]
        source="root_id",
        allow_null=True,
        help_text="`seq` of the first mention that it repeats; null: it repeats none.",
    )
    fold = serializers.ChoiceField(choices=Fold.choices, allow_blank=True, help_text="How it repeats its root.")
    reach = serializers.IntegerField(allow_null=True)
    published_at = serializers.DateTimeField(help_text="with its offset from UTC")
    is_date_sure = serializers.BooleanField(
        help_text="False: the source gave no date, or one in the future; that of collection stands in."
    )
    collected_at = serializers.DateTimeField(help_text="with its offset from UTC")
    edited_at = serializers.DateTimeField(
        allow_null=True,
        help_text="With its offset from UTC; when its words last changed, by the source's clock where it tells.",
    )
    deleted_at = serializers.DateTimeField(
        allow_null=True,
        help_text="With its offset from UTC; when we saw that it is gone at its source. Our copy stays.",
    )
    versions = serializers.IntegerField(source="version_count", help_text="How many other words it had before.")
    read_at = serializers.DateTimeField(
        allow_null=True,
        help_text="With its offset from UTC; null while the mention has not been read: labels are empty.",
    )
    language = serializers.CharField(help_text="ISO 639; empty when unknown")
    intent = serializers.ChoiceField(choices=Intent.choices, allow_blank=True)
    sentiment = serializers.ChoiceField(choices=Sentiment.choices, allow_blank=True)
    triage = TriageField(choices=Triage.choices)


class PushedSerializer(serializers.Serializer[Any]):
    """What a push came to."""

    new = serializers.IntegerField(help_text="Mentions added.")
    known = serializers.IntegerField(help_text="Mentions that were there already, or came twice in the batch.")
    edited = serializers.IntegerField(help_text="Mentions whose words changed; the old ones are kept as a version.")
    first_seq = serializers.IntegerField(allow_null=True, help_text="Number of the first mention added.")
    last_seq = serializers.IntegerField(allow_null=True, help_text="Number of the last mention added.")


class DeletionsSerializer(serializers.Serializer[Any]):
    """What the source has deleted."""

    external_ids = serializers.ListField(
        child=serializers.CharField(max_length=EXTERNAL_ID_LIMIT), min_length=1, max_length=BATCH_LIMIT
    )


class ToldDeletedSerializer(serializers.Serializer[Any]):
    """What became of it here."""

    deleted = serializers.IntegerField(help_text="Mentions marked as deleted now.")
    already = serializers.IntegerField(help_text="Mentions that were marked already.")
    unknown = serializers.IntegerField(help_text="Ids that this key never pushed.")


class ReceivedSerializer(serializers.Serializer[Any]):
    """What came of a body posted to a source's own address."""

    new = serializers.IntegerField(help_text="Mentions added.")
    known = serializers.IntegerField(help_text="Mentions that were there already.")
    left_out = serializers.IntegerField(help_text="Rows without words, or without the shape of the source's tool.")


def posted_schema() -> dict[str, Any]:
    """The JSON schema of what may be posted to a source's own address."""
    batch = batch_schema()
    rows = batch["properties"]["mentions"]
    suite = "As the suite of the source writes it (Brandwatch, Talkwalker, Mention, YouScan)."
    return {
        "anyOf": [
            {**batch, "title": "A batch"},
            {**rows, "title": "A list"},
            {**rows["items"], "title": "One mention"},
            {"type": ["object", "array"], "title": "A suite's own", "description": suite},
        ]
    }


def batch_schema() -> dict[str, Any]:
    """The JSON schema of a push, drawn from the very type that decodes it."""
    _, parts = msgspec.json.schema_components([RawMention], ref_template="#/components/schemas/{name}")
    mention = parts["RawMention"]
    fields = mention["properties"]
    for name, limit in {
        **LIMITS,
        "external_id": EXTERNAL_ID_LIMIT,
        "text": TEXT_LIMIT,
        "reply_to": EXTERNAL_ID_LIMIT,
        "refers_to": EXTERNAL_ID_LIMIT,
        "original": ORIGINAL_LIMIT,
    }.items():
        fields[name]["maxLength"] = limit
    for name in ("external_id", "text"):
        fields[name].update(minLength=1, pattern=r"\S")
    for name in ("url", "author_url"):
        fields[name]["pattern"] = r"^($|https?://\S+$)"
    fields["network"]["pattern"] = "^[a-z0-9_]{0,30}$"
    fields["language"]["pattern"] = "^$|^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
    for name in ("followers", "reach"):
        fields[name] = {"type": ["integer", "null"], "minimum": 0, "maximum": 2**63 - 1, "default": None}
    mentions = {"type": "array", "minItems": 1, "maxItems": BATCH_LIMIT, "items": mention}
    return {
        "type": "object",
        "required": ["mentions"],
        "additionalProperties": False,
        "properties": {"mentions": mentions},
    }
