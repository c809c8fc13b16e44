"""Two people write one text at once: what only one of them changed is kept, what both changed is theirs to settle."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agency.models import Client, User
from incidents import severity
from incidents.admin.debriefs import DebriefForm
from incidents.models import Debrief, Incident, Relief
from incidents.services import debriefs, duties, incidents
from incidents.services.debriefs import Plan
from incidents.two_writers import differ, marks, meet
from tests import factories
from tests.conftest import MakePerson

NAMES = ("people", "happened", "worked", "failed", "changes")


@pytest.mark.parametrize(
    ("stored", "mine", "kept", "crossed"),
    [
        ("avant", "le mien", "le mien", ()),
        ("le leur", "avant", "le leur", ()),
        ("le leur", "le mien", "le mien", ("a",)),
        ("pareil\n", "pareil\r\n", "pareil\r\n", ()),
        ("le leur", "", "", ("a",)),
        ("\ud800" + "é" * 50_000, "avant", "\ud800" + "é" * 50_000, ()),
    ],
)
def test_a_text_that_one_of_two_changed_is_that_ones(
    stored: str, mine: str, kept: str, crossed: tuple[str, ...]
) -> None:
    met = meet({"a": stored}, {"a": mine}, marks({"a": "avant"}))
    assert (met.texts["a"], met.crossed) == (kept, crossed)


def test_what_the_machine_proposed_and_nobody_touched_gives_way() -> None:
    seen = marks({"a": ""}, {"a": "proposé"})
    assert meet({"a": ""}, {"a": "proposé"}, seen).texts == {"a": "proposé"}
    assert meet({"a": "le leur"}, {"a": "proposé"}, seen).texts == {"a": "le leur"}


@pytest.mark.parametrize("seen", ["", "n’importe quoi", "/ / /", "\0"])
def test_marks_that_say_nothing_cross_with_whatever_is_stored(seen: str) -> None:
    assert meet({"a": "le leur"}, {"a": "le mien"}, seen).crossed == ("a",)
    assert meet({"a": ""}, {"a": "le mien"}, seen).crossed == ()
    assert differ({"a": "le leur", "b": ""}, {"a": "le mien", "b": ""}, seen) == ("a",)


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def incident(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Un confrère frappe", started_at=timezone.now(), lead=lead,
        answers=dict.fromkeys(severity.CODES, "no"), by=lead, now=timezone.now(),
    )  # fmt: skip


def typed(page: object, **words: str) -> dict[str, str]:
    """What a browser sends back of that page, with those words typed."""
    form: DebriefForm = page.context["told_form"]  # type: ignore[attr-defined]
    shown = {f"told-{name}": str(form[name].value() or "") for name in (*NAMES, "seen")}
    return shown | {f"told-{name}": text for name, text in words.items()}


def test_two_people_write_different_parts_of_one_debrief(
    visit, aldane: Client, lead: User, person: MakePerson, incident: Incident
) -> None:
    at = timezone.now() + timedelta(hours=3)
    debriefs.plan(incident=incident, kind="hot", plan=Plan(at, lead), by=lead, now=timezone.now())
    address = f"/agence/incidents/{incident.number}/retex/chaud/"
    ana, bob = visit(lead, aldane), visit(person("cm", aldane), aldane)
    first, second = ana.get(address), bob.get(address)
    assert ana.post(f"{address}ecrire/", typed(first, worked="La veille.")).status_code == 302
    assert bob.post(f"{address}ecrire/", typed(second, failed="La relève.")).status_code == 302
    row = Debrief.objects.get()
    assert (row.worked, row.failed) == ("La veille.", "La relève.")


def test_nobody_signs_words_that_somebody_else_put_in_meanwhile(
    visit, aldane: Client, lead: User, person: MakePerson, incident: Incident
) -> None:
    at = timezone.now() + timedelta(hours=3)
    debriefs.plan(incident=incident, kind="hot", plan=Plan(at, lead), by=lead, now=timezone.now())
    address = f"/agence/incidents/{incident.number}/retex/chaud/"
    ana, bob = visit(lead, aldane), visit(person("cm", aldane), aldane)
    first, second = ana.get(address), bob.get(address)
    bob.post(f"{address}ecrire/", typed(second, failed="La relève."))
    held_at = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    signing = {"sign": "1", "signing-held_at": held_at, "told-changes": "Rien,\r\nou presque."}
    answer = ana.post(f"{address}ecrire/", typed(first) | signing, follow=True)
    row = Debrief.objects.get()
    assert (row.failed, row.signed_at, "presque" in row.changes) == ("La relève.", None, True)
    ana.post(f"{address}ecrire/", typed(answer) | {"sign": "1", "signing-held_at": held_at})
    assert Debrief.objects.get().version == 1


def test_what_was_typed_is_kept_when_the_hour_to_sign_for_is_missing(
    visit, aldane: Client, lead: User, incident: Incident
) -> None:
    at = timezone.now() + timedelta(hours=3)
    debriefs.plan(incident=incident, kind="hot", plan=Plan(at, lead), by=lead, now=timezone.now())
    address, browser = f"/agence/incidents/{incident.number}/retex/chaud/", visit(lead, aldane)
    said = typed(browser.get(address), worked="La veille.") | {"sign": "1", "signing-held_at": ""}
    assert "obligatoire" in browser.post(f"{address}ecrire/", said, follow=True).text
    assert (Debrief.objects.get().worked, Debrief.objects.get().signed_at) == ("La veille.", None)


def test_who_comes_second_sees_both_texts_and_loses_none(
    visit, aldane: Client, lead: User, person: MakePerson, incident: Incident
) -> None:
    at = timezone.now() + timedelta(hours=3)
    debriefs.plan(incident=incident, kind="hot", plan=Plan(at, lead), by=lead, now=timezone.now())
    address = f"/agence/incidents/{incident.number}/retex/chaud/"
    cm = person("cm", aldane)
    ana, bob = visit(lead, aldane), visit(cm, aldane)
    first, second = ana.get(address), bob.get(address)
    ana.post(f"{address}ecrire/", typed(first, worked="<b>La veille."))
    both = bob.post(f"{address}ecrire/", typed(second, worked="La relève.", people="Nous deux"))
    assert both.status_code == 409
    assert "&lt;b&gt;La veille." in both.text and "La relève." in both.text and str(lead) in both.text
    assert Debrief.objects.get().worked == "<b>La veille."
    assert bob.post(f"{address}ecrire/", typed(both)).status_code == 302
    row = Debrief.objects.get()
    assert (row.worked, row.people, row.written_by) == ("La relève.", "Nous deux", cm)


def test_nobody_replaces_a_hand_over_that_they_have_not_read(
    visit, aldane: Client, lead: User, person: MakePerson, incident: Incident
) -> None:
    cm = person("cm", aldane)
    duties.give(incident=incident, duty="scribe", person=cm, by=lead, now=timezone.now())
    address = f"/agence/incidents/{incident.number}/releve/"
    ana, bob = visit(lead, aldane), visit(cm, aldane)
    seen = bob.get(address).context["form"].initial["seen"]
    ana.post(address, {"situation": "Je pars à dix heures.", "seen": seen})
    both = bob.post(address, {"situation": "Je pars à onze heures.", "seen": seen})
    assert both.status_code == 409 and "à dix heures" in both.text and "à onze heures" in both.text
    assert Relief.objects.get().by_id == lead.pk
    again = {"situation": "Je pars à onze heures.", "seen": both.context["form"]["seen"].value()}
    assert bob.post(address, again).status_code == 302
    assert (Relief.objects.get().by_id, Relief.objects.get().situation) == (cm.pk, "Je pars à onze heures.")
