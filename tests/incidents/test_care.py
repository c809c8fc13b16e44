"""Hours under fire and hand-overs: real hours, prompts, one act that changes the lead and the parts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agency.models import Client, Shift, User
from incidents.care import DAY, GAP, hours, prompt, under_fire
from incidents.models import DutyHolder, Incident, Relief, TimelineEntry
from incidents.relief_note import Note
from incidents.selectors import care
from incidents.selectors import reliefs as notes
from incidents.services import duties, incidents, reliefs, timeline
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS, refusal

MINUTE = timedelta(minutes=1)
NOTE = Note(situation="Je mène.", to_do="Rappeler", promised="Un point à 23 h", do_not="Ne rien promettre")


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def cm(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


@pytest.fixture
def incident(cm: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=cm, answers=ANSWERS, by=cm, now=NOW
    )


def every(minutes: int, count: int, end: datetime = NOW) -> list[datetime]:
    return [end - MINUTE * minutes * step for step in range(count)]


def test_a_silence_of_45_minutes_ends_a_stretch_and_one_of_44_does_not() -> None:
    told = under_fire([NOW - GAP, NOW], NOW)
    assert (len(told.stretches), told.in_a_row) == (1, GAP)
    told = under_fire([NOW - GAP - MINUTE, NOW], NOW)
    assert (len(told.stretches), told.in_a_row) == (2, timedelta(0))


def test_a_stretch_goes_on_until_now_while_its_last_mark_is_recent() -> None:
    assert under_fire([NOW - 60 * MINUTE, NOW - 30 * MINUTE], NOW).in_a_row == timedelta(hours=1)
    assert under_fire([NOW - 90 * MINUTE, NOW - 60 * MINUTE], NOW).in_a_row == timedelta(0)


def test_the_night_the_clocks_go_back_counts_its_25_hours() -> None:
    begin, end = (
        datetime(2026, 10, 24, 22, tzinfo=UTC),
        datetime(2026, 10, 25, 2, tzinfo=UTC),
    )  # 00:00 to 03:00 in Paris
    marks = [begin + MINUTE * 30 * step for step in range(9)]
    assert under_fire(marks, end).in_a_row == timedelta(hours=4)


def test_what_is_older_than_a_day_or_a_month_is_left() -> None:
    told = under_fire([*every(30, 9, NOW - DAY + timedelta(hours=1)), NOW - timedelta(days=31), NOW + DAY], NOW)
    assert (told.in_a_day, len(told.stretches)) == (timedelta(hours=1), 1)
    assert under_fire([], NOW).stretches == ()


@given(st.lists(st.integers(0, 5000), max_size=60), st.randoms())
def test_hours_never_depend_on_the_order_and_never_exceed_the_day(minutes: list[int], random) -> None:
    marks = [NOW - MINUTE * one for one in minutes]
    told = under_fire(marks, NOW)
    random.shuffle(marks)
    assert under_fire(marks, NOW) == told
    assert timedelta(0) <= told.in_a_day <= DAY and told.in_a_row >= timedelta(0)


def test_a_prompt_says_why_and_only_to_whoever_is_at_it() -> None:
    assert prompt(under_fire(every(30, 9), NOW), in_a_row=4, in_a_day=10).fr.startswith("4\u00a0h\u00a000 sans pause")
    assert prompt(under_fire(every(30, 8), NOW), in_a_row=4, in_a_day=10) is None
    broken = [*every(30, 8), *every(30, 8, NOW - timedelta(hours=5)), *every(30, 8, NOW - timedelta(hours=10))]
    assert "24" in prompt(under_fire(broken, NOW), in_a_row=4, in_a_day=10).en
    assert prompt(under_fire(every(30, 9, NOW - timedelta(hours=1)), NOW), in_a_row=4, in_a_day=10) is None
    assert hours(timedelta(hours=4, minutes=5)) == "4\u00a0h\u00a005"
    assert (hours(timedelta(minutes=6)), hours(timedelta(0))) == ("6\u00a0min", "0\u00a0min")


def test_hours_come_from_the_lines_one_wrote_and_ones_shifts(
    incident: Incident, cm: User, lead: User, aldane: Client
) -> None:
    for step in range(1, 10):
        at = NOW + MINUTE * 30 * step
        timeline.log(incident=incident, kind="fact", text="vu", happened_at=at, by=cm, now=at)
    now = NOW + timedelta(hours=4, minutes=35)
    mine, other = care.hours_of([cm, lead], asked_by=lead, client=aldane, now=now)
    assert mine.told.in_a_row == timedelta(hours=4, minutes=35) and mine.why is not None
    assert (other.told.in_a_day, other.why) == (timedelta(0), None)
    Shift.objects.create(person=lead, starts_at=now - MINUTE, ends_at=now + DAY, made_by=lead, made_at=now)
    assert care.hours_of([lead], asked_by=lead, client=aldane, now=now)[0].told.in_a_row == MINUTE


def test_the_first_draft_of_a_note_says_who_leads_what_is_open_and_what_was_said(incident: Incident, cm: User) -> None:
    timeline.log(incident=incident, kind="message", text="Point promis à 23 h", happened_at=NOW, by=cm, now=NOW)
    timeline.log(incident=incident, kind="message", text="Appel", happened_at=NOW, by=None, now=NOW)
    draft = notes.draft(incident, NOW)
    assert str(cm) in draft.situation and draft.promised.endswith("Point promis à 23 h")  # a machine promises nothing


def test_accepting_hands_over_the_lead_and_the_parts_in_one_act(incident: Incident, cm: User, lead: User) -> None:
    duties.give(incident=incident, duty="scribe", person=cm, by=cm, now=NOW)
    row = reliefs.offer(incident=incident, note=NOTE, to=lead, by=cm, now=NOW)
    reliefs.accept(relief=row, by=lead, now=NOW + MINUTE)
    incident.refresh_from_db()
    assert (incident.lead, DutyHolder.objects.get().person) == (lead, lead)
    row.refresh_from_db()
    assert (row.state, row.accepted_by, row.read_by) == ("accepted", lead, lead)
    assert TimelineEntry.objects.filter(text__contains=str(lead), kind="decision").count() >= 2


def test_a_hand_over_is_accepted_once_by_whom_it_is_for(
    incident: Incident, cm: User, lead: User, aldane: Client, person: MakePerson
) -> None:
    row = reliefs.offer(incident=incident, note=NOTE, to=lead, by=cm, now=NOW)
    assert refusal(reliefs.accept, relief=row, by=cm, now=NOW) == "to_yourself"
    assert refusal(reliefs.accept, relief=row, by=person("cm", aldane), now=NOW) == "not_for_you"
    reliefs.accept(relief=row, by=lead, now=NOW)
    assert refusal(reliefs.accept, relief=row, by=lead, now=NOW) == "not_offered"
    assert refusal(reliefs.withdraw, relief=row, by=cm, now=NOW) == "not_offered"


def test_only_who_has_a_part_hands_over_and_says_where_we_are(incident: Incident, cm: User, lead: User) -> None:
    given = {"incident": incident, "now": NOW}
    assert refusal(reliefs.offer, note=NOTE, to=None, by=lead, **given) == "not_yours"
    assert refusal(reliefs.offer, note=Note(situation="\0 "), to=None, by=cm, **given) == "no_words"
    assert refusal(reliefs.offer, note=NOTE, to=cm, by=cm, **given) == "to_yourself"
    assert refusal(reliefs.offer, note=Note(situation="é" * 50_000), to=None, by=cm, **given) == "too_long"


def test_offered_again_there_is_one_note_and_its_reading_begins_anew(incident: Incident, cm: User, lead: User) -> None:
    row = reliefs.offer(incident=incident, note=NOTE, to=None, by=cm, now=NOW)
    reliefs.note_reading(relief=row, by=cm, now=NOW)
    assert Relief.objects.get().read_by is None
    reliefs.note_reading(relief=row, by=lead, now=NOW)
    assert Relief.objects.get().read_by == lead
    reliefs.offer(incident=incident, note=NOTE, to=lead, by=cm, now=NOW)
    assert Relief.objects.get().read_by is None


def test_the_page_prompts_and_the_note_is_offered_read_and_accepted_in_the_browser(
    visit, incident: Incident, cm: User, lead: User, aldane: Client
) -> None:
    giver, taker = visit(cm, aldane), visit(lead, aldane)
    address = f"/agence/incidents/{incident.number}/releve/"
    assert "Panne" in giver.get(address).text
    giver.post(address, {"situation": "Je mène, tout est calme.", "to": ""})
    assert "Je mène, tout est calme." in taker.get(address).text
    assert str(lead) in giver.get(f"/agence/incidents/{incident.number}/").text
    taker.post(f"{address}{Relief.objects.get().pk}/accepter/")
    incident.refresh_from_db()
    assert incident.lead == lead


def test_the_page_of_care_shows_hours_and_takes_the_wish(
    visit, cm: User, lead: User, aldane: Client, incident: Incident
) -> None:
    assert "soin/insultes/" in visit(cm, aldane).get("/agence/soin/").text
    visit(cm, aldane).post("/agence/soin/insultes/", {"show": "1"})
    cm.refresh_from_db()
    assert cm.shows_insults
    assert visit(lead, aldane).get("/agence/soin/").status_code == 200
