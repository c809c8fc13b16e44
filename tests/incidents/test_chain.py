"""A log line that was changed, removed or moved shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from incidents.chain import Break, Entry, entry_hash, verify

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def log(lines: int) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(1, lines + 1):
        previous = entries[-1].hash if entries else ""
        moment = NOON + timedelta(minutes=number)
        by = None if number == 1 else 7
        corrects = 2 if number == 4 else None
        text = f"Ligne {number} « é »"
        digest = entry_hash(
            previous=previous,
            number=number,
            kind="fact",
            text=text,
            happened_at=moment,
            logged_at=moment,
            by=by,
            corrects=corrects,
        )
        entries.append(Entry(number, "fact", text, moment, moment, by, corrects, previous, digest))
    return entries


def found(entries: list[Entry], last: str | None = None) -> list[tuple[int, str]]:
    return [(broken.number, broken.fault) for broken in verify(entries, last=last)]


def test_a_log_as_written_holds() -> None:
    whole = log(5)
    assert found(whole, last=whole[-1].hash) == []
    assert found([], last="") == []


@pytest.mark.parametrize(
    "change",
    [{"text": "autre"}, {"kind": "decision"}, {"by": 8}, {"happened_at": NOON}, {"logged_at": NOON}, {"corrects": 1}],
)
def test_any_changed_field_is_found_at_its_line(change: dict[str, object]) -> None:
    entries = log(5)
    entries[2] = replace(entries[2], **change)  # type: ignore[arg-type]
    assert found(entries) == [(3, "content")]


def test_a_line_rewritten_with_its_hash_breaks_the_next_one() -> None:
    entries = log(5)
    entries[2] = replace(log(3)[2], text="autre", hash="0" * 64)
    assert (4, "previous") in found(entries)


def test_a_removed_line_and_two_lines_exchanged_are_found() -> None:
    entries = log(5)
    assert (4, "previous") in found(entries[:2] + entries[3:])
    assert (4, "number") in found(entries[:2] + entries[3:])
    assert found([entries[1], entries[0], *entries[2:]])


def test_a_cut_end_is_found_by_whoever_kept_the_last_hash() -> None:
    entries = log(5)
    assert found(entries[:4]) == []
    assert found(entries[:4], last=entries[-1].hash) == [(4, "last")]
    assert found([], last=entries[-1].hash) == [(0, "last")]


def test_a_correction_points_backwards() -> None:
    entries = log(2)
    assert (2, "corrects") in found([entries[0], replace(entries[1], corrects=3)])


def test_the_same_moment_in_another_zone_gives_the_same_hash_and_a_naive_one_none() -> None:
    first = log(1)[0]
    paris = replace(first, happened_at=first.happened_at.astimezone(ZoneInfo("Europe/Paris")))
    assert found([paris]) == []
    with pytest.raises(ValueError, match="time zone"):
        verify([replace(first, happened_at=NOON.replace(tzinfo=None))])


def test_the_hash_is_the_documented_one() -> None:
    digest = entry_hash(
        previous="", number=1, kind="fact", text="é", happened_at=NOON, logged_at=NOON, by=None, corrects=None
    )
    assert digest == DOCUMENTED


def test_a_break_is_worded_in_both_languages() -> None:
    assert Break(3, "content").words("fr") == "La ligne 3 a été changée après son inscription."
    assert Break(3, "content").words("en") == "Line 3 was changed after it was written."


DOCUMENTED = "0b14c46d95b3394f30d606e91e98e04aff42d9f7c45b7d5b20db713c7d0161c9"
