"""The end of an incident in the browser: ticked, closed, looked back on, followed up."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agency.models import Client, User
from incidents import severity
from incidents.models import Alert, Briefing, Debrief, DebriefVersion, Draft, FollowUp, Incident, Task
from incidents.selectors import closing as read
from incidents.services import closing, drafts, follow_ups, incidents, to_do
from incidents.services.nature import Nature
from tests import factories
from tests.conftest import MakePerson

GRAVE = {"harm": "yes", "customers": "yes", "officials": "yes", "spread": "yes", "word": "yes"}
SIGNS = "Plus rien depuis deux heures\nChaque question a sa réponse"


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


def opened(by: User, answers: dict[str, str] | None = None) -> Incident:
    now = timezone.now()
    return incidents.open_by_hand(
        brand=factories.brand(), title="Un confrère frappe", started_at=now, lead=by,
        answers=answers or dict.fromkeys(severity.CODES, "no"), nature=Nature(exit_criteria=SIGNS), by=by, now=now,
    )  # fmt: skip


def local(hours: float) -> str:
    return f"{timezone.localtime(timezone.now() + timedelta(hours=hours)):%Y-%m-%dT%H:%M}"


def test_a_sign_is_ticked_and_unticked_from_the_page(visit, aldane: Client, lead: User) -> None:
    incident, browser = opened(lead), visit(lead, aldane)
    page = browser.post(f"/agence/incidents/{incident.number}/fini/1/cocher/", follow=True).text
    assert "Plus rien depuis deux heures" in page and str(lead) in page
    assert incident.criteria.get(number=1).met_by == lead
    browser.post(f"/agence/incidents/{incident.number}/fini/1/decocher/")
    assert incident.criteria.get(number=1).met_by is None


def test_the_closing_form_asks_for_a_reason_and_keeps_what_was_typed(visit, aldane: Client, lead: User) -> None:
    incident, browser = opened(lead), visit(lead, aldane)
    address = f"/agence/incidents/{incident.number}/clore/"
    answer = browser.post(address, {"note": "Ce qu’on retient.", "met": ["1"]}).text
    assert "Chaque question a sa réponse" in answer and "Ce qu’on retient." in answer
    incident.refresh_from_db()
    assert (incident.state, incident.criteria.get(number=1).met_by) == ("open", lead)
    browser.post(address, {"note": "Ce qu’on retient.", "met": ["2"]})
    incident.refresh_from_db()
    assert incident.state == "closed"


def test_a_grave_incident_closes_with_its_debrief_planned_in_the_same_form(visit, aldane: Client, lead: User) -> None:
    incident, browser = opened(lead, GRAVE), visit(lead, aldane)
    address, said = f"/agence/incidents/{incident.number}/clore/", {"note": "Fini.", "met": ["1", "2"]}
    assert 'type="datetime-local"' in browser.get(address).text
    browser.post(address, {**said, "hot_at": ""})
    incident.refresh_from_db()
    assert (incident.state, Debrief.objects.count()) == ("open", 0)
    browser.post(address, {**said, "hot_at": local(20), "hot_host": lead.pk})
    incident.refresh_from_db()
    assert (incident.state, Debrief.objects.get().host) == ("closed", lead)


def test_a_debrief_is_planned_written_from_the_log_and_signed(visit, aldane: Client, lead: User) -> None:
    incident, browser = opened(lead), visit(lead, aldane)
    address = f"/agence/incidents/{incident.number}/retex/chaud/"
    assert browser.get(address).status_code == 200
    browser.post(f"{address}prevoir/", {"at": local(3), "host": lead.pk})
    assert str(lead) in browser.get(address).text
    told = {"told-people": "Nous trois", "told-happened": "Un coup.", "told-changes": "Rien.", "sign": "1"}
    browser.post(f"{address}ecrire/", {**told, "signing-held_at": local(0)})
    version = DebriefVersion.objects.get()
    assert (version.number, version.by, version.content["people"]) == (1, lead, "Nous trois")
    assert "Nous trois" in browser.get(f"{address}?version=1").text


@pytest.mark.parametrize("slug", ["tiede", "hot", "0"])
def test_there_is_no_other_debrief(visit, aldane: Client, lead: User, slug: str) -> None:
    assert visit(lead, aldane).get(f"/agence/incidents/{opened(lead).number}/retex/{slug}/").status_code == 404


def test_a_follow_up_is_added_moved_done_and_taken_back(visit, aldane: Client, lead: User) -> None:
    incident, browser = opened(lead), visit(lead, aldane)
    day = f"{timezone.localdate() + timedelta(days=9):%Y-%m-%d}"
    said = {"follow-words": "Double accord", "follow-owner_name": "Rémi Costabel", "follow-due_on": day}
    browser.post(f"/agence/incidents/{incident.number}/suites/", said)
    row = FollowUp.objects.get()
    assert "Rémi Costabel" in browser.get("/agence/suites/").text
    browser.post(f"/agence/suites/{row.pk}/deplacer/", {"owner": lead.pk, "owner_name": "", "due_on": day})
    browser.post(f"/agence/suites/{row.pk}/faite/")
    row.refresh_from_db()
    assert (row.owner, row.state, row.ended_by) == (lead, "done", lead)
    browser.post(f"/agence/suites/{row.pk}/reprendre/")
    row.refresh_from_db()
    assert (row.state, row.ended_by) == ("open", None)


def test_follow_ups_of_a_restricted_incident_are_not_there_for_others(
    visit, aldane: Client, lead: User, person: MakePerson
) -> None:
    incident, now = opened(lead), timezone.now()
    follow_ups.add(incident=incident, words="Chose tue", owner=lead, due_on=timezone.localdate(), by=lead, now=now)
    Incident.objects.update(is_restricted=True)
    other = visit(person("cm", aldane), aldane)
    assert "Chose tue" not in other.get("/agence/suites/").text
    assert other.post(f"/agence/suites/{FollowUp.objects.get().pk}/faite/").status_code == 404
    assert "Chose tue" in visit(lead, aldane).get("/agence/suites/").text


def test_the_page_of_a_closed_grave_incident_says_what_is_missing(visit, aldane: Client, lead: User) -> None:
    incident = opened(lead, GRAVE)
    Incident.objects.update(state="closed", closed_at=timezone.now())
    page = visit(lead, aldane).get(f"/agence/incidents/{incident.number}/").text
    assert "closing-card" in page and page.count("is-stop") >= 1


def left_behind(incident: Incident, by: User) -> tuple[Task, Draft]:
    now = timezone.now()
    task = to_do.add(incident=incident, words="Rappeler <la> presse", due_at=now + timedelta(hours=1), by=by, now=now)
    about = drafts.About(brand=incident.brand, subject="Démenti", incident=incident)
    draft = drafts.begin(about=about, text="C’est faux.", by=by, now=now)
    return task, drafts.submit(draft=draft, version=1, by=by, now=now)


def test_the_closing_says_what_is_still_open_and_settles_what_is_ticked(visit, aldane: Client, lead: User) -> None:
    incident, browser = opened(lead), visit(lead, aldane)
    task, draft = left_behind(incident, lead)
    address = f"/agence/incidents/{incident.number}/clore/"
    page = browser.get(address).text
    assert "Rappeler &lt;la&gt; presse" in page and "Démenti" in page and f"#task-{task.number}" in page
    said = {"note": "Fini.", "met": ["1", "2"], "tasks": [task.number], "papers": [draft.pk]}
    assert Task.objects.get().state == "open" and "is-stop" not in page
    browser.post(address, said)
    assert (Incident.objects.get().state, Task.objects.get().state) == ("open", "open")
    browser.post(address, {**said, "unneeded": "La presse a rectifié."})
    assert (Incident.objects.get().state, Task.objects.get().state) == ("closed", "dropped")
    assert Draft.objects.get().state == "withdrawn"
    assert incident.entries.filter(text__contains="La presse a rectifié.").exists()


def test_what_somebody_else_settled_meanwhile_does_not_stop_the_closing(visit, aldane: Client, lead: User) -> None:
    incident, browser = opened(lead), visit(lead, aldane)
    done, draft = left_behind(incident, lead)
    other, _draft = left_behind(incident, lead)
    to_do.finish(task=done, by=lead, now=timezone.now())
    drafts.withdraw(draft=draft, by=lead, now=timezone.now())
    said = {"note": "Fini.", "met": ["1", "2"], "unneeded": "Rectifié.", "papers": [draft.pk, "x", "9" * 19]}
    answer = browser.post(f"/agence/incidents/{incident.number}/clore/", {**said, "tasks": [done.number, other.number]})
    assert answer.status_code == 302
    done.refresh_from_db()
    other.refresh_from_db()
    assert (Incident.objects.get().state, done.state, other.state) == ("closed", "done", "dropped")


def test_drafts_are_held_before_the_incident_as_by_whoever_decides_on_them(aldane: Client, lead: User) -> None:
    incident = opened(lead)
    task, draft = left_behind(incident, lead)
    given = {"tasks": [task.number], "papers": [draft.pk], "why": "Rectifié.", "by": lead, "now": timezone.now()}
    with CaptureQueriesContext(connection) as asked:
        closing.clear(incident=incident, **given)
    held = [one["sql"].partition("FROM ")[2].split()[0] for one in asked if "FOR UPDATE" in one["sql"]]
    assert held[:2] == ['"incidents_draft"', '"incidents_incident"']
    assert Draft.objects.get().state == "withdrawn"


def test_what_a_refused_closing_was_to_settle_stays_open(visit, aldane: Client, lead: User) -> None:
    incident, browser = opened(lead, GRAVE), visit(lead, aldane)
    task, _draft = left_behind(incident, lead)
    said = {"note": "Fini.", "met": ["1", "2"], "tasks": [task.number], "unneeded": "Rectifié.", "hot_at": ""}
    browser.post(f"/agence/incidents/{incident.number}/clore/", said)
    assert (Incident.objects.get().state, Task.objects.get().state) == ("open", "open")


def test_a_task_left_open_is_settled_from_the_page_of_the_closed_incident(visit, aldane: Client, lead: User) -> None:
    incident, browser = opened(lead), visit(lead, aldane)
    task, _draft = left_behind(incident, lead)
    browser.post(f"/agence/incidents/{incident.number}/clore/", {"note": "Fini.", "met": ["1", "2"]})
    page = browser.get(f"/agence/incidents/{incident.number}/").text
    acts = f"/agence/incidents/{incident.number}/taches/{task.number}/"
    assert f"{acts}faite/" in page and f"{acts}ranger/" in page and f"{acts}confier/" not in page
    browser.post(f"{acts}faite/")
    assert (Task.objects.get().state, Incident.objects.get().state) == ("done", "closed")
    browser.post(f"{acts}reprendre/")
    assert Task.objects.get().state == "open"


def test_an_unanswered_alert_and_an_unread_message_are_said_before_the_closing(aldane: Client, lead: User) -> None:
    incident, now = opened(lead), timezone.now()
    Alert.objects.create(incident=incident, matter="severity", started_at=now, remind_at=now)
    Briefing.objects.create(
        incident=incident, contact=factories.contact(), email="dir@example.net", subject="Point", body="…",
        state="sent", due_at=now, sent_at=now, by=lead, created_at=now,
    )  # fmt: skip
    left = read.left_open(incident, now)
    assert (left.alert is not None, len(left.unread)) == (True, 1)
    Briefing.objects.update(acknowledged_at=now)
    assert read.left_open(incident, now).unread == ()
