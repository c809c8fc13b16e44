from pathlib import Path

import pytest

from clients.listening.evaluation.protocol import Options, WrongFile
from incidents.detection.tasks import pack

PUBLISHED = Path(__file__).parents[4] / "shared" / "data" / "coordination" / "russian_coord_tweets.csv.gz"


def _file(folder, rows, header="account_id,object_id,timestamp"):
    path = folder / "shares.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    return path


def _pairs(path, window=60.0, common=2):
    found = pack.answer([], path, Options(window=window, common=common))
    return [(row["account_a"], row["account_b"], row["common"]) for row in found]


def test_two_accounts_that_share_two_things_within_the_window_are_a_pair_in_any_order_of_rows(tmp_path):
    path = _file(tmp_path, ["b,y,200", "a,x,100", "a,y,230", "b,x,160", "c,x,161"])

    assert _pairs(path) == [("a", "b", "2")]


def test_the_window_includes_its_end_and_nothing_beyond(tmp_path):
    path = _file(tmp_path, ["a,x,0", "b,x,60", "a,y,0", "b,y,60.5"])

    assert _pairs(path) == []
    assert _pairs(path, common=1) == [("a", "b", "1")]


def test_an_account_is_no_pair_with_itself(tmp_path):
    assert _pairs(_file(tmp_path, ["a,x,0", "a,x,1", "a,y,0", "a,y,1"])) == []


def test_dates_read_as_times_and_a_row_without_one_is_left_out(tmp_path):
    rows = ["a,x,2021-06-16T22:00:00Z", "b,x,2021-06-16 22:00:30", "b,x,soon", "b,x,nan", ",x,2021-06-16 22:00:00"]

    assert _pairs(_file(tmp_path, rows, "account_id,url_id,timestamp"), common=1) == [("a", "b", "1")]


def test_what_everybody_shares_at_once_is_less_surprising_than_what_two_share(tmp_path):
    crowd = [f"c{n},{thing},{n}" for n in range(40) for thing in ("x", "y")]
    apart = [f"d{n},{thing},{n * 9_000}" for n in range(40) for thing in ("v", "w")]
    two = ["a,v,50", "b,v,55", "a,w,90", "b,w,95"]
    rows = list(pack.answer([], _file(tmp_path, [*crowd, *apart, *two]), Options()))
    p = {(row["account_a"], row["account_b"]): float(row["p"]) for row in rows}

    assert p["a", "b"] < 0.05 < p["c0", "c1"]


def test_a_file_without_the_columns_is_refused_by_name(tmp_path):
    with pytest.raises(WrongFile, match="account_id"):
        _pairs(_file(tmp_path, ["1,2"], "who,what"))


@pytest.mark.shared
@pytest.mark.skipif(not PUBLISHED.exists(), reason="the published case is not on this machine")
def test_the_published_case_has_its_sixty_three_pairs_at_sixty_seconds():
    assert len(_pairs(PUBLISHED)) == 63
