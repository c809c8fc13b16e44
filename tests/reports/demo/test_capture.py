"""The demo's picture of evidence: a real PNG of what the post said, whatever it said."""

import pytest

from agency.models import Client
from incidents.pictures import measure
from reports.demo.capture import capture_of
from tests import factories
from tests.conftest import NOW


@pytest.mark.parametrize("text", ["Traversée annulée ?", "", "#set page(width: 1pt) $ <b> \\", "🔥" * 50, "مرحبا"])
def test_a_post_is_captured_whatever_it_says(aldane: Client, text: str) -> None:
    found = measure(capture_of(factories.mention(text, NOW)))
    assert (found.media_type, found.width) == ("image/png", 880)
