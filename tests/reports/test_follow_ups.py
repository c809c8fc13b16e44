"""What changes in a report comes from the follow-ups of its incident."""

from datetime import timedelta

from agency.models import Client
from incidents.services import follow_ups
from reports.admin.forms import MOST_CHANGES, rows_of
from reports.documents.content import Change
from reports.selectors.follow_ups import behind, changes_of
from reports.services import reports
from tests.conftest import MakePerson
from tests.reports import rooms


def test_follow_ups_are_proposed_to_whoever_words_the_report(aldane: Client, person: MakePerson) -> None:
    lead = person("lead", aldane)
    report = rooms.drafted(lead)
    day = rooms.CLOSED.date() + timedelta(days=9)
    given = {"incident": report.incident, "by": lead, "now": rooms.CLOSED, "due_on": day}
    follow_ups.add(words="Double accord", owner_name="Rémi Costabel", **given)
    dropped = follow_ups.add(words="Rien", owner=lead, **given)
    follow_ups.drop(follow_up=dropped, reason="Inutile.", by=lead, now=rooms.CLOSED)
    assert [(one.what, one.who) for one in changes_of(report.incident)] == [("Double accord", "Rémi Costabel")]
    report.changes = [{"what": "Double accord", "who": "Ana", "before": "2026-12-01"}]
    assert [row["who"] for row in rows_of(report)] == ["Ana"]
    for number in range(20):
        follow_ups.add(words=f"Chose {number}", owner=lead, **given)
    assert len(rows_of(report)) == MOST_CHANGES


def test_a_draft_takes_in_the_follow_ups_without_anybody_saving_it(aldane: Client, person: MakePerson) -> None:
    lead = person("lead", aldane)
    report = rooms.drafted(lead)
    given = {"incident": report.incident, "by": lead, "now": rooms.CLOSED, "owner_name": "Rémi Costabel"}
    row = follow_ups.add(words="Double accord", due_on=rooms.CLOSED.date() + timedelta(days=9), **given)
    reports.draft_due(now=rooms.DRAFTED)
    report.refresh_from_db()
    assert [one.what for one in reports.content_of(report).changes] == ["Double accord"]
    assert behind() == []
    follow_ups.drop(follow_up=row, reason="Inutile.", by=lead, now=rooms.CLOSED)
    reports.draft_due(now=rooms.DRAFTED)
    report.refresh_from_db()
    assert report.changes == []


def test_a_draft_that_breaks_does_not_stop_the_clockwork(aldane: Client, person: MakePerson) -> None:
    report = rooms.drafted(person("lead", aldane))
    report.drafted = {"changes": ["?"]}
    report.save()
    assert behind() == [report.pk]
    assert reports.draft_due(now=rooms.DRAFTED) == []


def test_what_a_person_wrote_or_signed_keeps_its_words(aldane: Client, person: MakePerson) -> None:
    lead = person("lead", aldane)
    report = rooms.drafted(lead)
    day = rooms.CLOSED.date() + timedelta(days=9)
    words = {"title": report.title, "bottom_line": report.bottom_line, "decision_asked": ""}
    reports.edit(report=report, changes=[Change("À la main", "Ana", day)], by=lead, now=rooms.DRAFTED, **words)
    given = {"incident": report.incident, "by": lead, "now": rooms.CLOSED, "owner": lead, "due_on": day}
    follow_ups.add(words="Double accord", **given)
    reports.draft_due(now=rooms.DRAFTED)
    report.refresh_from_db()
    assert [one["what"] for one in report.changes] == ["À la main"]
    assert [one["what"] for one in rows_of(report)] == ["À la main", "Double accord"]
    signed = reports.publish(report=report, by=lead, now=rooms.DRAFTED)
    follow_ups.add(words="Plus tard", **given)
    assert behind() == [] and not reports.take_follow_ups(report=report.pk)
    assert reports.is_whole(signed) and [one["what"] for one in signed.changes] == ["À la main"]
