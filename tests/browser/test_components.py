"""Every component, on pages of invented content: the triage desk and a live page."""

from tests.browser import gallery
from tests.browser.conftest import House
from tests.browser.eyes import Eyes


def test_the_triage_desk(house: House, eyes: Eyes) -> None:
    url = house.url("/galerie/triage/")
    html = gallery.write("triage")
    eyes.look(url, "gallery-triage", prepare=lambda page: gallery.serve(page, url, html))


def test_a_live_page_under_the_drill_band(house: House, eyes: Eyes) -> None:
    url = house.url("/galerie/live/")
    html = gallery.write("live", drill=True)
    eyes.look(url, "gallery-live", prepare=lambda page: gallery.serve(page, url, html))
