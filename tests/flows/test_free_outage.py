"""One crisis from end to end, on real messages: a French operator's outage of 19 July 2024.

2,502 real tweets, pseudonymised, from December 2020 to June 2025; the network failed on 19 July 2024, the first alarm
being possible at 17:15 UTC. The file is not in a user's clone: without it this test is skipped.
"""

import csv
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client as Browser
from pypdf import PdfReader
from pytest_django import Settings

from agency.models import AuditEvent, Client, User
from clients.models import Brand, Contact, Mention, Watch
from incidents.models import Incident, IncidentReading, Signal
from incidents.services import timeline, watch
from incidents.tasks import read_client_incidents, send_due
from reports.models import Report
from reports.tasks import draft_client
from tests.conftest import MakePerson
from tests.incidents.mailbox import Mailbox, mailbox
from tests.reports.rooms import marks_on

SHARED = Path(os.environ.get("REMPART_SURGE_DATA", Path(__file__).parents[3] / "shared" / "data" / "surge"))
TWEETS = SHARED / "free_fr.csv"
TITLE = "Le réseau était en panne : le pic est retombé dans la soirée"
ANSWERS = {"harm": "no", "customers": "yes", "officials": "no", "spread": "yes", "word": "no"}

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not TWEETS.exists(), reason=f"real tweets are not there: {TWEETS}"),
]


def utc(day: str, hour: str = "00:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{hour}:00+00:00").astimezone(UTC)


class Story:
    """The client, its people, and the tweets that had been written at a given moment."""

    def __init__(self, client: Client, visit: Callable[..., Browser], folder: Path) -> None:
        self.client, self.visit, self.folder = client, visit, folder
        with TWEETS.open(newline="", encoding="utf-8") as file:
            self.rows = list(csv.DictReader(file))
        self.brand = Brand.objects.create(name="Free")
        own = {row["author"] for row in self.rows if row["brand_side"] == "True"}
        self.watch = Watch.objects.create(brand=self.brand, name="Nom de la marque", ignored_authors=sorted(own))

    def hear(self, until: datetime) -> None:
        """Imports with the command what had been written by then, as a person would on that day."""
        path = self.folder / "tweets.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            kept = csv.DictWriter(file, self.rows[0])
            kept.writeheader()
            kept.writerows(row for row in self.rows if datetime.fromisoformat(row["created_at"]) < until)
        with time_machine.travel(until, tick=True):
            call_command(
                "import_mentions", self.client.schema_name, path, columns=[("published_at", "created_at")],
                source="Tweets", network="x", timezone="UTC", strict=True, stdout=StringIO(),
            )  # fmt: skip
        connection.set_tenant(self.client)

    def act(self, at: datetime, who: User, path: str, **given: object) -> None:
        """Somebody sends a form on the client's host at that moment; it must be accepted."""
        with time_machine.travel(at, tick=True):
            answer = self.visit(who, self.client).post(path, given)
        connection.set_tenant(self.client)
        assert answer.status_code == 302, answer.content.decode()[:2000]

    def read(self, at: datetime, who: User, path: str) -> bytes:
        with time_machine.travel(at, tick=True):
            answer = self.visit(who, self.client).get(path)
        connection.set_tenant(self.client)
        assert answer.status_code == 200
        return bytes(answer.content)

    def reads(self, at: datetime) -> dict[str, Any]:
        """What is read of the one incident at that moment, all that was written by then being heard."""
        self.hear(at)
        watch.look(now=at)
        self.wake(at, read_client_incidents)
        told: dict[str, Any] = IncidentReading.objects.get().sections
        return told

    def wake(self, at: datetime, task: Callable[..., object]) -> None:
        """The clockwork wakes a task for this client."""
        with time_machine.travel(at, tick=True):
            task(schema_name=self.client.schema_name)
        connection.set_tenant(self.client)


@pytest.fixture
def box(settings: Settings) -> Iterator[Mailbox]:
    with mailbox() as opened:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", opened.port
        yield opened


def test_the_outage_is_heard_run_told_and_read(
    aldane: Client, person: MakePerson, visit: Callable[..., Browser], box: Mailbox, tmp_path: Path
) -> None:
    story = Story(aldane, visit, tmp_path)
    lead, owner = person("lead", aldane), person("owner", aldane)
    contact = Contact.objects.create(name="Claire Marchetti", email="claire@free.test")
    incident = the_outage_surfaces_by_1745(story)
    the_incident_is_run(story, incident, lead, contact, box)
    the_reading_calls_it_an_outage_and_no_pack(story, incident, lead)
    the_incident_is_closed(story, incident, lead)
    report = the_report_is_signed(story, incident, lead)
    the_client_reads_it(story, report, owner)
    the_months_beside_stay_quiet(story)


def the_outage_surfaces_by_1745(story: Story) -> Incident:
    story.hear(utc("2024-07-19", "17:45"))
    assert [watch.look(now=at) for at in (utc("2024-07-18"), utc("2024-07-19", "17:00"))] == [[], []]
    (signal,) = watch.look(now=utc("2024-07-19", "17:45"))
    assert utc("2024-07-19", "16:30") <= signal.started_at < signal.detected_at <= utc("2024-07-19", "17:45")
    assert signal.detected_at <= signal.raised_at <= utc("2024-07-19", "17:45")
    incident = Incident.objects.get()
    assert (incident.state, incident.signal) == ("proposed", signal)
    return incident


def the_incident_is_run(story: Story, incident: Incident, lead: User, contact: Contact, box: Mailbox) -> None:
    page, day = f"/agence/incidents/{incident.number}/", "2024-07-19"
    story.act(utc(day, "17:48"), lead, f"{page}confirmer/", title="Panne nationale", lead=lead.pk, **ANSWERS)
    story.act(
        utc(day, "17:50"), lead, f"{page}main-courante/", kind="fact", text="Le réseau confirme la panne.", happened=""
    )
    story.act(
        utc(day, "17:52"),
        lead,
        f"{page}prevenir/",
        contacts=contact.pk,
        subject="Panne nationale",
        body="Le réseau est en panne.",
    )
    story.wake(utc(day, "17:53"), send_due)
    story.act(
        utc(day, "18:00"), lead, f"{page}point/", bottom_line="Panne confirmée, le réseau y travaille.",
        expected="Ne rien publier avant le prochain point.", next_hour="20:45", contacts=contact.pk,
    )  # fmt: skip
    story.wake(utc(day, "18:01"), send_due)
    assert [message["To"] for message in box.received] == ["claire@free.test"] * 2
    assert "20:45" in box.received[1].get_content()


def the_reading_calls_it_an_outage_and_no_pack(story: Story, incident: Incident, lead: User) -> None:
    """At one hour it is too early or growing, at two a range is given; customers complain, nobody acts together."""
    day = "2024-07-19"
    phases = [story.reads(utc(day, hour))["outlook"]["phase"] for hour in ("17:40", "18:15", "19:15", "20:15")]
    assert phases[0] == "too_early" and phases[1] in {"growing", "peak"} and phases[3] == "decaying"
    told = story.reads(utc(day, "20:20"))
    assert not told["pack"]["is_pack"], "a real surge is not a pack"
    parts = Counter(row["role"] for row in told["people"]["rows"])
    assert parts["customer"] >= 20 and parts["customer"] > parts["follower"] and not parts["instigator"]
    assert told["people"]["popcorn_share"] < 0.1 and told["called"]["rows"] == []
    assert "failure" in {sign["code"] for sign in told["outlook"]["signs"] if sign["is_ticked"]}
    assert told["outlook"]["returns"]["until"] > told["outlook"]["returns"]["from"]
    page = story.read(utc(day, "20:21"), lead, f"/agence/incidents/{incident.number}/lecture/").decode()
    assert "Rien ne montre une meute" in page


def the_incident_is_closed(story: Story, incident: Incident, lead: User) -> None:
    page, day = f"/agence/incidents/{incident.number}/", "2024-07-19"
    story.hear(utc(day, "22:00"))
    # The incident silences the volume; legal and safety words are told all the same, within it.
    assert {signal.stream for signal in watch.look(now=utc(day, "22:00"))} <= {"urgent"}
    story.act(
        utc(day, "22:05"),
        lead,
        f"{page}clore/",
        note="Le réseau est revenu. Prévenir le CM dès qu’une panne est connue.",
        unmet="Le réseau est revenu.",
        hot_at="2024-07-20T10:00",
        hot_host=lead.pk,
    )
    assert timeline.broken_links(incident) == []
    assert incident.attachments.count() > 80


def the_report_is_signed(story: Story, incident: Incident, lead: User) -> Report:
    story.wake(utc("2024-07-19", "22:06"), draft_client)
    draft = Report.objects.get(incident=incident)
    assert re.match(r"Le pic a duré .+, l’incident \d+\u00a0h", draft.title)
    page = f"/agence/rapports/{draft.pk}/"
    marks = marks_on(story.read(utc("2024-07-20", "07:50"), lead, page))
    words = {"title": TITLE, "bottom_line": draft.bottom_line, "decision_asked": draft.decision_asked, "seen": marks}
    change = {
        "form-0-what": "Ajouter le CM à la liste du réseau",
        "form-0-who": "Claire Marchetti",
        "form-0-before": "2024-08-01",
    }
    story.act(
        utc("2024-07-20", "08:00"), lead, page, **words, **change, **{"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0}
    )
    story.act(utc("2024-07-20", "08:05"), lead, f"{page}publier/")
    draft.refresh_from_db()
    assert draft.state == "published"
    return draft


def the_client_reads_it(story: Story, report: Report, owner: User) -> None:
    at = utc("2024-07-20", "09:00")
    assert TITLE in story.read(at, owner, "/rapports/").decode()
    told = story.read(at, owner, f"/rapports/{report.pk}/").decode()
    assert TITLE in told and "Prévenir le CM dès qu’une panne est connue." in told
    pdf = PdfReader(BytesIO(story.read(at, owner, f"/rapports/{report.pk}/rapport.pdf")))
    assert TITLE in (pdf.metadata.title or "") and "Ajouter le CM" in " ".join(
        (pdf.pages[0].extract_text() or "").split()
    )
    handles = Mention.objects.filter(incidents=report.incident).values_list("author__handle", flat=True)
    assert not [handle for handle in handles if handle in told]
    assert AuditEvent.objects.get(action="report.read").user == owner


def the_months_beside_stay_quiet(story: Story) -> None:
    """From the first tweet of December 2020 to the last of June 2025, nothing else was out of the habit."""
    story.hear(utc("2025-07-01"))
    assert Mention.objects.count() == len(story.rows)
    for day in ("2024-07-26", "2024-09-01", "2025-01-01", "2025-07-01"):
        assert {signal.stream for signal in watch.look(now=utc(day))} <= {"urgent"}
    assert Signal.objects.filter(stream="all").count() == 1 == Incident.objects.exclude(signal__stream="urgent").count()
