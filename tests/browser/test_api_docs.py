"""The API's own pages, under the house's policy: no outside host, no inline script."""

from agency.models import Client
from tests.browser.conftest import House
from tests.browser.eyes import Complaints, Eyes


def test_the_documentation_opens_without_a_violation_and_lists_the_mentions(house: House, eyes: Eyes) -> None:
    client = Client.objects.get(schema_name="maison_aldane")
    context = eyes.open()
    page, complaints = context.new_page(), Complaints()
    complaints.listen(page)
    page.goto(house.url("/api/docs/", client), wait_until="load")
    page.get_by_text("/api/v1/mentions").first.wait_for(timeout=15_000)
    eyes.keep(page, "api-docs-light-1360")
    complaints.close_with(page, "api-docs")
    context.close()
    assert not complaints.heard
