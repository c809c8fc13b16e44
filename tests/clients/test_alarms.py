"""An ear that needs somebody says so once, in both languages, and falls silent when it hears again."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.test import override_settings

from agency.mail import SmtpPost
from agency.models import Client, User
from clients.models import CollectorRun, Mention, Source, SourceAlarm
from clients.selectors.hearing import hearing
from clients.services import alarms
from tests.clients.rooms import feed
from tests.conftest import NOW, MakePerson
from tests.incidents.mailbox import Mailbox, mailbox

HOUR = timedelta(hours=1)
FINE = {"last_success_at": NOW, "last_mention_at": NOW, "every_seconds": 60}
WORDS = {"last_error": "pas de réponse", "last_error_en": "no answer"}
# What is true of a source, and the state it is in: every way of being deaf, and of not being.
STATES = {
    "ok": {**FINE},
    "ok, with one failure": {**FINE, "failures": 1, **WORDS},
    "failing": {**FINE, "failures": 2, **WORDS},
    "failing, once and long ago": {**FINE, "failures": 1, "last_success_at": NOW - HOUR, **WORDS},
    "open": {**FINE, "failures": 5, **WORDS},
    "silent": {**FINE, "last_success_at": NOW - HOUR},
    "mute": {**FINE, "last_mention_at": NOW - 3 * HOUR, "usual_silence_seconds": 7_200},
    "ok, within its habit": {**FINE, "last_mention_at": NOW - HOUR, "usual_silence_seconds": 7_200},
    "held": {**FINE, "due_at": NOW + 5 * HOUR},
    "lagging": {**FINE, "lag_seconds": 7_200},
    "stopped": {**FINE, "is_active": False, "failures": 1, **WORDS},
    "paused": {**FINE, "is_active": False},
    "waiting": {"last_success_at": None, "every_seconds": 60},
    "passive": {**FINE, "kind": "api", "url": ""},
    "mute, though pushed": {
        **FINE, "kind": "api", "url": "", "last_mention_at": NOW - 3 * HOUR, "usual_silence_seconds": 7_200,
    },
}  # fmt: skip
DEAF = {"failing", "open", "silent", "mute", "held", "stopped"}


def listening(state: str, name: str = "Presse") -> Source:
    """A source in that state at NOW."""
    source = feed(name, **STATES[state])
    Source.objects.filter(pk=source.pk).update(
        created_at=NOW - (timedelta(days=40) if state != "waiting" else HOUR / 60)
    )
    if state == "held":
        CollectorRun.objects.create(
            source=source, started_at=NOW, finished_at=NOW, outcome="held", code="budget", error="budget atteint",
            error_en="budget reached",
        )  # fmt: skip
    return source


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane, email="ines@rempart.test")


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as box, override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=box.port
    ):  # fmt: skip
        yield box


def tell(client: Client, now: datetime = NOW) -> int:
    return alarms.tell(client=client, post=SmtpPost(), now=now)


@pytest.mark.parametrize("state", STATES)
def test_each_state_is_judged_and_only_what_hears_is_called_heard(aldane: Client, state: str) -> None:
    listening(state)
    (one,) = hearing(NOW).ears
    word = state.partition(",")[0]
    assert one.health.state == ("failing" if state == "ok, with one failure" else word)
    assert one.health.is_deaf is (word in DEAF)
    assert hearing(NOW).is_whole is (word not in DEAF | {"paused", "waiting"})


def test_a_house_without_ears_hears_nothing(aldane: Client) -> None:
    feed("Fichier", kind="import", url="")
    assert not hearing(NOW).is_whole and hearing(NOW).ears == ()


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("open", "blocked"),
        ("stopped", "blocked"),
        ("mute", "silent"),
        ("held", "held"),
        ("failing", None),
        ("ok", None),
    ],
)
def test_what_cannot_wait_is_raised_at_once_and_what_may_heal_is_not(
    aldane: Client, state: str, kind: str | None
) -> None:
    listening(state)
    assert [one.kind for one in alarms.check(now=NOW)] == ([kind] if kind else [])


def test_a_failure_is_raised_after_an_hour_once_and_cleared_by_a_success(aldane: Client) -> None:
    source = listening("failing")
    assert alarms.check(now=NOW + HOUR / 2) == []
    (raised,) = alarms.check(now=NOW + HOUR)
    assert "Presse" in raised.words and "pas de réponse" in raised.words and "no answer" in raised.words_en
    assert "21:58" in raised.words  # Paris
    assert alarms.check(now=NOW + 2 * HOUR) == []
    Source.objects.filter(pk=source.pk).update(failures=0, last_success_at=NOW + 2 * HOUR)
    alarms.check(now=NOW + 2 * HOUR)
    assert SourceAlarm.objects.get().cleared_at == NOW + 2 * HOUR


def test_a_pause_clears_the_alarm(aldane: Client) -> None:
    source = listening("open")
    alarms.check(now=NOW)
    Source.objects.filter(pk=source.pk).update(is_active=False, failures=0, last_error="", last_error_en="")
    alarms.check(now=NOW + HOUR)
    assert SourceAlarm.objects.get().cleared_at is not None


def test_the_lead_is_told_once_of_all_that_is_new(aldane: Client, lead: User, person: MakePerson, box: Mailbox) -> None:
    person("cm", aldane)
    listening("open"), listening("mute", "Parvis")
    alarms.check(now=NOW)
    assert tell(aldane) == 2
    assert tell(aldane) == 0
    (mail,) = box.received
    assert mail["To"] == lead.email and "Maison Aldane" in mail["Subject"]
    body = mail.get_content()
    assert "Presse" in body and "Parvis" in body and "/agence/ecoute/" in body


def test_english_leads_read_english(aldane: Client, lead: User, box: Mailbox) -> None:
    User.objects.filter(pk=lead.pk).update(language="en")
    listening("open")
    alarms.check(now=NOW)
    tell(aldane)
    assert "no answer" in box.received[0].get_content() and "source is not heard" in box.received[0]["Subject"]


def test_without_a_lead_the_directors_are_told(aldane: Client, person: MakePerson, box: Mailbox) -> None:
    director = person("director")
    listening("open")
    alarms.check(now=NOW)
    assert tell(aldane) == 1 and box.received[0]["To"] == director.email


def test_a_flapping_source_is_written_about_once(aldane: Client, lead: User, box: Mailbox) -> None:
    source = listening("open")
    for turn in range(6):
        now = NOW + turn * HOUR / 2
        Source.objects.filter(pk=source.pk).update(failures=0 if turn % 2 else 5, last_success_at=now)
        alarms.check(now=now)
        tell(aldane, now)
    assert (len(box.received), SourceAlarm.objects.count()) == (1, 3)


def test_a_mail_server_that_is_busy_is_tried_again(aldane: Client, lead: User, box: Mailbox) -> None:
    box.answers = ["451 later"]
    listening("open")
    alarms.check(now=NOW)
    assert tell(aldane) == 0
    assert tell(aldane, NOW + HOUR / 60) == 1
    assert len(box.received) == 1


def test_habits_are_learnt_once_a_day_and_noted_for_the_hour(aldane: Client) -> None:
    source = feed()
    Mention.objects.bulk_create(
        Mention(source=source, external_id=str(n), text="x", published_at=NOW - n * HOUR, collected_at=NOW)
        for n in range(24 * 20)
    )
    assert alarms.learn_habits(client=aldane, now=NOW) == 1
    source.refresh_from_db()
    assert source.usual_silence_seconds == 10 * 3600 and len(json.dumps(source.habit)) < 1_000
    assert alarms.learn_habits(client=aldane, now=NOW + HOUR) == 0
    assert alarms.learn_habits(client=aldane, now=NOW + 24 * HOUR) == 1


def test_no_alarm_names_a_file(aldane: Client) -> None:
    feed("Fichier", kind="import", url="", last_success_at=NOW - 90 * 24 * HOUR)
    assert alarms.check(now=NOW) == []
