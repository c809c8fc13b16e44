"""A competitor's community manager strikes at nine in the evening, with a pack behind and the right people in cc.

The posts are written by hand (reports/demo/rapidolin.py, the demo plays them too): 70 of 46 accounts in 45 minutes.
They are pushed as a listening tool does, then read, corrected and reported by the same code and forms as real ones.
"""

from datetime import datetime

import pytest

from agency.models import AuditEvent, Client, User
from clients.models import AuthorAssessment
from incidents.models import Incident, Outlook, ParticipantRole, Signal
from reports.demo.aldane import ALDANE
from reports.demo.rapidolin import RAPIDOLIN
from tests.conftest import MakePerson
from tests.flows.stage import House, Stage, Visit, number_of, part_of, sections

BEGINS = datetime.fromisoformat("2026-11-17T21:07:00+01:00")
ANSWERS = {"harm": "no", "customers": "yes", "officials": "no", "spread": "yes", "word": "yes"}


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def stage(aldane: Client, visit: Visit, person: MakePerson) -> Stage:
    return Stage(ALDANE, RAPIDOLIN, BEGINS, 45, House(aldane, visit, person("director")))


def test_a_strike_by_a_cm_is_heard_read_corrected_and_told(stage: Stage, lead: User) -> None:
    stage.hear(stage.at(-1))
    assert not Signal.objects.exists(), "five quiet weeks raise nothing"
    incident = it_is_heard_within_five_minutes(stage)
    stage.act(6, lead, f"{page(incident)}confirmer/", title="Un confrère moque nos délais", lead=lead.pk, **ANSWERS)
    stage.hear(stage.at(50))
    the_one_at_the_origin_is_a_cm_and_says_so()
    a_pack_acts_together_and_chance_does_not_explain_it()
    those_put_in_cc_are_named_with_whom_to_warn()
    nobody_was_answering_at_that_hour()
    onlookers_defenders_and_customers_are_told_apart()
    the_page_says_all_of_it(stage, incident, lead)
    a_person_removes_a_wrong_role_for_good(stage, incident, lead)
    it_passes_and_a_range_is_given(stage)
    the_report_tells_the_reading_and_names_nobody(stage, incident, lead)


def page(incident: Incident) -> str:
    return f"/agence/incidents/{incident.number}/"


def it_is_heard_within_five_minutes(stage: Stage) -> Incident:
    stage.hear(stage.at(5))
    signal = Signal.objects.get()
    assert (signal.attack, signal.started_at) == ("yes", stage.begins), "it begins with the first blow, not before"
    assert sections()["outlook"]["phase"] == "too_early"
    assert sections()["outlook"]["returns"] is None
    return Incident.objects.get()


def the_one_at_the_origin_is_a_cm_and_says_so() -> None:
    assert part_of("cm_rapidolin") == "instigator"
    presumed = AuthorAssessment.objects.get(author__handle="cm_rapidolin")
    assert (presumed.role, presumed.state) == ("professional", "presumed")
    assert "Community manager" in presumed.basis[0]["fr"]


def a_pack_acts_together_and_chance_does_not_explain_it() -> None:
    pack = sections()["pack"]
    assert (pack["is_pack"], pack["p"]) == (True, 0.01)
    (group,) = pack["groups"]
    together = {account["handle"] for account in group["accounts"]}
    cast = {line.handle for line in RAPIDOLIN.lines if line.part in {"instigator", "pack"}}
    assert together <= cast, "nobody who only came to watch is in the pack"
    assert len(together) >= 6
    assert {line["which"] for line in group["evidence"]} >= {"rapidolin.example/lin-lent", "@consovigie @solene_aldane"}


def those_put_in_cc_are_named_with_whom_to_warn() -> None:
    called = {row["name"]: row for row in sections()["called"]["rows"]}
    assert {row["party"] for row in called.values()} == {"executive", "regulator", "press"}
    president = called["Solène Aldane, présidente"]
    assert president["by_origin"]
    assert "Claire Marchetti" in president["warn"]["fr"] and "n’appelle" in president["warn"]["fr"]


def nobody_was_answering_at_that_hour() -> None:
    timing = sections()["timing"]
    assert timing["is_staffed"] is False
    against = " ".join(sign["words"]["fr"] for sign in timing["signs"] if sign["sign"] == "against")
    assert "2\u00a0h\u00a037 après la fin du service" in against
    assert "Vente privée d’hiver" in against


def onlookers_defenders_and_customers_are_told_apart() -> None:
    assert {part_of(handle) for handle in ("agence_du_coin", "marketing_cru", "cm_en_colere")} <= {"follower", "leader"}
    assert {part_of(handle) for handle in ("jules_tw", "popcorn_club", "ticket_resto")} == {"spectator"}
    assert {part_of(handle) for handle in ("noemie_d_lyon", "hvr_54")} == {"customer"}
    assert part_of("bea_et_ses_draps") == "defender"
    assert part_of("plume_de_comptoir") == "media"
    assert 0.3 < sections()["people"]["popcorn_share"] < 0.6


def the_page_says_all_of_it(stage: Stage, incident: Incident, lead: User) -> None:
    shown = stage.see(50, lead, f"{page(incident)}lecture/")
    for words in ("@cm_rapidolin", "à l’origine", "rapidolin.example/lin-lent", "Solène Aldane", "Claire Marchetti"):
        assert words in shown, words


def a_person_removes_a_wrong_role_for_good(stage: Stage, incident: Incident, lead: User) -> None:
    """A student who copied a sentence « follows » for the machine; the lead, who knows her, takes the role away."""
    wronged = number_of("stagiaire_2_luxe")
    assert part_of("stagiaire_2_luxe") == "follower"
    stage.act(52, lead, f"{page(incident)}lecture/roles/{wronged}/", role="")
    stage.act(52, lead, f"{page(incident)}lecture/roles/{number_of('le_petit_brief')}/", role="relay")
    stage.hear(stage.at(60))
    assert ParticipantRole.objects.get(author=wronged).state == "removed"
    assert part_of("le_petit_brief") == "relay"
    assert part_of("stagiaire_2_luxe") == "", "the next reading starts from the person's word"
    assert AuditEvent.objects.filter(action="incident.role_decided", user=lead).count() == 2


def it_passes_and_a_range_is_given(stage: Stage) -> None:
    stage.hear(stage.at(90))
    outlook = sections()["outlook"]
    assert outlook["phase"] == "decaying"
    assert outlook["returns"]["from"] < outlook["returns"]["at"] < outlook["returns"]["until"]
    assert outlook["wrong_if"], "it says what would prove it wrong"
    assert Outlook.objects.filter(phase="too_early").exists(), "each point is kept, to be judged afterwards"


def the_report_tells_the_reading_and_names_nobody(stage: Stage, incident: Incident, lead: User) -> None:
    stage.hear(stage.at(600))
    stage.close(600, lead, page(incident), note="Ne pas répondre a suffi. Afficher le délai réel.")
    report = stage.draft(601)
    told = stage.see(602, lead, f"/agence/rapports/{report.pk}/apercu/")
    assert "Coordination apparente" in told and "1 rôle décidé, 1 rôle retiré" in told
    assert "Presse" in told and "Dirigeant du client" in told
    assert "0 min À l’origine premier de son fil" in told, "what carried it furthest, by its part and not by its name"
    assert "hors des heures tenues" in told and "fourchette" in told
    assert not [line.handle for line in RAPIDOLIN.lines if line.handle in told]
