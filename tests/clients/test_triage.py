"""The list to sort: fast whatever its length, every gesture undone, every label explained."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client as Browser
from django_tenants.utils import schema_context

from agency.models import AuditEvent, Client, User
from clients.models import Mention, Source
from clients.selectors import mentions, search
from clients.selectors.search import Sought
from clients.services import reading, triage
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said, watch
from tests.clients.test_positions import approved
from tests.conftest import NOW, MakePerson

Visit = Callable[..., Browser]


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        yield


@pytest.fixture
def marie(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


@pytest.fixture
def desk(aldane: Client, marie: User, visit: Visit) -> Browser:
    return visit(marie, aldane)


def hear(count: int = 3, intent: str = "complaint") -> list[Mention]:
    """Mentions a minute apart, the last one the latest, read as `intent`."""
    raws = [
        said(
            f"{intent}{n}",
            f"Texte {n}" if intent == "complaint" else f"{intent} {n}",
            published_at=NOW + timedelta(minutes=n),
            author_handle="noe.b",
        )
        for n in range(count)
    ]
    ingest(source=feed(f"Presse {intent}"), raws=raws, now=NOW)
    Mention.objects.filter(intent="").update(intent=intent, read_at=NOW)
    return list(Mention.objects.filter(intent=intent).order_by("id"))


def test_pages_follow_each_other_without_gap_or_repeat(aldane: Client) -> None:
    hear(5)
    Mention.objects.filter(text__in=["Texte 1", "Texte 2", "Texte 3"]).update(published_at=NOW)
    view, seen, after = mentions.VIEW["a-trier"], [], None
    while True:
        page = mentions.page(view, after, size=2)
        seen += [row.text for row in page.rows]
        if page.following is None:
            break
        after = mentions.Place.read(str(page.following))
    assert seen == ["Texte 4", "Texte 3", "Texte 2", "Texte 1", "Texte 0"]


@pytest.mark.parametrize("text", ["", "x", "20261117T205800.000000Z", "20261117T205800.000000Z--1", "2026-1", "9" * 40])
def test_a_place_that_is_not_ours_is_none(text: str) -> None:
    assert mentions.Place.read(text) is None


def test_views_are_counted_up_to_a_thousand(aldane: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mentions, "COUNTED_UP_TO", 3)
    hear(2)
    hear(5, "popcorn")
    counts = mentions.counts()
    assert (counts["a-trier"], counts["reclamations"], counts["popcorn"], counts["attaques"]) == (4, 2, 4, 0)
    assert "tout" not in counts


def test_attacks_are_shown_by_the_axis_and_by_the_intent(aldane: Client) -> None:
    by_axis, by_intent, open_, aside = hear(4, "mockery")
    for one, values in (
        (by_axis, {"attack": "yes"}),
        (by_intent, {"attack": "no", "intent": "attack_cm"}),
        (open_, {"attack": "uncertain"}),
        (aside, {"attack": "yes", "triage": "set_aside"}),
    ):
        Mention.objects.filter(pk=one.pk).update(**values)
    assert {row.pk for row in mentions.page(mentions.VIEW["attaques"], None).rows} == {by_axis.pk, by_intent.pk}
    assert mentions.counts()["attaques"] == 2


def test_the_list_of_attacks_is_walked_in_its_order(aldane: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    newest = mentions.VIEW["attaques"].filtered().order_by("-published_at", "-pk")[:50]
    assert "mention_shown_attack" in newest.explain()


def test_setting_aside_is_noted_and_undone(marie: User) -> None:
    first, second, third = hear(3)
    Mention.objects.filter(pk=third.pk).update(triage="attached")
    moved = triage.set_aside(mention_ids=[first.pk, second.pk, third.pk, 10**9], by=marie, now=NOW)
    assert moved.ids == [first.pk, second.pk] and moved.along == 0
    assert triage.put_back(mention_ids=moved.ids, by=marie, now=NOW).ids == moved.ids
    assert Mention.objects.filter(triage="new").count() == 2
    assert list(
        AuditEvent.objects.filter(action__startswith="mentions.").order_by("id").values_list("action", flat=True)
    ) == [
        "mentions.set_aside",
        "mentions.put_back",
    ]


def fold(root: Mention, how: str, text: str, **fields: object) -> Mention:
    """Something that repeats the root, an hour after it."""
    number = Mention.objects.count()
    ingest(source=root.source, raws=[said(f"{how}{number}", text, published_at=NOW + timedelta(hours=1))], now=NOW)
    made = Mention.objects.latest("id")
    Mention.objects.filter(pk=made.pk).update(**{"root": root, "fold": how, "intent": "complaint", **fields})
    made.refresh_from_db()
    return made


def test_what_repeats_is_folded_and_what_is_urgent_or_says_more_is_not(aldane: Client) -> None:
    (root,) = hear(1)
    quote, urgent = fold(root, "quote", "Et moi aussi"), fold(root, "copy", "Texte 0", intent="safety")
    copy = fold(root, "copy", "Texte 0")
    fold(root, "repost", "Texte 0")
    assert {row.pk for row in mentions.page(mentions.VIEW["a-trier"], None).rows} == {root.pk, quote.pk, urgent.pk}
    assert mentions.counts()["a-trier"] == 3
    assert copy in mentions.page(mentions.VIEW["tout"], None).rows
    under = mentions.page(mentions.VIEW["tout"], None, mentions.Narrowed(root=root.pk)).rows
    assert len(under) == 4 and root not in under


def test_what_only_repeats_goes_where_its_root_goes(marie: User) -> None:
    (root,) = hear(1)
    quote, urgent = fold(root, "quote", "Et moi aussi"), fold(root, "copy", "Texte 0", intent="safety")
    copy, repost = fold(root, "copy", "Texte 0"), fold(root, "repost", "Texte 0")
    moved = triage.set_aside(mention_ids=[root.pk], by=marie, now=NOW)
    assert (moved.ids, moved.along) == ([root.pk], 2)
    assert set(Mention.objects.filter(triage="new")) == {quote, urgent}
    assert set(Mention.objects.filter(triage="set_aside")) == {root, copy, repost}
    triage.put_back(mention_ids=moved.ids, by=marie, now=NOW)
    assert not Mention.objects.filter(triage="set_aside").exists()


@pytest.mark.parametrize(
    ("narrowed", "texts"),
    [
        ({"language": "en"}, ["Where is my parcel"]),
        ({"sought": "ÉTÉ colis"}, ["Colis de l’été perdu"]),
        ({"sought": "perd"}, ["Colis de l’été perdu"]),
        ({"sought": "@noe.b"}, ["Colis de l’été perdu"]),
        ({"sought": "@noe.b parcel"}, []),
        ({"sought": "' & | !\\ \x00 ("}, ["Where is my parcel", "Colis de l’été perdu"]),
    ],
)
def test_a_view_is_narrowed(aldane: Client, narrowed: dict[str, Any], texts: list[str]) -> None:
    raws = [
        said(1, "Colis de l’été perdu", author_handle="noe.b"),
        said(2, "Where is my parcel", language="en", published_at=NOW + timedelta(minutes=1)),
    ]
    ingest(source=feed(), raws=raws, now=NOW)
    page = mentions.page(mentions.VIEW["a-trier"], None, mentions.Narrowed(**narrowed))
    assert [row.text for row in page.rows] == texts


def test_a_view_is_narrowed_to_a_source_and_to_a_watch(aldane: Client) -> None:
    one = watch(["texte 1"])
    heard = hear(2)
    hear(1, "popcorn")
    one.hits.create(mention=heard[1], published_at=NOW)
    view = mentions.VIEW["a-trier"]
    assert len(mentions.page(view, None, mentions.Narrowed(source=heard[0].source_id)).rows) == 2
    assert mentions.page(view, None, mentions.Narrowed(watch=one.pk)).rows == [heard[1]]
    assert mentions.page(view, None, mentions.Narrowed(watch=one.pk, source=10**12)).rows == []


@pytest.mark.parametrize("sought", ["", "impair"])
def test_a_long_search_stops_says_where_and_goes_on(
    aldane: Client, monkeypatch: pytest.MonkeyPatch, sought: str
) -> None:
    for name in ("EXAMINED", "EXAMINED_WORDS", "FIRST_EXAMINED"):
        monkeypatch.setattr(mentions, name, 3)
    monkeypatch.setattr(search, "RARE", 1)
    ingest(
        source=feed(),
        raws=[
            said(
                n,
                "impair" if n % 2 else "pair",
                language="fr" if n % 2 else "en",
                published_at=NOW + timedelta(hours=n),
            )
            for n in range(10)
        ],
        now=NOW,
    )
    narrowed = mentions.Narrowed(sought=sought) if sought else mentions.Narrowed(language="fr")
    seen, after, stops = [], None, 0
    for _turn in range(9):
        page = mentions.page(mentions.VIEW["a-trier"], after, narrowed, size=3)
        seen += [row.external_id for row in page.rows]
        stops += page.searched_to is not None
        after = page.following
        if after is None:
            break
    assert seen == ["p9", "p7", "p5", "p3", "p1"] and stops >= 2


def test_words_are_looked_for_in_their_index(aldane: Client) -> None:
    with transaction.atomic():
        search._by_index_only(is_forced=True)
        plan = search.holding(Mention.objects.order_by(), Sought.read("colis l’été")).explain()
    assert "mention_words" in plan


def test_the_list_counts_what_repeats_and_opens_it(desk: Browser, aldane: Client) -> None:
    (root,) = hear(1)
    fold(root, "copy", "Texte 0")
    fold(root, "repost", "Texte 0", deleted_at=NOW)
    User.objects.update(language="en")
    page = desk.get("/agence/tri/").content.decode()
    assert "1 copy · 1 repost" in page and page.count('class="text"') == 1
    under = desk.get(f"/agence/tri/?vue=tout&racine={root.pk}").content.decode()
    assert "What repeats the mention of @noe.b" in under and "deleted at its source" in under


def test_the_address_keeps_what_narrows_the_list(desk: Browser, aldane: Client) -> None:
    one = watch(["texte"])
    for mention in hear(60):
        one.hits.create(mention=mention, published_at=NOW)
    page = desk.get(f"/agence/tri/?q=texte&requete={one.pk}").content.decode()
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert f"requete={one.pk}" in following and "q=texte" in following
    assert desk.get(following).content.decode().count('class="row"') >= 9


@pytest.mark.parametrize("query", ["source=x", "requete=-1", "racine=x", "source=99999999999999999999"])
def test_a_number_that_is_none_is_not_found(desk: Browser, query: str) -> None:
    assert desk.get(f"/agence/tri/?{query}").status_code == 404


def test_a_list_that_did_not_move_is_not_sent_again(desk: Browser, aldane: Client) -> None:
    (mention,) = hear(1)
    first = desk.get("/agence/tri/")
    again = {"X-Live": "1", "If-None-Match": first["ETag"]}
    assert desk.get("/agence/tri/", headers=again).status_code == 304
    assert desk.get("/agence/tri/?vue=tout", headers=again).status_code == 200
    with schema_context(aldane.schema_name):
        mention.classifications.create(axis="intent", value="popcorn", label_source="model", created_at=NOW)
    assert desk.get("/agence/tri/", headers=again).status_code == 200


def test_a_persons_label_counts_whatever_the_machine_says_later(marie: User) -> None:
    (mention,) = hear(1)
    reading.correct(mention=mention, axis="intent", value="support", by=marie, now=NOW)
    mention.classifications.create(
        axis="intent", value="popcorn", label_source="model", created_at=NOW + timedelta(hours=1)
    )
    assert mentions.labels_of(mention)["intent"].value == "support"


def test_the_list_shows_who_said_what_and_why(desk: Browser, aldane: Client) -> None:
    watch(["texte"])
    ingest(source=feed(), raws=[said(1, "Le texte <b>brut</b>", author_handle="noe.b", followers=2400)], now=NOW)
    reading.read_new(reader=reading.Reader.shipped(), now=NOW)
    page = desk.get("/agence/tri/").content.decode()
    assert "@noe.b" in page and "2\u00a0400" in page
    assert "Le texte &lt;b&gt;brut&lt;/b&gt;" in page and "<b>brut" not in page
    assert "style=" not in page and "onclick" not in page


def test_the_position_at_hand_is_that_of_the_brand(desk: Browser, aldane: Client, marie: User) -> None:
    ours = watch(["texte"]).brand
    approved(marie, brand=ours, code="P-07", short_text="Nous remboursons sous quatorze jours.")
    approved(marie, brand=watch(["x"], brand="Autre").brand, code="P-08", short_text="Autre chose.")
    ingest(source=feed(), raws=[said(1, "Le texte")], now=NOW)
    reading.read_new(reader=reading.Reader.shipped(), now=NOW)
    page = desk.get("/agence/tri/").content.decode()
    assert "quatorze jours" in page and "Autre chose" not in page


def test_the_list_asks_the_same_questions_whatever_its_length(
    desk: Browser, django_assert_max_num_queries: Any
) -> None:
    hear(60)
    with django_assert_max_num_queries(40):  # 20, each of which says its schema first
        answer = desk.get("/agence/tri/")
    assert answer.content.decode().count('class="row') >= 50


def test_a_list_to_sort_that_may_lack_something_says_so(desk: Browser) -> None:
    hear(1)
    Source.objects.update(kind="feed", is_active=True, last_success_at=NOW + timedelta(hours=2))
    assert "Tout n’est pas entendu" not in desk.get("/agence/tri/").content.decode()
    Source.objects.update(due_at=None, last_error="Plus de mot de passe.", failures=9)
    assert "Tout n’est pas entendu" in desk.get("/agence/tri/").content.decode()


def act_of(page: str) -> str:
    """The act that the page's toast undoes."""
    return page.split('name="act" value="')[1].split('"')[0]


def test_ticked_mentions_are_set_aside_and_come_back(desk: Browser, aldane: Client) -> None:
    first, second, third = hear(3)
    answer = desk.post(
        "/agence/tri/ecarter/", {"mention": [first.pk, second.pk], "next": "/agence/tri/?vue=tout"}, follow=True
    )
    page = answer.content.decode()
    assert answer.redirect_chain == [("/agence/tri/?vue=tout", 302)] and 'class="toast"' in page
    with schema_context(aldane.schema_name):
        assert list(Mention.objects.filter(triage="new")) == [third]
    desk.post("/agence/tri/annuler/", {"act": act_of(page)})
    with schema_context(aldane.schema_name):
        assert Mention.objects.filter(triage="new").count() == 3


def test_nothing_ticked_sets_aside_the_one_shown(desk: Browser, aldane: Client) -> None:
    first, _second = hear(2)
    desk.post("/agence/tri/ecarter/", {"current": first.pk})
    with schema_context(aldane.schema_name):
        assert list(Mention.objects.filter(triage="set_aside")) == [first]


@pytest.mark.parametrize("number", ["", "forged", "0", "9" * 30])
def test_a_forged_undo_undoes_nothing(desk: Browser, number: str) -> None:
    assert desk.post("/agence/tri/annuler/", {"act": number}).status_code == 302


def test_an_undo_of_another_client_undoes_nothing(
    desk: Browser, aldane: Client, tramontel: Client, person: MakePerson, visit: Visit
) -> None:
    (mention,) = hear(1)
    page = desk.post("/agence/tri/ecarter/", {"mention": mention.pk}, follow=True).content.decode()
    visit(person("cm", tramontel), tramontel).post("/agence/tri/annuler/", {"act": act_of(page)})
    with schema_context(aldane.schema_name):
        assert Mention.objects.get().triage == "set_aside"


def test_a_label_is_corrected_from_the_list(desk: Browser, aldane: Client) -> None:
    (mention,) = hear(1)
    desk.post(f"/agence/tri/{mention.pk}/classer/", {"intent": "popcorn", "sentiment": ""})
    with schema_context(aldane.schema_name):
        mention.refresh_from_db()
        assert (mention.intent, mention.classifications.get().label_source) == ("popcorn", "person")


@pytest.mark.parametrize("address", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)"])
def test_a_form_sends_nobody_elsewhere(desk: Browser, address: str) -> None:
    assert desk.post("/agence/tri/ecarter/", {"next": address})["Location"] == "/agence/tri/"


@pytest.mark.parametrize("query", ["vue=inconnue", "apres=x", "m=999999", "vue=tout&apres="])
def test_an_address_that_leads_nowhere_is_not_found(desk: Browser, query: str) -> None:
    hear(1)
    assert desk.get(f"/agence/tri/?{query}").status_code == 404


def test_the_clients_own_people_and_the_other_clients_staff_never_get_in(
    aldane: Client, tramontel: Client, person: MakePerson, visit: Visit
) -> None:
    for stranger in (person("owner", aldane), person("lead", tramontel)):
        assert visit(stranger, aldane).get("/agence/tri/").status_code in {302, 404}
