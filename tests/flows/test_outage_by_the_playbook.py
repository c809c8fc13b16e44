"""An outage run by its playbook: copied in peace, followed at night, reminded of, matched again, left as it was."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import override_settings

from agency.models import Client
from clients.models import PlaybookStep
from incidents.models import Incident, Task
from incidents.tasks import remind_due
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.mailbox import mailbox
from tests.incidents.test_incidents import ANSWERS


@pytest.fixture
def night(visit, aldane: Client):
    """night(minutes, who, path, **form): the page, or the form sent, so long after the outage began."""

    def go(minutes, who, path, **form):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            browser = visit(who, aldane)
            answer = browser.post(path, form) if form else browser.get(path)
        connection.set_tenant(aldane)
        assert answer.status_code in {200, 302}, answer.content.decode()[:1000]
        return answer.content.decode()

    return go


def to_do(state: str = "open") -> list[str]:
    return list(Task.objects.filter(state=state).order_by("due_at", "number").values_list("words", flat=True))


def test_an_outage_is_run_by_its_playbook(night, aldane: Client, person: MakePerson) -> None:
    lead, cm = person("lead", aldane), person("cm", aldane)
    night(-600, lead, "/agence/fiches/copier/", copy="1")

    # 21:58, the shop is down: the incident is opened with its type, and the first tasks are there.
    opening = {"brand": factories.brand().pk, "title": "La boutique ne répond plus", "lead": lead.pk, "type": "outage"}
    night(0, lead, "/agence/incidents/ouvrir/", **opening, **ANSWERS)
    page = f"/agence/incidents/{Incident.objects.get().number}/"
    assert to_do()[0] == "Faire confirmer la panne\u00a0: quoi, où, depuis quand"
    assert len(to_do()) == 7

    # The CM does the first; the lead hands over; what is late reaches whoever leads now, by a real server.
    night(5, cm, f"{page}taches/1/faite/", done="1")
    night(8, lead, f"{page}pilote/", lead=cm.pk)
    with mailbox() as box, override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=box.port, EMAIL_BACKEND=SMTP):
        with time_machine.travel(NOW + timedelta(minutes=21), tick=True):
            remind_due(schema_name=aldane.schema_name)
        connection.set_tenant(aldane)
        assert [letter["To"] for letter in box.received] == [cm.email]
        assert "Suspendre les publications programmées" in box.received[0].get_content()

    # It was a leak: other tasks are called for, what was done stays, what was open is put away.
    night(25, cm, f"{page}nature/", type="leak", family="", exit_criteria="Le délégué le dit.")
    assert to_do("done") == ["Faire confirmer la panne\u00a0: quoi, où, depuis quand"]
    assert len(to_do("dropped")) == 6
    assert "Ne jamais reprendre ni ouvrir les données publiées" in to_do()

    # Somebody edits the playbook: this night keeps its copy. And the log tells it all.
    PlaybookStep.objects.update(words="Autre chose")
    assert "Autre chose" not in night(30, cm, page)
    log = list(Incident.objects.get().entries.values_list("text", flat=True))
    assert sum("F-01" in line for line in log) == 2
    assert sum("F-06" in line for line in log) == 1


SMTP = "django.core.mail.backends.smtp.EmailBackend"
