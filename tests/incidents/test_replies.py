"""Answering by mail: what each mail that comes back does to the alert, the report and the log."""

import time
from datetime import timedelta

import pytest
from pytest_django import Settings

from agency.models import Client, User
from clients.models import ContactChannel
from incidents.choices import ReplyKind
from incidents.models import Alert, AlertCall, Briefing, Incident, Reply, SituationReport
from incidents.reply_mail import judged
from incidents.services import answers, briefings, escalation, incidents, replies
from tests import factories
from tests.agency.test_reply_tickets import BOX
from tests.conftest import NOW, MakePerson
from tests.incidents.ladders import AGENCY, Night, ladder, night, proposal
from tests.incidents.letters import Letters
from tests.incidents.mails import QUOTED, bounce, reply
from tests.incidents.test_escalation import ANSWERS

SOON = NOW + timedelta(minutes=2)


@pytest.fixture
def there(aldane: Client, person: MakePerson, settings: Settings) -> Night:
    settings.REPLIES_ADDRESS, settings.REPLIES_BOX = "reponses@agence.example", BOX
    ladder(*AGENCY)
    made = night(aldane, person)
    proposal()
    made.ring(NOW)
    return made


def comes(content: bytes, at=SOON) -> Reply | None:
    """What the house makes of a mail, whatever message of ours it names."""
    mail = judged(content)
    found = (replies.take(mail=mail, ticket=one, now=at) for one in replies.tickets_of(mail))
    return next((one for one in found if one is not None), None)


def said() -> list[str]:
    return list(Incident.objects.get().entries.order_by("number").values_list("text", flat=True))


def test_a_reply_stops_every_call_and_its_words_are_in_the_log(there: Night) -> None:
    taken = comes(reply(there.post.answered_at[-1], f"Je prends.\n\nLe 23/11/2026 à 22:04, R a écrit :\n{QUOTED}"))
    alert = Alert.objects.get()
    assert (alert.state, alert.how, alert.answered_by) == ("answered", "reply", there.cm)
    assert not alert.calls.filter(state="due").exists()
    assert there.ring(NOW + timedelta(hours=3)) == []
    assert (taken.kind, taken.counts) == (ReplyKind.ANSWER, True)
    assert any(f"{there.cm} répond par courriel" in line or "answers by mail" in line for line in said())
    assert not any("/alerte/" in line for line in said())


def test_it_counts_from_any_address_and_that_address_is_said(there: Night) -> None:
    comes(reply(there.post.answered_at[-1], sender="Ma messagerie perso <lea.perso@ailleurs.example>"))
    assert Alert.objects.get().answered_by == there.cm
    assert any("lea.perso@ailleurs.example" in line for line in said())


def test_a_reply_to_another_address_is_known_by_the_message_that_it_answers(there: Night) -> None:
    ours = f"<{there.post.keys[-1]}@agence.localhost>"
    comes(reply("rempart@agence.example", In_Reply_To=ours))
    assert Alert.objects.get().state == "answered"


@pytest.mark.parametrize("headers", [{}, {"In_Reply_To": "<maison_aldane.alert.1@agence.localhost>"}])
def test_the_senders_address_alone_answers_nothing(there: Night, headers: dict[str, str]) -> None:
    assert comes(reply("reponses@agence.example", sender=there.cm.email, **headers)) is None
    assert Alert.objects.get().state == "calling"


def test_a_ticket_altered_by_one_letter_answers_nothing(there: Night) -> None:
    local, _at, host = there.post.answered_at[-1].partition("@")
    altered = local[:-1] + ("a" if local[-1] != "a" else "b")
    assert comes(reply(f"{altered}@{host}")) is None


def test_the_same_mail_read_again_does_nothing_twice(there: Night) -> None:
    content = reply(there.post.answered_at[-1])
    first, lines = comes(content), said()
    assert comes(content, SOON + timedelta(minutes=1)) == first
    assert (said(), Reply.objects.count()) == (lines, 1)


def test_a_second_answer_is_a_line_of_the_log(there: Night) -> None:
    comes(reply(there.post.answered_at[-1]))
    second = comes(reply(there.post.answered_at[-1], "Je suis en route."), NOW + timedelta(hours=80))
    assert not second.counts
    assert "Je suis en route." in said()[-1]


def test_an_automatic_answer_leaves_the_alert_calling(there: Night) -> None:
    taken = comes(reply(there.post.answered_at[-1], "Absente.", Auto_Submitted="auto-replied"))
    assert (taken.kind, taken.counts, Alert.objects.get().state) == (ReplyKind.AUTOMATIC, False, "calling")
    assert there.ring(NOW + timedelta(minutes=5)) == [there.cm.email]


def test_a_machine_that_writes_on_does_not_fill_the_log_and_a_person_is_still_heard(there: Night) -> None:
    for _letter in range(30):
        comes(reply(there.post.answered_at[0], Precedence="bulk"))
    assert len(said()) < replies.MOST_OF_ONE + 5
    assert comes(reply(there.post.answered_at[0])).counts


def test_a_bounce_calls_the_next_rung_at_once(there: Night) -> None:
    comes(bounce(there.post.answered_at[-1]))
    first = AlertCall.objects.order_by("place", "id")[0]
    assert (first.state, "550 5.1.1 User unknown" in first.error) == ("failed", True)
    assert there.ring(SOON) == [there.cm.email]  # the second rung is theirs too
    comes(bounce(there.post.answered_at[-1]))
    assert there.ring(SOON) == [there.backup.email]
    assert Alert.objects.get().state == "calling"


def test_a_bounce_of_one_channel_tries_the_next_one_of_the_same_person(
    there: Night, aldane: Client, person: MakePerson
) -> None:
    call = AlertCall.objects.get(state="sent")
    other = ContactChannel.objects.create(person=there.cm, kind="email", sealed="lea.bis@rempart.test")
    comes(bounce(there.post.answered_at[-1]))
    assert there.ring(SOON) == ["lea.bis@rempart.test"]
    call.refresh_from_db()
    assert (call.state, call.channel) == ("sent", other)


def test_a_delayed_delivery_is_said_and_changes_nothing(there: Night) -> None:
    taken = comes(bounce(there.post.answered_at[-1], action="delayed"))
    assert (taken.kind, taken.counts, AlertCall.objects.filter(state="failed").exists()) == ("delay", False, False)


def test_a_bounce_seen_twice_fails_one_call(there: Night) -> None:
    to = there.post.answered_at[-1]
    assert [comes(bounce(to)).counts, comes(bounce(to)).counts] == [True, False]


def test_when_the_last_one_bounces_nobody_was_told_and_it_is_said_at_once(
    aldane: Client, person: MakePerson, settings: Settings
) -> None:
    settings.REPLIES_ADDRESS, settings.REPLIES_BOX = "reponses@agence.example", BOX
    ladder(("on_call", 0))
    there = night(aldane, person)
    proposal()
    there.ring(NOW)
    comes(bounce(there.post.answered_at[-1]))
    assert set(there.ring(SOON)) == {there.lead.email, there.director.email}
    assert "personne n’a été prévenu" in there.post.sent[-1][1].lower() or "nobody was told" in there.post.sent[-1][1]


def test_no_calls_whoever_comes_next_and_a_later_yes_still_counts(there: Night) -> None:
    assert comes(reply(there.post.answered_at[0], "Non")).counts
    assert there.ring(SOON) == [there.backup.email]  # the second rung is theirs too: they are not asked twice
    call = AlertCall.objects.order_by("place", "id")[0]
    assert (call.state, call.declined_at) == ("sent", SOON)
    comes(reply(there.post.answered_at[0], "Finalement oui."))
    assert Alert.objects.get().answered_by == there.cm


def test_when_everybody_says_no_the_leads_are_told_at_once(
    aldane: Client, person: MakePerson, settings: Settings
) -> None:
    settings.REPLIES_ADDRESS, settings.REPLIES_BOX = "reponses@agence.example", BOX
    ladder(("on_call", 0))
    there = night(aldane, person)
    proposal()
    there.ring(NOW)
    comes(reply(there.post.answered_at[-1], "non"))
    assert set(there.ring(SOON)) == {there.lead.email, there.director.email}


def test_who_left_the_team_answers_nothing_and_their_words_stay_out_of_the_log(there: Night) -> None:
    there.cm.is_active = False
    there.cm.save()
    taken = comes(reply(there.post.answered_at[-1], "Je lis tout."))
    assert (taken.counts, Alert.objects.get().state) == (False, "calling")
    assert not any("Je lis tout." in line for line in said())


@pytest.mark.parametrize("came_back", [False, True])
def test_withdrawn_links_answer_nothing_by_mail_either(there: Night, came_back: bool) -> None:
    if came_back:
        AlertCall.objects.filter(state="sent").update(state="due", sent_at=None)
    answers.withdraw_links(alert=Alert.objects.get(), by=there.lead, now=SOON)
    assert comes(reply(there.post.answered_at[-1])) is None


def test_what_comes_back_after_somebody_answered_is_said_in_the_log(there: Night) -> None:
    to, alert = there.post.answered_at[-1], Alert.objects.get()
    escalation.acknowledge(incident=alert.incident, by=there.lead, how="page", now=SOON)
    assert comes(bounce(to)).counts
    assert "550 5.1.1 User unknown" in said()[-1]
    assert there.ring(SOON) == []


def test_a_changed_address_answers_nothing(there: Night) -> None:
    User.objects.filter(pk=there.cm.pk).update(email="nouvelle@rempart.test")
    assert comes(reply(there.post.answered_at[-1])) is None


def test_what_is_answered_after_the_incident_was_set_aside_is_kept_and_breaks_nothing(there: Night) -> None:
    incidents.dismiss(incident=Incident.objects.get(), reason="Rien", by=there.lead, now=SOON)
    lines = said()
    assert not comes(reply(there.post.answered_at[-1])).counts
    assert said() == lines


@pytest.mark.parametrize(
    "text",
    ["", "👍", "مرحبا \u202e", "x" * 50_000, "\n" * 5_000, "a\x00b", "a3-1f-aaaaaaaaaaaaaaaa"],
)
def test_whatever_a_person_writes_answers(there: Night, text: str) -> None:
    assert comes(reply(there.post.answered_at[-1], text)).counts
    assert all(len(line) <= 2000 and "\x00" not in line and "\u202e" not in line for line in said())


def test_the_links_that_a_reply_quotes_are_not_kept(there: Night) -> None:
    link = there.link()
    comes(
        reply(there.post.answered_at[-1], f"Vu : http://maison-aldane.localhost:8000{link} et https://presse.example/a")
    )
    assert not any("/alerte/" in line for line in said())
    assert any("https://presse.example/a" in line for line in said())


@pytest.mark.parametrize(
    "ours",
    [
        "maison-aldane.localhost/alerte/secret",
        "https://filtre.example/?url=https%3A%2F%2Fmaison-aldane.localhost%2Falerte%2Fsecret",
        "https://filtre.example/?u=https%253A%252F%252FMaison-Aldane.LOCALHOST%253A8000%252Falerte%252Fsecret",
        "https://[secret@agence.localhost:8000/lu/secret",
    ],
)
def test_however_a_program_writes_a_link_of_ours_it_is_hidden(ours: str) -> None:
    assert (
        replies.safe(f"Vu ({ours}), merci. a/b https://presse.example/a") == "Vu … merci. a/b https://presse.example/a"
    )


def test_a_mail_that_names_thousands_of_messages_is_tried_for_a_few() -> None:
    head = ", ".join(f"r+a1-{number:x}-aaaaaaaaaaaaaaaa@agence.example" for number in range(100))
    mail = judged(b"From: x@y.fr\r\n" + f"To: {head}\r\n".encode() * 40 + f"Cc: {head}\r\n\r\nx".encode())
    assert len(replies.tickets_of(mail)) == replies.MOST_NAMED


def test_words_too_long_to_be_words_are_hidden_in_no_time() -> None:
    began = time.monotonic()
    assert len(replies.safe("x" * 50_000 + " a/" * 20_000 + "%25" * 20_000)) == replies.LONGEST_ANSWER
    assert time.monotonic() - began < 1


class TestWords:
    def test_the_mail_says_that_an_answer_is_enough_where_one_is_read(self, there: Night) -> None:
        assert "“no”" in there.post.sent[-1][2] or "«\u00a0non\u00a0»" in there.post.sent[-1][2]

    def test_it_says_nothing_of_it_where_none_is(self, aldane: Client, person: MakePerson) -> None:
        ladder(*AGENCY)
        there = night(aldane, person)
        proposal()
        there.ring(NOW)
        assert there.post.answered_at == [""]
        assert "non\u00a0»" not in there.post.sent[-1][2] and "“no”" not in there.post.sent[-1][2]
        assert there.post.keys[-1].startswith("maison_aldane.alert.")


class TestReports:
    """A message to a contact: an answer is a reading."""

    @pytest.fixture
    def sent(self, there: Night) -> tuple[Briefing, Letters]:
        incident = Incident.objects.get()
        incidents.confirm(incident=incident, title="Grève", lead=there.lead, answers=ANSWERS, by=there.lead, now=NOW)
        contact = factories.contact("anne@client.example")
        briefings.brief(incident=incident, contacts=[contact], subject="Point", body="Calme.", by=there.cm, now=NOW)
        post = Letters()
        return briefings.send(briefing_id=briefings.due(now=NOW)[0], post=post, now=NOW), post

    def test_an_answer_says_that_it_was_read(self, sent: tuple[Briefing, Letters]) -> None:
        briefing, post = sent
        assert comes(reply(post.answered_at[-1], "Merci.", sender="anne@client.example")).counts
        briefing.refresh_from_db()
        assert briefing.acknowledged_at == SOON
        assert any("Merci." in line for line in said())

    def test_a_no_to_a_report_says_that_it_was_read_and_calls_on(self, sent: tuple[Briefing, Letters]) -> None:
        briefing, post = sent
        alert = Alert.objects.create(
            incident=briefing.incident, matter="confirmed", severity=1, started_at=NOW, remind_at=SOON
        )
        AlertCall.objects.create(
            alert=alert, place=1, target="contact", contact=briefing.contact, due_at=NOW, state="sent"
        )
        report = SituationReport.objects.create(
            incident=briefing.incident,
            number=1,
            severity=1,
            bottom_line="Calme.",
            issued_at=NOW,
            next_at=SOON,
            by=briefing.by,
        )
        Briefing.objects.update(situation_report=report)
        assert comes(reply(post.answered_at[-1], "Non, pas disponible.")).kind == ReplyKind.REFUSAL
        briefing.refresh_from_db()
        alert.refresh_from_db()
        assert (briefing.acknowledged_at, alert.state) == (SOON, "calling")

    def test_a_bounce_says_that_it_was_not_sent(self, sent: tuple[Briefing, Letters]) -> None:
        briefing, post = sent
        assert comes(bounce(post.answered_at[-1])).counts
        briefing.refresh_from_db()
        assert (briefing.state, "User unknown" in briefing.error) == ("failed", True)

    def test_a_withdrawn_or_old_one_is_not_read_by_an_answer(self, sent: tuple[Briefing, Letters]) -> None:
        _briefing, post = sent
        late = comes(reply(post.answered_at[-1]), NOW + timedelta(days=8))
        Briefing.objects.update(links_withdrawn=1)
        assert (late.counts, comes(reply(post.answered_at[-1]))) == (False, None)
