"""The page of positions: found by meaning, copied with a trace, approved by somebody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from django_tenants.utils import schema_context

from agency.models import Client, User
from clients.models import Brand, Mention, Position, PositionCopy
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said
from tests.clients.test_positions import approved, drafted
from tests.conftest import NOW, MakePerson

Visit = Callable[..., Browser]


@pytest.fixture
def marie(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane, email="marie@rempart.test")


@pytest.fixture
def ines(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def cm(aldane: Client, marie: User, visit: Visit) -> Browser:
    return visit(marie, aldane)


@pytest.fixture
def lead(aldane: Client, ines: User, visit: Visit) -> Browser:
    return visit(ines, aldane)


def test_an_empty_room_says_what_a_position_is(cm: Browser) -> None:
    assert "empty-state" in cm.get("/agence/positions/").content.decode()


def test_a_search_finds_by_words_and_says_why(cm: Browser, marie: User) -> None:
    approved(marie, code="P-07", title="Remboursement", short_text="Sous 14 jours.")
    approved(marie, code="P-08", title="Origine du lin", short_text="Normandie.")
    page = cm.get("/agence/positions/", {"q": "toujours pas remboursée"}).content.decode()
    assert "P-07" in page and "P-08" not in page and "remboursée" in page
    assert "P-08" in cm.get("/agence/positions/", {"q": "p-08"}).content.decode()


@pytest.mark.parametrize("query", ["\0", "🙂", "x" * 5_000, "{{", "<script>"])
def test_a_hostile_search_is_answered(cm: Browser, marie: User, query: str) -> None:
    approved(marie)
    assert cm.get("/agence/positions/", {"q": query, "vue": query, "page": query}).status_code == 200


def test_each_view_shows_its_state(cm: Browser, marie: User) -> None:
    approved(marie, title="En cours")
    approved(marie, title="Passée", valid_until=timezone.localdate() - timedelta(days=1))
    assert "Passée" in (page := cm.get("/agence/positions/?vue=expirees").content.decode()) and "En cours" not in page


def test_a_list_asks_the_same_questions_whatever_its_length(
    cm: Browser, marie: User, django_assert_max_num_queries: Any
) -> None:
    for n in range(40):
        approved(marie, title=f"Sujet {n}")
    with django_assert_max_num_queries(22):  # 11, each of which says its schema first
        assert cm.get("/agence/positions/").status_code == 200


def test_words_are_written_by_one_and_approved_by_another(
    cm: Browser, lead: Browser, aldane: Client, marie: User
) -> None:
    brand = Brand.objects.create(name="Aldane")
    form = {"brand": brand.pk, "code": "P-01", "title": "Délais", "kind": "qa", "language": "fr", "short_text": "14 j"}
    made = cm.post("/agence/positions/nouvelle/", form)
    assert made.status_code == 302 and cm.post(f"{made['Location']}valider/", {"version": 1}).status_code == 403
    assert "Délais" in lead.get(made["Location"]).content.decode()
    lead.post(f"{made['Location']}valider/", {"version": 1})
    with schema_context(aldane.schema_name):
        assert Position.objects.get().approved_at is not None
    reworded = cm.post(f"{made['Location']}mots/", {"short_text": "10 jours", "why": "Plus court"})
    page = lead.get(reworded["Location"]).content.decode()
    assert "<del>14 j</del>" in page or ("<del>14</del>" in page and "Plus court" in page)


def test_a_lead_does_not_approve_their_own_words(lead: Browser, aldane: Client) -> None:
    brand = Brand.objects.create(name="Aldane")
    form = {"brand": brand.pk, "code": "P-01", "title": "Délais", "kind": "qa", "language": "fr", "short_text": "14 j"}
    made = lead.post("/agence/positions/nouvelle/", form)
    assert "valider/" not in lead.get(made["Location"]).content.decode()
    refused = lead.post(f"{made['Location']}valider/", {"version": 1}, follow=True).content.decode()
    assert 'class="messages"' in refused and "level-crise" in refused
    with schema_context(aldane.schema_name):
        assert Position.objects.get().approved_at is None


def test_a_script_is_given_the_words_filled_in_and_the_copy_is_listed(cm: Browser, aldane: Client, marie: User) -> None:
    position = approved(marie, short_text="À {{ville}}.")
    ingest(source=feed(), raws=[said(1, "Le texte", author_handle="noe.b")], now=NOW)
    mention = Mention.objects.get()
    url, json = f"/agence/positions/{position.pk}/copier/", {"HTTP_ACCEPT": "application/json"}
    assert "ville" in cm.post(url, {"mention": mention.pk}, **json).json()["refusal"]
    answer = cm.post(url, {"mention": mention.pk, "blank-ville": "Brest"}, **json)
    assert answer.json()["text"] == "À Brest."
    with schema_context(aldane.schema_name):
        assert PositionCopy.objects.get().mention == mention
    page = cm.get(f"/agence/positions/{position.pk}/").content.decode()
    assert "À Brest." in page and "noe.b" in page


def test_without_a_script_the_page_shows_the_words_or_why_not(cm: Browser, marie: User) -> None:
    position = drafted(short_text="Bonjour.")
    url = f"/agence/positions/{position.pk}/copier/"
    refusal = cm.post(url, {})
    assert refusal.status_code == 422 and 'role="alert"' in refusal.content.decode()
    assert 'id="taken-text">Bonjour.<' in cm.post(url, {"reason": "Accord oral"}).content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {"mention": "999999", "incident": "x" * 40, "language": "\0", "length": "long"},
        {"blank-ville": "\0" * 9, "mention": "-1", "incident": "99999999999999"},
        {"reason": "\0"},
    ],
)
def test_a_hostile_copy_is_answered(cm: Browser, marie: User, form: dict[str, str]) -> None:
    position = approved(marie, short_text="À {{ville}}.")
    assert cm.post(f"/agence/positions/{position.pk}/copier/", form).status_code == 422
    plain = approved(marie, short_text="Bonjour.")
    assert cm.post(f"/agence/positions/{plain.pk}/copier/", form).status_code in {200, 422}


def test_a_position_is_renewed_retired_and_brought_back(lead: Browser, aldane: Client, marie: User) -> None:
    position = approved(marie, valid_until=timezone.localdate() - timedelta(days=1))
    page = f"/agence/positions/{position.pk}/"
    lead.post(f"{page}prolonger/", {"until": str(timezone.localdate() + timedelta(days=90))})
    lead.post(f"{page}retirer/")
    with schema_context(aldane.schema_name):
        assert (kept := Position.objects.get()).valid_until > timezone.localdate() and kept.retired_at
    lead.post(f"{page}reprendre/")
    with schema_context(aldane.schema_name):
        assert Position.objects.get().retired_at is None
    assert "2027-01-31" in lead.post(f"{page}prolonger/", {"until": "demain"}, follow=True).content.decode()


def test_a_lead_corrects_the_facts_and_the_words_stay_approved(lead: Browser, aldane: Client, marie: User) -> None:
    position = approved(marie, code="P-01", title="Délai", kind="qa", owner=marie)
    page = f"/agence/positions/{position.pk}/fiche/"
    assert 'value="Délai"' in lead.get(page).content.decode()
    form = {"brand": position.brand_id, "code": "P-02", "title": "Délais", "kind": "holding", "language": "fr"}
    assert lead.post(page, {**form, "valid_from": "2026-12-01"}).status_code == 302
    with schema_context(aldane.schema_name):
        kept = Position.objects.get()
    assert (kept.code, kept.title, kept.kind, kept.owner_id, str(kept.valid_from), kept.approved_by_id) == (
        *("P-02", "Délais", "holding", None, "2026-12-01"),
        marie.pk,
    )


def test_the_page_says_that_forbidden_words_need_an_approval_before_they_are_said(lead: Browser, marie: User) -> None:
    position = approved(marie, kind="do_not_say")
    page = f"/agence/positions/{position.pk}/"
    assert "Les mots restent validés, sauf" in lead.get(f"{page}fiche/").content.decode()
    form = {"brand": position.brand_id, "code": position.code, "title": "Délais", "kind": "qa", "language": "fr"}
    after = lead.post(f"{page}fiche/", form, follow=True).content.decode()
    assert 'id="waiting"' in after and "valider/" not in after


@pytest.mark.parametrize("wrong", [{"code": "\0"}, {"brand": "999999"}, {"kind": "x"}, {"owner": "-1"}, {"title": ""}])
def test_facts_that_are_wrong_are_refused_on_the_form(lead: Browser, marie: User, wrong: dict[str, str]) -> None:
    position = approved(marie)
    form = {"brand": position.brand_id, "code": "P-02", "title": "Délais", "kind": "qa", "language": "fr"}
    assert lead.post(f"/agence/positions/{position.pk}/fiche/", {**form, **wrong}).status_code == 422


def test_a_first_day_after_the_last_is_refused_on_the_form(lead: Browser, cm: Browser, marie: User) -> None:
    position = approved(marie, valid_until=timezone.localdate())
    page = f"/agence/positions/{position.pk}/fiche/"
    form = {"brand": position.brand_id, "code": "P-02", "title": "Délais", "kind": "qa", "language": "fr"}
    refused = lead.post(page, {**form, "valid_from": str(timezone.localdate() + timedelta(days=1))})
    assert refused.status_code == 422 and "errorlist" in refused.content.decode()
    assert cm.get(page).status_code == 403
