"""From what a watch caught to a signal and a proposal."""

from datetime import timedelta

import pytest

from agency.models import Client
from incidents.choices import IncidentState, SignalState
from incidents.models import Baseline, Incident, IncidentMention, Signal
from incidents.services import attachments, incidents, watch
from tests import factories
from tests.conftest import NOW

ANSWERS = {"harm": "no", "customers": "no", "officials": "no", "spread": "yes", "word": "yes"}


@pytest.fixture
def struck(aldane: Client) -> object:
    heard_by = factories.watch()
    factories.quiet_weeks(heard_by, NOW)
    watch.look(now=NOW)
    factories.strike(heard_by, NOW)
    return heard_by


def test_a_strike_raises_one_signal_with_its_reasons(struck: object) -> None:
    raised = watch.look(now=NOW + timedelta(minutes=20))
    assert len(raised) == 1
    assert any("remboursement" in reason.lower() for reason in raised[0].reasons["fr"])
    assert raised[0].first_mention is not None


def test_the_alarm_does_not_wait_for_the_end_of_the_five_minutes(struck: object) -> None:
    assert watch.look(now=NOW + timedelta(minutes=18, seconds=40))


def test_looking_again_raises_nothing_more(struck: object) -> None:
    for minute in range(10, 60, 5):
        watch.look(now=NOW + timedelta(minutes=minute))
    assert Signal.objects.count() == 1
    assert Incident.objects.count() == 1


def test_the_proposal_holds_the_mentions_of_the_strike_and_goes_on_taking_them(struck: object) -> None:
    watch.look(now=NOW + timedelta(minutes=20))
    proposed = Incident.objects.get()
    assert proposed.state == IncidentState.PROPOSED
    before = IncidentMention.objects.filter(incident=proposed).count()
    factories.strike(proposed.signal.watch, NOW + timedelta(minutes=21), accounts=5)
    watch.look(now=NOW + timedelta(minutes=45))
    assert IncidentMention.objects.filter(incident=proposed).count() == before + 5


def test_what_a_person_took_out_is_not_brought_back_by_the_machine(
    struck: object, person: object, aldane: Client
) -> None:
    watch.look(now=NOW + timedelta(minutes=20))
    proposed = Incident.objects.get()
    lead, taken = person("cm", aldane), IncidentMention.objects.filter(incident=proposed)[0].mention_id  # type: ignore[operator]
    attachments.detach(incident=proposed, mention_ids=[taken], by=lead, now=NOW)
    factories.mention("Encore.", NOW + timedelta(minutes=22), heard_by=proposed.signal.watch)
    watch.look(now=NOW + timedelta(minutes=30))
    assert not IncidentMention.objects.filter(incident=proposed, mention=taken).exists()
    assert attachments.attach(incident=proposed, mention_ids=[taken], by=lead, now=NOW).new == 1


def test_quiet_days_raise_nothing(aldane: Client) -> None:
    heard_by = factories.watch()
    factories.quiet_weeks(heard_by, NOW)
    assert watch.look(now=NOW) == []
    assert Signal.objects.count() == 0


def test_a_strike_found_in_an_import_of_history_is_a_signal_and_not_a_proposal(aldane: Client) -> None:
    heard_by = factories.watch()
    factories.quiet_weeks(heard_by, NOW)
    factories.strike(heard_by, NOW)
    watch.look(now=NOW + timedelta(days=30))
    signal = Signal.objects.get()
    assert signal.state == SignalState.NEW
    assert signal.detected_at <= NOW + timedelta(minutes=20)
    assert Incident.objects.count() == 0


def test_history_imported_later_is_learnt_from(aldane: Client) -> None:
    heard_by = factories.watch()
    factories.mention("Un début.", NOW - timedelta(hours=5), heard_by=heard_by)
    watch.look(now=NOW)
    factories.quiet_weeks(heard_by, NOW - timedelta(days=2))
    watch.look(now=NOW + timedelta(minutes=6))
    assert heard_by.baselines.get(stream="all").state["memory"]["watched"] > 0
    assert heard_by.baselines.get(stream="all").looked_until > NOW - timedelta(hours=3)


def test_an_open_incident_silences_its_watch(struck: object, person: object, aldane: Client) -> None:
    watch.look(now=NOW + timedelta(minutes=20))
    lead = person("cm", aldane)  # type: ignore[operator]
    proposed = Incident.objects.get()
    incidents.confirm(incident=proposed, title="Meute", lead=lead, answers=ANSWERS, by=lead, now=NOW)
    Signal.objects.update(detected_at=NOW - timedelta(days=2), started_at=NOW - timedelta(days=2))
    factories.strike(proposed.signal.watch, NOW + timedelta(hours=14), accounts=90)
    assert watch.look(now=NOW + timedelta(hours=15)) == []


def test_a_signal_whose_worker_died_before_proposing_is_proposed_by_the_next(struck: object) -> None:
    signal = watch.look_at(watch=struck, now=NOW + timedelta(minutes=20))[0]  # type: ignore[arg-type]
    watch.look(now=NOW + timedelta(minutes=21))  # the worker was killed here, before its second transaction
    assert Incident.objects.get().signal == signal


def test_a_watch_that_breaks_us_silences_no_other(struck: object, caplog: pytest.LogCaptureFixture) -> None:
    broken = factories.watch("Abîmée")
    factories.mention("Rien.", NOW, heard_by=broken)
    Baseline.objects.create(watch=broken, state={"what": "is this"}, looked_until=NOW, updated_at=NOW)
    assert len(watch.look(now=NOW + timedelta(minutes=20))) == 1
    assert Incident.objects.count() == 1
    assert "Abîmée" in caplog.text


def test_two_watches_that_hear_one_strike_propose_one_incident(aldane: Client) -> None:
    first, second = factories.watch(), factories.watch("Hashtag")
    for heard_by in (first, second):
        factories.quiet_weeks(heard_by, NOW)
        factories.strike(heard_by, NOW)
    watch.look(now=NOW + timedelta(minutes=20))
    assert Signal.objects.count() == 2
    assert Incident.objects.count() == 1


def test_closing_an_incident_proposes_no_second_one_from_what_was_heard_meanwhile(aldane: Client) -> None:
    for heard_by in (factories.watch(), factories.watch("Hashtag")):
        factories.quiet_weeks(heard_by, NOW)
        factories.strike(heard_by, NOW)
    watch.look(now=NOW + timedelta(minutes=20))
    Incident.objects.update(state=IncidentState.CLOSED, closed_at=NOW + timedelta(minutes=40), opened_at=NOW)
    watch.look(now=NOW + timedelta(minutes=41))
    assert (Incident.objects.count(), Signal.objects.filter(incident__isnull=True).count()) == (1, 1)


def test_of_two_watches_that_hear_one_strike_at_once_the_one_that_hears_more_tells_it(struck: object) -> None:
    narrow = factories.watch("Aldane et livraison")
    signal = watch.look_at(watch=struck, now=NOW + timedelta(minutes=20))[0]  # type: ignore[arg-type]
    kept = {"started_at": signal.started_at, "detected_at": signal.detected_at, "raised_at": signal.raised_at}
    Signal.objects.filter(pk=signal.pk).delete()
    for heard_by, observed in ((narrow, 20), (struck, 60)):
        Signal.objects.create(
            watch=heard_by, observed=observed, expected=1, window_minutes=15, reasons=signal.reasons, **kept
        )
    watch.look(now=NOW + timedelta(minutes=20))
    assert Incident.objects.get().signal.watch == struck
