"""A whole crisis night of three people, told in order: nobody uses anything but Rempart and their mail.

The night of 24 to 25 October 2026, when the clock goes back from 3 h to 2 h. Inès, the CM, is on call; Marc leads the
team; Claire agrees to words at the client's. Posts come by the push API, acts by the pages, letters by a real server.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from agency.models import Client
from clients.models import Brand, Contact, Mention
from incidents.models import (
    Alert,
    AlertCall,
    Briefing,
    Debrief,
    Draft,
    ExitCriterion,
    FollowUp,
    Incident,
    Milestone,
    NoAnswer,
    Relief,
    SituationReport,
    Task,
)
from incidents.selectors import care
from incidents.services import calls
from reports.demo.aldane import ALDANE
from reports.demo.rapidolin import RAPIDOLIN
from tests.conftest import MakePerson
from tests.flows.night import SMTP, Night, draft_form, log_of, page_of, team_of
from tests.flows.stage import House, Visit
from tests.incidents.mailbox import mailbox

BEGINS = datetime.fromisoformat("2026-10-24T21:07:00+02:00")
SHIFT = (datetime.fromisoformat("2026-10-24T20:00:00+02:00"), datetime.fromisoformat("2026-10-25T12:00:00+01:00"))
GRAVE = {"harm": "no", "customers": "yes", "officials": "no", "spread": "yes", "word": "yes"}  # severity 2
LESSER = {"harm": "no", "customers": "no", "officials": "no", "spread": "no", "word": "yes"}  # severity 3
TITLE, SECRET = "Un confrère moque nos délais", "Conduite d’un salarié"
OVER = "Une heure sans nouveau message\nLe fil du confrère ne grandit plus"
SILENT = "Il n’attend que cela."
RUDE, CALM = "Nos confrères feraient mieux de se taire.", "Nous remboursons sous 14 jours, chaque dossier est suivi."


def clock(hour: str, *, day: int = 25) -> float:
    """Minutes from the first post to an hour written with its own offset, such as 02:40+02:00: the night has two."""
    return (datetime.fromisoformat(f"2026-10-{day}T{hour}") - BEGINS) / timedelta(minutes=1)


@pytest.fixture
def night(aldane: Client, visit: Visit, person: MakePerson, settings: Settings) -> Iterator[Night]:
    with mailbox() as box:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", box.port
        length = RAPIDOLIN.length / timedelta(minutes=1)
        stage = Night(ALDANE, RAPIDOLIN, BEGINS, length, House(aldane, visit, person("director")))
        stage.people(team_of(aldane, person), box, SHIFT)
        stage.act(-600, stage.team.marc, "/agence/fiches/copier/", copy="1")
        yield stage


def test_a_crisis_night(night: Night) -> None:
    incident, heard = the_strike_is_heard(night)
    who_is_on_call_cannot_be_reached_and_the_next_rung_comes_at_once(night, incident, heard)
    the_lead_answers_by_the_link_and_confirms(night, incident, heard)
    the_first_report_is_read_within_minutes(night, incident, heard)
    parts_are_given_and_tasks_done(night, incident)
    words_are_refused_rewritten_agreed_to_and_published(night, incident)
    one_post_is_left_without_an_answer(night, incident)
    secret = a_second_incident_is_restricted(night)
    a_late_report_is_asked_for(night, incident)
    one_looks_again_at_what_was_left_unanswered(night)
    the_hour_that_comes_twice_is_counted_once_each(night, incident)
    it_is_handed_over_at_three(night, incident)
    who_is_not_in_never_sees_the_second_one(night, secret)
    it_is_back_to_normal_and_does_not_close_too_easily(night, incident)
    it_is_looked_back_on_and_followed_up(night, incident)
    the_log_is_whole_and_the_milestones_are_right(night, incident, heard)


def the_strike_is_heard(night: Night) -> tuple[Incident, float]:
    night.hear(night.at(-1))
    assert not Incident.objects.exists()
    for quarter in range(1, 13):
        night.hear(night.at(quarter / 4))
        if found := Incident.objects.first():
            return found, quarter / 4
    pytest.fail("not heard within three minutes")


def who_is_on_call_cannot_be_reached_and_the_next_rung_comes_at_once(
    night: Night, incident: Incident, heard: float
) -> None:
    night.box.unknown = {night.team.ines.email}
    assert night.beat(heard, times=3) == [night.team.marc.email], "the address of the person on call bounces"
    first, second = AlertCall.objects.order_by("place")
    assert (first.person, first.state, second.state) == (night.team.ines, "failed", "sent")
    assert second.sent_at and second.sent_at - night.at(heard) < timedelta(seconds=30)
    assert any(night.team.ines.full_name in line and "550" in line for line in log_of(incident))


def the_lead_answers_by_the_link_and_confirms(night: Night, incident: Incident, heard: float) -> None:
    marc = night.team.marc
    night.touch(heard + 0.5, night.link(marc.email, "alerte"))
    assert (Alert.objects.get().answered_by, Alert.objects.get().how) == (marc, "link")
    assert calls.due(now=night.at(heard + 60)) == [], "an answered alert is silent"
    night.act(
        heard + 1.5, marc, f"{page_of(incident)}confirmer/", title=TITLE, lead=marc.pk, type="cm_attacked",
        exit_criteria=OVER, **GRAVE,
    )  # fmt: skip
    incident.refresh_from_db()
    assert (incident.state, incident.severity, incident.qualification) == ("open", 2, "crisis")
    assert ExitCriterion.objects.count() == 2
    assert incident.next_update_at and incident.next_update_at - night.at(heard + 1.5) < timedelta(minutes=61)


def the_first_report_is_read_within_minutes(night: Night, incident: Incident, heard: float) -> None:
    contact = Contact.objects.get(rank=1)
    assert contact.email in night.beat(heard + 1.6), "the client is called for what a person confirmed"
    night.touch(heard + 1.8, night.link(contact.email, "alerte"))
    assert Alert.objects.latest("started_at").answered_contact == contact
    night.report(heard + 2, night.team.marc, incident)
    assert contact.email in night.beat(heard + 2.1)
    briefing = Briefing.objects.get(contact=contact)
    assert briefing.sent_at and briefing.sent_at - BEGINS <= timedelta(minutes=5)
    night.touch(heard + 4, night.link(contact.email, "lu"))
    briefing.refresh_from_db()
    assert briefing.acknowledged_at


def parts_are_given_and_tasks_done(night: Night, incident: Incident) -> None:
    night.box.unknown = set()  # Inès calls back: her mailbox is mended
    page, first = page_of(incident), Task.objects.order_by("due_at", "number")[0]
    night.act(10, night.team.marc, f"{page}equipe/", **{"part-duty": "scribe", "part-person": night.team.ines.pk})
    night.act(12, night.team.ines, f"{page}taches/{first.number}/faite/")
    first.refresh_from_db()
    assert first.state == "done"
    night.act(13, night.team.ines, f"{page}main-courante/", text="21:15 décision : on ne répond pas sous le fil.")
    assert incident.entries.get(text__contains="sous le fil").kind == "decision"
    assert night.team.marc.email in night.beat(46), "what is late is asked for"


def words_are_refused_rewritten_agreed_to_and_published(night: Night, incident: Incident) -> None:
    ines, claire, words = night.team.ines, night.team.claire, "/mots-a-valider/"
    night.act(47, ines, "/agence/brouillons/nouveau/", **draft_form(incident, RUDE))
    draft = Draft.objects.get()
    staff, client = f"/agence/brouillons/{draft.pk}/", f"{words}brouillons/{draft.pk}/"
    assert claire.email in night.beat(48)
    assert RUDE in night.see(49, claire, words)
    night.act(50, claire, f"{client}refuser/", version=1, said="Jamais un mot sur les confrères.")
    assert "Jamais un mot sur les confrères." in night.see(51, ines, staff)
    night.act(52, ines, f"{staff}mots/", text=CALM, why="Sans le confrère", version=1, submit="1")
    night.act(53, ines, f"{staff}valider/", version=2)
    draft.refresh_from_db()
    assert draft.state == "waiting", "nobody agrees to words of their own"
    night.act(54, claire, f"{client}valider/", version=2)
    post = {"published-url": "https://x.com/maisonaldane/status/1", "version": 2}
    night.act(56, ines, f"{staff}publie/", **post)
    draft.refresh_from_db()
    assert draft.state == "published"


def one_post_is_left_without_an_answer(night: Night, incident: Incident) -> None:
    night.hear(night.at(57))
    post = Mention.objects.filter(author__handle="cm_rapidolin").latest("published_at")
    said = {"reason": SILENT, "look_again": "dans 2 h"}
    night.act(58, night.team.ines, f"/agence/tri/mentions/{post.pk}/sans-reponse/", **said)
    assert NoAnswer.objects.get().incident == incident


def a_second_incident_is_restricted(night: Night) -> Incident:
    night.act(
        62, night.team.marc, "/agence/incidents/ouvrir/", brand=Brand.objects.get().pk, title=SECRET, type="people",
        lead=night.team.marc.pk, restricted_because="Une personne est en cause.", **LESSER,
    )  # fmt: skip
    secret = Incident.objects.get(title=SECRET)
    assert secret.is_restricted
    night.act(63, night.team.marc, f"{page_of(secret)}main-courante/", text="Le service du personnel est prévenu.")
    return secret


def a_late_report_is_asked_for(night: Night, incident: Incident) -> None:
    incident.refresh_from_db()
    assert incident.next_update_at
    late = (incident.next_update_at - BEGINS) / timedelta(minutes=1) + 1
    for _round in range(2):
        night.beat(late)
        assert night.told(night.team.marc, f"{page_of(incident)}point/") == 1, "asked for, once a round"
    night.report(late + 4, night.team.marc, incident, next_hour="02:30")
    incident.refresh_from_db()
    assert incident.next_update_at == night.at(clock("02:30+02:00")), "the first of the two"
    assert SituationReport.objects.filter(incident=incident).count() == 2


def one_looks_again_at_what_was_left_unanswered(night: Night) -> None:
    night.hear(night.at(90))  # it falls, and the reading says until when
    for minutes, letters in ((58 + 119, 0), (58 + 121, 1)):
        night.beat(minutes)
        assert night.told(night.team.ines, SILENT) == letters
    row = NoAnswer.objects.get()
    night.act(58 + 123, night.team.ines, f"/agence/brouillons/sans-reponse/{row.pk}/", outcome="silent")


def the_hour_that_comes_twice_is_counted_once_each(night: Night, incident: Incident) -> None:
    for hour in ("01:30+02:00", "02:10+02:00"):
        night.act(clock(hour), night.team.marc, f"{page_of(incident)}main-courante/", text="Rien de nouveau.")
    at = clock("02:40+02:00")
    night.beat(at)
    assert night.told(night.team.marc, f"{page_of(incident)}point/") == 2, "late since 02:30, the first one"
    night.report(at, night.team.marc, incident)
    incident.refresh_from_db()
    assert incident.next_update_at == night.at(clock("02:40+01:00")), "an hour later by the watch, not by the wall"
    night.act(clock("02:20+01:00"), night.team.marc, f"{page_of(incident)}main-courante/", text="02:55 le fil dort.")
    assert incident.entries.get(text="le fil dort.").happened_at == night.at(clock("02:55+02:00"))
    night.beat(clock("02:35+01:00"))
    assert night.told(night.team.marc, f"{page_of(incident)}point/") == 2, "nothing is late in the second hour"


def it_is_handed_over_at_three(night: Night, incident: Incident) -> None:
    marc, ines, page = night.team.marc, night.team.ines, page_of(incident)
    (told,) = care.hours_of([marc], asked_by=marc, client=night.client, now=night.at(clock("03:00+01:00")))
    assert told.told.in_a_row / timedelta(minutes=1) == pytest.approx(150, abs=0.1), "since 1:30: two hours and a half"
    note = night.proposed(clock("02:56+01:00"), marc, f"{page}releve/") | {"to": ines.pk}
    assert TITLE in str(note["situation"]) or incident.reference in str(note["situation"])
    night.act(clock("02:57+01:00"), marc, f"{page}releve/", **note)
    relief = Relief.objects.get()
    night.see(clock("02:59+01:00"), ines, f"{page}releve/")
    night.act(clock("03:00+01:00"), ines, f"{page}releve/{relief.pk}/accepter/")
    incident.refresh_from_db()
    assert incident.lead == ines
    night.report(clock("03:05+01:00"), ines, incident)
    incident.refresh_from_db()
    assert incident.next_update_at == night.at(clock("04:05+01:00"))


def who_is_not_in_never_sees_the_second_one(night: Night, secret: Incident) -> None:
    ines, marc, at = night.team.ines, night.team.marc, clock("03:10+01:00")
    assert night.status(at, marc, page_of(secret)) == 200
    assert night.status(at, ines, page_of(secret)) == 404
    for path in ("/agence/", "/agence/incidents/", "/agence/brouillons/", "/agence/garde/notes/", "/agence/suites/"):
        shown = night.see(at, ines, path)
        assert SECRET not in shown and secret.reference not in shown, path
    assert night.told(marc, secret.reference), "its late report is asked for too"
    letters = [str(one["Subject"]) + one.get_content() for one in night.box.received]
    assert not [one for one in letters if SECRET in one], "a mail is read on a screen that others see"
    to_ines = [one for one in night.box.received if one["To"] != marc.email]
    assert not [one for one in to_ines if secret.reference in str(one["Subject"]) + one.get_content()]


def it_is_back_to_normal_and_does_not_close_too_easily(night: Night, incident: Incident) -> None:
    ines, marc, close = night.team.ines, night.team.marc, f"{page_of(incident)}clore/"
    for hours in (8, 13):
        night.hear(night.at(60 * hours))
    assert Milestone.objects.filter(incident=incident, kind__code="normal").exists()
    at = clock("10:10+01:00")
    assert night.refused(at, ines, close, note="Fini.") == "403", "a lead closes"
    assert OVER.split("\n")[1] in night.refused(at, marc, close, note="Fini."), "not before what was to be true is"
    every = [str(row.number) for row in ExitCriterion.objects.filter(incident=incident)]
    assert "48" in night.refused(at + 1, marc, close, note="Fini.", met=every), "nor without its debrief planned"
    incident.refresh_from_db()
    assert incident.state == "open"
    night.act(at + 2, marc, close, note="Ne pas répondre a suffi.", hot_at="2026-10-26T10:00", hot_host=marc.pk)
    incident.refresh_from_db()
    assert (incident.state, incident.next_update_at) == ("closed", None)


def it_is_looked_back_on_and_followed_up(night: Night, incident: Incident) -> None:
    marc, ines, monday = night.team.marc, night.team.ines, clock("10:00+01:00", day=26)
    night.beat(monday - 30)
    assert night.told(marc, f"{page_of(incident)}#closing") == 1, "asked for on the morning of the day"
    page = f"{page_of(incident)}retex/chaud/"
    said = {"people": "Inès, Marc", "happened": "Un confrère a frappé.", "worked": "", "failed": "L’adresse d’Inès.",
            "changes": "Vérifier les adresses chaque soir."}  # fmt: skip
    told = {f"told-{name}": text for name, text in said.items()}
    night.act(monday + 45, marc, f"{page}ecrire/", sign="1", **{"signing-held_at": "2026-10-26T10:00"}, **told)
    debrief = Debrief.objects.get()
    assert debrief.signed_at and debrief.version == 1
    follow = {"follow-words": "Vérifier les adresses", "follow-owner": ines.pk, "follow-due_on": "2026-10-27"}
    night.act(monday + 46, marc, f"{page_of(incident)}suites/", debrief=debrief.pk, **follow)
    row = FollowUp.objects.get()
    for day in (27, 28):
        night.beat(clock("09:05+01:00", day=day))
        assert night.told(ines, row.words) == day - 26, "until it is done"
    night.act(clock("09:30+01:00", day=28), ines, f"/agence/suites/{row.pk}/faite/", note="Fait avec l’hébergeur.")
    night.beat(clock("09:05+01:00", day=29))
    assert night.told(ines, row.words) == 2


def the_log_is_whole_and_the_milestones_are_right(night: Night, incident: Incident, heard: float) -> None:
    said = StringIO()
    call_command("verify_log", night.client.schema_name, stdout=said)
    connection.set_tenant(night.client)
    assert ", 0 broken" in said.getvalue()
    rows = Milestone.objects.filter(incident=incident).values_list("kind__code", "reached_at")
    reached = {code: (at.astimezone(UTC) - BEGINS) / timedelta(minutes=1) for code, at in rows}
    wanted = ["started", "detected", "proposed", "acknowledged", "confirmed", "briefed", "first_word", "normal"]
    moments = [reached[code] for code in [*wanted, "closed"]]
    assert moments[:7] == sorted(moments[:7]) and reached["closed"] == max(moments)
    assert reached["acknowledged"] == pytest.approx(heard + 0.5, abs=0.2)
    assert reached["confirmed"] == pytest.approx(heard + 1.5, abs=0.2)
    assert reached["briefed"] <= 5
    assert reached["first_word"] == pytest.approx(56, abs=0.2)
