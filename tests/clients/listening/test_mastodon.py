"""The Mastodon collector against a real server (mastodon_mock), with every fault that it can inject."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agency.http import Door
from clients.listening.collectors import registry
from clients.listening.collectors.mastodon import walk as mastodon_walk
from clients.listening.collectors.protocol import CollectError, Fetched, PassingFailure, PermanentFailure
from clients.listening.matching import Wanted
from clients.listening.raw import RawMention, check
from tests.mastodon import Instance, instance

DOOR = Door(timeout_s=10, allow_private=True)
QUIET = {"mentions": False}  # nothing but what the test asks for


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with instance(tmp_path_factory.mktemp("mastodon")) as started:
        yield started


@pytest.fixture
def server(running: Instance) -> Iterator[Instance]:
    """The instance, sound, with a hashtag of the test's own in `running.tag`."""
    running.tag = f"t{time.monotonic_ns()}"
    yield running
    running.heal()


class Listener:
    """One source in the life of its readings: each goes on from the cursor of the one before."""

    def __init__(self, server: Instance, **settings: Any) -> None:
        self.settings = {"instance": server.base, "token": "aldane", **QUIET, "hashtags": [server.tag], **settings}
        self.cursor: dict[str, Any] = {}
        self.now = datetime.now(UTC)

    def read(self, minutes: float = 1, http: Door = DOOR) -> Fetched:
        """One reading, so many minutes after the one before."""
        self.now += timedelta(minutes=minutes)
        fetched = registry.fetch("mastodon", self.settings, self.cursor, http=http, now=self.now)
        self.cursor = fetched.cursor
        return fetched

    def read_all(self) -> list[RawMention]:
        """Readings until nothing more waits at the source."""
        mentions: list[RawMention] = []
        while True:
            fetched = self.read()
            mentions += fetched.mentions
            if not fetched.has_more:
                return mentions


def failure(listener: Listener, http: Door = DOOR) -> CollectError:
    with pytest.raises(CollectError) as caught:
        listener.read(http=http)
    return caught.value


def texts(mentions: Any) -> set[str]:
    return {mention.text.split(" #")[0] for mention in mentions}


def test_a_post_says_who_wrote_it_when_and_where(server: Instance) -> None:
    said = server.post(f"Rien reçu #{server.tag}", spoiler_text="colis perdu", language="fr")
    (mention,) = Listener(server).read().mentions
    assert (mention.external_id, mention.url) == (said["uri"], said["url"])
    assert (mention.text, mention.title, mention.kind) == (f"Rien reçu #{server.tag}", "colis perdu", "post")
    assert mention.original == f"<p>Rien reçu #{server.tag}</p>"
    assert (mention.author_handle, mention.author_name) == (f"zoe@localhost:{server.base.rsplit(':')[-1]}", "Zoé")
    assert mention.published_at == datetime.fromisoformat(said["created_at"])
    assert (mention.network, mention.followers, check(mention)) == ("mastodon", 0, [])


def test_somebody_of_another_instance_keeps_its_name(server: Instance) -> None:
    server.post(f"De loin #{server.tag}", as_="lea")
    assert Listener(server).read().mentions[0].author_handle == "lea@ailleurs.example"


def test_a_burst_between_two_readings_is_all_there_and_read_once(
    server: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mastodon_walk, "PAGES_A_READING", 6)  # several turns are needed, each goes on from the last
    listener = Listener(server)
    server.post(f"avant #{server.tag}")
    assert len(listener.read().mentions) == 1
    for number in range(500):
        server.post(f"vague {number} #{server.tag}")
    mentions = listener.read_all()
    assert texts(mentions) == {f"vague {number}" for number in range(500)}
    assert len(mentions) == 500
    assert listener.read().unchanged


def test_a_new_source_looks_back_a_few_pages(server: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mastodon_walk, "LIMIT", 4)
    for number in range(30):
        server.post(f"passé {number} #{server.tag}")
    assert texts(Listener(server).read().mentions) == {f"passé {number}" for number in range(10, 30)}


def test_an_edit_is_seen_at_the_next_look_and_a_deletion_is_told(server: Instance) -> None:
    kept, changed, gone = (server.post(f"{word} #{server.tag}") for word in ("intact", "faute", "regret"))
    listener = Listener(server)
    listener.read()
    server.call("PUT", f"/api/v1/statuses/{changed['id']}", status=f"corrigé #{server.tag}")
    server.call("DELETE", f"/api/v1/statuses/{gone['id']}")
    again = listener.read(minutes=6)
    seen = {mention.external_id: mention for mention in again.mentions}
    assert again.deleted == (gone["uri"],)
    assert seen[changed["uri"]].text == f"corrigé #{server.tag}"
    assert seen[changed["uri"]].edited_at is not None
    assert seen[kept["uri"]].edited_at is None
    assert listener.read(minutes=6).deleted == ()


def test_a_reply_names_what_it_answers_even_when_that_came_from_elsewhere(server: Instance) -> None:
    first = server.post("sans mot-dièse")
    answer = server.post(f"réponse #{server.tag}", as_="lea", in_reply_to_id=first["id"])
    server.post(f"suite #{server.tag}", in_reply_to_id=answer["id"])
    replies = {mention.text.split()[0]: mention for mention in Listener(server).read().mentions}
    assert (replies["réponse"].kind, replies["réponse"].reply_to) == ("reply", first["uri"])
    assert replies["suite"].reply_to == replies["réponse"].external_id


def test_a_boost_is_a_repost_that_refers_to_its_post(server: Instance) -> None:
    said = server.post("à faire suivre", as_="lea")
    server.call("POST", f"/api/v1/statuses/{said['id']}/reblog")
    mentions = Listener(server, hashtags=[], timeline="home", token="zoe").read().mentions
    boost = next(one for one in mentions if one.kind == "repost" and one.refers_to == said["uri"])
    assert (boost.text, boost.author_name) == ("à faire suivre", "Zoé")
    assert said["uri"] in {one.external_id for one in mentions if one.kind == "post"}


def test_a_quote_refers_to_what_it_quotes(server: Instance) -> None:
    said = server.post("la phrase de trop")
    quoting = server.post(f"non mais #{server.tag}", as_="lea", quoted_status_id=said["id"])
    (mention,) = Listener(server).read().mentions
    assert (mention.external_id, mention.kind, mention.refers_to) == (quoting["uri"], "quote", said["uri"])


def test_only_what_anybody_may_read_is_kept_unless_it_was_written_to_us(server: Instance) -> None:
    word = f"aparté{server.tag}"
    for visibility in ("public", "unlisted", "private", "direct"):
        server.post(f"@aldane {word} {visibility}", visibility=visibility)
    found = Listener(server, hashtags=[], searches=[word]).read().mentions
    assert {one.text.split()[-1] for one in found} == {"public", "unlisted"}
    asked = {"hashtags": ["personne"], "mentions": True}
    public = Listener(server, **asked).read().mentions
    assert {one.text.split()[-1] for one in public if word in one.text} == {"public", "unlisted"}
    everything = Listener(server, **asked, private=True).read().mentions
    assert {one.text.split()[-1] for one in everything if word in one.text} == {
        "public", "unlisted", "private", "direct"
    }  # fmt: skip


def test_a_search_that_repeats_its_page_for_ever_comes_to_an_end(server: Instance) -> None:
    for number in range(50):
        server.post(f"cherché{server.tag} {number}")
    listener = Listener(server, hashtags=[], searches=[f"cherché{server.tag}"])
    first = listener.read()
    assert (len(first.mentions), first.has_more) == (40, False)
    assert first.calls < 6


def test_a_post_met_by_two_queries_comes_once(server: Instance) -> None:
    server.post(f"deux fois #{server.tag} #b{server.tag}")
    fetched = Listener(server, hashtags=[server.tag, f"#b{server.tag}"], searches=[server.tag]).read()
    assert len(fetched.mentions) == 1


def test_the_watches_say_what_to_ask_for_when_nobody_did(server: Instance) -> None:
    server.post(f"par la veille #{server.tag}")
    wanted = (Wanted(1, hashtags=(server.tag,), include=(f"mot{server.tag}",)),)
    assert len(Listener(server, hashtags=[], wanted=wanted).read().mentions) == 1
    server.post(f"sans jeton #mot{server.tag}")
    assert len(Listener(server, hashtags=[], wanted=wanted, token="").read().mentions) == 2


def test_nothing_to_ask_for_is_said_and_heals_by_itself(server: Instance) -> None:
    caught = failure(Listener(server, hashtags=[]))
    assert (type(caught), caught.code) == (PassingFailure, "nothing_to_ask")


def test_a_refused_token_says_where_to_make_another(server: Instance) -> None:
    server.fault("status", status=401, path="/api/v1/timelines/*")
    caught = failure(Listener(server))
    assert (type(caught), caught.code) == (PermanentFailure, "token_refused")
    assert "Préférences › Développement" in caught.words_fr


def test_a_token_without_the_right_to_search_leaves_the_hashtags_heard(server: Instance) -> None:
    server.post(f"entendu #{server.tag}")
    server.fault("status", status=403, path="/api/v2/search")
    fetched = Listener(server, searches=["quoi"]).read()
    assert len(fetched.mentions) == 1
    assert "«\u00a0read\u00a0»" in fetched.notes[0].fr


def test_a_request_to_slow_down_is_heeded(server: Instance) -> None:
    server.fault("ratelimit", headers={"Retry-After": "37"})
    caught = failure(Listener(server))
    assert (type(caught), caught.code, caught.retry_after) == (PassingFailure, "http_429", 37.0)
    assert caught.quota is not None
    assert caught.quota.left == 0


@pytest.mark.parametrize(
    ("effect", "given", "code"),
    [
        ("status", {"status": 503}, "http_503"),
        ("malformed", {}, "not_json"),
        ("malformed", {"truncate": False}, "not_json"),
    ],
)
def test_a_broken_answer_loses_nothing_once_the_server_is_well(
    server: Instance, effect: str, given: dict[str, Any], code: str
) -> None:
    listener = Listener(server)
    server.post(f"un #{server.tag}")
    listener.read()
    server.post(f"deux #{server.tag}")
    server.fault(effect, count=1, **given)
    assert failure(listener).code == code
    assert texts(listener.read().mentions) == {"deux"}


def test_a_server_that_fails_in_the_middle_of_a_walk_keeps_what_it_gave(
    server: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mastodon_walk, "LIMIT", 5)
    listener = Listener(server)
    server.post(f"avant #{server.tag}")
    listener.read()
    for number in range(20):
        server.post(f"v{number} #{server.tag}")
    server.fault("latency", count=2, delay_ms=1)
    server.fault("status", status=429, count=1, headers={"Retry-After": "60"})
    cut = listener.read()
    assert (len(cut.mentions), cut.has_more) == (10, False)
    assert cut.quota is not None
    assert (cut.quota.left, cut.quota.resets_at) == (0, listener.now + timedelta(seconds=60))
    assert texts(listener.read_all()) == {f"v{number}" for number in range(10, 20)}


def test_a_server_that_hangs_is_left_and_the_other_sources_keep_their_pace(server: Instance) -> None:
    server.post(f"ici #{server.tag}")
    server.fault("timeout", path=f"/api/v1/timelines/tag/{server.tag}")
    quick = Door(timeout_s=0.5, allow_private=True)
    begun = time.monotonic()
    assert failure(Listener(server), quick).code == "too_slow"
    other = Listener(server, hashtags=[], searches=[server.tag])
    assert len(other.read().mentions) == 1
    assert time.monotonic() - begun < 5


def test_a_slow_server_is_left_after_a_while_and_read_on_in_the_next_turn(
    server: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mastodon_walk, "LIMIT", 2)
    listener = Listener(server)
    server.post(f"avant #{server.tag}")
    listener.read()
    for number in range(6):
        server.post(f"v{number} #{server.tag}")
    monkeypatch.setattr(mastodon_walk, "READING_S", 0.25)
    server.fault("latency", delay_ms=200)
    slow = listener.read()
    assert slow.has_more
    assert 0 < len(slow.mentions) < 6
    server.heal()
    assert len(listener.read_all()) == 6 - len(slow.mentions)


def test_no_call_is_made_once_the_quota_is_spent(server: Instance) -> None:
    reset = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    server.fault(
        "status", status=200, body=[], path="/api/v1/timelines/*",
        headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset},
    )  # fmt: skip
    fetched = Listener(server, hashtags=[server.tag, "b", "c"]).read()
    assert (fetched.calls, fetched.has_more) == (2, True)  # the instance's name, one timeline
    assert fetched.quota is not None
    assert fetched.quota.resets_at == datetime.fromisoformat(reset)
