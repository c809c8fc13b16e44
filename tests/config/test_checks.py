"""The runner of all checks: it shows their words, remembers who failed, and ends on pytest's own line."""

import sys

import pytest

from agency.config import checks
from agency.config.checks import Check, Outcome


def test_a_check_is_shown_and_its_last_line_kept_without_colours(capfd: pytest.CaptureFixture[str]) -> None:
    words = r"print('first'); print('\x1b[32m== 3 passed ==\x1b[0m'); print()"
    outcome = checks.carry_out(Check("Trial", [sys.executable, "-c", words], {}), {})
    assert (outcome.status, outcome.last_line) == (0, "== 3 passed ==")
    assert "──── Trial\nfirst\n" in capfd.readouterr().out


def test_one_failure_fails_the_run_and_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    outcomes = [Outcome("Types", 1, 2.0, "Found 1 error"), Outcome("Tests (pytest)", 0, 9.0, "= 3 passed in 9 s =")]
    assert checks.report(outcomes) == 1
    said = capfd.readouterr().out.splitlines()
    assert said[-2:] == ["Failed: Types", "= 3 passed in 9 s ="]


def test_a_run_without_failures_passes() -> None:
    assert checks.report([Outcome("Tests (pytest)", 0, 9.0, "= 3 passed in 9 s =")]) == 0


def test_a_missing_browser_is_said_aloud(capfd: pytest.CaptureFixture[str]) -> None:
    trial = Check("Tests (pytest)", [sys.executable, "-c", ""], {})
    checks.carry_out(trial, {})
    checks.carry_out(trial, {"REMPART_CHROMIUM": "/usr/bin/chromium"})
    assert capfd.readouterr().out.count("No chromium: browser tests are skipped.") == 1
