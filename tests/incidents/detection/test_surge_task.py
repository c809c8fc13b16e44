"""The answer to a brand's counts: causal, one line a row, one alarm an episode, and NAB's score of it."""

import csv
import json
import math
import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from clients.listening.evaluation.protocol import Options, WrongFile
from incidents.detection.tasks import nab
from incidents.detection.tasks.surge import COLUMNS, answer, labelled, learn, read, score

START = datetime(2026, 3, 2, 0, 2, 53, tzinfo=UTC)
STRUCK = 2_500
DATA = Path(os.environ.get("REMPART_SURGE_DATA", Path(__file__).parents[4] / "shared" / "data" / "surge"))
GIVEN = sorted(DATA.glob("Twitter_volume_*.csv"))


def written(folder: Path, counts: list[float], name: str = "brand.csv") -> Path:
    path = folder / name
    with path.open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("timestamp", "value"))
        lines.writerows((START + timedelta(minutes=5 * row), count) for row, count in enumerate(counts))
    return path


def struck(rows: int = 3_000) -> list[float]:
    dice = random.Random(5)
    return [float(dice.randint(0, 4) + (60 if STRUCK <= row < STRUCK + 24 else 0)) for row in range(rows)]


def label(path: Path, first: int, last: int) -> None:
    window = [str(START + timedelta(minutes=5 * row)) for row in (first, last)]
    (path.parent / "windows.json").write_text(json.dumps({f"any/{path.name}": [window]}))


def test_a_strike_is_the_first_row_of_an_episode_and_every_row_has_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, struck())
    lines = list(answer([], path, Options()))
    assert [line["timestamp"] for line in lines] == list(read(path).stamps)
    assert {tuple(line) for line in lines} == {COLUMNS}
    assert [row for row, line in enumerate(lines) if line["alarm"] == "1"] == [STRUCK]
    assert all((float(line["score"]) >= 0.5) == (line["alarm"] == "1") for line in lines)
    assert all(0.0 <= float(line["score"]) <= 1.0 for line in lines)


@pytest.mark.parametrize("per_month", [None, 4.0])
def test_a_row_does_not_depend_on_later_rows(tmp_path: Path, per_month: float | None) -> None:
    counts = struck()
    whole = list(answer([], written(tmp_path, counts), Options(per_month=per_month)))
    for rows in (1, 700, STRUCK, STRUCK + 1, STRUCK + 13):
        part = list(answer([], written(tmp_path, counts[:rows], "part.csv"), Options(per_month=per_month)))
        assert part == whole[:rows]


def test_with_a_rate_the_alarms_are_those_of_the_product(tmp_path: Path) -> None:
    lines = list(answer([], written(tmp_path, struck()), Options(per_month=1.0)))
    assert [row for row, line in enumerate(lines) if line["alarm"] == "1"] == [STRUCK]


def test_the_threshold_is_learnt_from_what_is_given(tmp_path: Path) -> None:
    restless = [count + (8.0 if row % 700 == 650 else 0.0) for row, count in enumerate(struck())]
    path = written(tmp_path, restless)
    label(path, STRUCK - 10, STRUCK + 100)
    strict = learn([path])
    label(path, 1_300, 1_400)
    assert learn([path]) < strict


def test_an_alarm_at_the_start_of_the_window_scores_100_and_silence_0(tmp_path: Path) -> None:
    path = written(tmp_path, struck())
    label(path, STRUCK, STRUCK + 100)
    lines = list(answer([], path, Options()))
    found, share, false = score(path, lines, Options())
    assert found.value == pytest.approx(100.0)
    assert (share.value, false.value) == (1.0, 0.0)
    silent = [{**line, "alarm": "0"} for line in lines]
    assert score(path, silent, Options())[0].value == 0.0


def test_nab_counts_the_best_alarm_of_a_window_once_and_a_false_one_less_just_after_it() -> None:
    window = (2_000, 2_100)
    once, twice = nab.tally([2_010], [window], 10_000), nab.tally([2_010, 2_050], [window], 10_000)
    assert once == twice
    near, far = nab.tally([2_010, 2_101], [window], 10_000), nab.tally([2_010, 9_000], [window], 10_000)
    assert once.credit > near.credit > far.credit == pytest.approx(once.credit - 0.11)
    assert nab.tally([100], [window], 10_000) == nab.tally([], [window], 10_000)
    assert nab.probation(15_902) == 750
    assert math.isnan(nab.score([]))


def test_a_late_alarm_in_a_window_earns_nothing_but_is_better_than_none() -> None:
    late, none = nab.tally([2_100], [(2_000, 2_100)], 10_000), nab.tally([], [(2_000, 2_100)], 10_000)
    assert 0.0 < late.credit < 0.1
    assert none.credit == -1.0


@pytest.mark.parametrize("cell", ["", "many", "nan", "-1", "1e300", "inf"])
def test_what_is_no_count_is_refused_with_its_line(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "brand.csv"
    path.write_text(f"timestamp,value\n2026-03-02 00:00:00,1\n2026-03-02 00:05:00,{cell}\n")
    with pytest.raises(WrongFile, match="line 3"):
        read(path)


def test_rows_out_of_order_no_label_and_a_senseless_rate_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "brand.csv"
    path.write_text("timestamp,value\n2026-03-02 00:05:00,1\n2026-03-02 00:00:00,1\n")
    with pytest.raises(WrongFile, match="line 3"):
        read(path)
    path = written(tmp_path, [1.0] * 10)
    with pytest.raises(WrongFile, match="no labelled windows"):
        labelled(path)
    with pytest.raises(WrongFile, match="--per-month"):
        list(answer([], path, Options(per_month=0.0)))


@pytest.mark.parametrize("per_month", [None, 1.0])
def test_an_empty_series_has_an_empty_answer(tmp_path: Path, per_month: float | None) -> None:
    assert list(answer([], written(tmp_path, []), Options(per_month=per_month))) == []


@pytest.mark.shared
@pytest.mark.skipif(len(GIVEN) < 5, reason="the evaluation data, five brands' counts, are not here")
def test_each_given_brand_unseen_the_five_together_score_80() -> None:
    tallies = []
    for path in GIVEN:
        lines = list(answer([other for other in GIVEN if other != path], path, Options()))
        series = read(path)
        alarms = np.flatnonzero([line["alarm"] == "1" for line in lines]).tolist()
        tallies.append(nab.tally(alarms, nab.rows_of(labelled(path), series.moments), len(lines)))
    assert nab.score(tallies) >= 80.0
