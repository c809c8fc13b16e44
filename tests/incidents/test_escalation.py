"""A proposal calls until somebody answers; an answer stops every call; nobody answering is said."""

from datetime import time, timedelta

import pytest

from agency.models import Client, Membership
from clients.models import ContactChannel
from incidents.models import Alert, AlertCall, Incident, TimelineEntry
from incidents.services import alert_words, claims, escalation, incidents
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.ladders import AGENCY, Night, ladder, night, proposal
from tests.incidents.test_incidents import ANSWERS

MINUTE = timedelta(minutes=1)


@pytest.fixture
def there(aldane: Client, person: MakePerson) -> Night:
    ladder(*AGENCY)
    return night(aldane, person)


def confirm(incident: Incident, there: Night, at=NOW, **answers: str) -> Incident:
    return incidents.confirm(
        incident=incident, title="Grève", lead=there.lead, answers={**ANSWERS, **answers}, by=there.lead, now=at
    )


def test_a_proposal_climbs_the_ladder_in_time(there: Night) -> None:
    proposal()
    told = [there.ring(NOW + minutes * MINUTE) for minutes in (0, 4, 5, 10, 15, 29, 30)]
    one = there.cm.email
    assert told == [[one], [], [one], [there.backup.email], [there.lead.email], [], [there.director.email]]


@pytest.mark.parametrize("how", ["claim", "confirm", "page"])
def test_an_answer_stops_every_pending_call(there: Night, how: str) -> None:
    incident = proposal()
    there.ring(NOW)
    if how == "claim":
        claims.claim(incident=incident, by=there.backup, now=NOW)
    elif how == "confirm":
        confirm(incident, there)
    else:
        escalation.acknowledge(incident=incident, by=there.cm, how=how, now=NOW)
    assert there.ring(NOW + timedelta(days=2)) == []
    assert Alert.objects.get().how == how
    assert set(AlertCall.objects.values_list("state", flat=True)) == {"sent", "stopped"}


def test_the_second_answer_changes_nothing(there: Night) -> None:
    incident = proposal()
    assert escalation.acknowledge(incident=incident, by=there.cm, how="page", now=NOW)
    assert escalation.acknowledge(incident=incident, by=there.lead, how="page", now=NOW) is None
    assert Alert.objects.get().answered_by == there.cm


@pytest.mark.parametrize("ends", ["dismiss", "close"])
def test_what_is_set_aside_or_closed_calls_nobody(there: Night, ends: str) -> None:
    incident = proposal()
    if ends == "dismiss":
        incidents.dismiss(incident=incident, reason="Rien", by=there.cm, now=NOW)
    else:
        escalation.stop(incident=incident, now=NOW)
    assert there.ring(NOW + timedelta(days=2)) == []


def test_a_proposal_taken_up_again_calls_again(there: Night) -> None:
    incident = proposal()
    incidents.dismiss(incident=incident, reason="Rien", by=there.cm, now=NOW)
    incidents.take_up(incident=incident, by=there.lead, now=NOW + MINUTE)
    assert there.ring(NOW + MINUTE) == [there.cm.email]


def test_a_failing_address_brings_the_next_rung_forward(there: Night) -> None:
    there.post.refused.add(there.cm.email)
    incident = proposal()
    assert there.ring(NOW) == [there.backup.email]
    assert incident.entries.filter(text__contains="550 no such user").count() == 2


def test_a_failing_channel_goes_to_the_next_channel_of_the_same_person(there: Night) -> None:
    ContactChannel.objects.create(person=there.cm, kind="email", sealed="mobile@sms.test")
    there.post.refused.add("mobile@sms.test")
    proposal()
    assert there.ring(NOW) == [there.cm.email]


def test_a_busy_server_is_tried_twice_more(there: Night) -> None:
    there.post.busy.add(there.cm.email)
    proposal()
    assert there.ring(NOW) == []
    there.post.busy.clear()
    assert there.ring(NOW + timedelta(seconds=30)) == [there.cm.email]


def test_a_server_that_stays_busy_does_not_hold_up_the_next_rung(there: Night) -> None:
    there.post.busy.add(there.cm.email)
    proposal()
    seconds = [there.ring(NOW + timedelta(seconds=after)) for after in (0, 30, 90, 120, 180)]
    assert seconds == [[], [], [], [], [there.backup.email]]


def test_whoever_is_on_call_when_the_call_leaves_is_called(there: Night, aldane: Client) -> None:
    proposal()
    there.ring(NOW)
    there.cm.shifts.update(taken_off_at=NOW)
    assert there.ring(NOW + 5 * MINUTE) == [there.backup.email]
    gap = AlertCall.objects.get(place=2)
    assert (gap.state, bool(gap.error)) == ("failed", True)


def test_nobody_told_is_said_at_once_and_again(aldane: Client, person: MakePerson) -> None:
    there = Night(*(person("lead") for _ in range(4)))
    proposal()
    everybody = sorted(one.email for one in (there.cm, there.backup, there.lead, there.director))
    assert sorted(there.ring(NOW)) == everybody
    assert there.ring(NOW + 14 * MINUTE) == []
    assert sorted(there.ring(NOW + 15 * MINUTE)) == everybody


def test_leads_who_could_not_be_told_are_not_said_to_be(aldane: Client, person: MakePerson) -> None:
    there = Night(*(person("lead") for _ in range(4)))
    people = {one.email for one in (there.cm, there.backup, there.lead, there.director)}
    proposal()
    there.post.refused = set(people)
    there.ring(NOW), there.ring(NOW + 2 * MINUTE)
    there.post.refused.clear()
    there.ring(NOW + 4 * MINUTE), there.ring(NOW + 19 * MINUTE)
    said = TimelineEntry.objects.filter(text__regex=r"550|\(4\)").order_by("number").values_list("text", flat=True)
    assert ["550" in words for words in said] == [True, False]


def test_told_and_unanswered_is_said_after_the_last_rung(there: Night) -> None:
    proposal()
    for minutes in range(31):
        there.ring(NOW + minutes * MINUTE)
    assert there.ring(NOW + 44 * MINUTE) == []
    assert sorted(there.ring(NOW + 45 * MINUTE)) == sorted([there.lead.email, there.director.email])


def test_it_is_told_apart_whether_anybody_was_called(there: Night) -> None:
    proposal()
    alert = Alert.objects.select_related("incident__brand").get()
    there.lead.language = "en"
    said = [alert_words.of_reminder(alert, there.lead, told=told).subject for told in (0, 2)]
    assert said == ["INC-0001: nobody was told", "INC-0001: nobody answers"]
    alert.matter = "confirmed"  # then it is the client’s contacts who do not answer
    said = [alert_words.of_reminder(alert, there.lead, told=told).subject for told in (0, 2)]
    assert said == ["INC-0001: no contact was told", "INC-0001: no contact answers"]


def test_a_silence_has_a_reason_and_an_undo(there: Night) -> None:
    proposal()
    alert = Alert.objects.get()
    with pytest.raises(Refused, match="no_reason"):
        escalation.silence(alert=alert, reason=" ", by=there.lead, now=NOW)
    escalation.silence(alert=alert, reason="Je suis dessus", by=there.lead, now=NOW)
    AlertCall.objects.update(state="sent", sent_at=NOW)
    assert there.ring(NOW + timedelta(days=1)) == []
    escalation.speak_again(alert=alert, by=there.lead, now=NOW + timedelta(days=1))
    assert len(there.ring(NOW + timedelta(days=1))) == 2


class TestContacts:
    """The client's people: once a person has confirmed, by severity, in their own hours."""

    @pytest.fixture(autouse=True)
    def _contacts(self, there: Night) -> None:
        self.claire = factories.contact()
        self.yann = factories.contact("yann@aldane.test", name="Yann Keravel")
        worst = [("contact", 0, self.claire), ("contact", 10, self.yann)]
        ladder(*worst, name="Grave", severities=[1, 2])

    def confirmed(self, there: Night, severity: int, at=NOW) -> Incident:
        incident = confirm(proposal(at), there, at)
        Alert.objects.filter(state="calling").delete()
        Incident.objects.filter(pk=incident.pk).update(severity=severity)
        incident.refresh_from_db()
        escalation.start(incident=incident, matter="confirmed", now=at)
        return incident

    def test_a_proposal_calls_none_of_them(self, there: Night) -> None:
        proposal()
        told = {to for minutes in range(60) for to in there.ring(NOW + minutes * MINUTE)}
        assert told == {one.email for one in (there.cm, there.backup, there.lead, there.director)}

    def test_a_grave_one_calls_them_one_after_the_other(self, there: Night) -> None:
        self.confirmed(there, 1)
        assert there.ring(NOW) == [self.claire.email]
        assert there.ring(NOW + 10 * MINUTE) == [self.yann.email]

    def test_a_mild_one_wakes_nobody(self, there: Night) -> None:
        self.confirmed(there, 3)
        assert there.ring(NOW + timedelta(days=1)) == []

    def test_raised_it_tells_only_those_who_do_not_know(self, there: Night) -> None:
        incident = self.confirmed(there, 2)
        there.ring(NOW)
        escalation.start(incident=incident, matter="raised", now=NOW + MINUTE)
        assert there.ring(NOW + MINUTE) == [self.yann.email]

    def test_opened_again_it_tells_everybody_anew(self, there: Night) -> None:
        incident = self.confirmed(there, 2)
        there.ring(NOW)
        escalation.acknowledge(incident=incident, contact=self.claire, how="link", now=NOW)
        escalation.start(incident=incident, matter="reopened", now=NOW + MINUTE)
        assert there.ring(NOW + MINUTE) == [self.claire.email]

    def test_in_quiet_hours_the_backup_is_called(self, there: Night) -> None:
        self.claire.quiet_from, self.claire.quiet_until, self.claire.backup = time(21), time(7), self.yann
        self.claire.save()
        self.confirmed(there, 2)  # 21:58 in Paris
        assert there.ring(NOW) == [self.yann.email]

    def test_without_a_backup_they_wait_for_the_morning_and_the_next_is_called(self, there: Night) -> None:
        self.claire.quiet_from, self.claire.quiet_until = time(21), time(7)
        self.claire.save()
        self.confirmed(there, 2)
        assert there.ring(NOW) == [self.yann.email]
        morning = NOW.replace(hour=6, minute=0) + timedelta(days=1)  # 7:00 in Paris
        assert AlertCall.objects.get(contact=self.claire, state="due").due_at == morning

    def test_the_worst_pierces_quiet_hours(self, there: Night) -> None:
        self.claire.quiet_from, self.claire.quiet_until, self.claire.backup = time(21), time(7), self.yann
        self.claire.save()
        self.confirmed(there, 1)
        assert there.ring(NOW) == [self.claire.email]

    def test_backups_in_a_circle_end(self, there: Night) -> None:
        for one, other in ((self.claire, self.yann), (self.yann, self.claire)):
            one.quiet_from, one.quiet_until, one.backup = time(21), time(7), other
            one.save()
        self.confirmed(there, 2)
        assert set(there.ring(NOW)) == {there.lead.email, there.director.email}  # nobody was told: the leads are

    def test_a_drill_and_a_restricted_incident_call_no_contact(self, there: Night) -> None:
        incident = self.confirmed(there, 1)
        Alert.objects.update(state="stopped")
        for field in ({"kind": "drill"}, {"kind": "real", "is_restricted": True}):
            Incident.objects.filter(pk=incident.pk).update(**field)
            assert escalation.start(incident=incident, matter="confirmed", now=NOW) is None

    def test_restricted_in_the_meantime_it_calls_no_contact_either(self, there: Night) -> None:
        incident = self.confirmed(there, 1)
        Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
        assert not {self.claire.email, self.yann.email} & {to for m in range(60) for to in there.ring(NOW + m * MINUTE)}
        assert incident.entries.filter(kind="message", text__contains=self.claire.name).exists()


def test_a_restricted_incident_calls_insiders_only_and_says_its_reference_only(there: Night) -> None:
    incident = proposal()
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True, title="Secret de famille")
    told = {to for minutes in range(120) for to in there.ring(NOW + minutes * MINUTE)}
    assert told == {there.director.email}
    assert not any("Secret" in subject + body for _to, subject, body in there.post.sent)


def test_whoever_left_the_agency_is_not_called(there: Night) -> None:
    proposal()
    Membership.objects.filter(user=there.lead).delete()
    told = {to for minutes in range(31) for to in there.ring(NOW + minutes * MINUTE)}
    assert there.lead.email not in told
