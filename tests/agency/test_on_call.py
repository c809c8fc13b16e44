"""Who is on call: judged from values, and read from the rota; hypothesis tries every order of shifts and absences."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from agency.choices import Rank
from agency.models import Absence, Membership, Shift
from agency.on_call import Away, Stint, double_booked, present, ranked, uncovered
from agency.selectors.rota import on_call, on_call_for
from tests.conftest import NOW

MONDAY = datetime(2026, 3, 23, tzinfo=UTC)  # the week of the spring change, in Paris
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def stint(number: int, person: int, begins: float, ends: float, *, client=1, is_primary=True, sees=None) -> Stint:
    return Stint(number, person, client, at(begins), at(ends), is_primary, sees)


def test_a_clients_own_shift_comes_before_the_one_for_every_client():
    everybody, own = stint(1, 10, 0, 24, client=None), stint(2, 20, 8, 12)
    first, backups = ranked([everybody, own], 1)
    assert first == own
    assert [one.person for one in backups] == [10]


def test_without_a_primary_nobody_is_called_first_whatever_the_backups():
    first, backups = ranked([stint(1, 10, 0, 24, is_primary=False)], 1)
    assert first is None
    assert [one.person for one in backups] == [10]


def test_somebody_on_the_rota_twice_is_named_once():
    _first, backups = ranked([stint(1, 10, 0, 24, client=None), stint(2, 10, 0, 24, is_primary=False)], 1)
    assert backups == ()


def test_a_shift_does_not_cover_a_client_its_person_may_not_see():
    shifts = [stint(1, 10, 0, 24, client=None, sees=frozenset({2}))]
    assert ranked(shifts, 1) == (None, ())
    assert uncovered(shifts, 1, (at(0), at(24))) == [(at(0), at(24))]


def test_an_absence_in_the_middle_of_a_shift_leaves_its_two_ends():
    left = present([stint(1, 10, 0, 24)], [Away(10, at(6), at(9)), Away(10, at(8), at(10)), Away(11, at(0), at(24))])
    assert [(one.starts_at, one.ends_at) for one in left] == [(at(0), at(6)), (at(10), at(24))]


def test_a_person_called_first_for_two_clients_at_once_is_double_booked():
    shifts = [stint(1, 10, 0, 8), stint(2, 10, 6, 12, client=2), stint(3, 10, 0, 24, client=3, is_primary=False)]
    (booked,) = double_booked(shifts)
    assert (booked.clients, booked.starts_at, booked.ends_at) == ((1, 2), at(6), at(8))


spans = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda one: (at(one[0]), at(one[0] + one[1])))
shifts = st.lists(
    st.builds(
        lambda person, client, span, is_primary, sees: (person, client, span, is_primary, sees),
        st.integers(1, 4),
        st.sampled_from([None, 1, 2]),
        spans,
        st.booleans(),
        st.sampled_from([None, frozenset({1}), frozenset({1, 2})]),
    ),
    max_size=8,
).map(
    lambda rows: [Stint(n, who, client, *span, first, sees) for n, (who, client, span, first, sees) in enumerate(rows)]
)
aways = st.lists(st.builds(lambda person, span: Away(person, *span), st.integers(1, 4), spans), max_size=5)


@settings(max_examples=150, deadline=None)
@given(shifts, aways, st.sampled_from([1, 2]), st.integers(0, 90))
def test_the_gaps_are_exactly_the_moments_without_a_primary_and_nobody_away_is_on_call(rota, away, client, half_hours):
    moment, left = at(half_hours / 2 + 0.25), present(rota, away)
    first, backups = ranked([one for one in left if one.holds(moment)], client)
    gone = {one.person for one in away if one.starts_at <= moment < one.ends_at}
    named = [one.person for one in (*((first,) if first else ()), *backups)]
    assert not gone & set(named)
    assert len(named) == len(set(named))
    gaps = uncovered(left, client, (at(0), at(100)))
    assert any(begins <= moment < ends for begins, ends in gaps) == (first is None)
    assert all(begins < ends for begins, ends in gaps)
    assert all(one[1] < other[0] for one, other in pairwise(gaps))


def on_rota(who, client=None, *, begins=-HOUR, ends=HOUR, rank=Rank.PRIMARY):
    return Shift.objects.create(
        person=who, client=client, starts_at=NOW + begins, ends_at=NOW + ends, rank=rank, made_by=who, made_at=NOW
    )


def test_the_rota_names_the_primary_the_backups_and_until_when(person, aldane, tramontel):
    nadia, hugo = person("cm"), person("cm", aldane)
    on_rota(nadia, ends=9 * HOUR)
    on_rota(hugo, aldane, rank=Rank.BACKUP)
    assert (on_call(aldane, NOW).primary, on_call(aldane, NOW).backups) == (nadia, (hugo,))
    assert on_call(aldane, NOW).until == NOW + 9 * HOUR
    assert (on_call(tramontel, NOW).primary, on_call(tramontel, NOW).backups) == (nadia, ())


def test_a_shift_ends_at_its_last_moment_and_the_next_begins_there(person, aldane):
    before, after = person("cm"), person("cm")
    on_rota(before, ends=timedelta())
    on_rota(after, begins=timedelta())
    assert on_call(aldane, NOW).primary == after


def test_who_is_away_inactive_taken_off_or_without_a_role_is_never_on_call(person, aldane):
    away, gone, off, roleless, backup = (person("cm") for _ in range(5))
    for one in (away, gone, off, roleless):
        on_rota(one)
    on_rota(backup, rank=Rank.BACKUP)
    Absence.objects.create(person=away, starts_at=NOW, ends_at=NOW + HOUR, made_by=away, made_at=NOW)
    gone.is_active = False
    gone.save()
    Shift.objects.filter(person=off).update(taken_off_at=NOW)
    Membership.objects.filter(user=roleless).delete()
    assert (on_call(aldane, NOW).primary, on_call(aldane, NOW).backups) == (None, (backup,))


def test_who_is_on_call_for_all_clients_is_one_query(person, aldane, tramontel, django_assert_num_queries):
    on_rota(person("cm"))
    on_rota(person("cm", tramontel), tramontel)
    with django_assert_num_queries(2):  # whose tables, and the question
        found = on_call_for([aldane, tramontel], NOW)
    assert len({one.primary for one in found.values()}) == 2
