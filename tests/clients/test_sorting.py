"""Acts on the list to sort: exact undo, two people at once, what waits, five hundred at a time."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from agency.models import Client, User
from clients.models import Mention, SortingAct, Waiting, WatchHit
from clients.selectors import everywhere, sorting
from clients.services import acts, triage, waiting
from clients.tasks import bring_back
from tests.clients.rooms import watch
from tests.clients.test_triage import hear
from tests.conftest import NOW, MakePerson

Visit = Callable[..., Browser]
SOON = NOW + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    cache.clear()
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        yield


@pytest.fixture
def marie(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


@pytest.fixture
def nadia(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


def states() -> list[str]:
    return list(Mention.objects.order_by("pk").values_list("triage", flat=True))


def numbers(mentions: list[Mention]) -> list[int]:
    return [mention.pk for mention in mentions]


def done(moved: triage.Moved) -> int:
    assert moved.act is not None
    return moved.act.pk


def test_each_act_is_undone_by_itself_and_exactly(marie: User) -> None:
    one, two, three = numbers(hear(3))
    Mention.objects.filter(pk=three).update(triage="set_aside")
    first = triage.set_aside(mention_ids=[one], by=marie, now=NOW)
    second = triage.put_back(mention_ids=[three], by=marie, now=NOW)
    triage.wait(mention_ids=[two], until=NOW + timedelta(hours=1), by=marie, now=NOW)
    assert states() == ["set_aside", "waiting", "new"]
    assert acts.undo(number=done(first), by=marie, now=SOON).ids == [one]
    assert states() == ["new", "waiting", "new"]
    acts.undo(number=done(second), by=marie, now=SOON)
    assert states() == ["new", "waiting", "set_aside"]


def test_what_waited_waits_again_when_the_act_is_undone(marie: User) -> None:
    (one,) = numbers(hear(1))
    until = NOW + timedelta(hours=1)
    triage.wait(mention_ids=[one], until=until, by=marie, now=NOW)
    aside = triage.set_aside(mention_ids=[one], by=marie, now=NOW)
    assert not Waiting.objects.exists()
    acts.undo(number=done(aside), by=marie, now=SOON)
    assert (states(), Waiting.objects.get().until) == (["waiting"], until)


def test_what_would_have_come_back_meanwhile_is_to_sort_when_undone(marie: User) -> None:
    (one,) = numbers(hear(1))
    triage.wait(mention_ids=[one], until=NOW + timedelta(minutes=1), by=marie, now=NOW)
    aside = triage.set_aside(mention_ids=[one], by=marie, now=NOW)
    acts.undo(number=done(aside), by=marie, now=SOON)
    assert states() == ["new"] and not Waiting.objects.exists()


def test_an_undo_leaves_and_tells_what_somebody_did_since(marie: User, nadia: User) -> None:
    one, two = numbers(hear(2))
    mine = triage.set_aside(mention_ids=[one, two], by=marie, now=NOW)
    triage.put_back(mention_ids=[one], by=nadia, now=NOW)
    triage.wait(mention_ids=[one], until=NOW + timedelta(hours=1), by=nadia, now=NOW)
    undone = acts.undo(number=done(mine), by=marie, now=SOON)
    assert states() == ["waiting", "new"] and undone.ids == [two]
    assert [(change.mention_id, change.act.by, change.act.kind) for change in undone.left] == [(one, nadia, "wait")]


def test_nothing_is_undone_twice_nor_late_nor_by_another(marie: User, nadia: User) -> None:
    mine = triage.set_aside(mention_ids=numbers(hear(1)), by=marie, now=NOW)
    with pytest.raises(acts.TooLate):
        acts.undo(number=done(mine), by=nadia, now=SOON)
    with pytest.raises(acts.TooLate):
        acts.undo(number=done(mine), by=marie, now=NOW + timedelta(minutes=11))
    acts.undo(number=done(mine), by=marie, now=SOON)
    with pytest.raises(acts.TooLate):
        acts.undo(number=done(mine), by=marie, now=SOON)
    assert states() == ["new"]


def test_what_another_did_since_the_page_was_made_is_left_alone_and_can_be_done_again(marie: User, nadia: User) -> None:
    one, two = numbers(hear(2))
    seen = sorting.edge().act
    triage.label(mention_ids=[one], axis="intent", value="support", by=nadia, now=NOW)
    mine = triage.set_aside(mention_ids=[one, two], by=marie, now=SOON, seen=seen)
    assert mine.ids == [two] and [change.act.by for change in mine.others] == [nadia]
    assert mine.act is not None and mine.act.kept["left"] == [one]
    again = triage.set_aside(mention_ids=[one], by=marie, now=SOON, seen=mine.act.kept["told"])
    assert again.ids == [one] and states() == ["set_aside", "set_aside"]


def test_ones_own_acts_are_no_surprise(marie: User) -> None:
    (one,) = numbers(hear(1))
    triage.label(mention_ids=[one], axis="intent", value="support", by=marie, now=NOW)
    assert triage.set_aside(mention_ids=[one], by=marie, now=NOW, seen=0).ids == [one]


def test_what_waits_comes_back_by_itself(aldane: Client, marie: User) -> None:
    one, two = numbers(hear(2))
    triage.wait(mention_ids=[one], until=NOW + timedelta(minutes=30), by=marie, now=NOW)
    triage.wait(mention_ids=[two], until=NOW + timedelta(days=3), by=marie, now=NOW)
    assert waiting.bring_back(now=NOW + timedelta(minutes=29)) == 0
    assert bring_back(schema_name=aldane.schema_name) == 1
    assert states() == ["new", "waiting"] and waiting.bring_back(now=NOW + timedelta(hours=2)) == 0


def test_the_clockwork_finds_what_comes_back(aldane: Client, marie: User) -> None:
    triage.wait(mention_ids=numbers(hear(1)), until=NOW + timedelta(minutes=30), by=marie, now=NOW)
    found = everywhere.waiting(NOW + timedelta(hours=1))
    assert [one.schema_name for one in found if one.what == "back"] == [aldane.schema_name]
    assert not [one for one in everywhere.waiting(NOW) if one.what == "back"]


@pytest.mark.parametrize("away", [timedelta(0), timedelta(days=-1), timedelta(days=91)])
def test_nothing_waits_for_the_past_or_for_ever(marie: User, away: timedelta) -> None:
    with pytest.raises(ValidationError):
        triage.wait(mention_ids=numbers(hear(1)), until=NOW + away, by=marie, now=NOW)
    assert states() == ["new"]


def test_what_is_not_ours_is_caught_no_more_until_it_is_undone(marie: User) -> None:
    one = watch(["texte"])
    (heard,) = hear(1)
    WatchHit.objects.create(watch=one, mention=heard, published_at=NOW)
    mine = triage.not_ours(mention_ids=[heard.pk], by=marie, now=NOW)
    assert states() == ["set_aside"] and not WatchHit.objects.exists()
    acts.undo(number=done(mine), by=marie, now=SOON)
    assert states() == ["new"] and WatchHit.objects.get().mention == heard
    assert not heard.classifications.exists()


def test_labels_of_many_are_said_and_taken_back_as_they_were(marie: User, nadia: User) -> None:
    one, two = hear(2)
    triage.label(mention_ids=[one.pk], axis="intent", value="support", by=nadia, now=NOW)
    mine = triage.label(mention_ids=[one.pk, two.pk], axis="intent", value="popcorn", by=marie, now=NOW)
    assert set(Mention.objects.values_list("intent", flat=True)) == {"popcorn"}
    acts.undo(number=done(mine), by=marie, now=SOON)
    assert list(Mention.objects.order_by("pk").values_list("intent", flat=True)) == ["support", ""]


@pytest.mark.parametrize("axis", ["", "language", "intent"])
def test_a_label_that_is_none_is_refused(marie: User, axis: str) -> None:
    with pytest.raises(ValidationError):
        triage.label(mention_ids=numbers(hear(1)), axis=axis, value="x", by=marie, now=NOW)


@pytest.mark.parametrize("gesture", ["aside", "label", "not_ours", "wait"])
def test_five_hundred_cost_as_many_queries_as_five(marie: User, gesture: str) -> None:
    asked = numbers(hear(120))
    do: dict[str, Callable[[list[int]], triage.Moved]] = {
        "aside": lambda ids: triage.set_aside(mention_ids=ids, by=marie, now=NOW),
        "label": lambda ids: triage.label(mention_ids=ids, axis="intent", value="news", by=marie, now=NOW),
        "not_ours": lambda ids: triage.not_ours(mention_ids=ids, by=marie, now=NOW),
        "wait": lambda ids: triage.wait(mention_ids=ids, until=SOON, by=marie, now=NOW),
    }
    counts = []
    for ids in (asked[:5], asked[5:]):
        with CaptureQueriesContext(connection) as asked_for:
            made = do[gesture](ids)
            acts.undo(number=done(made), by=marie, now=NOW)
        counts.append(len(asked_for))
    assert counts[1] <= counts[0] + 2  # rows are deleted by the hundred


def test_the_page_says_who_changed_it_and_offers_to_do_it_all_the_same(
    aldane: Client, marie: User, nadia: User, visit: Visit
) -> None:
    one, two = numbers(hear(2))
    User.objects.update(language="en")
    triage.put_back(mention_ids=[one], by=nadia, now=NOW)
    triage.set_aside(mention_ids=[one], by=nadia, now=NOW)
    desk = visit(marie, aldane)
    answer = desk.post("/agence/tri/pas-a-nous/", {"mention": [one, two], "seen": "0"}, follow=True).content.decode()
    assert f"set aside by {nadia} at 21:58" in answer and 'action="/agence/tri/refaire/"' in answer
    act = answer.split('action="/agence/tri/refaire/"')[1].split('name="act" value="')[1].split('"')[0]
    with schema_context(aldane.schema_name):
        Mention.objects.filter(pk=one).update(triage="new")
    desk.post("/agence/tri/refaire/", {"act": act})
    with schema_context(aldane.schema_name):
        assert states() == ["set_aside", "set_aside"]


def test_the_last_acts_are_listed_and_undone_one_by_one(aldane: Client, marie: User, visit: Visit) -> None:
    one, two, _three = numbers(hear(3))
    desk = visit(marie, aldane)
    for asked in (one, two):
        desk.post("/agence/tri/ecarter/", {"current": asked})
    page = desk.get("/agence/tri/").content.decode()
    with schema_context(aldane.schema_name):
        first, second = SortingAct.objects.order_by("pk").values_list("pk", flat=True)
    assert page.count('class="lately"') == 1 and page.index(f'value="{second}"') < page.index(f'value="{first}"')
    desk.post("/agence/tri/annuler/", {"act": first})
    with schema_context(aldane.schema_name):
        assert states() == ["new", "set_aside", "new"]


def test_a_whole_view_is_what_the_page_knew_of(aldane: Client, marie: User, visit: Visit) -> None:
    heard = numbers(hear(60))
    given = {"whole": "1", "vue": "a-trier", "upto": heard[57], "seen": "0"}
    visit(marie, aldane).post("/agence/tri/ecarter/", given)
    with schema_context(aldane.schema_name):
        assert states() == ["set_aside"] * 58 + ["new"] * 2


@pytest.mark.parametrize("until", ["", "hier", "x" * 50_000, "\0"])
def test_a_wait_that_names_no_moment_is_said(aldane: Client, marie: User, visit: Visit, until: str) -> None:
    (one,) = numbers(hear(1))
    User.objects.update(language="en")
    answer = visit(marie, aldane).post("/agence/tri/attendre/", {"mention": one, "until": until}, follow=True)
    assert "Say until when" in answer.content.decode()


def test_a_wait_is_in_the_hours_of_the_client(aldane: Client, marie: User, visit: Visit) -> None:
    (one,) = numbers(hear(1))
    User.objects.update(language="en")
    Client.objects.filter(pk=aldane.pk).update(timezone="America/Toronto")
    told = visit(marie, aldane).post("/agence/tri/attendre/", {"mention": one, "until": "18:30"}, follow=True)
    with schema_context(aldane.schema_name):
        assert Waiting.objects.get().until.isoformat() == "2026-11-17T23:30:00+00:00"
    assert "18:30" in told.content.decode()


def test_two_people_see_where_the_other_is(aldane: Client, marie: User, nadia: User, visit: Visit) -> None:
    one, two = numbers(hear(2))
    User.objects.filter(pk=nadia.pk).update(full_name="Nadia Roy")
    visit(nadia, aldane).get(f"/agence/tri/?m={two}")
    mine = visit(marie, aldane)
    strip = mine.get(f"/agence/tri/presence/?m={one}").content.decode()
    assert f'data-looks-at="{two}"' in strip and "NR" in strip and str(marie) not in strip
    with schema_context(aldane.schema_name):
        triage.set_aside(mention_ids=[two], by=User.objects.get(pk=nadia.pk), now=NOW)
    since = mine.get(f"/agence/tri/presence/?m={one}&seen=0&vus={one},{two},x").content.decode()
    assert f'data-changed="{two}"' in since and f'data-changed="{one}"' not in since


def test_who_left_is_there_no_more_after_thirty_seconds(aldane: Client, marie: User, nadia: User, visit: Visit) -> None:
    with time_machine.travel(NOW + timedelta(hours=3), tick=False) as clock:
        visit(nadia, aldane).get("/agence/tri/")
        clock.shift(31)
        assert "data-looks-at" not in visit(marie, aldane).get("/agence/tri/presence/").content.decode()
