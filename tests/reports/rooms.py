"""A closed incident and its report, made through the services as people make them."""

import re
from datetime import datetime, timedelta

from agency.models import User
from clients.models import Mention
from incidents.models import Briefing, Incident
from incidents.services import briefings, criteria, incidents, situation_reports, timeline, watch
from incidents.services.debriefs import Plan
from reports.models import Report
from reports.services import reports
from tests import factories
from tests.conftest import NOW

ANSWERS = {"harm": "no", "customers": "yes", "officials": "no", "spread": "yes", "word": "yes"}
RAISED = NOW + timedelta(minutes=20)
CLOSED = NOW + timedelta(minutes=127)  # the strike begins with the bucket of 20:55
DRAFTED = CLOSED + timedelta(minutes=1)
NOTE = "Un confrère a mis en cause nos délais. Tenir la position P-07 à jour chaque trimestre."


def marks_on(page: bytes) -> str:
    """What a page of texts carries of them, as a browser sends it back."""
    found = re.search(r'name="seen" value="([^"]+)"', page.decode())
    assert found
    return found[1]


def proposed() -> Incident:
    """Three quiet weeks, a strike of twenty-five accounts, and the machine's proposal."""
    heard_by = factories.watch()
    factories.quiet_weeks(heard_by, NOW)
    watch.look(now=NOW)
    factories.strike(heard_by, NOW)
    Mention.objects.filter(author__handle__in=["meute1", "meute2"]).update(intent="complaint")
    Mention.objects.filter(author__handle__in=["meute3", "meute4", "meute5"]).update(intent="popcorn")
    watch.look(now=RAISED)
    return Incident.objects.get()


def opened(by: User, *, title: str = "Un confrère met en cause nos délais", log: str = "Captures faites.") -> Incident:
    """The same, confirmed, logged, briefed, with a situation report."""
    incident = proposed()
    at = RAISED + timedelta(minutes=4)
    incident = incidents.confirm(incident=incident, title=title, lead=by, answers=ANSWERS, by=by, now=at)
    timeline.log(incident=incident, kind="action", text=log, happened_at=at, by=by, now=at)
    decision = "Pas de réponse au second message : règle du silence."
    timeline.log(incident=incident, kind="decision", text=decision, happened_at=at, by=by, now=at)
    contact = factories.contact()
    briefings.brief(incident=incident, contacts=[contact], subject="Meute", body="Huit comptes.", by=by, now=at)
    Briefing.objects.update(state="sent", sent_at=at + timedelta(minutes=1))
    situation_reports.issue(
        incident=incident,
        bottom_line="Huit comptes relaient, aucun client touché.",
        expected="Rien avant le prochain point.",
        done="Position P-07 publiée.",
        do_not="Répondre deux fois.",
        figures=[("Mentions, dernier quart d’heure", "19", "habitude : 0 à 1")],
        next_at=at + timedelta(hours=1),
        is_last=False,
        contacts=[],
        by=by,
        now=at + timedelta(minutes=5),
    )
    incident.refresh_from_db()
    return incident


def closed(by: User, *, note: str = NOTE, **fields: str) -> Incident:
    incident = opened(by, **fields)
    for row in incident.criteria.all():
        criteria.tick(incident=incident, number=row.number, by=by, now=CLOSED)
    return incidents.close(incident=incident, note=note, hot=hot(by), by=by, now=CLOSED)


def hot(by: User, closed_at: datetime = CLOSED) -> Plan:
    """The debrief without which a grave incident does not close: the next day."""
    return Plan(closed_at + timedelta(hours=20), by)


def drafted(by: User, **fields: str) -> Report:
    return reports.draft(incident=closed(by, **fields), now=DRAFTED)


def published(by: User, **fields: str) -> Report:
    return reports.publish(report=drafted(by, **fields), by=by, now=DRAFTED + timedelta(hours=1))
