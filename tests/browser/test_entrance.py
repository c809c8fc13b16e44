"""The doors: sign-in, forgotten password, second factor, refusals; and the first page behind them."""

from collections.abc import Callable

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import expect

from agency.choices import Role
from agency.models import Client
from tests.browser import gallery
from tests.browser.conftest import House
from tests.browser.eyes import Eyes

Look = Callable[..., None]
PASSWORD = "un mot de passe de test"
ERROR_PAGES = ["400", "403", "403_csrf", "429", "500", "handover_refused"]


def test_sign_in_on_both_hosts(look: Look) -> None:
    look("/compte/login/", "sign-in-agency")
    look("/compte/login/", "sign-in-client", client=Client.objects.get(schema_name="tramontel"))


def test_a_forgotten_password(look: Look) -> None:
    look("/compte/password/reset/", "password-forgotten")
    look("/compte/password/reset/done/", "password-link-sent")
    look("/compte/password/reset/key/1-x/", "password-link-dead")


def test_my_account(look: Look, house: House) -> None:
    director = house.person(Role.DIRECTOR, password=PASSWORD)
    look("/compte/password/change/", "account-password", user=director)
    look("/compte/2fa/", "account-second-factor", user=director)
    look("/compte/2fa/totp/activate/", "account-second-factor-on", user=director)
    look("/compte/logout/", "account-sign-out", user=director)


def test_the_recovery_codes(look: Look, house: House) -> None:
    director = house.person(Role.DIRECTOR, password=PASSWORD)
    TOTP.activate(director, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(director)
    look("/compte/2fa/recovery-codes/", "account-recovery-codes", user=director)


def test_signing_in_with_the_keyboard_alone_and_a_second_factor(house: House, eyes: Eyes) -> None:
    director = house.person(Role.DIRECTOR, password=PASSWORD)
    TOTP.activate(director, "JBSWY3DPEHPK3PXP")
    codes = RecoveryCodes.activate(director)
    page = eyes.open().new_page()
    page.goto(house.url("/compte/login/"))
    for _ in ("skip link", "house", "theme", "address"):
        page.keyboard.press("Tab")
    page.keyboard.type(director.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Le second facteur")
    assert not eyes.barriers(page, "second-factor")
    eyes.keep(page, "sign-in-second-factor")
    page.get_by_label("Code").fill(codes.get_unused_codes()[0])
    page.keyboard.press("Enter")
    expect(page).to_have_url(house.url("/"))


def test_a_wrong_password_is_said_next_to_the_field(house: House, eyes: Eyes) -> None:
    page = eyes.open(width=390).new_page()
    page.goto(house.url("/compte/login/"))
    page.get_by_label("Courriel").fill("personne@rempart.test")
    page.locator("input[type=password]").fill("faux")
    page.keyboard.press("Enter")
    expect(page.locator(".errorlist").first).to_be_visible()
    assert not eyes.barriers(page, "wrong-password")
    eyes.keep(page, "sign-in-refused-390")


@pytest.mark.parametrize("name", ERROR_PAGES)
def test_a_page_that_says_what_went_wrong(house: House, eyes: Eyes, name: str) -> None:
    url = house.url(f"/galerie/{name}/")
    with translation.override("fr"):
        html = render_to_string(f"{name}.html")  # without a request, as when everything else failed
    eyes.look(url, f"error-{name}", prepare=lambda page: gallery.serve(page, url, html))


def test_the_page_that_does_not_exist(look: Look, house: House) -> None:
    look("/nulle-part/", "error-404", user=house.person(Role.DIRECTOR), status=404)


def test_the_first_page_of_the_agency(look: Look, house: House) -> None:
    look("/", "agency-index", user=house.person(Role.DIRECTOR))
