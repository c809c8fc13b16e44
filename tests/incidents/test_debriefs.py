"""Debriefs and follow-ups: planned, written, signed, asked for until they are done."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agency.models import Client, User
from incidents.asking_again import ask_at, next_morning
from incidents.debriefing import Told, window
from incidents.models import Debrief, FollowUp, Incident, TimelineEntry
from incidents.selectors import closing as read
from incidents.selectors import follow_ups as followed
from incidents.selectors import gate
from incidents.services import asking, debriefs, follow_ups, incidents, timeline
from incidents.services.debriefs import Plan
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS, refusal
from tests.incidents.test_reminders import Letterbox

PARIS = ZoneInfo("Europe/Paris")
LATER = NOW + timedelta(hours=2)
SAID = Told(people="Nous trois", happened="Un coup.", worked="La veille.", changes="Rien.")


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def incident(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Panne", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )


def hot(incident: Incident, by: User, at: datetime = NOW + timedelta(hours=20)) -> Debrief:
    return debriefs.plan(incident=incident, kind="hot", plan=Plan(at, by), by=by, now=NOW)


def change(incident: Incident, by: User, days: int = 20, **given: object) -> FollowUp:
    who = {"owner": by} if "owner_name" not in given else {}
    day = (NOW + timedelta(days=days)).date()
    return follow_ups.add(incident=incident, words="Double accord", due_on=day, by=by, now=NOW, **who, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 10, 24, 10, tzinfo=UTC), datetime(2026, 10, 25, 8, tzinfo=UTC)),  # the night that has 25 hours
        (datetime(2026, 3, 28, 10, tzinfo=UTC), datetime(2026, 3, 29, 7, tzinfo=UTC)),  # the one that has 23
        (datetime(2026, 11, 17, 5, tzinfo=UTC), datetime(2026, 11, 17, 8, tzinfo=UTC)),
    ],
)
def test_the_next_morning_is_nine_on_the_wall(now: datetime, morning: datetime) -> None:
    assert next_morning(now, PARIS) == morning


def test_one_is_asked_each_week_then_on_the_day_then_each_morning() -> None:
    asked = [ask_at(date(2026, 11, 30), NOW, PARIS)]
    while len(asked) < 5:
        asked.append(ask_at(date(2026, 11, 30), asked[-1], PARIS))
    assert [at.astimezone(PARIS).day for at in asked] == [24, 30, 1, 2, 3]


def test_a_missed_debrief_may_still_be_held() -> None:
    closed = NOW - timedelta(days=60)
    assert window("hot", closed, NOW)[1] == NOW + timedelta(hours=48)
    assert window("cold", closed, NOW)[1] == NOW + timedelta(weeks=2)
    assert window("cold", NOW, NOW) == (NOW + timedelta(weeks=2), NOW + timedelta(weeks=4))


def test_a_debrief_is_planned_again_until_it_is_signed(incident: Incident, lead: User) -> None:
    first, again = hot(incident, lead), hot(incident, lead, NOW + timedelta(hours=30))
    assert (first.pk, again.planned_at) == (again.pk, NOW + timedelta(hours=30))
    debriefs.write(debrief=again, told=SAID, by=lead, now=LATER)
    debriefs.sign(debrief=again, held_at=LATER, by=lead, now=LATER)
    given = {"incident": incident, "plan": Plan(NOW, lead), "by": lead, "now": NOW}
    assert refusal(debriefs.plan, kind="hot", **given) == "signed"
    assert refusal(debriefs.plan, kind="cold", **given) == "too_soon"
    assert refusal(debriefs.plan, kind="warm", **given) == "wrong_kind"


def test_what_was_signed_stays_and_signed_again_is_a_new_version(incident: Incident, lead: User) -> None:
    row = hot(incident, lead)
    debriefs.write(debrief=row, told=SAID, by=lead, now=LATER)
    debriefs.sign(debrief=row, held_at=LATER, by=lead, now=LATER)
    assert refusal(debriefs.sign, debrief=row, held_at=LATER, by=lead, now=LATER) == "nothing_new"
    debriefs.write(debrief=row, told=Told("Nous deux", "Un coup.", "", "", "Tout."), by=lead, now=LATER)
    debriefs.sign(debrief=row, held_at=LATER, by=lead, now=LATER)
    assert [one.content["people"] for one in row.versions.order_by("number")] == ["Nous trois", "Nous deux"]


@pytest.mark.parametrize(
    ("told", "code"),
    [(Told(), "nobody_there"), (Told(people="Nous"), "nothing_said"), (Told("\0 ", "x"), "nobody_there")],
)
def test_an_empty_debrief_is_not_signed(incident: Incident, lead: User, told: Told, code: str) -> None:
    row = debriefs.write(debrief=hot(incident, lead), told=told, by=lead, now=LATER)
    assert refusal(debriefs.sign, debrief=row, held_at=LATER, by=lead, now=LATER) == code


def test_a_debrief_holds_so_many_characters(incident: Incident, lead: User) -> None:
    told = Told(happened="é" * 50_000)
    assert refusal(debriefs.write, debrief=hot(incident, lead), told=told, by=lead, now=LATER) == "too_long"


def test_the_first_draft_is_made_from_the_log_and_fits(incident: Incident, lead: User) -> None:
    for number in range(12):
        timeline.log(
            incident=incident,
            kind="decision",
            text=f"Décision {number} " + "x" * 900,
            happened_at=NOW,
            by=lead,
            now=NOW,
        )
    told = read.prefilled(incident)
    assert str(lead) in told.people and "Décision 0" in told.happened
    assert len(told.happened) <= 8000 and "Décision 11" not in told.happened


def test_what_we_change_is_made_from_the_follow_ups_or_is_empty(incident: Incident, lead: User) -> None:
    Incident.objects.update(closing_note="Un confrère nous a visés.")
    assert read.prefilled(Incident.objects.get()).changes == ""
    change(incident, lead, owner_name="Rémi Costabel")
    assert read.prefilled(Incident.objects.get()).changes == "– Double accord (Rémi Costabel, 07/12/2026)"


def test_a_follow_up_has_words_an_owner_and_a_day_to_come(incident: Incident, lead: User) -> None:
    given = {"incident": incident, "by": lead, "now": NOW, "due_on": NOW.date()}
    assert refusal(follow_ups.add, words=" \0 ", owner=lead, **given) == "no_words"
    assert refusal(follow_ups.add, words="x" * 301, owner=lead, **given) == "too_long"
    assert refusal(follow_ups.add, words="x", **given) == "no_owner"
    assert refusal(follow_ups.add, words="x", owner=lead, owner_name="Rémi", **given) == "two_owners"
    given["due_on"] = NOW.date() - timedelta(days=1)
    assert refusal(follow_ups.add, words="x", owner=lead, **given) == "in_the_past"


def test_dropping_needs_a_reason_and_the_second_to_end_it_is_told(incident: Incident, lead: User) -> None:
    row = change(incident, lead)
    assert refusal(follow_ups.drop, follow_up=row, reason=" ", by=lead, now=LATER) == "no_reason"
    follow_ups.drop(follow_up=row, reason="Le client y renonce.", by=lead, now=LATER)
    assert refusal(follow_ups.finish, follow_up=row, by=lead, now=LATER) == "ended_already"
    follow_ups.take_back(follow_up=row, by=lead, now=LATER)
    assert follow_ups.finish(follow_up=row, by=lead, now=LATER, note="Fait.").state == "done"
    assert "Le client y renonce." in "".join(TimelineEntry.objects.values_list("text", flat=True))


def test_what_is_owed_is_asked_for_until_it_is_done(incident: Incident, lead: User) -> None:
    row, box = change(incident, lead, days=3), Letterbox()
    at = row.remind_at
    for _day in range(3):
        for kind, pk in asking.due(now=at):
            asking.ask(kind=kind, pk=pk, post=box, now=at)
        at = FollowUp.objects.get().remind_at
    assert [to for to, _subject, _body in box.letters] == [lead.email] * 3
    follow_ups.finish(follow_up=row, by=lead, now=at)
    assert asking.due(now=at + timedelta(days=99)) == []


def test_what_a_contact_owes_is_asked_of_the_lead_and_a_debrief_of_its_host(incident: Incident, lead: User) -> None:
    change(incident, lead, owner_name="Rémi Costabel")
    hot(incident, lead)
    box, at = Letterbox(), NOW + timedelta(days=30)
    sent = [asking.ask(kind=kind, pk=pk, post=box, now=at) for kind, pk in asking.due(now=at)]
    assert (sent, {to for to, _subject, _body in box.letters}) == ([1, 1], {lead.email})
    assert asking.ask(kind="debrief", pk=Debrief.objects.get().pk, post=box, now=at) == 0


def test_nobody_outside_is_written_to_about_a_restricted_incident(
    incident: Incident, lead: User, aldane: Client, person: MakePerson
) -> None:
    outsider = person("cm", aldane)
    row = follow_ups.add(
        incident=incident, words="x", owner=outsider, due_on=NOW.date() + timedelta(days=2), by=lead, now=NOW
    )
    Incident.objects.update(is_restricted=True)
    box = Letterbox()
    asking.ask(kind="follow_up", pk=row.pk, post=box, now=row.remind_at)
    assert [to for to, _subject, _body in box.letters] == [lead.email]
    assert not followed.seen(outsider).exists() and not followed.seen(None).exists()


def test_of_a_restricted_incident_a_reminder_says_the_reference_alone_and_of_a_drill_that_it_is_one(
    incident: Incident, lead: User
) -> None:
    row, box = change(incident, lead), Letterbox()
    hot(incident, lead)
    Incident.objects.update(is_restricted=True, kind="drill")
    for kind, pk in asking.due(now=row.remind_at):
        asking.ask(kind=kind, pk=pk, post=box, now=row.remind_at)
    assert len(box.letters) == 2
    for _to, subject, body in box.letters:
        assert subject.startswith("[") and "INC-" in subject
        assert not any(secret in subject + body for secret in ("Panne", "Double accord"))


def test_an_address_that_is_refused_is_said_in_the_log_once(incident: Incident, lead: User) -> None:
    row, box = change(incident, lead), Letterbox(lead.email)
    for _morning in range(2):
        at = FollowUp.objects.get().remind_at
        assert asking.ask(kind="follow_up", pk=row.pk, post=box, now=at) == 0
    assert incident.entries.filter(text__contains="Double accord").filter(text__contains="5").count() == 1


def test_whoever_owes_something_of_a_restricted_incident_is_named_or_does_not_owe_it(
    incident: Incident, lead: User, aldane: Client, person: MakePerson
) -> None:
    cm, other = person("cm", aldane), person("cm", aldane)
    Incident.objects.update(is_restricted=True)
    restricted = Incident.objects.get()
    change(restricted, lead, days=9)
    row = follow_ups.add(
        incident=restricted, words="Revoir", due_on=(NOW + timedelta(days=9)).date(), owner=cm, by=lead, now=NOW
    )
    assert gate.is_inside(restricted, cm) and not gate.is_inside(restricted, other)
    given = {"due_on": row.due_on, "owner": other, "owner_name": ""}
    assert refusal(follow_ups.move, follow_up=row, by=cm, now=NOW, **given) == "outside"
    plan = Plan(NOW + timedelta(hours=20), other)
    assert refusal(debriefs.plan, incident=restricted, kind="hot", plan=plan, by=cm, now=NOW) == "outside"
