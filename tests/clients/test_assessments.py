"""What accounts presumably are: presumed where mentions are read, decided by people, gone in time and with erasure."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse

from agency.models import AuditEvent, Client
from clients.listening.raw import LIMITS, check
from clients.listening.reading.reader import Reader
from clients.models import Author, AuthorAssessment, Mention, Source
from clients.services import assessments, authors, reading
from clients.services.ingest import ingest
from tests.clients.rooms import feed, said
from tests.conftest import NOW, MakePerson

LATER = NOW + timedelta(hours=1)
LEA = {"author_handle": "lea_com", "network": "x", "author_bio": "Chargée de communication. Vélo."}


def heard(*raws: object) -> Author:
    """What was said is kept and read; the account that said it last."""
    ingest(source=feed(f"Source {Source.objects.count()}"), raws=list(raws), now=NOW)  # type: ignore[arg-type]
    reading.read_new(reader=Reader.shipped(), now=NOW)
    return Author.objects.order_by("pk").last()  # type: ignore[return-value]


def role_of(author: Author) -> str | None:
    return AuthorAssessment.objects.filter(author=author).values_list("role", flat=True).first()


def test_an_account_is_presumed_from_its_bio_when_it_is_read(aldane: Client) -> None:
    author = heard(said(1, **LEA))
    found = AuthorAssessment.objects.get(author=author)
    assert (author.bio, found.role, found.state) == ("Chargée de communication. Vélo.", "professional", "presumed")
    assert found.expires_at == NOW + timedelta(days=90)
    assert found.basis[0]["fr"] == "sa présentation dit « Chargée de communication »"


def test_a_customer_is_presumed_from_what_it_writes(aldane: Client) -> None:
    assert role_of(heard(said(1, "Où est ma commande ?", author_handle="zoe", network="x"))) == "customer"


def test_a_clock_is_presumed_from_the_dates_of_its_posts_and_not_from_our_own(aldane: Client) -> None:
    times, source = [NOW - timedelta(minutes=30 * n, seconds=13) for n in range(60)], feed("Fil")
    for n, at in enumerate(times):
        undated = said(n, "Bulletin", published_at=None, author_handle="fil", network="x")
        ingest(source=source, raws=[undated], now=at)
    heard(*[said(n, "Bulletin", published_at=at, author_handle="bulletins", network="x") for n, at in enumerate(times)])
    assert {row.author.handle: row.role for row in AuthorAssessment.objects.all()} == {"bulletins": "automated"}


def test_the_pace_of_an_account_is_read_from_its_newest_posts_alone(aldane: Client) -> None:
    times = [NOW - timedelta(minutes=n) for n in range(assessments.MOMENTS_READ + 3)]
    author = heard(
        *[said(n, "Bulletin", published_at=at, author_handle="fil", network="x") for n, at in enumerate(times)]
    )
    assert sorted(assessments._moments([author.pk, author.pk + 1])[author.pk], reverse=True) == times[:-3]
    with connection.cursor() as cursor:
        for other_way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{other_way} = off")
        cursor.execute("EXPLAIN " + assessments._MOMENTS, [[author.pk], assessments.MOMENTS_READ, 50])
        assert "Index Only Scan using mention_of_author" in str(cursor.fetchall()), "without their rows"


def test_a_bio_that_changes_is_read_anew_and_one_that_says_nothing_leaves_nothing(aldane: Client) -> None:
    author = heard(said(1, **LEA))
    heard(said(2, **{**LEA, "author_bio": "Journaliste indépendante"}))
    assert role_of(author) == "media"
    heard(said(3, **{**LEA, "author_bio": "Vélo et tricot"}))
    assert role_of(author) is None


def test_a_source_without_bios_leaves_the_one_we_know(aldane: Client) -> None:
    author = heard(said(1, **LEA))
    heard(said(2, **{**LEA, "author_bio": ""}))
    assert Author.objects.get(pk=author.pk).bio == LEA["author_bio"] and role_of(author) == "professional"


def test_a_bio_too_long_is_refused_and_an_unreadable_one_cleaned(aldane: Client) -> None:
    assert [one.code for one in check(said(1, author_bio="a" * 1_001))] == ["too_long"] and LIMITS[
        "author_bio"
    ] == 1_000
    assert (
        heard(said(1, **{**LEA, "author_bio": "Chargée\0 de com\u202e \U0001f37f"})).bio == "Chargée de com \U0001f37f"
    )


def test_reading_again_costs_two_statements_and_writes_nothing(
    aldane: Client, django_assert_num_queries: object
) -> None:
    author = heard(said(1, **LEA))
    with django_assert_num_queries(2):  # type: ignore[operator]  # whose tables, and the question
        assert assessments.presume(texts={author.pk: ["x"]}, now=LATER) == 0
    assert AuthorAssessment.objects.get(author=author).assessed_at == NOW


def test_what_a_person_confirmed_or_corrected_stands_and_is_noted(aldane: Client, person: MakePerson) -> None:
    author, by = heard(said(1, **LEA)), person("cm")
    confirmed = assessments.confirm(author=author, by=by, now=LATER)
    assert (confirmed.state, confirmed.by_id, confirmed.expires_at) == ("confirmed", by.pk, LATER + timedelta(days=90))
    assessments.correct(author=author, role="customer", by=by, now=LATER)
    heard(said(2, **{**LEA, "author_bio": "Journaliste"}))
    assert role_of(author) == "customer"
    noted = AuditEvent.objects.filter(action="author.role.confirmed", client=aldane)
    assert [event.detail["role"] for event in noted.order_by("pk")] == ["professional", "customer"]


def test_what_a_person_removed_is_not_presumed_again(aldane: Client, person: MakePerson) -> None:
    author = heard(said(1, **LEA))
    assessments.remove(author=author, by=person("cm"), now=LATER)
    heard(said(2, **{**LEA, "author_bio": "Journaliste"}))
    found = AuthorAssessment.objects.get(author=author)
    assert (found.state, found.basis) == ("removed", [])
    assert AuditEvent.objects.filter(action="author.role.removed").count() == 1


def test_a_word_is_taken_back_and_the_machine_presumes_anew(aldane: Client, person: MakePerson) -> None:
    author, by = heard(said(1, **LEA)), person("cm")
    for say in (assessments.remove, partial(assessments.correct, role="media")):
        say(author=author, by=by, now=LATER)
        alone = assessments.machine_word(author)
        assert alone and alone.role == "professional", "its own word stands beside"
        found = assessments.undo(author=author, by=by, now=LATER)
        assert found and (found.role, found.state, found.by_id) == ("professional", "presumed", None)
    assert AuditEvent.objects.filter(action="author.role.undone").count() == 2
    with pytest.raises(ValidationError):
        assessments.undo(author=author, by=by, now=LATER)


def test_there_is_nothing_to_confirm_or_remove_twice_and_no_such_role(aldane: Client, person: MakePerson) -> None:
    author, by = heard(said(1, "Beau temps", author_handle="zoe", network="x")), person("cm")
    with pytest.raises(ValidationError):
        assessments.confirm(author=author, by=by, now=LATER)
    with pytest.raises(ValidationError):
        assessments.remove(author=author, by=by, now=LATER)
    with pytest.raises(ValidationError):
        assessments.correct(author=author, role="militant", by=by, now=LATER)
    assert not AuthorAssessment.objects.exists()


def test_it_is_forgotten_after_90_days_and_read_anew_when_the_account_speaks(aldane: Client) -> None:
    author, then = heard(said(1, **LEA)), NOW + timedelta(days=90)
    assert assessments.forget_old(now=then - timedelta(seconds=1)) == 0
    assert assessments.forget_old(now=then) == 1
    assert role_of(author) is None
    assert assessments.presume(texts={author.pk: []}, now=then) == 1


def test_an_erased_account_has_no_bio_and_no_presumption_and_gets_none(aldane: Client, person: MakePerson) -> None:
    author = heard(said(1, **LEA))
    authors.erase(author=author, by=person("lead"), reason="Demande", erases_words=False, now=LATER)
    assert (Author.objects.get(pk=author.pk).bio, role_of(author)) == ("", None)
    ingest(source=feed("Autre"), raws=[said(9, "Encore", **LEA)], now=LATER)
    reading.read_new(reader=Reader.shipped(), now=LATER)
    assert not AuthorAssessment.objects.exists() and not Author.objects.exclude(bio="").exists()
    with pytest.raises(ValidationError):
        assessments.correct(author=author, role="media", by=person("cm"), now=LATER)


# -- the pages ---------------------------------------------------------------------------------------------------------
Visit = Callable[..., Browser]


def test_the_mention_and_the_account_say_why_and_escape_what_it_shows(
    aldane: Client, person: MakePerson, visit: Visit
) -> None:
    author = heard(said(1, **{**LEA, "author_bio": "Chargée de communication <script>alert(1)</script>"}))
    desk = visit(person("cm", aldane), aldane)
    pages = [
        desk.get(reverse("client_admin:mention", args=[Mention.objects.get().pk])),
        desk.get(reverse("client_admin:account", args=[author.pk])),
    ]
    for page in pages:
        assert "sa présentation dit" in page.text and "<script>alert" not in page.text
    assert "Chargée de communication &lt;script&gt;" in pages[1].text


def test_a_person_removes_what_was_presumed_on_the_page(aldane: Client, person: MakePerson, visit: Visit) -> None:
    author, desk = heard(said(1, **LEA)), visit(person("cm", aldane), aldane)
    answer = desk.post(reverse("client_admin:account_remove", args=[author.pk]))
    assert (answer.status_code, AuthorAssessment.objects.get().state) == (302, "removed")
    page = desk.get(answer["Location"]).text
    assert "rôle retiré par une personne" in page or "role removed by a person" in page
    assert "sa présentation dit" not in page, "what was removed is not shown again"
    desk.post(reverse("client_admin:account_correct", args=[author.pk]), {"role": "media"})
    assert (AuthorAssessment.objects.get().state, role_of(author)) == ("confirmed", "media")
    assert "sa présentation dit" in desk.get(answer["Location"]).text, "the machine’s word beside ours"
    desk.post(reverse("client_admin:account_undo", args=[author.pk]))
    assert (AuthorAssessment.objects.get().state, role_of(author)) == ("presumed", "professional")
    again = desk.post(reverse("client_admin:account_undo", args=[author.pk]), follow=True)
    assert again.status_code == 200, "nothing to undo is said, not broken"


def test_one_goes_back_to_the_reading_one_came_from_and_nowhere_else(
    aldane: Client, person: MakePerson, visit: Visit
) -> None:
    author, desk = heard(said(1, **LEA)), visit(person("cm", aldane), aldane)
    home, reading_page = reverse("client_admin:account", args=[author.pk]), "/agence/incidents/3/lecture/"
    page = desk.get(f"{home}?retour={reading_page}").text
    assert f'href="{reading_page}#account-{author.pk}"' in page
    kept = desk.post(f"{reverse('client_admin:account_remove', args=[author.pk])}?retour={reading_page}")
    assert f'href="{reading_page}#account-{author.pk}"' in desk.get(kept["Location"]).text
    for elsewhere in (
        "https://ailleurs.example/agence/incidents/3/lecture/",
        "//ailleurs.example",
        "javascript:1",
        "%00",
    ):
        crumbs = desk.get(f"{home}?retour={elsewhere}").text.split('<nav class="crumbs"')[1].split("</nav>")[0]
        assert crumbs.count("href=") == 1 and f'href="{reverse("client_admin:sort")}"' in crumbs
