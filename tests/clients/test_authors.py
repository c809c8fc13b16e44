"""An account is forgotten: no name is left, what is counted stays true, and it does not come back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Browser
from django.utils.translation import gettext

from agency.models import AuditEvent, Client
from clients.listening.raw import content_id
from clients.models import Author, AuthorAssessment, Mention, MentionVersion, Source, Suppression
from clients.services import authors
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said
from tests.conftest import NOW, MakePerson

LATER = NOW + timedelta(hours=1)
WORDS = "Ils m’ont laissé douze heures sur le quai sans une explication, à fuir absolument"
ZOE = {
    "author_handle": "Zoe_Quai",
    "author_name": "Zoé Quairel",
    "author_url": "https://x.test/Zoe_Quai",
    "followers": 12,
    "network": "x",
}


def heard() -> None:
    """Two posts of hers, one edited, and somebody's answer."""
    source = feed()
    rows = [
        said("1", "Avant", url="https://x.test/zoe_quai/1", original="<p>Avant @Zoe_Quai</p>", **ZOE),
        said("1", WORDS, url="https://x.test/zoe_quai/1", **ZOE),
        said("/zoe_quai/2", "Merci", **ZOE),
        said("3", "Bien vu", reply_to="p/zoe_quai/2", author_handle="ami", network="x"),
        said("4", "RT", kind="quote", refers_to="https://x.test/zoe_quai/1", author_handle="ami", network="x"),
    ]
    ingest(source=source, raws=rows, now=NOW)


def erase(person: MakePerson, *, erases_words: bool) -> Suppression:
    author = Author.objects.get(handle="Zoe_Quai")
    return authors.erase(author=author, by=person("lead"), reason="Demande", erases_words=erases_words, now=LATER)


def everything_kept() -> str:
    """All that the client's tables and the trail hold, as text."""
    tables = [m._meta.db_table for m in apps.get_models() if m._meta.app_label == "clients"] + ["agency_auditevent"]
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"SELECT coalesce(string_agg(row_to_json(t)::text, ' '), '') FROM {table} t")  # noqa: S608
            found.append(cursor.fetchone()[0])
    return " ".join(found).casefold()


def test_no_name_is_left_anywhere(aldane: Client, person: MakePerson) -> None:
    heard()
    assert "zoe_quai" in everything_kept()
    erase(person, erases_words=False)
    left = everything_kept()
    assert "zoe_quai" not in left and "quairel" not in left and b"zoe_quai".hex() not in left
    assert Mention.objects.filter(author__erased_at__isnull=False).count() == 2
    assert WORDS in Mention.objects.get(external_id=content_id("p1")).text
    assert str(Author.objects.get(erased_at__isnull=False)) == gettext("erased account")


def test_how_it_presented_itself_and_what_was_presumed_of_it_go(aldane: Client, person: MakePerson) -> None:
    heard()
    zoe = Author.objects.get(handle="Zoe_Quai")
    Author.objects.filter(pk=zoe.pk).update(bio="Community manager, et Zoé Quairel à la ville")
    basis = [{"fr": "sa présentation dit « community manager »", "en": "its presentation says “community manager”"}]
    AuthorAssessment.objects.create(
        author=zoe, role="professional", confidence=0.9, basis=basis, assessed_at=NOW, expires_at=LATER
    )
    erase(person, erases_words=False)
    assert "community manager" not in everything_kept() and not AuthorAssessment.objects.exists()


def test_with_the_words_nothing_that_it_said_is_left(aldane: Client, person: MakePerson) -> None:
    heard()
    erase(person, erases_words=True)
    assert "douze heures" not in everything_kept()
    assert set(MentionVersion.objects.values_list("text", flat=True)) == {"[…]"}


@pytest.mark.parametrize("erases_words", [False, True])
def test_read_again_it_does_not_come_back_and_nothing_is_doubled(
    aldane: Client, person: MakePerson, erases_words: bool
) -> None:
    heard()
    erase(person, erases_words=erases_words)
    source, before = Mention.objects.first().source, everything_kept()
    again = [said("1", WORDS, **ZOE), said("/zoe_quai/2", "Merci", **{**ZOE, "author_handle": "@ZOE_QUAI"})]
    taken = ingest(source=source, raws=again, now=LATER)
    assert (taken.new, taken.edited, everything_kept()) == (0, 0, before)


def test_what_it_says_later_comes_without_a_name_under_the_same_account(aldane: Client, person: MakePerson) -> None:
    heard()
    erase(person, erases_words=True)
    fresh = said("9", "Encore en retard ce soir", url="https://x.test/zoe_quai/9", **ZOE)
    late = LATER + timedelta(minutes=1)
    ingest(source=feed("Autre"), raws=[fresh.__class__(**{**_fields(fresh), "published_at": late})], now=late)
    mention = Mention.objects.get(external_id=content_id("p9"))
    assert (mention.text, mention.url, mention.author.erased_at) == ("Encore en retard ce soir", "", LATER)
    assert Mention.objects.values("author").distinct().count() == 2
    assert "zoe_quai" not in everything_kept()


def _fields(raw: object) -> dict[str, object]:
    return {name: getattr(raw, name) for name in raw.__struct_fields__}  # type: ignore[attr-defined]


def test_no_cursor_remembers_the_name_and_none_loses_its_place(aldane: Client, person: MakePerson) -> None:
    heard()
    hers, theirs = ["7", "https://x.test/users/zoe_quai/7", "2026"], ["8", "https://x.test/users/ami/8", "2026"]
    place = {"address": "https://x.test/@zoe_quai.rss", "at": "8"}
    Source.objects.update(cursor={"recent": [hers, theirs], "places": {"a": place}})
    erase(person, erases_words=False)
    assert Source.objects.get().cursor == {"recent": [theirs], "places": {"a": place}}


def test_replies_and_quotes_still_find_what_they_answer(aldane: Client, person: MakePerson) -> None:
    heard()
    erase(person, erases_words=False)
    hers = set(Mention.objects.filter(author__erased_at__isnull=False).values_list("external_id", flat=True))
    assert Mention.objects.get(external_id="p3").reply_to in hers
    assert Mention.objects.get(external_id="p4").refers_to in hers
    assert Mention.objects.get(external_id="p4").root.external_id == content_id("p1")


def test_an_erasure_is_asked_once_and_with_a_reason(aldane: Client, person: MakePerson) -> None:
    heard()
    author = Author.objects.get(handle="Zoe_Quai")
    with pytest.raises(ValidationError):
        authors.erase(author=author, by=person("lead"), reason=" ", erases_words=False, now=NOW)
    erase(person, erases_words=False)
    with pytest.raises(ValidationError):
        authors.erase(author=author, by=person("lead"), reason="Encore", erases_words=False, now=NOW)
    assert AuditEvent.objects.filter(action="author.erased").count() == 1


def test_a_lead_finds_looks_and_erases(aldane: Client, person: MakePerson, visit: Callable[..., Browser]) -> None:
    heard()
    number = Author.objects.get(handle="Zoe_Quai").pk
    desk = visit(person("lead", aldane), aldane)
    assert f"comptes-effaces/{number}/" in desk.get("/agence/comptes-effaces/", {"q": "@zoe_q"}).content.decode()
    page = f"/agence/comptes-effaces/{number}/"
    assert desk.get(page).status_code == 200
    assert desk.post(page, {"reason": "Demande", "erases_words": "yes"}).status_code == 422
    assert desk.post(page, {"reason": "Demande", "erases_words": "yes", "is_sure": "on"}).status_code == 302
    assert desk.get(page).status_code == 404
    listed = desk.get("/agence/comptes-effaces/").content.decode()
    assert "Demande" in listed and "zoe_quai" not in listed.casefold()


def test_the_name_alone_is_what_the_page_erases_first(
    aldane: Client, person: MakePerson, visit: Callable[..., Browser]
) -> None:
    heard()
    number = Author.objects.get(handle="Zoe_Quai").pk
    desk = visit(person("lead", aldane), aldane)
    sent = {"reason": "Demande", "erases_words": "", "is_sure": "on"}
    assert desk.post(f"/agence/comptes-effaces/{number}/", sent).status_code == 302
    assert Mention.objects.filter(author_id=number, text=WORDS).exists()


def test_the_way_to_an_erasure_begins_at_the_mention_and_at_the_sources(
    aldane: Client, person: MakePerson, visit: Callable[..., Browser]
) -> None:
    heard()
    mention = Mention.objects.filter(author__handle="Zoe_Quai")[0]
    lead, cm = visit(person("lead", aldane), aldane), visit(person("cm", aldane), aldane)
    page, act = f"/agence/tri/mentions/{mention.pk}/", f"/agence/comptes-effaces/{mention.author_id}/"
    assert act in lead.get(page).content.decode() and act not in cm.get(page).content.decode()
    assert "/agence/comptes-effaces/" in lead.get("/agence/ecoute/").content.decode()
    assert "/agence/comptes-effaces/" not in cm.get("/agence/ecoute/").content.decode()


def test_a_cm_may_not_erase(aldane: Client, person: MakePerson, visit: Callable[..., Browser]) -> None:
    assert visit(person("cm", aldane), aldane).get("/agence/comptes-effaces/").status_code == 403


ALICE = {"author_handle": "alice@m.social", "network": "mastodon"}


def forget_alice(person: MakePerson) -> None:
    alice = Author.objects.get(handle="alice@m.social")
    authors.erase(author=alice, by=person("lead"), reason="Demande", erases_words=False, now=LATER)


def test_no_id_tells_of_an_erased_account_and_its_posts_are_still_known(aldane: Client, person: MakePerson) -> None:
    source, post = feed(), said("s://m.social/users/alice/1", **ALICE)
    ingest(source=source, raws=[post], now=NOW)
    forget_alice(person)
    assert ingest(source=source, raws=[post], now=LATER).known == 1
    assert "alice" not in Mention.objects.get().external_id


def test_what_others_pass_on_of_an_erased_account_names_nobody(aldane: Client, person: MakePerson) -> None:
    source, post = feed(), said("s://m.social/users/alice/1", **ALICE)
    ingest(source=source, raws=[post], now=NOW)
    forget_alice(person)
    boost = said(
        "b", kind="repost", refers_to=post.external_id, url="https://m.social/@alice/1", author_handle="bob@m.social",
        network="mastodon",
    )  # fmt: skip
    ingest(source=source, raws=[boost], now=LATER)
    kept = Mention.objects.get(external_id=boost.external_id)
    assert "alice" not in kept.refers_to + kept.url
    assert kept.root == Mention.objects.get(author__erased_at__isnull=False)


def test_an_erased_account_s_post_is_still_seen_to_be_deleted(aldane: Client, person: MakePerson) -> None:
    source, post = feed(), said("s://m.social/users/alice/1", **ALICE)
    ingest(source=source, raws=[post], now=NOW)
    forget_alice(person)
    assert ingest(source=source, raws=[], deleted=[post.external_id], now=LATER).deleted == 1
