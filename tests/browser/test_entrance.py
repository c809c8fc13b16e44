"""The doors: sign-in, forgotten password, second factor, refusals; and both first pages behind them."""

from collections.abc import Callable

from agency.choices import Role
from agency.models import Client
from tests.browser.conftest import House

Look = Callable[..., None]


def test_sign_in_on_both_hosts(look: Look) -> None:
    look("/compte/login/", "sign-in-agency")
    look("/compte/login/", "sign-in-client", client=Client.objects.get(schema_name="tramontel"))


def test_a_forgotten_password(look: Look) -> None:
    look("/compte/password/reset/", "password-forgotten")
    look("/compte/password/reset/done/", "password-link-sent")
    look("/compte/password/reset/key/1-x/", "password-link-dead")


def test_my_account(look: Look, house: House) -> None:
    director = house.person(Role.DIRECTOR, password="un mot de passe de test")
    look("/compte/password/change/", "account-password", user=director)
    look("/compte/2fa/", "account-second-factor", user=director)
    look("/compte/logout/", "account-sign-out", user=director)


def test_the_page_that_does_not_exist(look: Look, house: House) -> None:
    look("/nulle-part/", "404", user=house.person(Role.DIRECTOR), status=404)


def test_the_first_page_of_the_agency(look: Look, house: House) -> None:
    look("/", "agency-index", user=house.person(Role.DIRECTOR))
