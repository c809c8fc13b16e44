"""The rota in the browser's words: a week, a shift put on, given away, taken off, and each of them undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agency.models import Absence, Shift
from agency.services import rota
from agency.wall_clock import PARIS

HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def lead(person, visit, aldane):
    user = person("lead", aldane)
    browser = visit(user)
    browser.user = user
    return browser


@pytest.fixture
def put(person, aldane, now):
    def add(who, begins=-1, ends=8, client=aldane):
        hours = {"starts_at": now + begins * HOUR, "ends_at": now + ends * HOUR}
        return rota.add(person=who, client=client, **hours, by=who, now=now).shifts[0]

    return add


def night(day="2027-03-27", **fields):
    return {
        "first_day": day, "begins": "22:00", "last_day": "", "ends": "06:00", "rank": "primary", "weeks": "1",
        "note": "", **fields,
    }  # fmt: skip


def words(answer):
    return answer.content.decode()


def test_a_lead_puts_a_night_on_the_rota_and_takes_it_back(lead, person, aldane):
    nadia = person("cm", aldane)
    answer = lead.post("/garde/ajouter/", night(person=nadia.pk, client=aldane.pk))
    assert answer["Location"] == "/garde/?semaine=2027-03-27"
    shift = Shift.objects.get()
    assert shift.ends_at - shift.starts_at == 7 * HOUR  # the clock goes on at two
    page = lead.get(answer["Location"])
    assert nadia.full_name in words(page)
    undo = next(str(message.extra_tags) for message in page.context["messages"] if message.extra_tags)
    lead.post(undo)
    assert not Shift.objects.filter(taken_off_at=None).exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ends": "02:30"}, "02:30"),
        ({"first_day": ""}, ""),
        ({"first_day": "0001-01-01"}, ""),
        ({"last_day": "9999-12-31"}, ""),
        ({"weeks": "99"}, ""),
        ({"last_day": "2027-03-20"}, ""),
    ],
)
def test_what_cannot_stand_is_said_on_the_form_and_nothing_is_kept(lead, person, aldane, fields, said):
    answer = lead.post("/garde/ajouter/", night(person=person("cm", aldane).pk, client=aldane.pk, **fields))
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert said in str(answer.context["form"].errors)
    assert not Shift.objects.exists()


def test_an_hour_that_comes_twice_is_told(lead, person, aldane):
    fields = night("2027-10-30", person=person("cm", aldane).pk, client=aldane.pk, ends="02:30")
    page = lead.get(lead.post("/garde/ajouter/", fields)["Location"])
    assert any("02:30" in str(message) for message in page.context["messages"])


def test_a_lead_plans_only_the_clients_entrusted_to_them(lead, person, aldane, tramontel):
    assert set(lead.get("/garde/ajouter/").context["form"].fields["client"].queryset) == {aldane}
    for client in (tramontel.pk, ""):
        answer = lead.post("/garde/ajouter/", night(person=person("cm").pk, client=client))
        assert "client" in answer.context["form"].errors
    everywhere = Shift.objects.create(
        person=person("cm"), starts_at=timezone.now(), ends_at=timezone.now() + HOUR, made_by=lead.user,
        made_at=timezone.now(),
    )  # fmt: skip
    assert lead.get(f"/garde/{everywhere.pk}/").status_code == 200
    assert lead.post(f"/garde/{everywhere.pk}/retirer/").status_code == 403


def test_a_gap_of_the_next_two_weeks_is_said_until_somebody_holds_it(lead, person, put):
    assert len(lead.get("/garde/").context["gaps"]) == 1
    put(person("cm"), -1, 15 * 24, client=None)
    assert lead.get("/garde/").context["gaps"] == ()


def test_a_gap_leads_to_its_own_hours_in_the_form(lead, now):
    gap = lead.get("/garde/").context["gaps"][0]
    form = lead.get("/garde/ajouter/", {"de": gap.starts_at.isoformat(), "a": gap.ends_at.isoformat()}).context["form"]
    assert form.initial["first_day"] == now.astimezone(PARIS).date()


@pytest.mark.parametrize("asked", ["2026-12-25", "nonsense", "0001-01-01", "9999-12-31", "2026-02-31", "\0"])
def test_any_week_may_be_asked_for(lead, asked):
    assert lead.get("/garde/", {"semaine": asked}).status_code == 200


def test_the_week_of_christmas_names_the_holiday(lead):
    days = lead.get("/garde/", {"semaine": "2026-12-25"}).context["week"].days
    assert [day.holidays for day in days if day.holidays] == [("Noël",)]


def test_a_part_of_a_shift_is_given_to_somebody_else_on_its_page(lead, person, put, aldane, now):
    a, b = person("cm", aldane), person("cm", aldane)
    shift = put(a, 1, 9)
    at = (now + 5 * HOUR).astimezone(PARIS)
    fields = {"replace-person": b.pk, "replace-first_day": f"{at:%Y-%m-%d}", "replace-begins": f"{at:%H:%M}"}
    half = lead.post(f"/garde/{shift.pk}/remplacer/", {**fields, "replace-begins": ""})
    assert half.context["forms"]["replace"].errors
    assert lead.post(f"/garde/{shift.pk}/remplacer/", fields).status_code == 302
    assert list(Shift.objects.order_by("starts_at").values_list("person", flat=True)) == [a.pk, b.pk]


def test_a_page_that_saw_an_older_shift_is_refused_and_shows_the_new_one(lead, person, put, aldane):
    shift, other = put(person("cm", aldane), 1, 9), person("cm", aldane)
    saw = rota.seen(shift)
    lead.post(f"/garde/{shift.pk}/remplacer/", {"replace-person": person("cm", aldane).pk, "replace-saw": saw})
    answer = lead.post(f"/garde/{shift.pk}/remplacer/", {"replace-person": other.pk, "replace-saw": saw})
    assert (answer.status_code, answer.context["forms"]["replace"].errors.keys()) == (422, {"__all__"})


def test_a_colleague_is_asked_and_takes_the_shift(person, visit, put, aldane):
    a, b = person("cm", aldane), person("cm", aldane)
    shift = put(a, 1, 9)
    mine, theirs = visit(a), visit(b)
    assert theirs.post(f"/garde/{shift.pk}/proposer/", {"offer-person": b.pk}).status_code == 403
    mine.post(f"/garde/{shift.pk}/proposer/", {"offer-person": b.pk})
    assert list(theirs.get("/garde/").context["offered"]) == [shift]
    theirs.post(f"/garde/{shift.pk}/accepter/")
    assert Shift.objects.get().person == b


def test_another_clients_shift_is_nowhere(person, visit, put, tramontel, aldane):
    shift = put(person("cm", tramontel), client=tramontel)
    browser = visit(person("cm", aldane))
    assert browser.get(f"/garde/{shift.pk}/").status_code == 404
    assert "Tramontel" not in words(browser.get("/garde/"))


def test_a_cm_notes_their_own_absence_and_nobody_elses(person, visit, aldane):
    cm, other = person("cm", aldane), person("cm", aldane)
    browser = visit(cm)
    days = {"first_day": "2027-05-03", "last_day": "2027-05-04", "kind": "leave"}
    assert browser.post("/garde/absences/", {**days, "person": other.pk}).status_code == 422
    assert browser.post("/garde/absences/", {**days, "person": cm.pk}).status_code == 302
    row = Absence.objects.get()
    assert row.ends_at - row.starts_at == 48 * HOUR
    browser.post(f"/garde/absences/{row.pk}/retirer/")
    browser.post(f"/garde/absences/{row.pk}/remettre/")
    assert Absence.objects.filter(taken_off_at=None).count() == 1


def test_the_week_asks_as_many_questions_with_ten_shifts_as_with_one(lead, person, put, django_assert_max_num_queries):
    for number in range(10):
        put(person("cm"), 1 + number, 2 + number, client=None)
    with django_assert_max_num_queries(40):
        lead.get("/garde/")
