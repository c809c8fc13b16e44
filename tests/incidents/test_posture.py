"""The posture advised follows the published rule, names it, and says why it applies."""

from dataclasses import replace

import pytest

from incidents.choices import CrisisFamily, IncidentType, Qualification
from incidents.posture import Case, advise

CRISIS = Case("crisis", "", "other", 2)


@pytest.mark.parametrize(
    ("family", "before", "severity", "stance", "guideline"),
    [
        ("victim", 0, 2, "inform", 1),
        ("victim", 1, 2, "diminish", 3),
        ("accident", 0, 2, "diminish", 4),
        ("accident", 2, 2, "rebuild", 5),
        ("accident", 0, 1, "rebuild", 5),
        ("preventable", 0, 2, "rebuild", 6),
        ("preventable", 3, 1, "rebuild", 6),
    ],
)
def test_a_crisis_follows_the_guideline_of_its_family(
    family: str, before: int, severity: int, stance: str, guideline: int
) -> None:
    advice = advise(Case("crisis", family, "other", severity, before))
    assert advice.stance == stance
    assert advice.rule.fr == f"SCCT, règle nº\u00a0{guideline} (Coombs, 2007)"


@pytest.mark.parametrize("family", ["", "victim", "accident", "preventable"])
def test_denial_is_for_a_rumour_only(family: str) -> None:
    rumour = replace(CRISIS, family=family, type="rumour")
    assert advise(rumour).stance == "deny"
    others = [kind for kind in IncidentType.values if kind != "rumour"]
    assert all(advise(replace(rumour, type=kind)).stance != "deny" for kind in others)


@pytest.mark.parametrize(
    ("kind", "stance"), [("rumour", "refute"), ("misstep", "reform"), ("mockery", "refuse"), ("other", "watch")]
)
def test_a_paracrisis_is_refuted_adjusted_to_or_left(kind: str, stance: str) -> None:
    assert advise(Case("paracrisis", "", kind, 3)).stance == stance


def test_no_posture_is_chosen_while_nobody_said_the_family() -> None:
    assert advise(CRISIS).stance == "unsaid"


def test_what_aggravates_is_said_and_so_is_what_the_machine_does_not_know() -> None:
    because = advise(Case("crisis", "accident", "outage", 1, 2)).because
    assert [one.en for one in because][:3] == [
        "it is an accident", "2 similar incidents in three years", "the severity is 1",
    ]  # fmt: skip
    assert "does not know" in because[-1].en


def test_every_case_has_an_advice_in_both_languages_with_its_rule() -> None:
    cases = [
        Case(level, family, kind, severity, before)
        for level in Qualification.values
        for family in ("", *CrisisFamily.values)
        for kind in ("", *IncidentType.values)
        for severity in (None, 1, 4)
        for before in (0, 5)
    ]
    for advice in map(advise, cases):
        said = (advice.name, *advice.do, advice.avoid, advice.rule, *advice.because)
        assert all(one.fr and one.en and one.fr != one.en for one in said)
