"""The settings refuse to start rather than guess, and the deploy check says what is unsafe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agency import checks

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "REMPART_SECRET_KEY": "k" * 60 + "0123456789",
    "REMPART_AGENCY_HOST": "desk.example.test",
    "DATABASE_URL": "postgres://rempart:secret@db/rempart",
    "REDIS_URL": "redis://cache/0",
}


def settings_in(environment: dict[str, str], say: str = "''") -> subprocess.CompletedProcess[str]:
    """Reads the settings in a process of their own and prints `say`."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    code = f"from agency.config import settings as s; print({say})"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True, check=False
    )


def test_production_starts_with_its_five_words():
    done = settings_in(PRODUCTION, "s.DEMO, s.HTTPS, s.SESSION_COOKIE_SECURE, s.SECOND_FACTOR_REQUIRED")
    assert done.stdout == "False True True True\n"


@pytest.mark.parametrize("name", list(PRODUCTION))
def test_outside_the_demo_an_unset_word_refuses_to_start_and_is_named(name):
    done = settings_in({key: value for key, value in PRODUCTION.items() if key != name})
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr


def test_the_demo_starts_with_nothing_said():
    assert settings_in({"REMPART_DEMO": "1"}, "s.AGENCY_HOST").stdout == "agence.localhost\n"


def test_the_known_secret_does_not_leave_this_machine():
    done = settings_in({"REMPART_DEMO": "1", "REMPART_AGENCY_HOST": "demo.example.test"})
    assert "REMPART_SECRET_KEY is not set" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("REMPART_DEMO", "perhaps", "must be yes or no"),
        ("REMPART_PORT", "http", "must be a whole number"),
        ("DATABASE_URL", "mysql://db/rempart", "must begin with postgres://"),
        ("EMAIL_URL", "http://mail", "must begin with smtp://"),
    ],
)
def test_a_wrong_word_refuses_to_start_and_says_why(name, value, words):
    done = settings_in({**PRODUCTION, name: value})
    assert words in done.stderr
    assert name in done.stderr


def test_private_addresses_outside_the_demo_are_an_error(settings):
    settings.DEMO, settings.OUTGOING_ALLOW_PRIVATE = False, True
    assert [one.id for one in checks.outgoing_door_is_shut_to_the_inside(None)] == ["rempart.E001"]
    settings.OUTGOING_ALLOW_PRIVATE = False
    assert checks.outgoing_door_is_shut_to_the_inside(None) == []


def test_a_demo_on_a_public_host_is_warned_of(settings):
    settings.DEMO, settings.AGENCY_HOST = True, "demo.example.test"
    assert [one.id for one in checks.demo_stays_at_home(None)] == ["rempart.W001"]
    settings.AGENCY_HOST = "agence.localhost"
    assert checks.demo_stays_at_home(None) == []


def test_a_password_alone_outside_the_demo_is_an_error(settings):
    settings.DEMO, settings.SECOND_FACTOR_REQUIRED = False, False
    assert [one.id for one in checks.second_factor_is_asked_for(None)] == ["rempart.E002"]
