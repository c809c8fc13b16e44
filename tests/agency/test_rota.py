"""The rota written: what is refused and why, what is kept, and each act taken back."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError

from agency.choices import Rank
from agency.models import AuditEvent, Membership, Shift
from agency.selectors.rota import on_call
from agency.services import absences, rota, shift_offers
from agency.wall_clock import moment_of
from tests.conftest import NOW

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)


@pytest.fixture
def lead(person):
    return person("lead")


@pytest.fixture
def put(lead):
    """put(who, client, begins, ends) adds a shift that begins and ends so many hours from now."""

    def add(who, client=None, begins=1.0, ends=9.0, **fields):
        return rota.add(
            person=who, client=client, starts_at=NOW + begins * HOUR, ends_at=NOW + ends * HOUR, by=lead, now=NOW,
            **fields,
        )  # fmt: skip

    return add


def hours_of(shift):
    shift.refresh_from_db()
    return (shift.starts_at - NOW) / HOUR, (shift.ends_at - NOW) / HOUR


def standing():
    return Shift.objects.filter(taken_off_at=None).order_by("starts_at", "id")


def refusal(code):
    return pytest.raises(ValidationError, check=lambda error: error.code == code)


def test_a_shift_is_put_on_the_rota_and_written_in_the_trail(put, person, aldane, lead):
    done = put(person("cm", aldane), aldane, -1, 8)
    assert on_call(aldane, NOW).primary == done.shifts[0].person
    event = AuditEvent.objects.get(action="rota.added")
    assert (event.user, event.client, event.subject_id) == (lead, aldane, str(done.shifts[0].pk))


def test_a_night_of_each_week_is_as_many_rows_with_the_hours_of_paris(person, lead):
    begins, ends = moment_of(date(2027, 3, 20), time(22))[0], moment_of(date(2027, 3, 21), time(6))[0]
    done = rota.add(person=person("cm"), client=None, starts_at=begins, ends_at=ends, weeks=3, by=lead, now=NOW)
    assert [(one.ends_at - one.starts_at) / HOUR for one in done.shifts] == [8, 7, 8]
    assert len({one.series for one in done.shifts}) == 1


@pytest.mark.parametrize("weeks", [0, 27])
def test_a_pattern_of_no_week_or_of_a_year_is_refused(put, person, weeks):
    with refusal("weeks"):
        put(person("cm"), weeks=weeks)


@pytest.mark.parametrize(("begins", "ends", "code"), [(3, 3, "ends_before"), (1, 800, "long"), (-9, -1, "over")])
def test_impossible_hours_are_refused(put, person, begins, ends, code):
    with refusal(code):
        put(person("cm"), None, begins, ends)
    assert not Shift.objects.exists()


def test_the_same_person_is_not_on_the_rota_twice_for_a_client(put, person, aldane, tramontel):
    nadia = person("cm")
    put(nadia, aldane)
    for client in (aldane, None):
        with refusal("overlap"):
            put(nadia, client, 8, 12, rank=Rank.BACKUP)
    put(nadia, aldane, 9, 12)  # from the moment the other ends
    put(nadia, tramontel)  # double-booked, which the page says


def test_one_week_that_is_refused_refuses_the_whole_pattern(put, person):
    nadia = person("cm")
    put(nadia, begins=1 + 14 * 24, ends=2 + 14 * 24)
    with refusal("overlap"):
        put(nadia, weeks=4)
    assert Shift.objects.count() == 1


def test_two_people_are_not_called_first_for_the_same_client(put, person, aldane):
    put(person("cm"), aldane)
    with refusal("two_primaries"):
        put(person("cm"), aldane, 8, 12)
    put(person("cm"), aldane, 8, 12, rank=Rank.BACKUP)
    put(person("cm"), None, 8, 12)  # for every client: the client's own comes first


def test_who_has_no_role_for_the_client_is_not_put_on_its_rota(put, person, aldane, tramontel):
    for client in (aldane, None):
        with refusal("no_role"):
            put(person("cm", tramontel), client)
    with refusal("no_role"):
        put(person("approver", aldane), aldane)


def test_a_shift_during_an_absence_is_kept_and_warned_of(put, person, lead):
    nadia = person("cm")
    absences.add(person=nadia, starts_at=NOW, ends_at=NOW + 5 * HOUR, by=lead, now=NOW)
    (warning,) = put(nadia).warnings
    assert nadia.full_name in warning


def test_an_absence_says_which_shifts_it_leaves_and_of_no_client_the_reader_does_not_see(
    put, person, aldane, tramontel
):
    nadia, other = person("cm"), person("lead", tramontel)
    put(nadia, aldane)
    away = {"person": nadia, "starts_at": NOW, "ends_at": NOW + 5 * HOUR, "now": NOW}
    absence, left = absences.add(**away, by=other)
    assert left == []
    absences.take_off(absence=absence, by=other, now=NOW)
    _again, left = absences.add(**away, by=nadia)
    assert "Maison Aldane" in left[0]
    with refusal("overlap"):
        absences.put_back(absence=absence, by=other, now=NOW)


def test_a_shift_is_changed_unless_somebody_else_did_meanwhile(put, person, lead):
    (shift,) = put(person("cm")).shifts
    saw = rota.seen(shift)
    new = {"starts_at": shift.starts_at, "ends_at": NOW + 7 * HOUR, "rank": "primary", "note": "", "saw": saw}
    rota.change(shift=shift, **new, by=lead, now=NOW)
    assert hours_of(shift) == (1, 7)
    with refusal("changed"):
        rota.change(shift=shift, **new, by=lead, now=NOW)


def test_a_shift_under_way_keeps_its_beginning_and_one_that_is_over_stays_as_it_was(put, person, lead):
    (shift,) = put(person("cm"), None, -1, 2).shifts
    new = {"shift": shift, "starts_at": NOW, "ends_at": NOW + HOUR, "rank": "primary", "note": "", "by": lead}
    with refusal("begun"):
        rota.change(**new, now=NOW)
    with refusal("over"):
        rota.take_off(shift=shift, by=lead, now=NOW + 2 * HOUR)


def test_a_shift_is_cut_and_its_rest_given_away(put, person, lead):
    (shift,) = put(person("cm")).shifts
    first, rest = rota.cut(shift=shift, at=NOW + 5 * HOUR, by=lead, now=NOW).shifts
    assert (hours_of(first), hours_of(rest)) == ((1, 5), (5, 9))
    with refusal("outside"):
        rota.cut(shift=first, at=NOW + 6 * HOUR, by=lead, now=NOW)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ((None, None), ["b 1-9"]),
        ((1, 4), ["b 1-4", "a 4-9"]),
        ((4, None), ["a 1-4", "b 4-9"]),
        ((3, 4), ["a 1-3", "b 3-4", "a 4-9"]),
        ((0, 20), ["b 1-9"]),
    ],
)
def test_somebody_else_holds_the_shift_or_a_part_of_it(put, person, lead, part, expected):
    names = {(a := person("cm")).pk: "a", (b := person("cm")).pk: "b"}
    (shift,) = put(a).shifts
    from_, to = (None if hours is None else NOW + hours * HOUR for hours in part)
    rota.replace(shift=shift, person=b, from_=from_, to=to, by=lead, now=NOW)
    assert [f"{names[one.person_id]} {'{:g}-{:g}'.format(*hours_of(one))}" for one in standing()] == expected


def test_who_replaces_somebody_under_way_holds_what_is_left_and_the_past_stays_true(put, person, lead):
    a, b = person("cm"), person("cm")
    (shift,) = put(a, None, -3, 5).shifts
    rota.replace(shift=shift, person=b, by=lead, now=NOW)
    assert [(one.person, hours_of(one)) for one in standing()] == [(a, (-3, 0)), (b, (0, 5))]


def test_two_shifts_change_people(put, person, lead):
    a, b = person("cm"), person("cm")
    (one,), (other,) = put(a, None, 1, 9).shifts, put(b, None, 9, 17).shifts
    rota.swap(shift=one, other=other, by=lead, now=NOW)
    assert [row.person for row in standing()] == [b, a]


def test_a_shift_is_taken_off_with_the_later_weeks_and_put_back(put, person, lead):
    rows = put(person("cm"), weeks=4).shifts
    done = rota.take_off(shift=rows[1], and_later=True, by=lead, now=NOW)
    assert list(standing()) == [rows[0]]
    rota.take_back(event=done.event, by=lead, now=NOW)
    assert list(standing()) == list(rows)


def test_a_shift_under_way_that_is_taken_off_ends_now(put, person, lead, aldane):
    (shift,) = put(person("cm"), None, -2, 5).shifts
    rota.take_off(shift=shift, by=lead, now=NOW)
    assert hours_of(shift) == (-2, 0)
    assert on_call(aldane, NOW).primary is None


def test_an_act_is_taken_back_within_the_hour_unless_the_rota_changed_since(put, person, lead):
    a, b = person("cm"), person("cm")
    added = put(a)
    replaced = rota.replace(shift=added.shifts[0], person=b, from_=NOW + 3 * HOUR, to=NOW + 4 * HOUR, by=lead, now=NOW)
    with refusal("changed"):
        rota.take_back(event=added.event, by=lead, now=NOW)
    with refusal("late"):
        rota.take_back(event=replaced.event, by=lead, now=NOW + 2 * HOUR)
    undone = rota.take_back(event=replaced.event, by=lead, now=NOW)
    assert [(one.person, hours_of(one)) for one in standing()] == [(a, (1, 9))]
    rota.take_back(event=undone.event, by=lead, now=NOW)
    assert [one.person for one in standing()] == [a, b, a]


def test_an_undo_that_would_put_two_people_first_is_refused(put, person, lead):
    (shift,) = put(person("cm")).shifts
    off = rota.take_off(shift=shift, by=lead, now=NOW)
    put(person("cm"))
    with refusal("two_primaries"):
        rota.take_back(event=off.event, by=lead, now=NOW)


def test_an_event_of_another_room_takes_nothing_back(lead):
    event = AuditEvent.objects.create(action="signin.done", happened_at=NOW, subject="person", detail={"after": {}})
    with refusal("late"):
        rota.take_back(event=event, by=lead, now=NOW)
    assert rota.touched_by(event) == []


def test_a_colleague_takes_the_shift_that_was_offered(put, person):
    a, b = person("cm"), person("cm")
    (shift,) = put(a).shifts
    shift_offers.offer(shift=shift, to=b, by=a, now=NOW)
    assert standing().get().person == a
    shift_offers.accept(shift=shift, by=b, now=NOW)
    assert (standing().get().person, standing().get().offered_to) == (b, None)
    actions = AuditEvent.objects.filter(action__startswith="rota.").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["rota.added", "rota.offered", "rota.accepted"]


def test_only_the_holder_offers_and_only_who_was_asked_takes_it(put, person, lead, aldane, tramontel):
    a, b, stranger = person("cm", aldane), person("cm", aldane), person("cm", tramontel)
    (shift,) = put(a, aldane).shifts
    for to, by, code in ((b, lead, "not_yours"), (a, a, "same"), (stranger, a, "no_role")):
        with refusal(code):
            shift_offers.offer(shift=shift, to=to, by=by, now=NOW)
    with refusal("not_offered"):
        shift_offers.accept(shift=shift, by=b, now=NOW)
    shift_offers.offer(shift=shift, to=b, by=a, now=NOW)
    shift_offers.decline(shift=shift, by=b, now=NOW)
    with refusal("not_offered"):
        shift_offers.accept(shift=shift, by=b, now=NOW)


def test_a_colleague_who_lost_the_role_since_cannot_take_it(put, person):
    a, b = person("cm"), person("cm")
    (shift,) = put(a).shifts
    shift_offers.offer(shift=shift, to=b, by=a, now=NOW)
    Membership.objects.filter(user=b).delete()
    with refusal("no_role"):
        shift_offers.accept(shift=shift, by=b, now=NOW)
