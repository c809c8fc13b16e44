"""An attack made of all that robots and clumsy hands send: each has a defined result, and nothing is lost.

Empty text, 50,000 characters, emoji only, languages mixed, right to left, null bytes, dates in the future, answers that
go round in a circle: pushed, imported, read, followed by the streams, read as an incident, drawn as page and report.
"""

import json
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from agency.models import Client, User
from clients.listening.reading.labels import Doc
from clients.listening.reading.reader import Reader
from clients.models import Mention
from clients.services import imports
from incidents.models import Incident, IncidentReading
from reports.demo.aldane import ALDANE
from reports.demo.quiet import Post
from reports.demo.strikes import Line, Strike
from tests.conftest import MakePerson, host_of
from tests.flows.stage import House, Stage, Visit, sections

BEGINS = datetime.fromisoformat("2026-11-17T21:07:00+01:00")
LONG = "@maisonaldane c’est une honte. " * 1_700  # more than 50,000 characters
TEXTS = {
    "emoji only": "🍿🍿🍿😂🏴‍☠️",
    "languages mixed": "@maisonaldane honte à vous, shame on you, vergüenza, 恥を知れ, позор, عيب",
    "right to left": "\u202eهذا عار على @maisonaldane، أين أموالي؟\u202c",
    "null bytes": "@maisonaldane\x00 vous vous moquez\x00 du monde\x00",
    "one word of 19,000 letters": "@maisonaldane " + "a" * 19_000,
    "nothing but marks": "@maisonaldane " + "!" * 900 + "?\u0301" * 900,
    "markup": "@maisonaldane <script>window.__ran=1</script><img src=x onerror=alert(1)>",
    "handles by the hundred": "@maisonaldane " + " ".join(f"@compte{n}" for n in range(700)),
    "a formula": '=HYPERLINK("http://mechant.example";"@maisonaldane")',
}
REFUSED = {
    "empty": ("", "missing"),
    "blank": (" \t\n ", "missing"),
    "50,000 characters": (LONG, "too_long"),
    "half a pair": ("@maisonaldane \ud83d c’est une honte", "not_json"),
}
ANSWERS = {"harm": "no", "customers": "no", "officials": "no", "spread": "yes", "word": "yes"}


def lines() -> tuple[Line, ...]:
    """Forty accounts: each answers the next but one, so that the answers go round; one answers itself."""
    texts = [text for text in TEXTS.values() for _ in range(4)]
    ring = len(texts)
    return tuple(
        Line("hostile", f"compte_{n}", text, name=f"n{n}", answers=f"n{n if n == 7 else (n + 2) % ring}")
        for n, text in enumerate(texts)
    )


def in_the_future() -> list[Post]:
    """Two clocks that are wrong, by two days and by ten years."""
    return [
        Post(f"hostile-late-{days}", f"demain_{days}", "@maisonaldane c’est une honte", BEGINS + timedelta(days=days))
        for days in (2, 3_650)
    ]


HOSTILE = Strike("hostile", "maison_aldane", lines())


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def stage(aldane: Client, visit: Visit, person: MakePerson) -> Stage:
    return Stage(ALDANE, HOSTILE, BEGINS, 30, House(aldane, visit, person("director")))


@pytest.mark.parametrize("text", [*TEXTS.values(), *(text for text, _code in REFUSED.values())], ids=str.__len__)
def test_the_reader_has_an_answer_for_any_text(text: str) -> None:
    (labels,) = Reader.shipped().read([Doc(text=text)])
    assert {label.axis for label in labels} >= {"language", "sentiment", "intent", "attack"}


@pytest.mark.parametrize(("text", "code"), REFUSED.values(), ids=REFUSED)
def test_what_a_push_cannot_hold_is_refused_by_name(aldane: Client, stage: Stage, text: str, code: str) -> None:
    row = {"external_id": "1", "published_at": BEGINS.isoformat(), "author_handle": "a"}
    answer = Browser(HTTP_HOST=host_of(aldane)).post(
        "/api/v1/mentions",
        json.dumps({"mentions": [{**row, "text": text}]}),
        content_type="application/json",
        HTTP_AUTHORIZATION=f"Bearer {stage.key}",
    )
    assert answer.status_code in {400, 422}
    assert code in answer.content.decode()


def test_a_file_keeps_its_good_rows_and_lists_the_others(lead: User) -> None:
    rows = [*TEXTS.items(), *((name, text) for name, (text, _code) in REFUSED.items())]
    table = "id,date,auteur,texte\n" + "".join(
        f'{n},2026-11-17T21:{n:02}:00+01:00,compte_{n},"{text.replace(chr(34), chr(34) * 2)}"\n'
        for n, (_name, text) in enumerate(rows)
    )
    file = SimpleUploadedFile("export.csv", table.encode("utf-8", "surrogatepass"))
    importing = imports.receive(file=file, source_name="", by=lead)
    columns = {"external_id": "id", "published_at": "date", "author_handle": "auteur", "text": "texte"}
    imports.start(importing=importing, mapping=columns, timezone="Europe/Paris", network="x", now=BEGINS)
    assert imports.run(importing=importing, clock=lambda: BEGINS)
    importing.refresh_from_db()
    assert (importing.state, importing.rows_done) == ("done", len(rows))
    assert Mention.objects.count() + len(importing.problems) == len(rows), "each row is kept or listed"


def test_an_incident_made_of_it_is_read_shown_and_reported(stage: Stage, lead: User) -> None:
    stage.push(20, in_the_future())
    stage.hear(stage.at(31))
    incident = Incident.objects.get()
    page = f"/agence/incidents/{incident.number}/"
    stage.act(32, lead, f"{page}confirmer/", title="Tout et n’importe quoi", lead=lead.pk, **ANSWERS)
    every = list(Mention.objects.filter(external_id__startswith="hostile-").values_list("pk", flat=True))
    assert len(every) == len(lines()) + 2, "nothing is lost"
    stage.act(33, lead, "/agence/tri/rattacher/", incident=incident.number, mention=every)
    stage.hear(stage.at(40))
    assert IncidentReading.objects.get().mentions >= len(every)
    assert set(sections()) == {"people", "pack", "called", "outlook", "timing", "spread"}, "no section broke"
    for path in ("", "lecture/"):
        stage.see(41, lead, page + path)
    stage.close(42, lead, page, note="Rien à garder.")
    report = stage.draft(43)
    told = stage.see(44, lead, f"/agence/rapports/{report.pk}/apercu/")
    assert "Comment l’attaque a été lue" in told
    assert stage.fetch(44, lead, f"/agence/rapports/{report.pk}/rapport.pdf").startswith(b"%PDF")
