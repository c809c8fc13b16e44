"""The stock admin in our clothes: lists, forms, confirmations and history, on both sites."""

from collections.abc import Callable

import pytest

from agency.choices import Role
from agency.models import Client, User
from tests.browser.conftest import House

Look = Callable[..., None]


@pytest.fixture
def director(house: House) -> User:
    return house.person(Role.DIRECTOR, full_name="Claire Marchetti")


def test_the_list_of_clients(look: Look, director: User) -> None:
    look("/agency/client/", "admin-clients", user=director)


def test_the_opening_of_a_client(look: Look, director: User) -> None:
    look("/agency/client/add/", "admin-client-add", user=director)


def test_a_client_and_its_people(look: Look, house: House, director: User) -> None:
    tramontel = Client.objects.get(schema_name="tramontel")
    house.person(Role.CM, tramontel, full_name="Inès Caron")
    look(f"/agency/client/{tramontel.pk}/change/", "admin-client", user=director)
    look(f"/agency/client/{tramontel.pk}/history/", "admin-client-history", user=director)


def test_the_people(look: Look, house: House, director: User) -> None:
    house.person(Role.READER, Client.objects.get(schema_name="tramontel"), full_name="Nadia Rahmani")
    look("/agency/user/", "admin-people", user=director)


def test_the_trail(look: Look, director: User) -> None:
    look("/agency/auditevent/", "admin-trail", user=director)


def test_the_first_page_of_a_client_for_its_staff(look: Look, house: House) -> None:
    tramontel = Client.objects.get(schema_name="tramontel")
    look("/agence/", "client-index", user=house.person(Role.LEAD, tramontel), client=tramontel)
