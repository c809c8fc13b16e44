"""The rules of approval, whatever the order of acts: nobody's own words, that very version, every step."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents import approval
from incidents.approval import Case, NotAllowed, Paper, Signer, Step

ANNA, BEN = Signer("person:1", "Anna", frozenset({"cm"})), Signer("person:2", "Ben", frozenset({"lead"}))
CLAIRE = Signer("person:3", "Claire", frozenset({"approver"}))
DORA = Signer("person:4", "Dora", frozenset({"director"}))
PEOPLE = (ANNA, BEN, CLAIRE, DORA)
TWO_STEPS = (Step(1, role="lead"), Step(2, role="client"))


def waiting(*steps: Step) -> Paper:
    return approval.submit(Paper(writers=frozenset({ANNA.key})), steps or TWO_STEPS, version=1)


def code(act, *args: object, **kwargs: object) -> str:
    with pytest.raises(NotAllowed) as caught:
        act(*args, **kwargs)
    return caught.value.code


def yes(paper: Paper, *signers: Signer) -> Paper:
    for signer in signers:
        paper = approval.decide(paper, signer, version=paper.version, is_yes=True)
    return paper


def test_all_steps_in_their_order_approve_it() -> None:
    paper = waiting()
    assert code(yes, paper, CLAIRE) == "not_yours"
    assert yes(paper, BEN).state == "waiting"
    assert yes(paper, BEN, CLAIRE).state == "approved"


def test_nobody_approves_words_of_their_own_whatever_their_role() -> None:
    paper = approval.submit(Paper(writers=frozenset({ANNA.key, DORA.key})), (Step(1, role="lead"),), version=1)
    assert code(yes, paper, DORA) == "own"


def test_several_steps_are_several_people() -> None:
    paper = yes(waiting(Step(1, role="lead"), Step(2, role="director")), DORA)
    assert code(yes, paper, DORA) == "twice"


def test_new_words_make_every_agreement_fall() -> None:
    paper = approval.reword(yes(waiting(), BEN), CLAIRE.key, version=1)
    assert (paper.version, paper.state, paper.given, paper.steps) == (2, "writing", (), ())
    assert paper.writers == {ANNA.key, CLAIRE.key}


def test_words_that_moved_are_not_decided() -> None:
    paper = approval.submit(approval.reword(waiting(), ANNA.key, version=1), TWO_STEPS, version=2)
    assert code(approval.decide, paper, BEN, version=1, is_yes=True) == "moved"
    assert code(approval.reword, paper, BEN.key, version=1) == "moved"


def test_a_refusal_stops_it_until_the_words_change() -> None:
    paper = approval.decide(waiting(), BEN, version=1, is_yes=False)
    assert paper.state == "refused"
    assert code(approval.submit, paper, TWO_STEPS, version=1) == "refused_words"
    assert approval.reword(paper, ANNA.key, version=1).state == "writing"


def test_a_decision_is_taken_back_until_somebody_acts_after_it() -> None:
    paper = yes(waiting(), BEN)
    assert approval.take_back(paper, BEN) == waiting()
    assert code(approval.take_back, yes(paper, CLAIRE), BEN) == "too_late"
    assert approval.take_back(yes(paper, CLAIRE), CLAIRE) == paper
    assert code(approval.take_back, paper, CLAIRE) == "nothing"


def test_a_step_that_fell_back_also_asks_its_fallback() -> None:
    step = Step(1, person="person:9", fallback=CLAIRE.key)
    assert code(yes, waiting(step), CLAIRE) == "not_yours"
    assert yes(approval.fall_back(waiting(step)), CLAIRE).state == "approved"
    assert yes(approval.fall_back(waiting(replace(step, fallback=""))), BEN).state == "approved"


def test_severity_adds_a_step_and_a_paracrisis_has_fewer() -> None:
    crisis, paracrisis = Case("crisis", 1), Case("paracrisis", 3)
    assert [approval.is_asked_for(when, crisis) for when in ("always", "incident", "crisis", "worst")] == [True] * 4
    assert [approval.is_asked_for(when, paracrisis) for when in ("incident", "crisis", "worst")] == [True, False, False]
    assert len(approval.usual_steps(paracrisis)) < len(approval.usual_steps(crisis))
    assert approval.usual_steps(Case()) == ("team",)


STEPS = st.lists(
    st.builds(
        Step,
        rank=st.just(1),
        role=st.sampled_from(["", "team", "lead", "director", "client"]),
        person=st.sampled_from([one.key for one in PEOPLE]),
        needed=st.integers(1, 2),
        fallback=st.sampled_from(["", *(one.key for one in PEOPLE)]),
    ),
    min_size=1,
    max_size=3,
).map(lambda steps: tuple(replace(one, rank=rank) for rank, one in enumerate(steps, 1)))
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["reword", "submit", "yes", "no", "take_back", "fall_back", "publish", "withdraw", "back"]),
        st.sampled_from(PEOPLE),
        st.integers(-1, 0),  # how far behind the version is that the person has before them
    ),
    max_size=40,
)


def act(paper: Paper, name: str, who: Signer, version: int, steps: tuple[Step, ...]) -> Paper:
    acts = {
        "reword": lambda: approval.reword(paper, who.key, version=version),
        "submit": lambda: approval.submit(paper, steps, version=version),
        "yes": lambda: approval.decide(paper, who, version=version, is_yes=True),
        "no": lambda: approval.decide(paper, who, version=version, is_yes=False),
        "take_back": lambda: approval.take_back(paper, who),
        "fall_back": lambda: approval.fall_back(paper),
        "publish": lambda: approval.publish(paper, version=version),
        "withdraw": lambda: approval.withdraw(paper),
        "back": lambda: approval.bring_back(paper),
    }
    try:
        return acts[name]()
    except NotAllowed:
        return paper


@settings(max_examples=400, deadline=None)
@given(STEPS, ACTS)
def test_nothing_is_published_without_every_step_agreed_by_others_on_that_very_version(steps, acts) -> None:
    paper, wrote, agreed = Paper(writers=frozenset({ANNA.key})), {ANNA.key}, []
    for name, who, behind in acts:
        before, version = paper, paper.version + behind
        paper = act(paper, name, who, version, steps)
        if paper.version > before.version:
            wrote, agreed = wrote | ({who.key} if name == "reword" else set()), []
        if name == "take_back" and paper != before:
            agreed.remove((before.given[-1].rank, who.key))
        if name == "yes" and paper != before:
            assert version == paper.version
            agreed.append((before.current.rank, who.key))  # type: ignore[union-attr]
        if paper.state == "published":
            assert {one for _rank, one in agreed}.isdisjoint(wrote)
            assert all(len({who for rank, who in agreed if rank == step.rank}) >= step.needed for step in steps)
            assert len({one for _rank, one in agreed}) == len(agreed)
            assert act(paper, name, who, version, steps) == paper


@settings(max_examples=100, deadline=None)
@given(STEPS, ACTS)
def test_a_paper_that_waits_always_has_a_step_to_decide(steps, acts) -> None:
    paper = Paper(writers=frozenset({ANNA.key}))
    for name, who, behind in acts:
        paper = act(paper, name, who, paper.version + behind, steps)
        assert (paper.state == "waiting") <= (paper.current is not None)
        assert (paper.state in {"approved", "published"}) <= paper.is_agreed


@pytest.mark.parametrize(("severity", "minutes"), [(1, 30), (2, 120), (3, 720), (4, 1440), (None, 1440)])
def test_the_graver_it_is_the_sooner_a_step_is_decided(severity: int | None, minutes: int) -> None:
    assert approval.usual_minutes(severity) == minutes
