"""The measurement on real series; the folder of evaluation data is not part of the project."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from incidents.detection.evaluate import main, posts, score
from incidents.detection.surge import Setting, scan

DATA = Path(os.environ.get("REMPART_SURGE_DATA", Path(__file__).parents[4] / "shared" / "data" / "surge"))
OUTAGE = DATA / "free_fr.csv"


@pytest.mark.skipif(not OUTAGE.is_file(), reason="the evaluation data on the outage of 19 July 2024 is not here")
@pytest.mark.parametrize("with_brand", [True, False])
def test_the_outage_of_july_2024_is_one_signal_by_17_45_and_the_months_beside_are_quiet(with_brand: bool) -> None:
    counts = posts(OUTAGE, with_brand=with_brand)
    surges = scan(None, counts, Setting(1.0), until=datetime(2024, 10, 31, tzinfo=UTC))[1]
    assert [surge.bucket_at.date().isoformat() for surge in surges] == ["2024-07-19"]
    assert datetime(2024, 7, 19, 17, 15, tzinfo=UTC) <= surges[0].detected_at
    assert surges[0].detected_at <= datetime(2024, 7, 19, 17, 45, tzinfo=UTC)


def test_alarms_outside_every_window_are_false_and_a_window_is_found_once() -> None:
    noon = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    counts = [(noon + timedelta(minutes=5 * i), 1) for i in range(288 * 4)] + [(noon + timedelta(days=3, hours=23), 60)]
    surges = scan(None, counts, Setting(), until=noon + timedelta(days=4))[1]
    alarm = surges[0].bucket_at
    assert score(surges, [(alarm, alarm), (alarm - timedelta(hours=1), alarm)]) == (0, 2)
    assert score(surges, []) == (1, 0)


def test_without_a_folder_the_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "FOLDER" in capsys.readouterr().out
