"""Words before they leave, in the browser: the staff's pages, and the client's approval in two taps on a telephone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tenants.utils import schema_context
from playwright.sync_api import expect

from agency.models import Client, User
from clients.models import ApprovalPolicy, Mention, Position
from clients.services import reading
from clients.services.ingest import ingest
from incidents.models import Draft
from incidents.selectors.drafts import signer_of
from incidents.services import approvals, drafts, silences
from tests.browser.conftest import House
from tests.browser.eyes import Eyes
from tests.browser.test_client_rooms import Look
from tests.clients.rooms import feed, said, watch

Written = tuple[Client, User, User, Draft]


@pytest.fixture
def written(house: House) -> Written:
    """A reply of Marie's that Inès approved and that waits for the client; a statement to write on; a silence."""
    client = Client.objects.get(schema_name="maison_aldane")
    marie, ines = (house.person(role, client, full_name=name) for role, name in (("cm", "Marie Roy"), ("lead", "Inès")))
    claire = house.person("approver", client, full_name="Claire Marchetti")
    now = timezone.now()
    with schema_context(client.schema_name):
        brand = watch(["aldane"], brand="Maison Aldane", name="La marque").brand
        heard = ["Aldane, toujours pas remboursée", "Aldane encore un scandale inventé"]
        ingest(source=feed(), raws=[said(n, text, published_at=now) for n, text in enumerate(heard)], now=now)
        reading.read_new(reader=reading.Reader.shipped(), now=now)
        first, second = Mention.objects.order_by("pk")
        position = Position.objects.create(
            brand=brand, code="P-07", title="Délais", short_text="Nous remboursons sous dix jours.", approved_at=now
        )
        steps = ApprovalPolicy.objects.create().steps
        steps.create(rank=1, role="lead")
        steps.create(rank=2, role="client", minutes=45)
        about = drafts.About(brand, "Réponse à Zoé", network="x", mention=first, position=position)
        draft = drafts.begin(about=about, text="Nous vous remboursons vite.", by=marie, now=now)
        better = "Nous vous remboursons sous dix jours, et nous vous écrivons ce soir."
        draft = drafts.reword(
            draft=draft, text=better, version=1, by=marie, now=now, why="Une date plutôt que «\u00a0vite\u00a0»"
        )
        drafts.submit(draft=draft, version=2, by=marie, now=now)
        approvals.decide(draft=draft, version=2, is_yes=True, by=signer_of(ines), now=now)
        drafts.begin(
            about=drafts.About(brand, "Communiqué", kind="statement"), text="Nous regardons.", by=ines, now=now
        )
        silences.decide(
            mention=second, reason="Le sujet retombe", look_again_at=now + timedelta(hours=2), by=marie, now=now
        )
    return client, ines, claire, draft


def test_the_pages_of_drafts(look: Look, written: Written) -> None:
    client, ines, claire, draft = written
    for path, name in {"": "drafts", f"{draft.pk}/": "draft", f"{draft.pk}/mots/": "draft-words"}.items():
        look(f"/agence/brouillons/{path}", name, user=ines, client=client)
    look(f"/agence/brouillons/nouveau/?mention={draft.mention_id}", "draft-new", user=ines, client=client)
    look(f"/agence/tri/mentions/{draft.mention_id}/", "mention-answered", user=ines, client=client)
    look("/mots-a-valider/", "portal-drafts", user=claire, client=client)


def test_the_client_approves_in_two_taps_on_a_telephone(house: House, eyes: Eyes, written: Written) -> None:
    client, _ines, claire, draft = written
    page = eyes.open(width=390, cookies=house.signed_in(claire, client)).new_page()
    page.goto(house.url("/", client))
    page.locator("#to-approve a").click()
    page.locator(f"#draft-{draft.pk} button.is-primary").click()
    expect(page.locator(f"#draft-{draft.pk}")).to_have_count(0)
    with schema_context(client.schema_name):
        assert Draft.objects.get(pk=draft.pk).state == "approved"
    page.get_by_role("button", name="Réponse à Zoé").click()  # taken back: it waits again
    expect(page.locator(f"#draft-{draft.pk}")).to_have_count(1)
    page.context.close()
