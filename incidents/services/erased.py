"""An account that was erased is not told of again because others still call it by its handle."""

from collections.abc import Collection
from dataclasses import replace

from clients.models import Suppression
from clients.services.accounts import mark_of
from incidents.detection.case import Case, Post
from incidents.detection.leverage import HANDLE


def nameless(case: Case) -> Case:
    """The case without the handles of erased accounts in what others wrote; the same where nobody was erased."""
    marks = set(Suppression.objects.values_list("network", "handle_hmac"))
    if not marks:
        return case
    networks = {network for network, _mark in marks}
    called = {handle.rstrip(".-_").casefold() for post in case.posts for handle in HANDLE.findall(post.text)}
    gone = {handle for handle in called if any((name, mark_of(name, handle)) in marks for name in networks)}
    return replace(case, posts=tuple(_without(post, gone) for post in case.posts)) if gone else case


def _without(post: Post, gone: Collection[str]) -> Post:
    """The post as it stands, or without the handles that it calls an erased account by."""
    text = HANDLE.sub(lambda hit: "" if hit.group(1).rstrip(".-_").casefold() in gone else hit.group(), post.text)
    return post if text == post.text else replace(post, text=text)
