"""The pages of drafts: from a mention to its published answer, refusals that lose nothing, the client's own list."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agency.models import Client, User
from clients.models import ApprovalPolicy, Mention, Position
from incidents.models import Approval, Draft, Incident, NoAnswer
from incidents.services import drafts
from tests import factories
from tests.conftest import MakePerson

Visit = Callable[..., Browser]


@pytest.fixture
def author(aldane: Client, person: MakePerson) -> User:
    return person("cm", aldane)


@pytest.fixture
def mention(aldane: Client) -> Mention:
    return factories.mention("Mes draps sont déchirés", timezone.now())


def submitted(by: User, mention: Mention | None = None) -> Draft:
    now = timezone.now()
    about = drafts.About(brand=factories.brand(), subject="Réponse à Zoé", mention=mention)
    return drafts.submit(
        draft=drafts.begin(about=about, text="Nous regardons.", by=by, now=now), version=1, by=by, now=now
    )


def test_a_reply_begins_with_the_words_of_the_position_that_fits(
    author: User, aldane: Client, mention, visit: Visit
) -> None:
    now = timezone.now()
    Position.objects.create(
        brand=factories.brand(), code="P-07", title="Draps déchirés", short_text="Nous échangeons vos draps.",
        approved_at=now,
    )  # fmt: skip
    page = visit(author, aldane).get(f"/agence/brouillons/nouveau/?mention={mention.pk}")
    assert "Nous échangeons vos draps." in page.content.decode()
    assert "Mes draps sont déchirés" in page.content.decode()


def test_written_and_submitted_in_one_gesture(author: User, aldane: Client, mention, visit: Visit) -> None:
    brand = factories.brand()
    said = {
        "mention": mention.pk, "subject": "Réponse", "text": "Nous regardons.", "brand": brand.pk, "language": "fr",
        "network": "x", "submit": "1", "token": "6d1f1f0e-26a3-4a1e-9a51-0a3f3f3f0001",
    }  # fmt: skip
    browser = visit(author, aldane)
    for _twice in range(2):
        assert browser.post("/agence/brouillons/nouveau/", said).status_code == 302
    draft = Draft.objects.get()
    assert (draft.state, draft.mention, draft.kind) == ("waiting", mention, "reply")
    page = browser.get(f"/agence/brouillons/{draft.pk}/").content.decode()
    assert "15 " in page


def test_whoever_edits_second_keeps_the_text_and_reads_who_was_first(
    author: User, aldane: Client, person, visit: Visit
) -> None:
    draft, other = submitted(author), person("cm", aldane)
    drafts.reword(draft=draft, text="Mots de l’autre.", version=1, by=other, now=timezone.now())
    late = {"text": "Mes mots à moi", "version": 1, "why": ""}
    answer = visit(author, aldane).post(f"/agence/brouillons/{draft.pk}/mots/", late)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert all(words in page for words in ("Mes mots à moi", "Mots de l’autre.", other.full_name))
    again = visit(author, aldane).post(f"/agence/brouillons/{draft.pk}/mots/", {**late, "version": 2})
    assert (again.status_code, Draft.objects.get().version) == (302, 3)


def test_hostile_words_are_shown_as_they_are(author: User, aldane: Client, visit: Visit) -> None:
    now = timezone.now()
    about = drafts.About(brand=factories.brand(), subject="<b>x</b>" + "\u202e")
    draft = drafts.begin(about=about, text="<script>alert(1)</script>", by=author, now=now)
    page = visit(author, aldane).get(f"/agence/brouillons/{draft.pk}/").content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_the_clients_approver_decides_on_the_portal_and_sees_no_notes(
    author: User, aldane: Client, person, mention, visit: Visit
) -> None:
    ApprovalPolicy.objects.create().steps.create(rank=1, role="client")
    draft = submitted(author, mention)
    drafts.reword(draft=draft, text="Nous échangeons.", version=1, by=author, now=timezone.now(), why="Note interne")
    drafts.submit(draft=draft, version=2, by=author, now=timezone.now())
    browser = visit(person("approver", aldane), aldane)
    page = browser.get("/mots-a-valider/").content.decode()
    assert all(words in page for words in ("Nous échangeons.", "Mes draps sont déchirés", "Réponse à Zoé"))
    assert "Note interne" not in page
    browser.post(f"/mots-a-valider/brouillons/{draft.pk}/refuser/", {"version": 2, "said": ""})
    assert Draft.objects.get().state == "waiting"
    browser.post(f"/mots-a-valider/brouillons/{draft.pk}/valider/", {"version": 2})
    assert Draft.objects.get().state == "approved"
    browser.post(f"/mots-a-valider/brouillons/{draft.pk}/revenir/")
    assert Draft.objects.get().state == "waiting"


def test_the_client_decides_on_no_step_of_the_agencys(author: User, aldane: Client, person, visit: Visit) -> None:
    ApprovalPolicy.objects.create().steps.create(rank=1, role="lead")
    draft = submitted(author)
    browser = visit(person("owner", aldane), aldane)
    assert "Nous regardons." not in browser.get("/mots-a-valider/").content.decode()
    assert browser.post(f"/mots-a-valider/brouillons/{draft.pk}/valider/", {"version": 1}).status_code == 404
    assert not Approval.objects.exists()


def test_a_restricted_incidents_draft_is_not_there_for_others(
    author: User, aldane: Client, person, visit: Visit
) -> None:
    lead = person("lead", aldane)
    incident = Incident.objects.create(
        number=7, brand=factories.brand(), title="?", started_at=timezone.now(), proposed_at=timezone.now(), lead=lead,
        is_restricted=True,
    )  # fmt: skip
    about = drafts.About(brand=incident.brand, subject="Secret", incident=incident)
    draft = drafts.begin(about=about, text="Mots secrets", by=lead, now=timezone.now())
    browser = visit(author, aldane)
    assert browser.get(f"/agence/brouillons/{draft.pk}/").status_code == 404
    assert "Secret" not in browser.get("/agence/brouillons/").content.decode()
    assert browser.get("/agence/brouillons/nouveau/?incident=7").status_code == 404


def test_not_answering_is_kept_until_somebody_looks_again(author: User, aldane: Client, mention, visit: Visit) -> None:
    browser = visit(author, aldane)
    page = f"/agence/tri/mentions/{mention.pk}/sans-reponse/"
    assert browser.post(page, {"reason": "", "look_again": "dans 2 h"}).status_code == 422
    assert browser.post(page, {"reason": "Il se calme", "look_again": "hier"}).status_code == 422
    assert browser.post(page, {"reason": "Il se calme", "look_again": "dans 2 h"}).status_code == 302
    assert "Il se calme" in browser.get(f"/agence/tri/mentions/{mention.pk}/").content.decode()
    row = NoAnswer.objects.get()
    assert timedelta(minutes=119) < row.look_again_at - row.decided_at < timedelta(minutes=121)
    browser.post(f"/agence/brouillons/sans-reponse/{row.pk}/", {"outcome": "silent", "next": "demain 9 h"})
    browser.post(f"/agence/brouillons/sans-reponse/{row.pk}/", {"outcome": "silent", "next": "demain 9 h"})
    assert NoAnswer.objects.count() == 2
    last = NoAnswer.objects.get(looked_at__isnull=True)
    answer = browser.post(f"/agence/brouillons/sans-reponse/{last.pk}/", {"outcome": "answer"})
    assert answer["Location"].endswith(f"/agence/brouillons/nouveau/?mention={mention.pk}")


def test_a_mention_without_an_account_has_its_page_and_its_reply(author: User, aldane: Client, visit: Visit) -> None:
    mention = factories.mention("Anonyme", timezone.now())
    Mention.objects.filter(pk=mention.pk).update(author=None)
    pages = (f"/agence/tri/mentions/{mention.pk}/", f"/agence/brouillons/nouveau/?mention={mention.pk}")
    assert [visit(author, aldane).get(page).status_code for page in pages] == [200, 200]


def test_the_length_is_said_while_one_types(author: User, aldane: Client, visit: Visit) -> None:
    browser = visit(author, aldane)
    told = [
        browser.post("/agence/brouillons/longueur/", {"text": "a" * count, "network": "x"}).content.decode()
        for count in (279, 283)
    ]
    assert ("279" in told[0], "is-stop" in told[0], "is-stop" in told[1]) == (True, False, True)
    assert browser.post("/agence/brouillons/longueur/", {"text": "\0🙂" * 50_000, "network": "?"}).status_code == 200


def test_the_list_asks_as_many_questions_for_nine_drafts_as_for_one(
    author: User, aldane: Client, person: MakePerson, visit: Visit
) -> None:
    browser, asked = visit(person("lead", aldane), aldane), []
    for more in (1, 8):
        connection.set_tenant(aldane)
        for _draft in range(more):
            submitted(author)
        with CaptureQueriesContext(connection) as questions:
            assert browser.get("/agence/brouillons/").content.count(b"Zo") >= more
        asked.append(len(questions))
    assert asked[0] == asked[1]
