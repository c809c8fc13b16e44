"""Who signs in where, and what the trail keeps of it."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache

from agency.config import settings as base
from agency.models import AuditEvent, User
from agency.services import people
from tests.conftest import NOW, PASSWORD


@pytest.fixture(autouse=True)
def _no_limit_left_from_another_test(db):
    cache.clear()


def sign_in(browser, email, password=PASSWORD):
    return browser.post("/compte/login/", {"login": email, "password": password})


def is_in(browser):
    return "_auth_user_id" in browser.session


def test_staff_sign_in_on_the_agencys_host(person, visit):
    browser, cm = visit(), person("cm")
    assert sign_in(browser, cm.email).status_code == 302
    assert browser.get("/").status_code == 200
    assert AuditEvent.objects.get(action="signin.done").user == cm


def test_staff_do_not_sign_in_on_a_clients_host(person, visit, tramontel):
    browser, cm = visit(None, tramontel), person("cm", tramontel)
    sign_in(browser, cm.email)
    assert not is_in(browser)
    assert AuditEvent.objects.get(action="signin.refused").client == tramontel


def test_a_clients_person_signs_in_on_their_own_host_only(person, visit, tramontel, aldane):
    reader = person("reader", tramontel)
    for host, welcome in ((tramontel, True), (aldane, False), (None, False)):
        browser = visit(None, host)
        sign_in(browser, reader.email)
        assert is_in(browser) is welcome


def test_a_wrong_password_is_in_the_trail_without_what_was_typed(person, visit):
    cm = person("cm")
    sign_in(visit(), cm.email, "not it")
    event = AuditEvent.objects.get(action="signin.failed")
    assert (event.user, event.detail) == (cm, {})


def test_a_stranger_and_a_wrong_password_are_answered_alike(person, visit):
    words = []
    for email in (person("cm").email, "nobody@rempart.test"):
        page = sign_in(visit(), email, "not it")
        words.append(page.context["form"].errors.as_json().replace(email, ""))
    assert words[0] == words[1]


def test_a_deactivated_person_does_not_sign_in(person, visit):
    cm, director = person("cm"), person("director")
    people.deactivate(person=cm, by=director, now=NOW)
    browser = visit()
    sign_in(browser, cm.email)
    assert not is_in(browser)


def test_the_sixth_wrong_password_in_a_row_has_to_wait(person, visit):
    browser, cm = visit(), person("cm")
    answers = [sign_in(browser, cm.email, f"not it {n}") for n in range(6)]
    assert answers[5].context["form"].errors or answers[5].status_code == 429
    sign_in(browser, cm.email)
    assert not is_in(browser)


def test_too_many_requests_are_answered_429(visit):
    browser = visit()
    answers = [sign_in(browser, f"n{n}@rempart.test", "not it") for n in range(31)]
    assert answers[-1].status_code == 429


def test_the_session_cookie_is_closed_to_scripts_and_other_sites(person, visit):
    browser = visit()
    sign_in(browser, person("cm").email)
    cookie = browser.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["domain"]


def test_passwords_are_kept_by_argon2(person):
    assert base.PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.Argon2PasswordHasher"
    assert person("cm").password.startswith("argon2$")


@pytest.mark.parametrize("name", ["signup", "inactive", "email", "email/sent", "password/set", "login/code/confirm"])
def test_what_the_house_does_not_offer_is_not_there(visit, name):
    assert visit().get(f"/compte/{name}/").status_code == 404


def test_a_forgotten_password_is_mailed_on_the_right_host_only(person, visit, tramontel, aldane):
    reader = person("reader", tramontel)
    for host in (None, aldane, tramontel):
        assert visit(None, host).post("/compte/password/reset/", {"email": reader.email}).status_code == 302
    assert len(mail.outbox) == 1
    assert "tramontel.localhost" in mail.outbox[0].body


def test_nobody_is_written_to_for_an_unknown_address(visit):
    assert visit().post("/compte/password/reset/", {"email": "nobody@rempart.test"}).status_code == 302
    assert mail.outbox == []


def test_a_password_is_changed_by_who_knows_it(person, visit):
    cm = person("cm")
    browser = visit(cm)
    form = {"oldpassword": PASSWORD, "password1": "une autre longue phrase", "password2": "une autre longue phrase"}
    assert browser.post("/compte/password/change/", form).status_code == 302
    assert User.objects.get(pk=cm.pk).check_password("une autre longue phrase")
    assert is_in(browser)


def test_who_signed_in_long_ago_gives_the_password_again_before_a_second_factor(person, visit):
    browser = visit(person("cm"))
    assert "/compte/reauthenticate/" in browser.get("/compte/2fa/totp/activate/")["Location"]
    assert (
        browser.post("/compte/reauthenticate/?next=/compte/2fa/", {"password": PASSWORD})["Location"] == "/compte/2fa/"
    )
    assert browser.get("/compte/2fa/totp/activate/").status_code == 200


@pytest.fixture
def strict(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def test_outside_the_demo_staff_set_a_second_factor_up_before_anything(strict, person, visit):
    browser = visit(person("director"))
    for page in ("/", "/agency/user/", "/clients/tramontel/entrer/"):
        assert browser.get(page)["Location"] == "/compte/2fa/totp/activate/"


def test_a_second_factor_is_set_up_and_asked_for(strict, person, visit):
    cm = person("cm")
    browser = visit()
    sign_in(browser, cm.email)
    browser.post("/compte/reauthenticate/", {"password": PASSWORD})
    page = browser.get("/compte/2fa/totp/activate/")
    secret = page.context["form"].secret
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    assert browser.post("/compte/2fa/totp/activate/", {"code": code}).status_code == 302
    assert browser.get("/").status_code == 200
    again = visit()
    assert sign_in(again, cm.email)["Location"] == "/compte/2fa/authenticate/"
    assert again.get("/").status_code == 302


@pytest.fixture
def with_codes(person):
    cm = person("cm")
    totp.TOTP.activate(cm, totp.generate_totp_secret())
    return cm, RecoveryCodes.activate(cm).get_unused_codes()


def test_a_recovery_code_opens_once(with_codes, visit):
    cm, codes = with_codes
    for expected in (True, False):
        browser = visit()
        sign_in(browser, cm.email)
        browser.post("/compte/2fa/authenticate/", {"code": codes[0]})
        assert is_in(browser) is expected


def test_a_sign_in_begun_here_is_not_finished_elsewhere(with_codes, visit, tramontel):
    cm, codes = with_codes
    browser = visit()
    sign_in(browser, cm.email)
    elsewhere = visit(None, tramontel)
    elsewhere.cookies = browser.cookies
    elsewhere.post("/compte/2fa/authenticate/", {"code": codes[0]})
    assert "_auth_user_id" not in elsewhere.session


def test_a_lost_telephone_is_forgotten_by_a_director(with_codes, person, visit):
    cm, _codes = with_codes
    act = {"action": "forget_second_factor", "_selected_action": [cm.pk], "confirmed": "yes"}
    visit(person("director")).post("/agency/user/", act)
    assert not Authenticator.objects.filter(user=cm).exists()


def test_the_language_stays_with_the_person(person, visit):
    cm = person("cm")
    browser = visit(cm)
    assert browser.get("/compte/password/change/")["Content-Language"] == "fr"
    browser.post("/langue/", {"language": "en", "next": "/compte/"})
    assert browser.get("/compte/password/change/")["Content-Language"] == "en"


def test_the_language_switch_leads_nowhere_else(visit):
    answer = visit().post("/langue/", {"language": "en", "next": "https://elsewhere.test/"})
    assert answer["Location"] == "/"


def test_a_link_asked_for_before_sign_in_is_reached_after_it(person, visit):
    browser, director = visit(), person("director")
    login_page = browser.get(browser.get("/agency/user/?is_active__exact=1")["Location"])["Location"]
    answer = browser.post(login_page, {"login": director.email, "password": PASSWORD})
    assert re.search(r"/agency/user/\?is_active__exact=1$", answer["Location"])
