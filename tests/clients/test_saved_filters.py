"""Lists kept under a name: whose they are, what their address may say, their order, and the way back."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django_tenants.utils import schema_context

from agency.models import Client, User
from clients.models import SavedFilter
from clients.selectors.saved_filters import of
from clients.services import saved_filters
from tests.clients.test_triage import hear
from tests.conftest import NOW, MakePerson

Visit = Callable[..., Browser]


def keep(by: User, name: str = "Délais", *, is_shared: bool = False) -> SavedFilter:
    return saved_filters.save(name=name, query="vue=a-trier&q=colis", is_shared=is_shared, by=by, now=NOW)


def names(person: User) -> list[str]:
    return [one.name for one in of(person)]


@pytest.fixture
def marie(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


@pytest.fixture
def nadia(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


def test_ones_own_lists_are_ones_own_and_shared_ones_everybodys(marie: User, nadia: User) -> None:
    keep(marie, "Les miennes")
    keep(nadia, "Communes", is_shared=True)
    assert names(marie) == ["Les miennes", "Communes"] and names(nadia) == ["Communes"]


@pytest.mark.parametrize("name", ["", " ", "\0", "x" * 61])
def test_a_list_has_a_name(marie: User, name: str) -> None:
    with pytest.raises(ValidationError):
        keep(marie, name)


def test_a_name_is_taken_once_and_free_again_once_removed(marie: User, nadia: User) -> None:
    mine = keep(marie)
    keep(nadia)
    with pytest.raises(ValidationError):
        keep(marie)
    saved_filters.delete(number=mine.pk, by=marie, now=NOW)
    keep(marie)
    with pytest.raises(ValidationError):
        saved_filters.restore(number=mine.pk, by=marie)


def test_a_list_is_removed_and_brought_back_by_its_owner_alone(marie: User, nadia: User) -> None:
    mine = keep(marie)
    with pytest.raises(SavedFilter.DoesNotExist):
        saved_filters.delete(number=mine.pk, by=nadia, now=NOW)
    saved_filters.delete(number=mine.pk, by=marie, now=NOW)
    assert names(marie) == []
    saved_filters.restore(number=mine.pk, by=marie)
    assert names(marie) == ["Délais"]


def test_lists_change_places(marie: User) -> None:
    for name in ("a", "b", "c"):
        last = keep(marie, name)
    saved_filters.move_up(number=last.pk, by=marie)
    assert names(marie) == ["a", "c", "b"]
    saved_filters.move_up(number=of(marie)[0].pk, by=marie)
    assert names(marie) == ["a", "c", "b"]


def test_twenty_lists_are_enough(marie: User) -> None:
    for number in range(saved_filters.MOST):
        keep(marie, str(number))
    with pytest.raises(ValidationError):
        keep(marie, "une de trop")


def test_a_list_is_kept_from_the_page_as_it_is_understood(aldane: Client, marie: User, visit: Visit) -> None:
    cache.clear()
    hear(3)
    hear(2, "popcorn")
    desk = visit(marie, aldane)
    given = {
        "name": "Popcorn  du soir",
        "vue": "a-trier",
        "q": "popcorn",
        "langue": "",
        "piege": "<script>",
        "racine": "",
    }
    answer = desk.post("/agence/tri/listes/", given, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [("/agence/tri/?vue=a-trier&q=popcorn", 302)]
    assert "Popcorn du soir" in page and "piege" not in page
    assert '<span class="count">2</span>' in page.split("kept-lists")[1]
    with schema_context(aldane.schema_name):
        assert SavedFilter.objects.get().query == "vue=a-trier&q=popcorn"


@pytest.mark.parametrize("given", [{"vue": "inconnue"}, {"source": "x"}, {"requete": "-1"}])
def test_an_address_that_is_none_is_not_kept(aldane: Client, marie: User, visit: Visit, given: dict[str, str]) -> None:
    assert visit(marie, aldane).post("/agence/tri/listes/", {"name": "x", **given}).status_code == 404
    with schema_context(aldane.schema_name):
        assert not SavedFilter.objects.exists()


def test_a_removed_list_is_brought_back_from_its_toast(aldane: Client, marie: User, visit: Visit) -> None:
    mine = keep(marie)
    desk = visit(marie, aldane)
    page = desk.post(f"/agence/tri/listes/{mine.pk}/retirer/", follow=True).content.decode()
    assert f'action="/agence/tri/listes/{mine.pk}/remettre/"' in page
    desk.post(f"/agence/tri/listes/{mine.pk}/remettre/")
    with schema_context(aldane.schema_name):
        assert SavedFilter.objects.get().deleted_at is None
