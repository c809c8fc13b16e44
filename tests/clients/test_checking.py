"""What people are asked about, what they say of it, and what it tells of the machine's worth for this client."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client as Browser
from django.urls import reverse

from agency.models import AuditEvent, Client, User
from clients.admin.labels import shown_label
from clients.models import Classification, Mention, WatchHit
from clients.selectors import checking, mentions
from clients.services import corrections, reading
from clients.services.reading import Reader
from tests import factories
from tests.conftest import NOW, MakePerson

LATER = NOW + timedelta(hours=1)
SO = {"intent": "complaint", "sentiment": "negative", "attack": "no"}


@pytest.fixture
def marie(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


@pytest.fixture
def desk(aldane: Client, marie: User, visit: Callable[..., Browser]) -> Browser:
    return visit(marie, aldane)


def told(count: int, **values: str) -> list[Mention]:
    """Mentions that the machine read so."""
    made = [factories.mention(f"Le colis {n} n’est pas arrivé", NOW + timedelta(minutes=n)) for n in range(count)]
    values = {**SO, **values}
    Mention.objects.update(read_at=NOW, **values)
    Classification.objects.bulk_create(
        Classification(mention=one, axis=axis, value=value, label_source="model", created_at=NOW)
        for one in made
        for axis, value in values.items()
    )
    return [*Mention.objects.order_by("id")]


def shown(view: str) -> list[int]:
    return [row.pk for row in mentions.page(mentions.VIEW[view], None).rows]


def test_what_was_left_open_is_asked_until_somebody_speaks(aldane: Client, marie: User) -> None:
    _sure, unsure = told(2)
    Mention.objects.filter(pk=unsure.pk).update(attack="uncertain")
    assert shown("incertaines") == [unsure.pk]
    reading.correct(mention=unsure, axis="attack", value="no", by=marie, now=LATER)
    assert shown("incertaines") == []


def test_about_one_in_twenty_is_drawn_and_always_the_same(aldane: Client) -> None:
    told(400)
    first = {row.pk for row in checking.drawn(Mention.objects.all())}
    Mention.objects.update(intent="uncertain", triage="set_aside")
    assert 10 <= len(first) <= 30
    assert {row.pk for row in checking.drawn(Mention.objects.all())} == first


def test_a_drawn_mention_is_asked_until_it_is_checked_whole(aldane: Client, marie: User) -> None:
    told(60)
    mention = Mention.objects.get(pk=shown("tirees")[0])
    corrections.say(mention=mention, given={**SO, "intent": "question"}, whole=False, by=marie, now=LATER)
    assert mention.pk in shown("tirees"), "one axis was corrected, the others were not looked at"
    corrections.say(mention=mention, given={**SO, "intent": "question"}, whole=True, by=marie, now=LATER)
    assert mention.pk not in shown("tirees")


def test_what_was_drawn_and_checked_tells_how_often_the_machine_is_right(aldane: Client, marie: User) -> None:
    told(120)
    drawn = list(checking.drawn(Mention.objects.order_by("id")))[:4]
    for one, intent in zip(drawn, ("complaint", "complaint", "mockery", "uncertain"), strict=True):
        corrections.say(mention=one, given={**SO, "intent": intent}, whole=True, by=marie, now=LATER)
    worth = checking.accuracy("intent", LATER)
    assert (worth.checked, worth.answered, worth.right) == (3, 3, 2), "a person who cannot tell is no judge"
    assert worth.left_open == 1
    assert worth.low < worth.share == 2 / 3 < worth.high
    assert checking.accuracy("attack", LATER).right == 4


def test_what_the_machine_left_open_counts_neither_for_nor_against_it(aldane: Client, marie: User) -> None:
    told(60, sentiment="uncertain")
    drawn = checking.drawn(Mention.objects.all()).first()
    assert drawn is not None
    corrections.say(mention=drawn, given=SO, whole=True, by=marie, now=LATER)
    worth = checking.accuracy("sentiment", LATER)
    assert (worth.checked, worth.answered, worth.share) == (1, 0, 0.0)


def test_corrections_in_passing_tell_nothing_of_its_worth(aldane: Client, marie: User) -> None:
    for one in told(60):
        reading.correct(mention=one, axis="intent", value="mockery", by=marie, now=LATER)
    assert checking.accuracy("intent", LATER).checked == 0


def test_a_wrong_label_among_right_ones_keeps_none(aldane: Client, marie: User) -> None:
    (mention,) = told(1)
    with pytest.raises(ValidationError):
        corrections.say(
            mention=mention, given={"intent": "mockery", "attack": "peut-être"}, whole=False, by=marie, now=LATER
        )
    assert not Classification.objects.filter(label_source="person").exists()


def test_what_is_not_about_us_is_caught_by_no_watch_until_somebody_says_it_is(aldane: Client, marie: User) -> None:
    watch = factories.watch()
    mention = factories.mention("Aldane, le colis", NOW)
    Mention.objects.update(read_at=None)
    reading.read_new(reader=Reader.shipped(), now=NOW)
    caught = WatchHit.objects.filter(mention=mention).count()
    reading.correct(mention=mention, axis="relevance", value="elsewhere", by=marie, now=LATER)
    assert (caught, WatchHit.objects.count()) == (1, 0)
    watch.rematched_to = 0
    watch.save()
    Mention.objects.update(read_at=None)
    reading.read_new(reader=Reader.shipped(), now=LATER)
    reading.rematch(watch=watch, now=LATER)
    assert WatchHit.objects.count() == 0, "neither a second reading nor a changed watch takes a person's word back"
    reading.correct(mention=mention, axis="relevance", value="about", by=marie, now=LATER)
    assert WatchHit.objects.filter(mention=mention).count() == 1


def test_the_pages_say_what_goes_without_saying(desk: Browser, aldane: Client) -> None:
    factories.mention("Aldane, le colis est arrivé hier matin", NOW)
    Mention.objects.update(read_at=None)
    reading.read_new(reader=Reader.shipped(), now=NOW)
    mention = Mention.objects.get()
    for address in (reverse("client_admin:sort"), reverse("client_admin:mention", args=[mention.pk])):
        page = desk.get(address, {"vue": "tout"}, headers={"accept-language": "en"}).content.decode()
        assert 'name="relevance"' in page and ("calme" in page or "calm tone" in page)


def test_what_an_earlier_reading_alone_told_is_over(aldane: Client) -> None:
    (mention,) = told(1)
    for axis, value, at in (("arousal", "high", NOW), ("language", "fr", NOW), ("language", "fr", LATER)):
        Classification.objects.create(mention=mention, axis=axis, value=value, label_source="rule", created_at=at)
    assert "arousal" not in mentions.labels_of(mention)
    Classification.objects.create(mention=mention, axis="arousal", value="high", label_source="rule", created_at=LATER)
    assert mentions.labels_of(mention)["arousal"].value == "high"


def test_a_mention_is_checked_from_the_list_and_leaves_it(desk: Browser, aldane: Client) -> None:
    told(60)
    number = shown("tirees")[0]
    home = reverse("client_admin:sort") + "?vue=tirees"
    answer = desk.post(
        reverse("client_admin:sort_correct", args=[number]),
        {**SO, "relevance": "about", "whole": "1", "next": f"{home}&m={number}", "list": home},
    )
    assert answer.headers["Location"] == home
    assert Classification.objects.filter(mention_id=number, label_source="person").count() == 3
    assert f'id="m{number}"' not in desk.get(home).content.decode()


def test_the_models_page_says_how_often_the_machine_is_right_and_is_a_page_of_the_list(
    desk: Browser, aldane: Client, marie: User
) -> None:
    told(60)
    drawn = checking.drawn(Mention.objects.all()).first()
    assert drawn is not None
    corrections.say(mention=drawn, given=SO, whole=True, by=marie, now=LATER)
    page = desk.get(reverse("client_admin:models"))
    assert [one["url"] for one in page.context["sections"] if one["is_current"]] == [reverse("client_admin:sort")]
    drawn_of = {axis["name"]: axis["drawn"].checked for axis in page.context["axes"]}
    assert set(drawn_of) == {"intent", "sentiment", "attack"}


@pytest.mark.parametrize(("value", "p", "told"), [("yes", 0.8, 0.8), ("no", 0.1, 0.9), ("uncertain", 0.4, 0.6)])
def test_how_sure_is_said_of_the_answer_that_is_shown(aldane: Client, value: str, p: float, told: float) -> None:
    label = Classification(axis="attack", value=value, confidence=p, label_source="model", created_at=NOW)
    assert shown_label(label)["confidence"] == pytest.approx(told)


def test_labels_given_only_where_the_machine_had_not_settled_are_said_to_be_so(
    desk: Browser, aldane: Client, marie: User
) -> None:
    told(60, intent="uncertain", sentiment="uncertain", attack="uncertain")
    drawn = checking.drawn(Mention.objects.all()).first()
    assert drawn is not None
    corrections.say(mention=drawn, given=SO, whole=True, by=marie, now=LATER)
    page = desk.get(reverse("client_admin:models"), headers={"accept-language": "en"})
    assert {(one["agreement"].doubts, one["drawn"].checked) for one in page.context["axes"]} == {(1, 1)}
    assert page.content.decode().count("?vue=tirees") == 1, "nobody is told that nothing was checked"


def test_a_mention_that_its_checker_left_open_is_said_to_be_checked(desk: Browser, aldane: Client, marie: User) -> None:
    told(60, intent="uncertain")
    drawn = checking.drawn(Mention.objects.all()).first()
    assert drawn is not None
    corrections.say(mention=drawn, given={**SO, "intent": "uncertain"}, whole=True, by=marie, now=LATER)
    User.objects.update(language="en")
    page = desk.get(reverse("client_admin:models")).content.decode()
    assert "No drawn mention was checked" not in page
    assert page.count("could not tell") == 1


def test_who_corrects_one_axis_is_not_made_to_say_what_the_machine_changed_meanwhile(
    desk: Browser, aldane: Client
) -> None:
    (mention,) = told(1, attack="uncertain")
    page = desk.get(reverse("client_admin:mention", args=[mention.pk]))
    form = {field["name"]: field["value"] for field in page.context["correction"]}
    seen = dict(re.findall(r'name="(seen_\w+)" value="(\w+)"', page.content.decode()))
    Mention.objects.update(attack="yes")  # read by meaning while the page was open
    address = reverse("client_admin:sort_correct", args=[mention.pk])
    desk.post(address, {**form, **seen, "intent": "mockery"})
    said = Classification.objects.filter(label_source="person").values_list("axis", "value")
    assert list(said) == [("intent", "mockery")] and Mention.objects.get().attack == "yes"


def test_what_is_sent_twice_is_said_once(desk: Browser, aldane: Client) -> None:
    (mention,) = told(1)
    for _click in range(2):
        desk.post(reverse("client_admin:sort_correct", args=[mention.pk]), {**SO, "intent": "mockery", "whole": "1"})
    assert Classification.objects.filter(label_source="person").count() == 3


def test_what_is_counted_of_a_corrected_mention_is_what_it_now_is(aldane: Client, marie: User) -> None:
    (stale,) = told(1)
    WatchHit.objects.create(watch=factories.watch(), mention=stale, published_at=NOW)
    Mention.objects.update(attack="yes")
    reading.correct(mention=stale, axis="intent", value="legal_threat", by=marie, now=LATER)
    assert WatchHit.objects.filter(is_attack=True, is_urgent=True).count() == 1 and stale.attack == "yes"


def test_a_word_taken_back_leaves_the_machines_or_the_one_before(aldane: Client, marie: User) -> None:
    (one,) = told(1)
    first = corrections.say(mention=one, given={"intent": "mockery", "attack": "yes"}, whole=False, by=marie, now=LATER)
    second = corrections.say(mention=one, given={"intent": "support"}, whole=False, by=marie, now=LATER)
    assert corrections.take_back(labels=[label.pk for label in second], by=marie, now=LATER) == 1
    one.refresh_from_db()
    assert (one.intent, one.attack) == ("mockery", "yes")
    machine = one.classifications.filter(label_source="model").values_list("pk", flat=True)
    assert corrections.take_back(labels=[*(label.pk for label in first), *machine], by=marie, now=LATER) == 2
    one.refresh_from_db()
    assert (one.intent, one.attack) == ("complaint", "no") and one.classifications.count() == 3
    assert AuditEvent.objects.filter(action="labels.taken_back").count() == 2


def test_what_was_let_go_is_caught_again_when_the_word_is_taken_back(aldane: Client, marie: User) -> None:
    watch = factories.watch(include=["colis"])
    (one,) = told(1)
    WatchHit.objects.create(watch=watch, mention=one, published_at=NOW)
    said = corrections.say(mention=one, given={"relevance": "elsewhere"}, whole=False, by=marie, now=LATER)
    assert not WatchHit.objects.exists()
    corrections.take_back(labels=[label.pk for label in said], by=marie, now=LATER)
    assert WatchHit.objects.get().mention == one


@pytest.mark.parametrize("page", ["/agence/tri/", "/agence/tri/mentions/{}/"])
def test_a_correction_is_undone_from_its_toast(desk: Browser, aldane: Client, page: str) -> None:
    (one,) = told(1)
    here = page.format(one.pk)
    after = desk.post(
        reverse("client_admin:sort_correct", args=[one.pk]), {"intent": "mockery", "next": here}, follow=True
    )
    act = re.search(r'name="act" value="([^"]+)"', after.content.decode())
    assert act is not None and 'action="/agence/tri/annuler/"' in after.content.decode()
    assert desk.post("/agence/tri/annuler/", {"act": act[1], "next": here})["Location"] == here
    assert Mention.objects.get().intent == "complaint"


@pytest.mark.parametrize("number", ["", "forged", "0"])
def test_a_forged_undo_takes_no_word_back(desk: Browser, aldane: Client, marie: User, number: str) -> None:
    (one,) = told(1)
    reading.correct(mention=one, axis="intent", value="mockery", by=marie, now=LATER)
    assert desk.post("/agence/tri/annuler/", {"act": number}).status_code == 302
    assert Mention.objects.get().intent == "mockery"
