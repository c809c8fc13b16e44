"""A night on the stage of tests/flows: its team, their ladder, the clockwork, and a mail server that is real."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import time_machine
from django.db import connection
from django.test import Client as Browser

from agency.models import Client, Shift, User
from clients.models import ApprovalPolicy, Contact
from incidents import tasks
from incidents.models import Incident
from tests.conftest import host_of
from tests.flows.stage import Stage
from tests.incidents.ladders import ladder
from tests.incidents.mailbox import Mailbox

SMTP = "django.core.mail.backends.smtp.EmailBackend"
CLOCKWORK: tuple[Callable[..., Any], ...] = (
    tasks.call_due, tasks.send_due, tasks.remind_due, tasks.ask_for_reports, tasks.chase_client, tasks.ask_due,
)  # fmt: skip
BEAT_S = 5  # what is due leaves at the next beat


@dataclass(frozen=True)
class Team:
    """Three people: who is on call, who leads the team, and who agrees to words at the client's."""

    ines: User
    marc: User
    claire: User


class Night(Stage):
    """The evening's stage with its team and its post: `minutes` count from the first post, in real minutes."""

    team: Team
    box: Mailbox

    def people(self, team: Team, box: Mailbox, shift: tuple[datetime, datetime]) -> None:
        """What is there before it begins: a shift, who is called for what, who approves words."""
        self.team, self.box = team, box
        starts, ends = shift
        Shift.objects.create(
            person=team.ines, client=self.client, rank="primary", starts_at=starts, ends_at=ends, made_by=team.marc,
            made_at=starts,
        )  # fmt: skip
        ladder(("on_call", 0), ("lead", 5), name="Agence")
        ladder(("contact", 0, Contact.objects.get(rank=1)), name="Maison Aldane", severities=[1, 2])
        ApprovalPolicy.objects.create().steps.create(rank=1, role="client")

    def beat(self, minutes: float, times: int = 1) -> list[str]:
        """The clockwork turns so often, every five seconds; to whom mail left."""
        before = len(self.box.received)
        for turn in range(times):
            with time_machine.travel(self.at(minutes + turn * BEAT_S / 60), tick=True):
                for task in CLOCKWORK:
                    task(schema_name=self.client.schema_name)
        connection.set_tenant(self.client)
        return [str(letter["To"]) for letter in self.box.received[before:]]

    def letters(self, to: str) -> list[str]:
        """The letters to that address, subject and text."""
        return [f"{one['Subject']}\n{one.get_content()}" for one in self.box.received if one["To"] == to]

    def told(self, who: User, words: str) -> int:
        """How many letters to that person hold those words."""
        return sum(words in letter for letter in self.letters(who.email))

    def link(self, to: str, begins: str) -> str:
        """The path of the link in the last letter to that address."""
        found = re.search(rf"/{begins}/\S+", self.letters(to)[-1])
        assert found, "no link in the letter"
        return found[0]

    def touch(self, minutes: float, path: str) -> None:
        """Somebody without an account opens a link of a letter and presses its button."""
        browser = Browser(HTTP_HOST=host_of(self.client))
        with time_machine.travel(self.at(minutes), tick=True):
            assert browser.get(path).status_code == 200
            assert browser.post(path).status_code == 302
        connection.set_tenant(self.client)

    def refused(self, minutes: float, who: User, path: str, **given: object) -> str:
        """Somebody sends a form that is not accepted: what its page says against it, or the status alone."""
        with time_machine.travel(self.at(minutes), tick=True):
            answer = self.visit(who, self.client).post(path, given)
            said = html.unescape(str(answer.context["form"].errors)) if answer.status_code == 200 else ""
        connection.set_tenant(self.client)
        assert answer.status_code != 302, "it was accepted"
        return said or str(answer.status_code)

    def status(self, minutes: float, who: User, path: str) -> int:
        """What a page answers to that person."""
        with time_machine.travel(self.at(minutes), tick=True):
            found = self.visit(who, self.client).get(path).status_code
        connection.set_tenant(self.client)
        return int(found)

    def proposed(self, minutes: float, who: User, path: str, form: str = "form") -> dict[str, Any]:
        """The fields of a form as the page proposes them, ready to be sent."""
        with time_machine.travel(self.at(minutes), tick=True):
            shown = self.visit(who, self.client).get(path).context[form]
            given = {shown[name].html_name: shown[name].value() for name in shown.fields}
        connection.set_tenant(self.client)
        return {name: value for name, value in given.items() if value is not None and value is not False}

    def report(self, minutes: float, who: User, incident: Incident, **said: object) -> None:
        """A situation report left as the page proposes it, but for what is said otherwise."""
        page = f"{page_of(incident)}point/"
        self.act(minutes, who, page, **{**self.proposed(minutes, who, page), **said})


def page_of(incident: Incident) -> str:
    return f"/agence/incidents/{incident.number}/"


def log_of(incident: Incident) -> list[str]:
    """The lines of the log, in the order they were written."""
    return list(incident.entries.order_by("id").values_list("text", flat=True))


def draft_form(incident: Incident, text: str) -> dict[str, object]:
    """What the page of a new draft sends, with the button that submits it at once."""
    return {
        "incident": incident.number, "subject": "Réponse au confrère", "text": text, "network": "x", "language": "fr",
        "token": uuid4(), "submit": "1",
    }  # fmt: skip


def team_of(client: Client, person: Callable[..., User]) -> Team:
    return Team(person("cm", client), person("lead", client), person("approver", client))
