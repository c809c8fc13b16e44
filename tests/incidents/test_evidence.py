"""A picture shown with a line: kept byte for byte, sealed with it, given to whoever may see the incident."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings

from agency.choices import Role
from agency.models import Client, User
from incidents import pictures
from incidents.models import Incident, Picture
from incidents.services import evidence, incidents, timeline
from incidents.services.refusals import Refused
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS
from tests.incidents.test_pictures import EXIF, jpeg, png

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _media(tmp_path: Path) -> Iterator[None]:
    with override_settings(MEDIA_ROOT=tmp_path, STORAGES=dict(settings.STORAGES)):  # a new storage that looks there
        yield


@pytest.fixture
def lead(aldane: Client, person: MakePerson) -> User:
    return person("lead", aldane)


@pytest.fixture
def incident(lead: User) -> Incident:
    return incidents.open_by_hand(
        brand=factories.brand(), title="Meute", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )


def shown(incident: Incident, lead: User, content: bytes, **given: object) -> Picture:
    line = {"kind": "fact", "text": "La capture.", "happened_at": NOW, "by": lead, "now": NOW, **given}
    return timeline.log(incident=incident, picture=content, **line).picture


def test_a_picture_is_kept_byte_for_byte_with_what_it_carries(incident: Incident, lead: User) -> None:
    content = jpeg(between=EXIF)
    row = shown(incident, lead, content)
    assert Path(row.file.path).read_bytes() == content
    assert (row.sha256, row.media_type) == (hashlib.sha256(content).hexdigest(), "image/jpeg")
    assert Path(row.file.path).parts[-5:-1] == ("maison_aldane", "evidence", "2026", "11")


def test_the_line_is_sealed_with_its_picture(incident: Incident, lead: User) -> None:
    row = shown(incident, lead, png())
    assert timeline.broken_links(incident) == []
    with connection.cursor() as cursor:  # as somebody who owns the database could
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE incidents_picture DISABLE TRIGGER pictures_are_append_only")
    row.delete()
    assert [one.fault for one in timeline.broken_links(incident)] == ["content"]


def test_the_table_of_pictures_is_append_only(incident: Incident, lead: User) -> None:
    row = shown(incident, lead, png())
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        Picture.objects.filter(pk=row.pk).update(sha256="0" * 64)


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(png(5, 5))], ids=["gone", "changed"])
def test_the_command_says_which_picture_is_no_longer_what_was_sealed(
    incident: Incident, lead: User, aldane: Client, spoil: object
) -> None:
    row = shown(incident, lead, png())
    assert evidence.changed(incident) == []
    spoil(Path(row.file.path))  # type: ignore[operator]
    assert [(one.number, one.fault) for one in evidence.changed(incident)] == [(row.entry.number, "picture")]
    with pytest.raises(CommandError, match="1 broken link"):
        call_command("verify_log", aldane.schema_name)


def test_what_is_no_picture_leaves_neither_line_nor_file(incident: Incident, lead: User, tmp_path: Path) -> None:
    before = incident.entries.count()
    with pytest.raises(Refused) as refusal:
        shown(incident, lead, SVG)
    assert (refusal.value.code, incident.entries.count()) == ("not_a_picture", before)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_line_sent_twice_with_its_picture_is_one_line(incident: Incident, lead: User) -> None:
    token = uuid4()
    first, again = (shown(incident, lead, png(), token=token) for _ in range(2))
    assert first == again
    assert Picture.objects.count() == 1


# -- through the client's host -----------------------------------------------------------------------------------------


def posted(browser, incident: Incident, content: bytes, name: str = "capture.png", text: str = "Vu.", **more: object):
    given = {"text": text, "kind": "fact", "picture": SimpleUploadedFile(name, content, "image/png"), **more}
    return browser.post(f"/agence/incidents/{incident.number}/main-courante/", given)


def test_it_is_added_with_its_line_and_shown_in_the_log(visit, incident: Incident, lead: User, aldane: Client) -> None:
    browser = visit(lead, aldane)
    assert posted(browser, incident, png()).status_code == 302
    address = f"/agence/incidents/{incident.number}/main-courante/2/image/"
    assert address in browser.get(f"/agence/incidents/{incident.number}/").content.decode()
    answer = browser.get(address)
    assert answer.content == png()
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Disposition"] == f'inline; filename="INC-{incident.number:04d}-2.png"'
    assert browser.get(f"{address}?fichier")["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("content", "name"),
    [(SVG, "capture.png"), (b"<html>", "x.png"), (png()[:-9], "x.png"), (b"", "x.png"), (png(30_000, 30_000), "x.png")],
    ids=["svg", "html", "cut", "empty", "bomb"],
)
def test_a_hostile_one_is_refused_and_the_line_stays_in_the_form(
    visit, incident: Incident, lead: User, aldane: Client, content: bytes, name: str
) -> None:
    answer = posted(visit(lead, aldane), incident, content, name, text="La ligne écrite")
    assert (answer.status_code, Picture.objects.count()) == (422, 0)
    assert 'value="La ligne écrite"' in answer.content.decode()


def test_one_that_is_too_heavy_is_refused_before_it_is_read(
    visit, incident: Incident, lead: User, aldane: Client
) -> None:
    answer = posted(visit(lead, aldane), incident, png() + b"\0" * pictures.MOST_BYTES)
    assert answer.status_code == 422
    assert "5\u00a0Mo" in answer.content.decode()


@pytest.mark.parametrize("name", ["../../etc/passwd.png", "\0.png", "x" * 5_000 + ".png", "🔥.png", 'a";b.html.png'])
def test_its_name_is_never_ours(visit, incident: Incident, lead: User, aldane: Client, name: str) -> None:
    posted(visit(lead, aldane), incident, png(), name)
    assert [len(Path(row.file.name).name) for row in Picture.objects.all()] in ([], [32])


def test_a_file_that_is_missing_is_not_there(visit, incident: Incident, lead: User, aldane: Client) -> None:
    Path(shown(incident, lead, png()).file.path).unlink()
    assert visit(lead, aldane).get(f"/agence/incidents/{incident.number}/main-courante/2/image/").status_code == 404


def test_who_may_not_know_of_the_incident_does_not_see_it(
    visit, incident: Incident, lead: User, aldane: Client, person: MakePerson
) -> None:
    shown(incident, lead, png())
    address = f"/agence/incidents/{incident.number}/main-courante/2/image/"
    other = visit(person(Role.CM, aldane), aldane)
    assert other.get(address).status_code == 200
    Incident.objects.filter(pk=incident.pk).update(is_restricted=True)
    assert other.get(address).status_code == 404
    assert visit(person(Role.READER, aldane), aldane).get(address).status_code in {302, 404}
