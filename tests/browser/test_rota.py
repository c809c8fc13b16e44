"""The rota in the browser: a week with a gap, a holiday and an absence, and a shift put on and undone by keyboard."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from agency.models import Client, Shift
from agency.services import absences, rota
from agency.wall_clock import moment_of

HOUR = timedelta(hours=1)
MONDAY = date(2026, 12, 21)


@pytest.fixture
def people(house):
    director = house.person("director", full_name="Lou Ferrand")
    return director, house.person("cm", full_name="Nadia Keller"), house.person("cm", full_name="Hugo Vasseur-Lemaire")


def night(who, client, day, by, begins=22, ends=6, **fields):
    hours = (moment_of(day, time(begins))[0], moment_of(day + timedelta(days=ends <= begins), time(ends))[0])
    done = rota.add(
        person=who, client=client, starts_at=hours[0], ends_at=hours[1], by=by, now=timezone.now(), **fields
    )
    return done.shifts[0]


@pytest.fixture
def planned(people):
    director, nadia, hugo = people
    aldane = Client.objects.get(schema_name="maison_aldane")
    for number in range(6):
        night((nadia, hugo)[number % 2], None, MONDAY + timedelta(days=number), director)
        night(director, None, MONDAY + timedelta(days=number), director, rank="backup")
    away = moment_of(MONDAY + timedelta(days=3), time())[0]
    absences.add(person=hugo, starts_at=away, ends_at=away + 48 * HOUR, by=director, now=timezone.now())
    night(hugo, aldane, MONDAY + timedelta(days=1), director, 8, 18)
    now = timezone.now()
    return rota.add(
        person=nadia, client=None, starts_at=now - HOUR, ends_at=now + 9 * HOUR, note="Astreinte", by=director, now=now
    ).shifts[0]


def test_a_week_and_a_shift_are_looked_at(look, people, planned):
    look(f"/garde/?semaine={MONDAY}", "rota-week", user=people[0])
    look(f"/garde/{planned.pk}/", "rota-shift", user=people[0])


def test_a_night_is_put_on_the_rota_and_undone_without_a_mouse(house, eyes, people):
    director, nadia, _hugo = people
    context = eyes.open(cookies=house.signed_in(director))
    page = context.new_page()
    page.goto(house.url("/garde/ajouter/"))
    page.select_option("#id_person", str(nadia.pk))
    page.fill("#id_first_day", "2027-10-30")
    page.fill("#id_begins", "22:00")
    page.fill("#id_ends", "06:00")
    page.keyboard.press("Enter")
    page.wait_for_selector(".toast")
    assert Shift.objects.get().ends_at - Shift.objects.get().starts_at == 9 * HOUR
    page.keyboard.press("z")
    page.wait_for_url("**/garde/?semaine=2027-10-30")
    page.wait_for_selector(".empty-state")
    assert not Shift.objects.filter(taken_off_at=None).exists()
    context.close()
