"""Measure the surge detector on real series: python -m incidents.detection.evaluate FOLDER

FOLDER holds five-minute counts (Twitter_volume_*.csv: timestamp, value) with windows.json, as in NAB's realTweets, and
posts (free_fr.csv: created_at, author, brand_side). A false alarm is an alarm outside every labelled window.
"""

import csv
import json
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .buckets import LENGTH, authors_per_bucket
from .surge import Setting, Surge, scan

ASKED = (0.5, 1.0, 2.0, 4.0)
MONTH = timedelta(days=30)
Counts = list[tuple[datetime, int]]
Windows = list[tuple[datetime, datetime]]


def volumes(folder: Path) -> Iterator[tuple[str, Counts, Windows]]:
    """Yield (name, counts, labelled windows) of each series named in windows.json."""
    labelled = json.loads((folder / "windows.json").read_text())
    for path, windows in labelled.items():
        file = folder / Path(path).name
        with file.open(newline="") as rows:
            counts = [(_utc(row["timestamp"]), int(float(row["value"]))) for row in csv.DictReader(rows)]
        yield file.stem, counts, [(_utc(start), _utc(end)) for start, end in windows]


def posts(file: Path, *, with_brand: bool) -> Counts:
    """Return distinct authors a bucket of a file of posts, the brand's own posts in or out."""
    with file.open(newline="", encoding="utf-8") as rows:
        return authors_per_bucket(
            (_utc(row["created_at"]), row["author"])
            for row in csv.DictReader(rows)
            if with_brand or row["brand_side"] != "True"
        )


def score(surges: Sequence[Surge], windows: Windows) -> tuple[int, int]:
    """Return (alarms outside every window, windows with an alarm)."""
    alarms = [surge.bucket_at for surge in surges]
    false = sum(not any(start <= alarm <= end for start, end in windows) for alarm in alarms)
    return false, sum(any(start <= alarm <= end for alarm in alarms) for start, end in windows)


def report_volumes(folder: Path) -> None:
    """Print, for each rate asked, the rate got, windows found, and the time a bucket takes."""
    series = list(volumes(folder))
    total = sum(len(windows) for _, _, windows in series)
    buckets = sum((counts[-1][0] - counts[0][0]) // LENGTH for _, counts, _ in series)
    for asked in ASKED:
        began = time.process_time()
        false = found = 0
        for _, counts, windows in series:
            surges = scan(None, counts, Setting(asked), until=counts[-1][0] + LENGTH)[1]
            alarms, hits = score(surges, windows)
            false, found = false + alarms, found + hits
        spent = (time.process_time() - began) / buckets * 1e6
        months = sum((_calm(counts, windows) for _, counts, windows in series), timedelta()) / MONTH
        print(
            f"asked {asked:g} a month, got {false / months:.2f} ({false} in {months:.1f} months); "
            f"windows {found} of {total}; {spent:.0f} us a bucket"
        )


def report_posts(file: Path) -> None:
    """Print every alarm of a file of posts, for each rate asked."""
    for with_brand in (True, False):
        counts = posts(file, with_brand=with_brand)
        for asked in ASKED:
            began = time.process_time()
            surges = scan(None, counts, Setting(asked), until=counts[-1][0] + LENGTH)[1]
            spent = time.process_time() - began
            print(f"{file.name}, brand {'in' if with_brand else 'out'}, asked {asked:g}: {len(surges)} ({spent:.1f} s)")
            for surge in surges:
                print("   ", surge.detected_at.isoformat(), *surge.reasons("en"))


def _calm(counts: Counts, windows: Windows) -> timedelta:
    labelled = sum((end - start for start, end in windows), timedelta())
    return counts[-1][0] - counts[0][0] - labelled


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def main(arguments: Sequence[str]) -> int:
    """Report on a folder; 2 when it is not given or missing."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print(__doc__)
        return 2
    folder = Path(arguments[0])
    report_volumes(folder)
    if (folder / "free_fr.csv").is_file():
        report_posts(folder / "free_fr.csv")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
