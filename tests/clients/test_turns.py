"""Whose turn it is: the fewest readings under way first, then the longest wait; nobody takes all the places."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection
from django_tenants.utils import schema_context

from agency import clock, outgoing
from clients.models import Mention, Source
from clients.selectors import everywhere
from clients.selectors.everywhere import SourceTurn
from clients.services import listening, turns
from clients.services.turns import Board, take_turns
from clients.tasks import READINGS_AT_ONCE
from tests.clients.rooms import feed
from tests.clients.test_listening import rss
from tests.conftest import NOW
from tests.loopback import Answer, Site, serving

ALDANE, TRAMONTEL = "maison_aldane", "tramontel"
PLACES = 6


def due(schema_name: str, number: int, minutes_ago: float = 0, is_under_way: bool = False) -> SourceTurn:
    return SourceTurn(schema_name, number, NOW - timedelta(minutes=minutes_ago), is_under_way)


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Board]:
    """board(turn, …) is a board on which these were seen."""

    def draw(*seen: SourceTurn, places: int = PLACES) -> Board:
        monkeypatch.setattr(everywhere, "turns", lambda _now: list(seen))
        return Board(places)

    return draw


def taken(board: Board, count: int) -> list[tuple[str, int]]:
    found = (board.next(NOW) for _ in range(count))
    return [(turn.schema_name, turn.source_id) for turn in found if turn]


def test_clients_take_turns_and_within_one_the_longest_wait_comes_first(board: Callable[..., Board]) -> None:
    seen = [due("a", 1, 9), due("a", 2, 8), due("a", 3, 10), due("b", 1, 1)]
    assert taken(board(*seen), 3) == [("a", 3), ("b", 1), ("a", 1)]


def test_readings_under_way_in_other_processes_count(board: Callable[..., Board]) -> None:
    assert taken(board(due("a", 1, 9), due("a", 2, 0, is_under_way=True), due("b", 1, 1)), 1) == [("b", 1)]


def test_a_client_leaves_half_of_the_places_to_others(board: Callable[..., Board]) -> None:
    drawn = board(*[due("a", number, 9) for number in range(10)])
    assert len(taken(drawn, 10)) == PLACES // 2
    assert not drawn.has_more()


def test_however_many_clients_hang_there_is_a_place_for_the_next(board: Callable[..., Board]) -> None:
    seen = [due(name, number, 9) for name in "abcdef" for number in range(10)]
    assert Counter(name for name, _ in taken(board(*seen), 60)) == dict.fromkeys("abcdef", 1)
    hung = board(*[due("a", number, 9) for number in range(9)], *[due("b", number, 1) for number in range(9)])
    assert Counter(name for name, _ in taken(hung, 18)) == {"a": 2, "b": 2}


def test_however_many_hang_two_threads_are_left_to_tools_and_mailboxes(
    board: Callable[..., Board], settings: pytest.FixtureRequest
) -> None:
    drawn = board(*[due(f"client{number}", 1, 9) for number in range(30)], places=READINGS_AT_ONCE)
    assert len(taken(drawn, 30)) == settings.LISTENING_THREADS - 2  # type: ignore[attr-defined]


def test_a_place_given_back_is_taken_again(board: Callable[..., Board]) -> None:
    drawn = board(*[due("a", number, 9) for number in range(3)], places=2)
    first = drawn.next(NOW)
    assert first is not None and drawn.next(NOW) is None
    drawn.done(first)
    assert drawn.next(NOW) is not None


def test_sources_that_take_long_share_half_of_the_places(
    board: Callable[..., Board], monkeypatch: pytest.MonkeyPatch
) -> None:
    streams = [due(name, 1, 9) for name in "abcdef"]
    drawn = board(*streams, *[due(name, 2, 1) for name in "abcdef"])
    for _ in streams:
        monkeypatch.setattr(turns, "SLOW_S", -1.0)
        first = drawn.next(NOW)
        assert first is not None and first.source_id == 1
        drawn.done(first)
    drawn._looked_at -= 60  # the next second's look
    assert Counter(number for _, number in taken(drawn, 12)) == {1: 3, 2: 3}


def test_sources_that_hang_leave_room_for_their_own_clients_others(
    board: Callable[..., Board], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = board(*[due("a", number, 9) for number in range(4)], due("a", 9, 1))
    monkeypatch.setattr(turns, "SLOW_S", -1.0)
    for _ in range(4):
        hung = drawn.next(NOW)
        assert hung is not None and hung.source_id < 4
        drawn.done(hung)
    drawn._looked_at -= 60
    assert taken(drawn, 5) == [("a", 0), ("a", 9)]


def test_a_single_place_is_enough_to_go_on(board: Callable[..., Board]) -> None:
    assert len(taken(board(due("a", 1), places=1), 2)) == 1


def test_a_process_that_is_asked_to_stop_takes_no_more(board: Callable[..., Board]) -> None:
    drawn = board(due("a", 1))
    drawn.close()
    assert drawn.next(NOW) is None
    assert not drawn.has_more()


class Crowd:
    """Threads that take turns, as the worker's do; each that is woken is one more."""

    def __init__(self, places: int = PLACES) -> None:
        self.board = Board(places)
        self.threads: list[threading.Thread] = []
        self.woken: list[str] = []

    def wake(self) -> None:
        if sum(thread.is_alive() for thread in self.threads) < PLACES:
            self.threads.append(threading.Thread(target=self._work, daemon=True))
            self.threads[-1].start()

    def _work(self) -> None:
        try:
            take_turns(
                board=self.board, open_door=outgoing.door, clock=clock.now, wake_another=self.wake,
                wake_reader=self.woken.append,
            )  # fmt: skip
        finally:
            connection.close()


@pytest.fixture
def site(committed: None) -> Iterator[Site]:
    with serving() as running:
        yield running


def wait_until(holds: Callable[[], bool], seconds: float = 30) -> None:
    tick = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if holds():
            return
        tick.wait(0.05)
    raise AssertionError("It did not come to pass in time.")


def test_sources_that_hang_hold_up_neither_their_clients_others_nor_another_client(
    site: Site, settings: object
) -> None:
    settings.OUTGOING_PER_HOST_PER_SECOND = 0  # type: ignore[attr-defined]
    settings.OUTGOING_TIMEOUT_SECONDS = 3  # type: ignore[attr-defined]
    site.pages["/hangs"] = Answer(200, {}, b"x" * 1000, drip_s=2.9)
    with schema_context(ALDANE):
        for number in range(8):
            feed(f"Muet {number}", url=f"{site.base}/hangs", due_at=clock.now() - timedelta(hours=1))
    with schema_context(TRAMONTEL):
        feed("Presse", url=site.lay("/tramontel", rss(2)), every_seconds=1, due_at=clock.now())
        feed("Muet", url=f"{site.base}/hangs", due_at=clock.now())
    crowd = Crowd()
    wait_until(lambda: crowd.wake() or sum(path == "/tramontel" for path, _ in site.asked) >= 4, 60)
    wait_until(lambda: crowd.wake() or sum(path == "/hangs" for path, _ in site.asked) >= 7, 60)
    wait_until(lambda: not any(thread.is_alive() for thread in crowd.threads), 60)
    paths = [path for path, _ in site.asked]
    assert paths.index("/tramontel") <= PLACES // 2  # those that hang had taken half of the places
    seventh = [at for at, path in enumerate(paths) if path == "/hangs"][6]  # their third round
    assert paths[:seventh].count("/tramontel") >= 3
    with schema_context(TRAMONTEL):
        assert (Mention.objects.count(), Source.objects.get(name="Presse").failures) == (2, 0)


def test_threads_work_each_in_the_room_of_its_turn(site: Site, settings: object) -> None:
    settings.OUTGOING_PER_HOST_PER_SECOND = 0  # type: ignore[attr-defined]
    for schema_name, count in ((ALDANE, 3), (TRAMONTEL, 2)):
        with schema_context(schema_name):
            for number in range(12):
                feed(f"Presse {number}", url=site.lay(f"/{schema_name}/{number}", rss(count)), every_seconds=3600)
    crowd = Crowd()
    crowd.wake()
    wait_until(lambda: len(site.asked) >= 24 and not any(thread.is_alive() for thread in crowd.threads))
    assert Counter(crowd.woken) == {ALDANE: 12, TRAMONTEL: 12}
    assert len(crowd.threads) > 2
    assert len({path for path, _ in site.asked}) == len(site.asked) == 24
    for schema_name, count in ((ALDANE, 3), (TRAMONTEL, 2)):
        with schema_context(schema_name):
            assert Mention.objects.count() == 12 * count
            assert set(Mention.objects.values_list("source__url", flat=True)) == {
                f"{site.base}/{schema_name}/{number}" for number in range(12)
            }


def test_the_time_is_up_and_another_goes_on(board: Callable[..., Board]) -> None:
    woken: list[bool] = []

    def nothing(_given: object) -> None:
        raise AssertionError("no turn was left to take")

    count = take_turns(
        board=board(due("a", 1)), open_door=outgoing.door, clock=lambda: NOW, wake_another=lambda: woken.append(True),
        wake_reader=nothing, seconds=0,
    )  # fmt: skip
    assert (count, woken) == (0, [])


def test_a_source_that_was_removed_meanwhile_is_passed_over(db: None) -> None:
    gone = SourceTurn(ALDANE, 10**9, None, False)

    def no_door(_account: str) -> outgoing.PacedDoor:
        raise AssertionError("nobody goes out")

    assert not turns._take(gone, Board(1), no_door, datetime.now(NOW.tzinfo))


def test_a_reading_cut_off_by_the_database_is_taken_up_as_soon_as_it_is_back(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with schema_context(ALDANE):
        feed(url=site.lay("/feed", rss(2)))
    whole, cuts = listening.ingest, iter([True])

    def cut_off(**given: object) -> object:
        if next(cuts, False):
            raise OperationalError("terminating connection due to administrator command")
        return whole(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(listening, "ingest", cut_off)
    crowd = Crowd()
    crowd.wake()
    wait_until(lambda: crowd.wake() or crowd.woken == [ALDANE])
    with schema_context(ALDANE):
        assert (Mention.objects.count(), Source.objects.get().failures) == (2, 0)
