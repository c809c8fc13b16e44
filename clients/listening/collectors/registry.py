"""Which collector reads which kind of source. A new one is a file and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clients.listening.collectors.bluesky.collector import BlueskyCollector
from clients.listening.collectors.brandwatch.collector import BrandwatchCollector
from clients.listening.collectors.feed.collector import FeedCollector
from clients.listening.collectors.mailbox.collector import MailboxCollector
from clients.listening.collectors.mastodon.collector import MastodonCollector
from clients.listening.collectors.mentioncom.collector import MentionComCollector
from clients.listening.collectors.protocol import Collector, Fetched, OutgoingNetwork, PermanentFailure
from clients.listening.collectors.reddit.collector import RedditCollector
from clients.listening.collectors.talkwalker.collector import TalkwalkerCollector
from clients.listening.collectors.telegram.collector import TelegramCollector
from clients.listening.collectors.x.collector import XCollector
from clients.listening.collectors.youscan.collector import YouScanCollector
from clients.listening.collectors.youtube.collector import YouTubeCollector
from clients.listening.words import Words

COLLECTORS: dict[str, Collector] = {
    collector.kind: collector
    for collector in (
        FeedCollector(),
        BlueskyCollector(),
        MailboxCollector(),
        XCollector(),
        RedditCollector(),
        YouTubeCollector(),
        MastodonCollector(),
        BrandwatchCollector(),
        MentionComCollector(),
        TalkwalkerCollector(),
        YouScanCollector(),
        TelegramCollector(),
    )
}  # fmt: skip

_UNKNOWN = Words(
    "aucun collecteur ne lit les sources de type «\u00a0{kind}\u00a0»", "no collector reads sources of kind “{kind}”"
)


def fetch(
    kind: str, settings: Mapping[str, Any], cursor: Mapping[str, Any], *, http: OutgoingNetwork, now: datetime
) -> Fetched:
    """Read a source with the collector of its kind. Raises a CollectError (also: unknown kind)."""
    if kind not in COLLECTORS:
        raise PermanentFailure("unknown_kind", _UNKNOWN.put(kind=kind))
    return COLLECTORS[kind].fetch(settings, cursor, http=http, now=now)
