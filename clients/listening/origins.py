"""Where a post that somebody else found was first published: its network, and the number it bears there.

Monitoring suites and exports name networks in their own ways ("Twitter", "X (formerly Twitter)", "ONLINENEWS_BLOG").
With one name and one number for a post, the same post heard twice can be known again.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import parse_qs, urlsplit

from clients.listening.raw import Kind, is_web_address

# Folded names, as suites and exports write them. What is not here and not a host below is an ordinary site: "web".
_NAMES = {
    "twitter": "x", "x": "x", "x twitter": "x", "x formerly twitter": "x", "socialmedia twitter": "x", "tweet": "x",
    "bluesky": "bluesky", "socialmedia bluesky": "bluesky", "bsky": "bluesky",
    "mastodon": "mastodon", "socialmedia mastodon": "mastodon",
    "reddit": "reddit", "socialmedia reddit": "reddit",
    "youtube": "youtube", "socialmedia youtube": "youtube",
    "facebook": "facebook", "facebook public": "facebook", "socialmedia facebook": "facebook",
    "instagram": "instagram", "instagram public": "instagram", "socialmedia instagram": "instagram",
    "tiktok": "tiktok", "socialmedia tiktok": "tiktok", "linkedin": "linkedin", "socialmedia linkedin": "linkedin",
    "threads": "threads", "socialmedia threads": "threads", "telegram": "telegram", "socialmedia telegram": "telegram",
    "pinterest": "pinterest", "socialmedia pinterest": "pinterest", "tumblr": "tumblr", "vk": "vk",
    "vkontakte": "vk", "twitch": "twitch", "quora": "quora", "trustpilot": "trustpilot",
    "news": "web", "online news": "web", "onlinenews": "web", "blog": "web", "blogs": "web", "forum": "web",
    "forums": "web", "messageboard": "web", "web": "web", "review": "web", "reviews": "web", "article": "web",
    "magazine": "web", "press": "web", "presse": "web", "print": "web",
}  # fmt: skip
_HOSTS = {
    "twitter.com": "x", "x.com": "x", "bsky.app": "bluesky", "reddit.com": "reddit", "redd.it": "reddit",
    "youtube.com": "youtube", "youtu.be": "youtube", "facebook.com": "facebook", "instagram.com": "instagram",
    "tiktok.com": "tiktok", "linkedin.com": "linkedin", "threads.net": "threads", "threads.com": "threads",
    "t.me": "telegram", "telegram.me": "telegram", "pinterest.com": "pinterest", "vk.com": "vk", "twitch.tv": "twitch",
}  # fmt: skip
KINDS: dict[str, Kind] = {
    "reply": "reply", "comment": "reply", "reponse": "reply", "commentaire": "reply", "share": "repost", "rt": "repost",
    "retweet": "repost", "repost": "repost", "partage": "repost", "quote": "quote", "qt": "quote", "citation": "quote",
    "quote tweet": "quote", "extendedrepost": "quote", "article": "article", "news": "article",
}  # fmt: skip
_X_STATUS = re.compile(r"/(?:[^/]+|i/web)/status(?:es)?/(\d+)")
_REDDIT = re.compile(r"/comments/([a-z0-9]+)(?:/[^/]*/([a-z0-9]+))?", re.I)
_BLUESKY = re.compile(r"/profile/(did:[a-z]+:[^/]+)/post/([A-Za-z0-9._~-]+)")


def folded(name: str) -> str:
    """A name without case, accents or punctuation: "X (formerly Twitter)" gives "x formerly twitter"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z0-9]+", plain))


def named(*names: str) -> str:
    """Our name of the network that one of these names means: a social one first, else "web", "" for unknown names."""
    known = [_NAMES.get(folded(name), "") for name in names]
    return next((network for network in known if network not in ("", "web")), "web" if "web" in known else "")


def network_of(*names: str, url: str = "") -> str:
    """Our name of the network, by its names, else by the address, else "web"; "" when nothing at all is known."""
    known = named(*names)
    if known not in ("", "web"):
        return known
    return by_host(url) or ("web" if url or any(names) else "")


def by_host(url: str) -> str:
    """The network that an address or a domain belongs to; "" for any other site."""
    host = _host(url if "//" in url else f"//{url}")
    return next((network for known, network in _HOSTS.items() if host == known or host.endswith(f".{known}")), "")


def native_id(network: str, url: str) -> str:
    """The number that the post bears at its network, as our own collectors write it, read from its address; "" where
    the address does not tell (a Bluesky post under a handle that may change, say)."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if network == "x" and (found := _X_STATUS.search(parts.path)):
        return found[1]
    if network == "reddit" and (found := _REDDIT.search(parts.path)):
        return f"t1_{found[2].lower()}" if found[2] else f"t3_{found[1].lower()}"
    if network == "bluesky" and (found := _BLUESKY.search(parts.path)):
        return f"at://{found[1]}/app.bsky.feed.post/{found[2]}"
    if network == "youtube":
        return (parse_qs(parts.query).get("lc") or [""])[0]
    return ""


def link(url: str) -> str:
    """The address itself when it may be shown as one, else ""."""
    return url if len(url) <= 2_000 and is_web_address(url) else ""


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
