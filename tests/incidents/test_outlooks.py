"""Outlooks kept as they were told, judged afterwards, and shown on the page of the reading."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine

from agency.models import Client
from incidents.models import Incident, Outlook
from incidents.selectors import cases
from incidents.selectors import outlooks as seen
from incidents.services import outlooks, reading, watch
from tests import factories
from tests.conftest import NOW, Browser, MakePerson

HOUR = timedelta(hours=1)
AT = NOW + 2 * HOUR


@pytest.fixture
def struck(aldane: Client) -> Incident:
    """A hundred accounts in an hour and a half, after three quiet weeks."""
    heard_by = factories.watch()
    factories.quiet_weeks(heard_by, NOW)
    watch.look(now=NOW)
    factories.strike(heard_by, NOW, accounts=100, minutes=90)
    factories.mention("cc @DGCCRF <script>", NOW + HOUR, handle="meute1", heard_by=heard_by)
    watch.look(now=NOW + timedelta(minutes=20))
    watch.look(now=AT)
    return Incident.objects.get()


def told(made_at: datetime, phase: str = "peak", hours: tuple[float, ...] = ()) -> dict[str, object]:
    """`hours`: from which to which hour after NOW the return is foreseen."""
    moments = dict(zip(("from", "until"), ((NOW + hour * HOUR).isoformat() for hour in hours), strict=False))
    return {"made_at": made_at.isoformat(), "phase": phase, "half_life": None, "returns": moments, "high": 2}


def kept(incident: Incident, made_at: datetime, *hours: float) -> Outlook:
    row = outlooks.keep(incident=incident, told=told(made_at, hours=hours), now=made_at)
    assert row is not None
    return row


def test_an_outlook_is_kept_every_quarter_of_an_hour_and_when_the_phase_changes(struck: Incident) -> None:
    for minutes, phase in ((0, "peak"), (5, "peak"), (6, "decaying"), (10, "decaying"), (21, "decaying")):
        at = AT + timedelta(minutes=minutes)
        outlooks.keep(incident=struck, told=told(at, phase), now=at)
    assert list(Outlook.objects.values_list("phase", flat=True)) == ["peak", "decaying", "decaying"]


def test_what_an_older_reading_said_is_not_kept_again(struck: Incident) -> None:
    assert outlooks.keep(incident=struck, told=told(AT), now=AT + HOUR) is None
    assert outlooks.keep(incident=struck, told=None, now=AT) is None


def test_a_range_is_judged_once_six_hours_were_calm(struck: Incident) -> None:
    good = kept(struck, AT, 1, 3)
    late = kept(struck, AT + HOUR, 8, 10)
    assert outlooks.judge_due(now=NOW + 7 * HOUR) == 0
    Incident.objects.update(state="closed", closed_at=NOW + 7 * HOUR)
    assert outlooks.judge_due(now=NOW + 9 * HOUR) == 2
    good.refresh_from_db()
    late.refresh_from_db()
    assert (good.was_inside, late.was_inside) == (True, False)
    assert good.returned_at == struck.started_at + 2 * HOUR
    assert seen.record() == (1, 2, 1)


def test_a_range_that_went_by_without_a_return_did_not_hold(struck: Incident) -> None:
    Incident.objects.update(state="closed", closed_at=AT)
    for hours in range(2, 12):
        for who in range(5):
            at = NOW + hours * HOUR + timedelta(minutes=30)
            factories.mention("Toujours rien.", at, handle=f"encore{who}", heard_by=struck.signal.watch)  # type: ignore[union-attr]
    row = kept(struck, AT, 2, 3)
    assert outlooks.judge(incident=struck, now=AT + 9 * HOUR) == 1
    row.refresh_from_db()
    assert (row.was_inside, row.returned_at) == (False, None)


def test_a_case_carries_the_habit_the_past_and_what_its_accounts_wrote_before(struck: Incident) -> None:
    closed = {"state": "closed", "started_at": NOW - 90 * HOUR, "closed_at": NOW - 80 * HOUR}
    past = Incident.objects.create(number=77, brand=struck.brand, title="Avant", proposed_at=NOW, **closed)
    Outlook.objects.create(incident=past, made_at=NOW, phase="peak", returned_at=NOW - 85 * HOUR, was_inside=True)
    factories.mention("Bonjour.", NOW - 300 * HOUR, handle="meute3")
    case = cases.case_of(struck, AT)
    assert case.habit is not None
    assert case.habit[1] < 10
    assert [(row.reference, row.returned_at) for row in case.past] == [("INC-0077", NOW - 85 * HOUR)]
    assert [post.handle for post in case.before] == ["meute3"]
    assert case.held == (1, 1, 1)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_says_whether_it_will_pass(
    struck: Incident, visit: object, person: MakePerson, aldane: Client, language: str
) -> None:
    assert reading.read(incident=struck, now=AT)
    lead = person("lead", aldane)
    lead.language = language
    lead.save()
    with time_machine.travel(AT, tick=False):
        desk = visit(lead, aldane)  # type: ignore[operator]
        page = desk.get(f"/agence/incidents/{struck.number}/lecture/").content.decode()
    assert Outlook.objects.filter(incident=struck, returns_until__isnull=False).count() == 1
    assert 'id="outlook-wide-title"' in page
    assert "@dgccrf" in page
    assert 'id="clock-title"' in page
    assert "<script>" not in page.replace('<script src="', "")


def test_the_list_of_outlooks_says_how_often_the_range_held(
    aldane: Client, person: MakePerson, visit: Callable[..., Browser]
) -> None:
    incident = Incident.objects.create(
        number=90, brand=factories.brand(), title="Coup", started_at=NOW, proposed_at=NOW, state="dismissed"
    )
    for hour, held in enumerate((True, True, False, None)):
        at = NOW + timedelta(hours=hour)
        Outlook.objects.create(
            incident=incident, made_at=at, phase="decaying", returns_until=at, returns_from=at, was_inside=held
        )
    page = visit(person("cm", aldane), aldane).get("/agence/incidents/outlook/").content.decode()
    assert "2 prévisions sur 3 ont tenu chez ce client, en 1 incident." in page
    assert "17\u00a0nov. 21:58 – 17\u00a0nov. 21:58" in page
