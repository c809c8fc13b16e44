"""What changes in a report comes from the follow-ups of its incident."""

from datetime import timedelta

from agency.models import Client
from incidents.services import follow_ups
from reports.admin.forms import MOST_CHANGES, rows_of
from reports.selectors.follow_ups import changes_of
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
