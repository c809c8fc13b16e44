"""Ingest in rows per CPU-second, client and server together, against COPY into the same table and against DRF.

`pytest tests/bench/bench_ingest.py -s`. A push of 500 goes the whole way: HTTP request with a key, Django, mentions
stored, folded, their reading queued. COPY is given ready blobs of 500 rows: the very rows that pushes have just ended
as, authors and roots included, under another source. Printed beside it: COPY of rows without author and root, of which
PostgreSQL has less to check. A storm is pushes whose texts are all nearly the same. DRF is a view behind the same door,
with many=True and bulk_create, which neither folds nor keeps versions. Ratios are asserted, figures are printed. The
machine is shared, so each way is run in turn and its best round counts.
"""

import io
import itertools
import json
import random
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, transaction
from django.urls import clear_url_caches, path
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from agency.choices import Scope
from agency.config import urls_client
from agency.models import Client
from agency.services import keys
from clients.listening.batch import decode_batch
from clients.models import Author, Mention, Source
from clients.services.ingest import ingest
from tests.clients.rooms import feed
from tests.conftest import NOW, MakePerson, host_of

ROWS = 500  # a push
PUSHES = 8  # in a round
ROUNDS = 3
REPEATED = 0.1  # of the posts say again what another said
TICKS_PER_SECOND = 100  # of /proc/PID/stat, everywhere on Linux
# Two thousand words, the n-th said n times less than the first, as in any language (Zipf).
WORDS = [
    "".join(pair)
    for pair in itertools.product(("li", "vrai", "son", "rem", "é", "qua", "bou", "ser", "té", "pan"), repeat=4)
]
WORDS = WORDS[::5]
CHANGED = 3  # words of 30, at most, in each text of a storm
WEIGHTS = list(itertools.accumulate(1 / rank for rank in range(1, len(WORDS) + 1)))
COPIED = (
    "id, source_id, external_id, author_id, kind, title, text, url, original, reply_to, refers_to, root_id, fold,"
    " text_hash, reach, language, published_at, is_date_sure, collected_at, edited_at, is_edit_dated, intent,"
    " sentiment, triage"
)


def ordinary(dice: random.Random) -> Iterator[str]:
    said: list[str] = []
    while True:
        is_copy = said and dice.random() < REPEATED
        said.append(dice.choice(said) if is_copy else " ".join(dice.choices(WORDS, cum_weights=WEIGHTS, k=12)))
        yield said[-1]


def storm(dice: random.Random) -> Iterator[str]:
    first = dice.choices(WORDS, cum_weights=WEIGHTS, k=30)
    while True:
        words = list(first)
        for _change in range(dice.randrange(CHANGED + 1)):
            words[dice.randrange(len(words))] = dice.choice(WORDS)
        yield " ".join(words)


def bodies(mark: str, kind: Callable[[random.Random], Iterator[str]] = ordinary) -> list[bytes]:
    """Pushes as an integrator sends them, of posts of some 120 characters by 3,000 accounts."""
    dice = random.Random(mark)
    texts = kind(dice)
    made = []
    for push in range(PUSHES):
        rows = [
            {
                "external_id": f"{mark}-{push}-{n}",
                "text": text,
                "published_at": (NOW - timedelta(seconds=dice.randrange(86_400))).isoformat(),
                "url": f"https://reseau.example/posts/{mark}-{push}-{n}",
                "network": "x",
                "author_handle": f"compte{(account := dice.randrange(3_000))}",
                "author_name": "Un Nom",
                "followers": account,
                "reach": dice.randrange(5_000),
                "language": "fr",
            }
            for n, text in enumerate(itertools.islice(texts, ROWS))
        ]
        made.append(json.dumps({"mentions": rows}, ensure_ascii=False).encode())
    return made


def server_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def cpu_seconds(work: Callable[[], None]) -> tuple[float, float]:
    """CPU seconds of this process, and of its PostgreSQL backend."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    server, client = server_seconds(pid), time.process_time()
    work()
    return time.process_time() - client, server_seconds(pid) - server


# -- what one would write without thinking of speed --------------------------------------------------------------------
class MentionSerializer(serializers.ModelSerializer[Mention]):
    network = serializers.CharField(max_length=30)
    author_handle = serializers.CharField(max_length=255)
    author_name = serializers.CharField(max_length=255)
    followers = serializers.IntegerField()

    class Meta:
        model = Mention
        fields = (
            "external_id", "text", "published_at", "url", "network", "author_handle", "author_name", "followers",
            "reach", "language",
        )  # fmt: skip


def keep(rows: list[dict[str, Any]], source: Source) -> None:
    accounts = {
        (row["network"], row["author_handle"]): Author(
            network=row["network"], handle=row["author_handle"], name=row["author_name"], followers=row["followers"],
            first_seen_at=NOW,
        )
        for row in rows
    }  # fmt: skip
    Author.objects.bulk_create(
        accounts.values(),
        update_conflicts=True,
        unique_fields=["network", "handle"],
        update_fields=["name", "followers"],
    )
    handles = [handle for _network, handle in accounts]
    known = {(author.network, author.handle): author for author in Author.objects.filter(handle__in=handles)}
    kept = ("external_id", "text", "published_at", "url", "reach", "language")
    Mention.objects.bulk_create(
        [
            Mention(
                source=source,
                author=known[row["network"], row["author_handle"]],
                collected_at=NOW,
                **{name: row[name] for name in kept},
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )


class PlainView(GenericAPIView[Mention]):
    """The same door, key and pace as the real one."""

    scopes = {"POST": Scope.MENTIONS_WRITE}
    serializer_class = MentionSerializer
    source: Source

    @transaction.atomic
    def post(self, request: Request) -> Response:
        rows = MentionSerializer(data=request.data["mentions"], many=True)
        rows.is_valid(raise_exception=True)
        keep(rows.validated_data, PlainView.source)
        return Response({"new": len(rows.validated_data)})


@pytest.fixture
def _plain_view() -> Iterator[None]:
    route = path("api/v1/plain", PlainView.as_view())
    urls_client.urlpatterns.insert(0, route)
    clear_url_caches()
    for signal in (request_started, request_finished):  # the one connection of a test stays open, as a pool's would
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    urls_client.urlpatterns.remove(route)
    clear_url_caches()


# -- the ways ----------------------------------------------------------------------------------------------------------
def as_blobs(pushed: Source, copied: Source) -> list[bytes]:
    """The rows that pushes ended as, in the same order, ready for COPY under another source."""
    values = COPIED.replace("id, source_id", f"id + {10**9}, {copied.pk}", 1)
    read = f"COPY (SELECT {values} FROM clients_mention WHERE source_id = {pushed.pk} ORDER BY id) TO STDOUT"  # noqa: S608
    with connection.cursor() as cursor, cursor.copy(read) as copy:
        lines = b"".join(copy).splitlines(keepends=True)
    return [b"".join(lines[start : start + ROWS]) for start in range(0, len(lines), ROWS)]


def as_bare_blob(body: bytes, source: Source, first: int) -> bytes:
    """Rows as in this body, without author and root."""
    lines = [
        f"{first + n}\t{source.pk}\t{row['external_id']}\t\\N\tpost\t\t{row['text']}\t{row['url']}\t\\N\t\t\t\\N\t\t"
        f"{hash(row['text'])}\t{row['reach']}\tfr\t{row['published_at']}\tt\t{NOW.isoformat()}\t\\N\tf\t\t\tnew"
        for n, row in enumerate(json.loads(body)["mentions"])
    ]
    return ("\n".join(lines) + "\n").encode()


def copy_all(blobs: list[bytes]) -> None:
    for blob in blobs:
        statement = f"COPY clients_mention ({COPIED}) FROM STDIN"
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(blob)


class Wire:
    """Django's own WSGI application, asked as a web server asks it."""

    def __init__(self, client: Client, key: str) -> None:
        self._ask = get_wsgi_application()
        self._client = client
        self._fixed = {
            "REQUEST_METHOD": "POST", "SERVER_NAME": host_of(client), "SERVER_PORT": "80", "QUERY_STRING": "",
            "HTTP_HOST": host_of(client), "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http", "wsgi.version": (1, 0),
            "SERVER_PROTOCOL": "HTTP/1.1", "CONTENT_TYPE": "application/json", "wsgi.errors": io.StringIO(),
            "HTTP_AUTHORIZATION": f"Bearer {key}", "wsgi.multithread": True, "wsgi.multiprocess": True,
            "wsgi.run_once": False, "SCRIPT_NAME": "",
        }  # fmt: skip

    def push(self, address: str, sent: list[bytes]) -> None:
        answered: list[str] = []
        for body in sent:
            answered.clear()
            environ = {
                **self._fixed, "PATH_INFO": address, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
            }  # fmt: skip
            answer = b"".join(self._ask(environ, lambda status, headers: answered.append(status)))  # type: ignore[arg-type]
            assert answered == ["200 OK"] and json.loads(answer)["new"] == ROWS, (answered, answer[:500])
        connection.set_tenant(self._client)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="CPU time of the server is read in /proc")
@pytest.mark.usefixtures("_plain_view")
def test_a_push_of_500_keeps_close_to_copy_and_far_from_drf(aldane: Client, person: MakePerson) -> None:
    cache.clear()
    key = keys.make(client=aldane, name="Banc", scopes=list(Scope.values), by=person("director"), now=NOW)[1]
    wire = Wire(aldane, key)
    with connection.cursor() as cursor:  # or the checks of keys would wait for a commit that a test never makes
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    best: dict[str, tuple[float, float]] = {}
    for turn in range(ROUNDS + 1):
        copied, bare, bulk, PlainView.source = (feed(f"{name} {turn}") for name in ("copy", "bare", "bulk", "drf"))
        first = 2 * 10**9 + turn * PUSHES * ROWS
        blobs = [as_bare_blob(body, bare, first + n * ROWS) for n, body in enumerate(bodies(f"c{turn}"))]
        pushed, called, plain = (bodies(f"{way}{turn}") for way in "phd")
        stormy = bodies(f"s{turn}", storm)
        spent = {
            "COPY, bare": cpu_seconds(lambda blobs=blobs: copy_all(blobs)),  # type: ignore[misc]
            "push": cpu_seconds(lambda sent=pushed: wire.push("/api/v1/mentions", sent)),  # type: ignore[misc]
            "ingest alone": cpu_seconds(
                lambda sent=called, s=bulk: [ingest(source=s, raws=decode_batch(body), now=NOW) for body in sent]  # type: ignore[misc]
            ),
            "DRF": cpu_seconds(lambda sent=plain: wire.push("/api/v1/plain", sent)),  # type: ignore[misc]
        }
        blobs = as_blobs(bulk, copied)
        assert len(blobs) == PUSHES
        spent["COPY"] = cpu_seconds(lambda blobs=blobs: copy_all(blobs))  # type: ignore[misc]
        spent["storm"] = cpu_seconds(lambda sent=stormy: wire.push("/api/v1/mentions", sent))  # type: ignore[misc]
        if turn:  # the first turn warms up
            best = {way: min(both, best.get(way, both), key=sum) for way, both in spent.items()}
    rates = {way: ROWS * PUSHES / sum(both) for way, both in best.items()}
    print()
    for way, (client, server) in best.items():
        print(
            f"{way:>12}: {rates[way]:7,.0f} rows per CPU-second; a push costs {client / PUSHES * 1000:.1f} ms of ours"
            f" and {server / PUSHES * 1000:.1f} ms of PostgreSQL's"
        )
    to_copy, to_drf = rates["push"] / rates["COPY"], rates["push"] / rates["DRF"]
    stormy_cost = rates["push"] / rates["storm"]
    print(
        f"push / COPY = {to_copy:.2f} (at least 0.30), of bare rows {rates['push'] / rates['COPY, bare']:.2f};"
        f" push / DRF = {to_drf:.2f} (at least 3); a storm costs {stormy_cost:.2f} times as much (at most 3)"
    )
    assert Mention.objects.count() == 6 * (ROUNDS + 1) * ROWS * PUSHES
    assert Mention.objects.exclude(root=None).exists()
    assert to_copy >= 0.30
    assert to_drf >= 3
    assert stormy_cost <= 3
