"""The agency's own rooms: clients, people, keys, trail."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from agency.models import ApiKey, AuditEvent, Client, Membership, User
from agency.services import feeds, keys
from tests.conftest import NOW

WORDS_OF_A_KEY = r"rmp_[\w-]{40,}"  # what it begins with is shown, the rest is not


@pytest.fixture
def director(person, visit):
    user = person("director")
    browser = visit(user)
    browser.user = user
    return browser


def roles_form(**fields):
    return {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0", **fields}


def domains_form():
    return {"domains-TOTAL_FORMS": "0", "domains-INITIAL_FORMS": "0"}


def test_a_director_opens_a_client_with_its_schema_and_host(director):
    form = {
        "name": "Brasserie Orme",
        "schema_name": "brasserie_orme",
        "language": "fr",
        "timezone": "Europe/Paris",
        "host": "",
    }
    assert director.post("/agency/client/add/", form).status_code == 302
    client = Client.objects.get(schema_name="brasserie_orme")
    assert client.domains.get().domain == "brasserie-orme.localhost"
    assert AuditEvent.objects.filter(client=client, action="client.opened", user=director.user).exists()


@pytest.mark.parametrize("country", ["BE", ""])
def test_a_client_is_in_a_country_and_may_move(director, aldane, country):
    assert Client.objects.get(pk=aldane.pk).country == "FR"
    form = roles_form(
        name="Maison Aldane", language="fr", timezone="Europe/Paris", country=country, care_hours=4, care_hours_a_day=10
    )
    assert director.post(f"/agency/client/{aldane.pk}/change/", form | domains_form()).status_code == 302
    assert Client.objects.get(pk=aldane.pk).country == country


@pytest.mark.parametrize(
    ("field", "value"),
    [("schema_name", "Été 2026"), ("schema_name", "public"), ("schema_name", "pg_temp"), ("schema_name", "tramontel"),
     ("host", "agence.localhost"), ("host", "elsewhere.test"), ("host", "tramontel.localhost"), ("host", "a b")],
)  # fmt: skip
def test_a_refused_name_is_said_on_its_field(director, field, value):
    form = {
        "name": "Orme",
        "schema_name": "brasserie_orme",
        "language": "fr",
        "timezone": "Europe/Paris",
        "host": "",
        field: value,
    }
    answer = director.post("/agency/client/add/", form)
    assert answer.status_code == 200
    assert field in answer.context["adminform"].form.errors
    assert not Client.objects.filter(name="Orme").exists()


def test_deactivating_a_client_asks_first_then_closes_its_host(director, tramontel, visit):
    act = {"action": "deactivate", "_selected_action": [tramontel.pk]}
    assert "Ferries Tramontel" in director.post("/agency/client/", act).content.decode()
    assert Client.objects.get(pk=tramontel.pk).is_active
    director.post("/agency/client/", {**act, "confirmed": "yes"})
    assert not Client.objects.get(pk=tramontel.pk).is_active
    assert visit(None, tramontel).get("/healthz").status_code == 404


def test_a_new_person_gets_a_link_on_the_host_they_sign_in_on(director, tramontel):
    form = roles_form(
        full_name="Inès Roy", email="Ines@Rempart.test", language="fr",
        **{"memberships-TOTAL_FORMS": "1", "memberships-0-client": tramontel.pk, "memberships-0-role": "owner"},
    )  # fmt: skip
    assert director.post("/agency/user/add/", form).status_code == 302
    person = User.objects.get(email="ines@rempart.test")
    assert not person.has_usable_password()
    assert Membership.objects.get(user=person).client == tramontel
    assert re.search(r"http://tramontel\.localhost:\d+/compte/password/reset/key/", mail.outbox[0].body)


def test_the_link_of_the_invitation_sets_a_password(director, visit):
    director.post("/agency/user/add/", roles_form(full_name="Inès Roy", email="ines@rempart.test", language="fr"))
    path = re.search(r"localhost:\d+(/\S+)", mail.outbox[0].body)[1]
    browser = visit()
    page = browser.get(path, follow=True)
    chosen = {"password1": "une phrase bien longue", "password2": "une phrase bien longue"}
    browser.post(page.redirect_chain[-1][0], chosen)
    assert User.objects.get(email="ines@rempart.test").check_password("une phrase bien longue")


def test_a_person_is_deactivated_and_let_in_again(director, person, visit):
    cm = person("cm")
    theirs = visit(cm)
    act = {"action": "deactivate", "_selected_action": [cm.pk], "confirmed": "yes"}
    director.post("/agency/user/", act)
    assert theirs.get("/").status_code == 302
    director.post("/agency/user/", {**act, "action": "reactivate"})
    assert User.objects.get(pk=cm.pk).is_active


def test_nobody_deactivates_themselves(director):
    act = {"action": "deactivate", "_selected_action": [director.user.pk], "confirmed": "yes"}
    director.post("/agency/user/", act)
    assert User.objects.get(pk=director.user.pk).is_active


def test_the_last_director_keeps_the_role(director):
    held = director.user.memberships.get()
    form = roles_form(
        full_name="A", email=director.user.email, language="fr",
        **{"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "1", "memberships-0-id": held.pk,
           "memberships-0-user": director.user.pk, "memberships-0-client": "", "memberships-0-role": "cm"},
    )  # fmt: skip
    answer = director.post(f"/agency/user/{director.user.pk}/change/", form, follow=True)
    assert "direct" in answer.content.decode()
    assert director.user.memberships.get().role == "director"
    assert User.objects.get(pk=director.user.pk).full_name != "A"


def test_nothing_of_the_agency_is_deleted_from_a_page(director, tramontel):
    for page in (f"client/{tramontel.pk}", f"user/{director.user.pk}"):
        assert director.post(f"/agency/{page}/delete/", {"post": "yes"}).status_code == 403


def test_a_key_is_shown_once_and_kept_nowhere(director, tramontel):
    form = {"client": tramontel.pk, "name": "ERP", "scopes": ["mentions:write"], "days": "30"}
    answer = director.post("/agency/apikey/add/", form)
    secret = re.search(WORDS_OF_A_KEY, answer.content.decode())[0]
    assert "no-store" in answer["Cache-Control"]
    assert keys.recognise(key=secret, client=tramontel, now=NOW).name == "ERP"
    assert secret not in director.get("/agency/apikey/").content.decode()
    assert secret not in str(list(director.session.items()))


def test_a_revoked_key_opens_nothing(director, tramontel):
    row, secret = keys.make(client=tramontel, name="ERP", scopes=["mentions:write"], by=director.user, now=NOW)
    director.post("/agency/apikey/", {"action": "revoke", "_selected_action": [row.pk], "confirmed": "yes"})
    assert keys.recognise(key=secret, client=tramontel, now=NOW) is None
    assert ApiKey.objects.get(pk=row.pk).revoked_at


@pytest.mark.parametrize(("action", "old_opens"), [("rotate", True), ("rotate_at_once", False)])
def test_a_rotated_key_is_shown_once(director, tramontel, action, old_opens):
    now = timezone.now()
    row, old = keys.make(client=tramontel, name="ERP", scopes=["mentions:write"], by=director.user, now=now)
    asked = {"action": action, "_selected_action": [row.pk]}
    assert not re.search(WORDS_OF_A_KEY, director.post("/agency/apikey/", asked).content.decode())
    answer = director.post("/agency/apikey/", {**asked, "confirmed": "yes"})
    new = re.search(WORDS_OF_A_KEY, answer.content.decode())[0]
    opened = [keys.recognise(key=words, client=tramontel, now=timezone.now()) for words in (new, old)]
    assert ("no-store" in answer["Cache-Control"], [one == row for one in opened]) == (True, [True, old_opens])


def test_two_keys_are_not_rotated_together_nor_a_dead_one(director, tramontel):
    made = [keys.make(client=tramontel, name=n, scopes=["mentions:write"], by=director.user, now=NOW)[0] for n in "ab"]
    keys.revoke(key=made[0], by=director.user, now=NOW)
    for chosen in (made, made[:1]):
        act = {"action": "rotate", "_selected_action": [row.pk for row in chosen], "confirmed": "yes"}
        assert not re.search(WORDS_OF_A_KEY, director.post("/agency/apikey/", act, follow=True).content.decode())
    assert not ApiKey.objects.filter(rotated_at__isnull=False).exists()


def test_an_address_of_a_calendar_is_taken_back(director, tramontel):
    key = keys.make(client=tramontel, name="ERP", scopes=["rota:read"], by=director.user, now=NOW)[0]
    feed, secret = feeds.make(client=tramontel, name="agenda", key=key, now=NOW)
    director.post("/agency/rotafeed/", {"action": "take_back", "_selected_action": [feed.pk], "confirmed": "yes"})
    assert feeds.recognise(secret=secret, client=tramontel, now=NOW) is None


def test_the_trail_is_read_and_never_written(director):
    event = AuditEvent.objects.create(happened_at=NOW, user=director.user, action="client.opened")
    assert director.get("/agency/auditevent/?action=client.opened").status_code == 200
    page = f"/agency/auditevent/{event.pk}"
    assert director.post(f"{page}/change/", {"action": "x"}).status_code == 403
    assert director.post(f"{page}/delete/", {"post": "yes"}).status_code == 403
    assert director.get("/agency/auditevent/add/").status_code == 403


@pytest.mark.parametrize("role", ["cm", "lead"])
def test_who_may_not_manage_sees_no_list_of_clients_people_or_keys(role, person, visit):
    browser = visit(person(role))
    for page in ("client", "user", "apikey", "auditevent"):
        assert browser.get(f"/agency/{page}/").status_code == 403


@pytest.mark.parametrize("page", ["client", "user", "apikey", "auditevent"])
def test_a_list_asks_the_same_number_of_queries_whatever_its_length(
    page, director, person, tramontel, django_assert_max_num_queries
):
    for number in range(8):
        one = person("cm", tramontel)
        keys.make(client=tramontel, name=f"n{number}", scopes=["mentions:write"], by=one, now=NOW)
    with django_assert_max_num_queries(16):
        assert director.get(f"/agency/{page}/").status_code == 200


def test_no_list_is_filtered_by_what_hangs_on_its_rows(person, visit, tramontel):
    browser = visit(person("lead", tramontel), tramontel)
    assert browser.get("/agence/clients/brand/?incidents=1").status_code == 400
    assert browser.get("/agence/clients/brand/?name=x").status_code == 200
