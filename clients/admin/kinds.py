"""The kinds of sources that can be added, in groups, each with what it takes."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clients.listening.collectors import registry
from clients.listening.words import Words

GROUPS = (
    ("pages", _("Feeds and pages")),
    ("networks", _("Networks")),
    ("messages", _("Messages")),
    ("suites", _("Listening suites")),
    ("others", _("Others")),
)
_OF = {
    "feed": ("pages", _("Its address is enough: press, blogs, forums, Google Alerts, reviews.")),
    "mastodon": ("networks", _("The address of an instance; a token for the mentions of your account.")),
    "bluesky": ("networks", _("Nothing for what passes by; an account and an app password to search the past.")),
    "x": ("networks", _("A developer token. X bills each post that is read: a budget keeps it in hand.")),
    "reddit": ("networks", _("The identifier and the secret of an application registered at Reddit.")),
    "youtube": ("networks", _("A Google API key, and the channel or the videos.")),
    "mailbox": ("messages", _("Server, user name and password of a box: alerts, newsletters, complaints.")),
    "telegram": ("messages", _("The token of a bot that is a member of the channel.")),
    "brandwatch": ("suites", _("A user of the suite, its project and its queries.")),
    "talkwalker": ("suites", _("An API token and the project.")),
    "mention": ("suites", _("An API token, the account and the alerts.")),
    "youscan": ("suites", _("An API key and the topic.")),
}


@dataclass(frozen=True)
class Card:
    """A kind of source on offer: its name, what it takes, and whether reading it costs money."""

    kind: str
    name: Words
    needs: str | Promise
    is_billed: bool


def cards() -> list[tuple[str | Promise, list[Card]]]:
    """The groups that have something to offer, in their order; a kind that no collector reads is not offered."""
    found: dict[str, list[Card]] = {group: [] for group, _label in GROUPS}
    for kind, collector in registry.COLLECTORS.items():
        group, needs = _OF.get(kind, ("others", ""))
        found[group].append(Card(kind, collector.name, needs, bool(collector.unit_price)))
    order = list(_OF)
    for offered in found.values():
        offered.sort(key=lambda card: order.index(card.kind) if card.kind in order else len(order))
    return [(label, found[group]) for group, label in GROUPS if found[group]]
