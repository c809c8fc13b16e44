"""Ingest in rows per CPU-second, client and server together, against COPY into the same table and against DRF.

`pytest tests/bench/bench_ingest.py -s`. Ratios are asserted, figures are printed. The machine is shared, so each way is
run three times in turn and its best run counts.
"""

import json
import random
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from rest_framework import serializers

from agency.models import Client
from clients.listening.batch import decode_batch
from clients.models import Author, Mention, Source
from clients.services.ingest import ingest
from tests.clients.rooms import feed
from tests.conftest import NOW

ROWS = 10_000
ROUNDS = 3
TICKS_PER_SECOND = 100  # of /proc/PID/stat, everywhere on Linux
WORDS = (
    "le", "colis", "livraison", "remboursement", "client", "service", "panne", "réseau", "box", "semaine", "toujours",
    "rien", "bonjour", "merci", "é’à",
)  # fmt: skip


def bodies() -> list[bytes]:
    """Batches as an integrator sends them, of posts of some 120 characters by 3,000 accounts."""
    dice = random.Random(7)
    made = []
    for batch in range(ROUNDS + 1):
        rows = [
            {
                "external_id": f"{batch}-{n}",
                "text": " ".join(dice.choices(WORDS, k=18)),
                "published_at": (NOW - timedelta(seconds=dice.randrange(86_400))).isoformat(),
                "url": f"https://reseau.example/posts/{batch}-{n}",
                "network": "x",
                "author_handle": f"compte{dice.randrange(3_000)}",
                "author_name": "Un Nom",
                "followers": dice.randrange(5_000),
                "reach": dice.randrange(5_000),
                "language": "fr",
            }
            for n in range(ROWS)
        ]
        made.append(json.dumps({"mentions": rows}, ensure_ascii=False).encode())
    return made


def server_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def cpu_seconds(work: Callable[[], None]) -> float:
    """CPU seconds of this process and of its PostgreSQL backend."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    server, client = server_seconds(pid), time.process_time()
    work()
    return time.process_time() - client + server_seconds(pid) - server


class MentionSerializer(serializers.ModelSerializer[Mention]):
    """What one would write without thinking of speed: DRF many=True and bulk_create."""

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


def through_drf(body: bytes, source: Source) -> None:
    rows = MentionSerializer(data=json.loads(body)["mentions"], many=True)
    rows.is_valid(raise_exception=True)
    accounts = {
        (row["network"], row["author_handle"]): Author(
            network=row["network"], handle=row["author_handle"], name=row["author_name"], followers=row["followers"],
            first_seen_at=NOW,
        )
        for row in rows.validated_data
    }  # fmt: skip
    Author.objects.bulk_create(
        accounts.values(),
        update_conflicts=True,
        unique_fields=["network", "handle"],
        update_fields=["name", "followers"],
    )
    known = {(author.network, author.handle): author for author in Author.objects.all()}
    kept = ("external_id", "text", "published_at", "url", "reach", "language")
    Mention.objects.bulk_create(
        [
            Mention(
                source=source,
                author=known[row["network"], row["author_handle"]],
                collected_at=NOW,
                **{k: row[k] for k in kept},
            )
            for row in rows.validated_data
        ],
        ignore_conflicts=True,
        batch_size=2_000,
    )


def as_blob(body: bytes, source: Source) -> bytes:
    lines = [
        f"{source.pk}\t{row['external_id']}\tpost\t\t{row['text']}\t{row['url']}\t\t{row['reach']}\tfr\t{row['published_at']}\tt\t{NOW.isoformat()}\t\t\tnew"
        for row in json.loads(body)["mentions"]
    ]
    return ("\n".join(lines) + "\n").encode()


def copy_blob(blob: bytes) -> None:
    columns = (
        "source_id, external_id, kind, title, text, url, reply_to, reach, language, published_at, is_date_sure,"
        " collected_at, intent, sentiment, triage"
    )
    with connection.cursor() as cursor, cursor.copy(f"COPY clients_mention ({columns}) FROM STDIN") as copy:
        copy.write(blob)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="CPU time of the server is read in /proc")
def test_the_bulk_path_keeps_close_to_copy_and_far_from_drf(aldane: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # or the checks of keys would wait for a commit that a test never makes
    batches = bodies()
    best: dict[str, float] = {}
    for turn in range(ROUNDS + 1):
        body = batches[turn]
        copied, pushed, restful = (feed(f"{name} {turn}") for name in ("copy", "push", "drf"))
        blob = as_blob(body, copied)
        spent = {
            "COPY": cpu_seconds(lambda blob=blob: copy_blob(blob)),  # type: ignore[misc]
            "bulk": cpu_seconds(lambda body=body, s=pushed: ingest(source=s, raws=decode_batch(body), now=NOW)),  # type: ignore[misc]
            "DRF": cpu_seconds(lambda body=body, s=restful: through_drf(body, s)),  # type: ignore[misc]
        }
        if turn:  # the first turn warms up
            best = {name: min(seconds, best.get(name, seconds)) for name, seconds in spent.items()}
    rates = {name: ROWS / seconds for name, seconds in best.items()}
    to_copy, to_drf = rates["bulk"] / rates["COPY"], rates["bulk"] / rates["DRF"]
    print("\nrows per CPU-second: " + ", ".join(f"{name} {rate:,.0f}" for name, rate in rates.items()))
    print(f"bulk / COPY = {to_copy:.2f} (at least 0.30), bulk / DRF = {to_drf:.2f} (at least 3)")
    assert Mention.objects.count() == 3 * (ROUNDS + 1) * ROWS
    assert to_copy >= 0.30
    assert to_drf >= 3
