"""A source is read once a turn, and what it says of itself is noted in words."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agency import vault
from agency.http import Door
from agency.models import Client
from clients.listening.collectors import registry
from clients.listening.collectors.protocol import Fetched, HeldBack, PassingFailure, Quota
from clients.listening.words import Words
from clients.models import CollectorRun, Mention, Source
from clients.selectors import sources
from clients.services import claims
from clients.services import sources as by_hand
from clients.services.claims import CLAIM
from clients.services.listening import listen
from tests.clients.rooms import feed, health_of, said, watch
from tests.conftest import NOW
from tests.loopback import Site, serving

RSS = (
    """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Presse</title>{items}</channel></rss>"""
)
ITEM = "<item><guid>{n}</guid><title>Panne {n}</title><description>Le service est en panne</description></item>"
DOOR = Door(timeout_s=5, allow_private=True)
MINUTE = timedelta(minutes=1)

Fetch = Callable[[Mapping[str, Any]], Fetched]


def rss(count: int) -> str:
    return RSS.format(items="".join(ITEM.format(n=n) for n in range(count)))


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


class Played:
    """A collector whose answer the test writes; it notes what it was asked."""

    unit_price = Decimal("0.005")
    smallest_page = 10

    def __init__(self, answer: Fetch) -> None:
        self.answer = answer
        self.asked: list[Mapping[str, Any]] = []

    def fetch(self, settings: Mapping[str, Any], cursor: object, *, http: object, now: datetime) -> Fetched:
        self.asked.append(settings)
        return self.answer(settings)


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Callable[[Fetch], Played]:
    """play(answer) puts a collector of that answer in the place of X's."""

    def put(answer: Fetch) -> Played:
        played = Played(answer)
        monkeypatch.setitem(registry.COLLECTORS, "x", played)  # type: ignore[arg-type]
        return played

    return put


def account(**fields: object) -> Source:
    return Source.objects.create(**{"name": "X", "kind": "x", "every_seconds": 60, **fields})


def hear(source: Source, now: datetime = NOW) -> tuple[str, Source]:
    """The outcome of one reading, and the source as it is afterwards."""
    outcome = listen(source=source, http=DOOR, now=now).outcome
    return outcome, Source.objects.get(pk=source.pk)


def is_about(moment: datetime | None, minutes: float) -> bool:
    """Whether a moment lies so many minutes after NOW, the spread of a fifth allowed."""
    assert moment is not None
    return 0.8 * minutes <= (moment - NOW) / MINUTE <= 1.2 * minutes + 0.1


def test_a_feed_becomes_mentions_and_its_next_turn_is_noted(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(2), ETag='"v1"'), every_seconds=60)
    heard = listen(source=source, http=DOOR, now=NOW)
    source.refresh_from_db()
    assert (heard.outcome, heard.taken_in.new, Mention.objects.count()) == ("read", 2, 2)
    assert (source.due_at, source.last_success_at, source.claimed_until) == (NOW + MINUTE, NOW, None)
    assert source.cursor["etag"] == '"v1"'


def test_readings_that_bring_nothing_are_counted_in_one_line(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(2), ETag='"v1"'), every_seconds=60)
    outcomes = [hear(source, NOW + n * 2 * MINUTE)[0] for n in range(3)]
    assert outcomes == ["read", "unchanged", "unchanged"]
    run = CollectorRun.objects.get()
    assert (run.outcome, run.times, run.new, run.calls) == ("read", 3, 2, 3)
    assert run.finished_at >= NOW + 4 * MINUTE
    assert run.bytes == len(rss(2))


def test_a_source_is_read_only_in_its_turn(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(1)), due_at=NOW + MINUTE)
    assert list(sources.due(NOW)) == []
    assert hear(source)[0] == "taken"
    assert site.asked == []


def test_a_source_that_somebody_reads_is_left_to_them(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(1)), claimed_until=NOW + timedelta(seconds=5))
    assert hear(source)[0] == "taken"


def test_a_dead_workers_source_is_taken_over_and_nothing_is_doubled(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(2)))
    assert claims.take(source_id=source.pk, now=NOW)  # and the worker is killed here
    later = NOW + CLAIM + timedelta(seconds=1)
    assert list(sources.due(later)) == [source]
    assert listen(source=source, http=DOOR, now=later).taken_in.new == 2
    assert Mention.objects.count() == 2


class SlowDoor(Door):
    """Something happens while the source is being asked."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__(timeout_s=5, allow_private=True)
        self.meanwhile = meanwhile

    def get(self, *given: Any, **named: Any) -> Any:
        self.meanwhile()
        return super().get(*given, **named)


def test_who_comes_back_after_its_claim_drops_what_it_brought(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(2)))
    door = SlowDoor(lambda: Source.objects.update(claimed_until=NOW + 3 * CLAIM))  # somebody else took over
    assert listen(source=source, http=door, now=NOW).outcome == "taken"
    source.refresh_from_db()
    assert (Mention.objects.count(), source.claimed_until) == (0, NOW + 3 * CLAIM)
    assert not CollectorRun.objects.exists()


def test_a_long_reading_prolongs_its_claim_each_time_it_goes_out(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(2)))
    claim = claims.take(source_id=source.pk, now=NOW)
    assert claim is not None
    claim._began -= 100  # seconds ago
    claims.KeptNetwork(DOOR, claim).get(source.url)
    assert claim.until > NOW + timedelta(seconds=210)
    assert Source.objects.get().claimed_until == claim.until


def test_a_reading_whose_claim_was_lost_goes_out_no_more(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(2)))
    claim = claims.take(source_id=source.pk, now=NOW)
    assert claim is not None
    Source.objects.update(claimed_until=None)  # a person changed the source
    claim._began -= 100
    with pytest.raises(claims.ClaimLost):
        claims.KeptNetwork(DOOR, claim).get(source.url)
    assert site.asked == []


def test_a_passing_failure_doubles_the_pause_and_says_why(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", "non", status=500), every_seconds=60)
    _, after = hear(source)
    assert (after.failures, after.is_active, is_about(after.due_at, 1)) == (1, True, True)
    assert "500" in after.last_error and "error" in after.last_error_en
    Source.objects.update(due_at=NOW)
    assert is_about(hear(source)[1].due_at, 2)
    assert health_of(after, NOW).state == "failing"
    assert [run.code for run in CollectorRun.objects.all()] == ["http_500", "http_500"]


def test_a_source_that_asks_to_wait_is_heard(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", "", status=429, Retry_After="1800"), every_seconds=60)
    _, after = hear(source)
    assert after.due_at is not None and after.due_at >= NOW + 30 * MINUTE


def test_after_five_failures_the_breaker_is_open_until_a_success(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", "", status=500), every_seconds=60, failures=4)
    _, after = hear(source)
    assert is_about(after.due_at, 16)
    assert "5\u00a0échecs de suite" in after.last_error and "une seule tentative, à\u00a022:" in after.last_error
    assert by_hand.read_now(source=source, now=NOW)
    assert "6\u00a0échecs" in hear(source)[1].last_error  # a person's hurry does not close it
    site.lay("/feed", rss(1))
    Source.objects.update(due_at=NOW)
    assert hear(source)[1].failures == 0


def test_a_source_that_is_gone_is_stopped_with_words(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", "", status=410))
    outcome, after = hear(source)
    assert (outcome, after.is_active, health_of(after, NOW).state) == ("stopped", False, "stopped")
    assert "supprimée" in after.last_error
    assert CollectorRun.objects.get().outcome == "stopped"


def test_a_success_after_a_failure_forgets_it(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", rss(1)), failures=4, last_error="avant", last_error_en="before")
    after = hear(source)[1]
    assert (after.failures, after.last_error, after.last_error_en) == (0, "", "")


def test_a_page_instead_of_a_feed_is_said(aldane: Client, site: Site) -> None:
    source = feed(url=site.lay("/feed", "<!doctype html><html><body>Bonjour</body></html>", Content_Type="text/html"))
    outcome, after = hear(source)
    assert outcome == "failed"
    assert "page web" in after.last_error


def test_a_feed_that_moved_is_followed(aldane: Client, site: Site) -> None:
    target = site.lay("/new", rss(1))
    source = feed(url=site.lay("/old", "", status=301, Location=target))
    assert hear(source)[1].url == target


def test_a_silent_collector_is_never_called_calm(aldane: Client) -> None:
    source = feed(every_seconds=60, last_success_at=NOW - timedelta(hours=1))
    assert health_of(source, NOW).state == "silent"
    assert health_of(source, NOW - timedelta(minutes=58)).state == "ok"


def test_read_now_brings_the_turn_forward(aldane: Client) -> None:
    source = feed(due_at=NOW + timedelta(hours=1))
    assert by_hand.read_now(source=source, now=NOW)
    assert list(sources.due(NOW)) == [source]


def test_an_address_changed_while_the_old_one_was_read_stays_changed(aldane: Client, site: Site) -> None:
    source, new = feed(url=site.lay("/old", rss(2))), site.lay("/new", rss(1))

    def change() -> None:
        changed = Source.objects.get(pk=source.pk)
        changed.url = new
        changed.save()  # a person saves the source's page
        by_hand.begin_again(source=changed, now=NOW)

    listen(source=source, http=SlowDoor(change), now=NOW)
    source.refresh_from_db()
    assert (source.url, list(sources.due(NOW))) == (new, [source])


def test_a_collector_is_told_its_settings_its_secrets_and_the_watches(aldane: Client, play: Any) -> None:
    played = play(lambda _asked: Fetched((), {}))
    watch(["Aldane"])
    hear(account(settings={"query": "aldane"}, sealed=vault.seal({"token": "secret"}), monthly_budget=None))
    asked = played.asked[0]
    assert (asked["query"], asked["token"], asked["session"], asked["at_most"]) == ("aldane", "secret", {}, None)
    assert [one.include for one in asked["wanted"]] == [["Aldane"]]


def test_what_a_sign_in_gave_is_sealed_and_handed_back(aldane: Client, play: Any) -> None:
    played = play(lambda asked: Fetched((), {}, session={"turn": asked["session"].get("turn", 0) + 1}))
    source = account(sealed=vault.seal({"password": "secret"}))
    after = [hear(source, NOW + n * MINUTE)[1] for n in range(3)][-1]
    assert [asked["session"] for asked in played.asked] == [{}, {"turn": 1}, {"turn": 2}]
    assert vault.unseal(after.sealed) == {"password": "secret", "session": {"turn": 3}}
    assert "turn" not in after.sealed


def test_credentials_that_cannot_be_opened_stop_the_source_in_words(aldane: Client, play: Any) -> None:
    played = play(lambda _asked: Fetched((), {}))
    outcome, after = hear(account(sealed="gAAAAA-of-another-house"))
    assert (outcome, after.is_active, played.asked) == ("stopped", False, [])
    assert "saisir à nouveau" in after.last_error


def test_no_secret_slips_into_the_words_of_a_failure(aldane: Client, play: Any) -> None:
    def refuse(_asked: object) -> Fetched:
        raise PassingFailure("odd", Words("refus de /bot123:abc456", "refused: /bot123:abc456"))

    play(refuse)
    after = hear(account(sealed=vault.seal({"token": "123:abc456"})))[1]
    run = CollectorRun.objects.get()
    assert "refus" in after.last_error
    assert not any("abc456" in said for said in (after.last_error, after.last_error_en, run.error, run.error_en))


def test_a_source_that_has_more_is_due_at_once(aldane: Client, play: Any) -> None:
    play(lambda _asked: Fetched((said(1),), {"page": 2}, has_more=True))
    after = hear(account())[1]
    assert after.due_at is not None and after.due_at < NOW + timedelta(seconds=30)


def test_what_is_gone_at_the_source_is_marked_and_counted(aldane: Client, play: Any) -> None:
    answers = iter([Fetched((said(1), said(2)), {}), Fetched((), {}, deleted=("p1", "never-seen"))])
    play(lambda _asked: next(answers))
    source = account()
    assert [hear(source, NOW + n * MINUTE)[0] for n in range(2)] == ["read", "read"]
    assert [mention.deleted_at is not None for mention in Mention.objects.order_by("external_id")] == [True, False]
    assert CollectorRun.objects.first().deleted == 1  # type: ignore[union-attr]


def test_no_call_is_made_while_the_quota_is_used_up(aldane: Client, play: Any) -> None:
    reset = NOW + timedelta(minutes=15)
    played = play(lambda _asked: Fetched((), {}, quota=Quota(0, reset)))
    source = account()
    assert hear(source)[0] == "unchanged"
    by_hand.read_now(source=source, now=NOW)
    outcome, after = hear(source)
    assert (outcome, len(played.asked)) == ("held", 1)
    assert (after.failures, is_about(after.due_at, 15)) == (0, True)
    assert "quota" in after.last_error and "22:13" in after.last_error
    assert hear(source, reset + MINUTE)[0] == "unchanged"
    assert [run.outcome for run in CollectorRun.objects.all()] == ["unchanged", "held", "unchanged"]


def test_a_refusal_that_names_its_reset_is_not_asked_before(aldane: Client, play: Any) -> None:
    def refuse(_asked: object) -> Fetched:
        raise PassingFailure("http_429", Words("trop", "too many"), quota=Quota(0, NOW + timedelta(minutes=10)))

    play(refuse)
    after = hear(account())[1]
    assert (after.quota_left, is_about(after.due_at, 10)) == (0, True)


def test_a_budget_that_no_longer_pays_a_page_holds_until_next_month(aldane: Client, play: Any) -> None:
    played = play(lambda _asked: Fetched((), {}, billed=85))
    source = account(monthly_budget=Decimal("0.50"))  # a hundred posts
    assert hear(source)[0] == "unchanged"
    by_hand.read_now(source=source, now=NOW + MINUTE)
    outcome, after = hear(source, NOW + MINUTE)
    assert [asked["at_most"] for asked in played.asked] == [100, 15]
    by_hand.read_now(source=source, now=NOW + 2 * MINUTE)
    outcome, after = hear(source, NOW + 2 * MINUTE)
    assert (outcome, len(played.asked)) == ("held", 2)
    assert after.due_at is not None and after.due_at.isoformat()[:16] == "2026-11-30T23:00"  # midnight in Paris
    assert "budget" in after.last_error and "01/12" in after.last_error


@pytest.mark.parametrize(("agreed", "limit"), [("0,01", 50), (0.0025, 200), ("dix", 100), ("", 100)])
def test_a_price_that_was_agreed_wins_over_the_listed_one(
    aldane: Client, play: Any, agreed: object, limit: int
) -> None:
    played = play(lambda _asked: Fetched((), {}))
    hear(account(monthly_budget=Decimal("0.50"), settings={"unit_price": agreed}))
    assert played.asked[0]["at_most"] == limit


def test_each_reading_says_what_it_cost(aldane: Client, play: Any) -> None:
    play(lambda _asked: Fetched((), {}, billed=100, calls=2, bytes=9))
    hear(account())
    run = CollectorRun.objects.get()
    assert (run.cost, run.calls, run.bytes) == (Decimal("0.5"), 2, 9)


def test_a_hosts_pace_is_no_failure_and_leaves_no_line(aldane: Client, play: Any) -> None:
    def wait(_asked: object) -> Fetched:
        raise HeldBack("pace", Words("attendons", "wait"), 4.0)

    play(wait)
    outcome, after = hear(account(failures=2))
    assert (outcome, after.failures, after.last_error, CollectorRun.objects.count()) == ("held", 2, "", 0)
    assert after.due_at is not None and NOW + timedelta(seconds=4) <= after.due_at < NOW + timedelta(seconds=6)


def test_what_always_has_more_and_never_moves_on_waits(aldane: Client, play: Callable[..., Played]) -> None:
    play(lambda _asked: Fetched((), {"at": 1}, has_more=True))
    assert is_about(hear(account(name="Même place", cursor={"at": 1}))[1].due_at, 1)
    assert is_about(hear(account(name="Avance", cursor={"at": 0}))[1].due_at, 0)


@pytest.mark.parametrize("seconds", [4e9, 1e300, float("nan")])
def test_a_pause_for_ever_is_not_believed(aldane: Client, play: Callable[..., Played], seconds: float) -> None:
    def refuse(_asked: Mapping[str, Any]) -> Fetched:
        raise PassingFailure("http_429", Words("plus tard", "later"), seconds)

    play(refuse)
    outcome, source = hear(account())
    assert outcome == "failed" and source.due_at is not None and source.due_at < NOW + timedelta(days=33)


def test_a_quota_renewed_in_another_century_is_asked_for_again_within_a_month(
    aldane: Client, play: Callable[..., Played]
) -> None:
    play(lambda _asked: Fetched((), {"at": 1}, quota=Quota(0, NOW + timedelta(days=40_000))))
    _outcome, source = hear(account())
    outcome, source = hear(source, NOW + 2 * MINUTE)
    assert outcome == "held" and source.due_at is not None and source.due_at < NOW + timedelta(days=33)
    assert hear(source, NOW + timedelta(days=33))[0] == "unchanged"
