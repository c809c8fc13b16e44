"""The life of a report: drafted, worded, signed, frozen, replaced."""

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from agency.models import AuditEvent, Client, User
from clients.models import Author
from incidents.services import incidents
from incidents.services.refusals import Refused
from reports.choices import ReportState
from reports.documents.content import Change
from reports.models import Report
from reports.services import readings, reports
from reports.tasks import draft_client
from tests import factories
from tests.conftest import MakePerson
from tests.reports import rooms
from tests.reports.rooms import CLOSED, DRAFTED

LATER = DRAFTED + timedelta(hours=1)
WORDS = {
    "title": "L’attaque venait d’un confrère",
    "bottom_line": "Aucun client perdu.\nUne seule réponse a suffi.",
    "decision_asked": "Tenir P-07 à jour.",
    "changes": [Change("Revoir P-07", "Claire Marchetti", date(2026, 12, 15))],
}


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def draft(lead: User) -> Report:
    return rooms.drafted(lead)


def refusal(act: object, **given: object) -> str:
    with pytest.raises(Refused) as caught:
        act(**given)  # type: ignore[operator]
    return caught.value.code


def test_a_closed_incident_gets_one_draft_and_only_one(lead: User) -> None:
    rooms.closed(lead)
    assert [report.version for report in reports.draft_due(now=DRAFTED)] == [1]
    assert reports.draft_due(now=LATER) == []


def test_an_open_incident_gets_none(lead: User) -> None:
    incident = rooms.opened(lead)
    assert reports.draft_due(now=LATER) == []
    assert refusal(reports.draft, incident=incident, now=LATER) == "not_closed"


def test_the_task_drafts_in_the_clients_schema(lead: User, aldane: Client) -> None:
    rooms.closed(lead)
    assert draft_client(schema_name=aldane.schema_name) == 1


def test_one_incident_that_breaks_does_not_stop_the_others(lead: User, caplog: pytest.LogCaptureFixture) -> None:
    first = rooms.closed(lead)
    type(first).objects.filter(pk=first.pk).update(qualification="?")
    other = incidents.open_by_hand(
        brand=factories.brand(), title="Autre", started_at=CLOSED, lead=lead, answers=rooms.ANSWERS, by=lead, now=CLOSED
    )
    incidents.close(incident=other, note="Rien.", unmet="Tout est calme.", hot=rooms.hot(lead), by=lead, now=CLOSED)
    assert [report.incident for report in reports.draft_due(now=DRAFTED)] == [other]
    assert first.reference in caplog.text


def test_the_draft_tells_the_finding_the_facts_and_the_decision_asked(draft: Report) -> None:
    content = reports.content_of(draft)
    assert draft.title == "Le pic a duré 15 min, l’incident 2 h 07"
    assert content.bottom_line[0] == "Un confrère a mis en cause nos délais."
    assert content.decision_asked == "Tenir la position P-07 à jour chaque trimestre."
    assert [number.value for number in content.numbers[:3]] == ["2 h 07", "25 min", "2"]
    assert content.decisions[-2].no_reply and content.decisions[-2].reason == "règle du silence."
    assert (content.client, content.severity, content.level) == ("Maison Aldane", draft.incident.severity, "crise")


def test_who_spoke_is_counted_by_kind_of_message(draft: Report) -> None:
    rows = {row.label: (row.accounts, row.messages) for row in reports.content_of(draft).who_spoke}
    assert rows == {
        "Réclamations et questions": (2, 2),
        "Moqueries et popcorn": (3, 3),
        "Autres, ou lecture incertaine": (20, 20),
    }


def test_no_account_is_named_even_when_the_log_names_some(lead: User) -> None:
    named = "Vu https://x.com/cm_rapid/status/12 de @cm_rapid et meute3, pas de Claire."
    report = rooms.drafted(lead, log=named, note="Merci à @un_inconnu. Ne rien changer.")
    written = json.dumps(report.content, ensure_ascii=False)
    assert not any(handle in written for handle in Author.objects.values_list("handle", flat=True))
    assert not any(name in written for name in ("cm_rapid", "un_inconnu"))
    assert "Vu x.com de [un compte] et [un compte], pas de Claire." in written


def test_the_second_incident_is_measured_against_the_first(draft: Report, lead: User) -> None:
    begins = CLOSED + timedelta(days=1)
    second = incidents.open_by_hand(
        brand=factories.brand(), title="Autre", started_at=begins, lead=lead, answers=rooms.ANSWERS, by=lead, now=begins
    )
    over = begins + timedelta(hours=1)
    incidents.close(incident=second, note="Rien.", unmet="Calme.", hot=rooms.hot(lead, over), by=lead, now=over)
    habits = [number.habit for number in reports.content_of(reports.draft(incident=second, now=begins)).numbers]
    assert habits[0] == "incident précédent : 2 h 07"
    assert reports.content_of(draft).numbers[0].habit == "premier incident mesuré"


def test_an_english_client_reads_english(lead: User, aldane: Client) -> None:
    Client.objects.filter(pk=aldane.pk).update(language="en")
    content = reports.content_of(rooms.drafted(lead))
    assert content.title == "The peak lasted 15 min, the incident 2 h 07"
    assert content.bottom_line[1].startswith("25 accounts spoke in 25 messages")


def test_a_person_rewords_and_the_machines_version_is_kept(draft: Report, lead: User) -> None:
    draft.refresh_from_db()
    machine = draft.drafted
    edited = reports.edit(report=draft, by=lead, now=LATER, **WORDS)
    content = reports.content_of(edited)
    assert (content.title, content.bottom_line[1]) == (WORDS["title"], "Une seule réponse a suffi.")
    assert (content.changes, edited.drafted) == (tuple(WORDS["changes"]), machine)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"title": " "}, "no_title"),
        ({"title": "x" * 201}, "too_long"),
        ({"bottom_line": "\n"}, "no_bottom_line"),
        ({"bottom_line": "a\nb\nc\nd\ne"}, "too_many_lines"),
        ({"title": "C’était @cm_rapid"}, "names_an_account"),
        ({"changes": [Change("Écrire à @cm_rapid", "Lou", date(2026, 12, 1))]}, "names_an_account"),
    ],
)
def test_unfit_words_are_refused(draft: Report, lead: User, given: dict[str, object], code: str) -> None:
    assert refusal(reports.edit, report=draft, by=lead, now=LATER, **{**WORDS, **given}) == code


def test_publishing_signs_hashes_and_leaves_a_trace(draft: Report, lead: User) -> None:
    published = reports.publish(report=draft, by=lead, now=LATER)
    assert (published.state, published.published_by, len(published.content_hash)) == (ReportState.PUBLISHED, lead, 64)
    assert reports.content_of(published).signed_by == lead.full_name
    assert reports.is_whole(published)
    assert AuditEvent.objects.filter(action="report.published", subject_id=str(draft.pk), user=lead).count() == 1


def test_a_cm_writes_but_does_not_publish_and_a_reader_does_neither(
    draft: Report, aldane: Client, person: MakePerson
) -> None:
    cm, reader = person("cm", aldane), person("owner", aldane)
    reports.edit(report=draft, by=cm, now=LATER, **WORDS)
    assert refusal(reports.publish, report=draft, by=cm, now=LATER) == "not_allowed"
    assert refusal(reports.edit, report=draft, by=reader, now=LATER, **WORDS) == "not_allowed"


def test_what_is_published_no_longer_changes(draft: Report, lead: User) -> None:
    published = reports.publish(report=draft, by=lead, now=LATER)
    assert refusal(reports.edit, report=published, by=lead, now=LATER, **WORDS) == "published"
    assert refusal(reports.publish, report=published, by=lead, now=LATER) == "published"
    for change in (
        {"title": "x"},
        {"bottom_line": "x"},
        {"content": {}},
        {"content_hash": "0" * 64},
        {"state": "draft"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=published.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=published.pk).delete()


def test_a_change_is_a_new_version_that_replaces_the_old_one(draft: Report, lead: User) -> None:
    reports.edit(report=draft, by=lead, now=LATER, **WORDS)
    first = reports.publish(report=draft, by=lead, now=LATER)
    second = reports.new_version(report=first, by=lead, now=LATER)
    assert (second.version, second.title) == (2, WORDS["title"])
    assert refusal(reports.new_version, report=first, by=lead, now=LATER) == "draft_waiting"
    reports.publish(report=second, by=lead, now=LATER)
    assert list(Report.objects.order_by("version").values_list("state", flat=True)) == ["replaced", "published"]


def test_an_incident_opened_and_closed_again_is_drafted_again_under_a_persons_words(draft: Report, lead: User) -> None:
    reports.edit(report=draft, by=lead, now=LATER, **WORDS)
    incident = incidents.reopen(incident=draft.incident, reason="Cela reprend.", by=lead, now=LATER)
    assert refusal(reports.publish, report=draft, by=lead, now=LATER) == "reopened"
    incidents.close(
        incident=incident,
        note="Cette fois c’est fini.",
        unmet="Tout est calme.",
        by=lead,
        now=LATER + timedelta(hours=1),
    )
    (again,) = reports.draft_due(now=LATER + timedelta(hours=2))
    content = reports.content_of(again)
    assert (again.pk, again.version, content.title) == (draft.pk, 1, WORDS["title"])
    assert content.ended_at == LATER + timedelta(hours=1)


def test_a_reading_is_noted_once_for_each_person_and_version(
    draft: Report, lead: User, aldane: Client, person: MakePerson
) -> None:
    reader = person("reader", aldane)
    assert [readings.note(report=draft, by=reader, now=LATER) for _ in range(3)] == [True, False, False]
    assert readings.note(report=draft, by=lead, now=LATER)
    assert len(readings.readers_of(draft)) == 2


def test_two_people_wording_one_draft_lose_nothing(aldane: Client, person: MakePerson, visit) -> None:
    lead, cm = person("lead", aldane), person("cm", aldane)
    report = rooms.drafted(lead)
    ana, bob = visit(lead, aldane), visit(cm, aldane)
    address = f"/agence/rapports/{report.pk}/"
    empty = {"form-TOTAL_FORMS": "0", "form-INITIAL_FORMS": "0"}
    shown = bob.get(address).context["form"].initial
    assert ana.post(address, {**shown, **empty, "title": "Le titre d’Ana"}).status_code == 302
    both = bob.post(address, {**shown, **empty, "title": "Le titre de Bob"})
    assert both.status_code == 409
    assert "Le titre d’Ana" in both.text and "Le titre de Bob" in both.text and str(lead) in both.text
    assert bob.post(address, {**shown, **empty, "decision_asked": "Valider."}).status_code == 302
    report.refresh_from_db()
    assert (report.title, report.decision_asked) == ("Le titre d’Ana", "Valider.")
