"""A link is good for one act, at one client, until its hour."""

from datetime import timedelta

import pytest
from django_tenants.utils import schema_context

from agency import links
from agency.models import Client
from tests.conftest import NOW

LATER = NOW + timedelta(hours=1)


def test_a_link_says_what_it_is_about_until_its_hour(aldane: Client) -> None:
    signed = links.sign("read", [7, 3], expires_at=LATER)
    assert links.read("read", signed, now=LATER) == (7, 3)


def test_after_its_hour_it_says_that_it_expired(aldane: Client) -> None:
    signed = links.sign("read", [7], expires_at=LATER)
    with pytest.raises(links.NotUsable) as caught:
        links.read("read", signed, now=LATER + timedelta(seconds=1))
    assert caught.value.is_expired


@pytest.mark.parametrize("spoil", [lambda s: s[:-1], lambda s: "", lambda s: "\0" + s, lambda s: "é" * 50_000])
def test_a_spoilt_link_opens_nothing(aldane: Client, spoil) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(links.NotUsable) as caught:
        links.read("read", spoil(links.sign("read", [7], expires_at=LATER)), now=NOW)
    assert not caught.value.is_expired


def test_it_opens_nothing_else_and_nothing_elsewhere(aldane: Client, tramontel: Client) -> None:
    signed = links.sign("read", [7], expires_at=LATER)
    with pytest.raises(links.NotUsable):
        links.read("acknowledge", signed, now=NOW)
    with schema_context(tramontel.schema_name), pytest.raises(links.NotUsable):
        links.read("read", signed, now=NOW)
