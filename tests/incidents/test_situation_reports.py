"""A situation report announces the next one, is frozen, and goes out in four outputs."""

from datetime import datetime, timedelta

import pytest

from agency.models import Client, User
from incidents.models import Briefing, Incident, SituationReport
from incidents.services import incidents, situation_reports
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS

HALF_PAST = NOW + timedelta(minutes=30)


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def opened(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Meute", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )


def issue(
    incident: Incident,
    by: User,
    *,
    next_at: datetime | None = HALF_PAST,
    text: str = "Huit comptes relaient.",
    **more: object,
) -> SituationReport:
    given = {
        "expected": "",
        "done": "Position P-07 publiée.",
        "do_not": "Répondre au meneur.",
        "figures": [],
        "contacts": [],
    }
    return situation_reports.issue(
        incident=incident,
        bottom_line=text,
        next_at=next_at,
        is_last=next_at is None,
        by=by,
        now=NOW,
        **{**given, **more},
    )


def test_it_is_numbered_logged_and_announces_the_next(opened: Incident, lead: User) -> None:
    assert [issue(opened, lead).number, issue(opened, lead).number] == [1, 2]
    opened.refresh_from_db()
    assert (opened.next_update_at, opened.summary) == (HALF_PAST, "Huit comptes relaient.")
    assert opened.entries.count() == 3


def test_it_is_queued_to_the_contacts_in_the_clients_words(opened: Incident, lead: User) -> None:
    issue(opened, lead, contacts=[factories.contact()])
    assert "22:28" in Briefing.objects.get().body


def test_the_four_outputs_say_the_same(opened: Incident, lead: User) -> None:
    outputs = dict(situation_reports.outputs(issue(opened, lead)))
    assert set(outputs) == {"plain", "email", "slack", "whatsapp", "executive"}
    assert all("Huit comptes relaient." in text and "22:28" in text for text in outputs.values())


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"text": " "}, "no_bottom_line"),
        ({"next_at": NOW}, "next_is_past"),
        ({"text": "mot " * 150, "done": "mot " * 150, "do_not": "mot " * 60}, "too_long"),
    ],
)
def test_an_unfit_report_is_refused_and_nothing_is_written(
    opened: Incident, lead: User, given: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused) as caught:
        issue(opened, lead, **given)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_without_a_next_time_it_must_be_the_last(opened: Incident, lead: User) -> None:
    with pytest.raises(Refused, match="no_next"):
        situation_reports.issue(
            incident=opened, bottom_line="x", expected="", done="", do_not="", figures=[], next_at=None, is_last=False,
            contacts=[], by=lead, now=NOW,
        )  # fmt: skip
