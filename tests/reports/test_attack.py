"""How the attack was read, as the client's report tells it."""

from datetime import timedelta
from typing import Any

import pytest

from agency.models import User
from clients.models import Author, Mention
from incidents.models import Incident, IncidentReading, Outlook, ParticipantRole
from incidents.services import incidents, reading, roles
from reports.attack import Changed, Known, Played, told, turning_points
from reports.documents.as_json import to_json
from reports.documents.content import Foreseen, ReportContent
from reports.documents.sheet import sheet
from reports.services import reports
from tests.conftest import NOW
from tests.reports import rooms
from tests.reports.samples import START, report

MANY = {"fr": "45 comptes", "en": "45 accounts"}
WHY = {"fr": "Un article.", "en": "A story."}
PRESS = {"party": "press", "party_words": {"fr": "Presse", "en": "Press"}, "why": WHY, "handle": "lemonde"}


def known(**given: Any) -> Known:
    return Known(read_at=START, messages=9, started_at=START, **{"sections": {}} | given)


def outlook(hours: float, phase: str = "growing", *, until: int | None = None, held: bool | None = None) -> Foreseen:
    at = START + timedelta(hours=hours)
    return Foreseen(at, phase, at if until else None, START + timedelta(hours=until) if until else None, None, held)


def answer(read: Known, question: str, language: str = "fr") -> str:
    found = next(one for one in told(read, language).answers if one.question.startswith(question))
    return " ".join((found.answer, *found.grounds))


def test_only_what_was_worked_out_is_told() -> None:
    assert [one.answer for one in told(known(), "fr").answers] == ["Rien."]
    people = {"people": {"summary": MANY, "popcorn": {"fr": "", "en": ""}}}
    assert [one.answer for one in told(known(sections=people), "en").answers] == ["45 accounts", "Nothing."]


def test_evidence_is_told_by_kind_and_never_says_which_link_or_whose_account() -> None:
    evidence = [{"fr": "le même lien", "en": "the same link", "which": "x.test/lou", "pairs": 3}] * 2
    pack = {"sentence": MANY, "groups": [{"accounts": [{"author": 1, "handle": "lou"}], "evidence": evidence}]}
    assert answer(known(sections={"pack": pack}), "Ensemble") == "45 comptes En commun\u00a0: le même lien (2\u00a0×)."


def test_when_an_account_usually_writes_stays_with_the_agency() -> None:
    signs = [{"sign": "against", "words": MANY}, {"sign": "against", "of": "account", "words": WHY}]
    timing = {"sentence": {"fr": "Parti la nuit.", "en": "At night."}, "signs": signs}
    assert answer(known(sections={"timing": timing}), "Pourquoi") == "Parti la nuit. 45 comptes"


def test_the_pace_is_counted_from_the_beginning() -> None:
    said_at = [START + timedelta(minutes=minute) for minute in range(0, 100, 10)]
    spread = {"summary": MANY, "sentences": []}
    assert "en 40\u00a0min, neuf sur dix en 1\u00a0h 20" in answer(
        known(sections={"spread": spread}, said_at=said_at), "Comment"
    ).replace("h\u00a020", "h 20")


def test_those_called_in_are_told_by_class() -> None:
    rows = [PRESS, {**PRESS, "reacted_at": "2026-11-17T20:00:00+00:00"}, {"party": "other", "handle": "lou"}]
    (one,) = told(known(sections={"called": {"summary": MANY, "rows": rows}}), "fr").called
    assert (one.label, one.accounts, one.spoke, one.why) == ("Presse", 2, 1, "Un article.")


def test_a_class_counts_those_who_are_not_listed() -> None:
    classes = [{**PRESS, "accounts": 70, "spoke": 3}, {**PRESS, "party": "other", "accounts": 900, "spoke": 0}]
    (one,) = told(known(sections={"called": {"summary": MANY, "rows": [PRESS], "classes": classes}}), "fr").called
    assert (one.label, one.accounts, one.spoke) == ("Presse", 70, 3)


def test_the_messages_that_carried_it_are_told_in_time_by_part() -> None:
    how = {"fr": "réponse", "en": "reply"}
    rows = [
        {"minutes": 30, "below": 9, "role": "follower", "how": how, "handle": "lou", "ours": False},
        {"minutes": -5, "below": 4, "role": "", "how": how, "handle": "aldane", "ours": True},
        {"minutes": 1, "below": 1, "role": "customer", "how": how, "handle": "max", "ours": False},
    ]
    carriers = told(known(sections={"spread": {"rows": rows}}), "fr").carriers
    assert [(one.minutes, one.label, one.below) for one in carriers] == [
        (-5, "La marque elle-même", 4),
        (30, "Suit", 9),
    ]


@pytest.mark.parametrize(
    ("outlooks", "words"),
    [
        ([outlook(1, "too_early")], "Aucune fourchette n’a été donnée"),
        (
            [outlook(1, until=5, held=True), outlook(2, until=5, held=False)],
            "2\u00a0fourchettes données\u00a0; 1 sur 2 a",
        ),
        ([outlook(1, until=5)], "1\u00a0fourchette donnée. Une reste à juger"),
    ],
)
def test_the_outlooks_are_held_against_what_happened(outlooks: list[Foreseen], words: str) -> None:
    assert words in answer(known(outlooks=outlooks), "La prévision")


def test_of_many_outlooks_those_that_changed_something_are_shown() -> None:
    many = [outlook(0, "too_early"), *(outlook(n, until=9) for n in (1, 2, 3)), outlook(4, "decaying", until=9)]
    assert [one.made_at.hour - START.hour for one in turning_points([*many, outlook(5, "decaying")])] == [0, 1, 4, 5]
    assert len(turning_points([outlook(n, ("growing", "decaying")[n % 2]) for n in range(40)])) == 8


def test_what_a_person_changed_is_counted() -> None:
    changed = Changed(roles_said=2, messages_taken_out=1)
    assert answer(known(changed=changed), "Qu’est-ce").startswith("2\u00a0rôles décidés, 1\u00a0message écarté.")


def test_parts_come_in_their_order_with_a_persons_share() -> None:
    parts = told(known(played=[Played("spectator", 30, 0), Played("instigator", 1, 1)]), "en").parts
    assert [(one.label, one.accounts, one.decided) for one in parts] == [
        ("At the origin", 1, 1),
        ("Looks on (popcorn)", 30, 0),
    ]


def test_a_report_without_a_reading_says_nothing_of_it_and_keeps_its_fingerprint() -> None:
    names = {table.name for table in sheet(report(reading=None)).details}
    assert names.isdisjoint({"reading", "parts", "carriers", "called", "outlooks"})
    assert "reading" not in to_json(report(reading=None))


def test_a_reading_kept_by_another_version_is_told_as_far_as_it_goes() -> None:
    sections = {"spread": {"rows": [{"below": 9}]}, "called": {"rows": [{"party": "press"}]}, "pack": {"groups": [{}]}}
    read = told(known(sections=sections), "en")
    assert (read.carriers, read.called, len(read.answers)) == ((), (), 1)


@pytest.fixture
def lead(person: Any, aldane: Any) -> User:
    return person("lead", aldane)


@pytest.fixture
def read(lead: User) -> Incident:
    """A strike read twice, of which a person removed one role, then closed."""
    incident = rooms.opened(lead)
    Mention.objects.filter(author__handle__startswith="meute").update(attack="yes", intent="mockery")
    reading.read_due(now=rooms.RAISED + timedelta(minutes=50))
    first = ParticipantRole.objects.filter(incident=incident).first()
    assert first is not None
    roles.decide(incident=incident, author_id=first.author_id, role="", by=lead, now=rooms.CLOSED)
    return incidents.close(
        incident=incident, note=rooms.NOTE, unmet="Tout est calme.", hot=rooms.hot(lead), by=lead, now=rooms.CLOSED
    )


def content_of(incident: Incident) -> ReportContent:
    return reports.content_of(reports.draft(incident=incident, now=rooms.DRAFTED))


def test_the_report_tells_the_reading_with_what_a_person_changed(read: Incident) -> None:
    told_of = content_of(read).reading
    assert told_of is not None
    assert told_of.answers[0].question.startswith("Qui a frappé")
    assert told_of.answers[-1].answer.startswith("1\u00a0rôle retiré")
    assert sum(part.accounts for part in told_of.parts) == ParticipantRole.objects.exclude(state="removed").count()


def test_accounts_that_the_reading_counts_and_does_not_list_are_counted(read: Incident) -> None:
    kept = IncidentReading.objects.get()
    kept.sections["people"] |= {"more": 300, "counts": {"spectator": 480, "defender": 20}}
    kept.save()
    parts = {part.label: part.accounts for part in content_of(read).reading.parts}  # type: ignore[union-attr]
    assert parts["Regarde passer (popcorn)"] == 480 and parts["Défend"] == 20


HOSTILE = ("Elise Bernard-Rossi", "lou.du.75", "@max@instance.example", "honte_a_eux", "<b>x</b>", "coordination")


def test_hostile_names_and_their_words_reach_neither_document(read: Incident) -> None:
    words = "Elise Bernard-Rossi, 12 rue des Lilas, ment à @tiers_nomme https://x.test/elise"
    for author, handle in zip(Author.objects.order_by("pk"), HOSTILE, strict=False):
        Author.objects.filter(pk=author.pk).update(handle=handle, name=f"{handle} Montgolfier", bio=words)
    Mention.objects.update(text=words)
    reading.read(incident=read, now=rooms.CLOSED, anew=True)
    content = content_of(read)
    written = f"{to_json(content)}{sheet(content)}"
    told_of = ("Elise", "Lilas", "lou.du.75", "instance.example", "honte_a_eux", "Montgolfier", "tiers_nomme", "x.test")
    assert not [name for name in told_of if name in written]


def test_no_account_of_the_reading_is_named_in_the_report(read: Incident) -> None:
    written = str(to_json(content_of(read))["reading"])
    handles = Author.objects.values_list("handle", flat=True)
    assert not [handle for handle in handles if handle in written]


def test_a_draft_is_written_anew_once_its_outlooks_are_judged(read: Incident) -> None:
    report_of = reports.draft(incident=read, now=rooms.DRAFTED)
    until = NOW + timedelta(hours=9)
    row = Outlook.objects.create(
        incident=read, made_at=NOW + timedelta(hours=1), phase="growing", returns_from=NOW, returns_until=until
    )
    assert reports.draft_due(now=rooms.DRAFTED + timedelta(hours=1)) == []
    Outlook.objects.filter(pk=row.pk).update(was_inside=True, returned_at=until)
    assert reports.draft_due(now=rooms.DRAFTED + timedelta(hours=9)) == [report_of]
    assert reports.draft_due(now=rooms.DRAFTED + timedelta(hours=10)) == []


def test_a_draft_is_written_anew_once_a_person_had_it_read_again(read: Incident) -> None:
    report_of = reports.draft(incident=read, now=rooms.DRAFTED)
    IncidentReading.objects.update(read_at=rooms.DRAFTED + timedelta(minutes=5))
    assert reports.draft_due(now=rooms.DRAFTED + timedelta(minutes=6)) == [report_of]
    assert reports.draft_due(now=rooms.DRAFTED + timedelta(minutes=7)) == []
