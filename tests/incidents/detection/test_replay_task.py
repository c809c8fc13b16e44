"""`evaluate replay`: posts of the past, one line a signal."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clients.listening.evaluation.protocol import Options, WrongFile
from incidents.detection.tasks import replay

REAL = Path(__file__).parents[4] / "shared" / "data" / "surge" / "free_fr.csv"
MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def file_of(folder: Path, *, strike: int) -> Path:
    quiet = [(MONDAY + timedelta(hours=4 * n), f"u{n % 30}", "False", "Rien de spécial.") for n in range(126)]
    struck = MONDAY + timedelta(days=21)
    rest = [(struck + timedelta(minutes=n), f"m{n}", "False", "Plus rien ne marche.") for n in range(strike)]
    path = folder / "posts.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["created_at", "author", "brand_side", "text"])
        writer.writerows(reversed([*quiet, *rest]))
    return path


def test_a_strike_is_one_line_and_quiet_weeks_are_none(tmp_path: Path) -> None:
    (line,) = replay.answer([], file_of(tmp_path, strike=20), Options())
    assert set(line) == set(replay.COLUMNS)
    assert line["at"].startswith("2026-03-23T08:0")
    assert list(replay.answer([], file_of(tmp_path, strike=0), Options())) == []


def test_a_moment_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wrong.csv"
    path.write_text("created_at,author,text\nhier,u1,Bonjour\n", encoding="utf-8")
    with pytest.raises(WrongFile, match="hier"):
        list(replay.answer([], path, Options()))


@pytest.mark.shared
@pytest.mark.skipif(not REAL.is_file(), reason="the real posts of an operator are not on this machine")
def test_the_outage_of_a_real_operator_is_seen_within_minutes_and_its_announcement_is_no_attack() -> None:
    lines = list(replay.answer([], REAL, Options()))
    outage = next(line for line in lines if line["at"].startswith("2024-07-19"))
    assert "2024-07-19T17:14" <= outage["at"] < "2024-07-19T17:20"
    announced = next(line for line in lines if line["at"].startswith("2024-12-03"))
    assert announced["attack"] != "yes"
    told = {line["at"][:10] for line in lines}
    assert told & {"2024-07-22", "2024-07-23"}  # the mail boxes, out of order for days: no hour of it stands out
    assert told & {"2024-07-28", "2024-07-29"}  # fibres cut on purpose
    assert told & {"2024-08-06", "2024-08-07"}  # a joke of the brand, and what its customers made of it
    assert told & {"2024-11-20", "2024-11-21"}  # an outage of one night
    assert not any(line["stream"] == "urgent" for line in lines)  # nobody was in danger, no step was taken
    assert len(lines) <= 10
