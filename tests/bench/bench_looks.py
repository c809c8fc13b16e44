"""What the narrow streams of one watch cost a look, the table's part included: pytest tests/bench/bench_looks.py -s

A watch of 5,000 hits in 33 days, ten new ones a look. CPU of this process and of its PostgreSQL backend, added up.
Followed anew and followed on are measured in the same run; the ratio is asserted, the figures are printed.
"""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from agency.models import Client
from clients.models import Watch, WatchHit
from incidents.detection.streams import Setting
from incidents.detection.streams_course import Course
from incidents.selectors import stretches
from tests import factories
from tests.bench.bench_ingest import cpu_seconds
from tests.conftest import NOW

HITS, NEW, LOOKS = 4_900, 10, 50
APART = timedelta(days=33) / (HITS + 1)
SOON = timedelta(minutes=1)
NARROW_STREAMS = 5  # of a watch
FEWEST_STREAMS = 10_000  # a core-minute
MOST_OF_ANEW = 0.1

_MENTIONS = """
INSERT INTO clients_mention (source_id, external_id, kind, title, text, url, reply_to, language, published_at,
    is_date_sure, collected_at, read_at, intent, sentiment, triage)
SELECT %(source)s, 'b' || n, 'post', '', 'Toujours rien reçu, commande numéro ' || n || ', promise lundi.',
    '', '', 'fr', %(since)s + n * %(apart)s, true, %(since)s, %(since)s, 'complaint', '', 'new'
FROM generate_series(%(first)s, %(last)s) n
"""
_HITS = """
INSERT INTO clients_watchhit (watch_id, mention_id, author_id, published_at, is_counted, is_attack)
SELECT %(watch)s, m.id, m.id %% 997, m.published_at, true, m.id %% 5 = 0 FROM clients_mention m
WHERE NOT EXISTS (SELECT FROM clients_watchhit h WHERE h.mention_id = m.id)
"""


def caught(watch: Watch, since: datetime, apart: timedelta, first: int, last: int) -> datetime:
    """Hits number `first` to `last` of the watch, the n-th n times `apart` after `since`; when the last was heard."""
    values = {"source": factories.source().pk, "since": since, "apart": apart, "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_MENTIONS, values)
        cursor.execute(_HITS, {"watch": watch.pk})
    return since + (last + 1) * apart


def look(watch: Watch, course: Course, now: datetime) -> None:
    course.follow(stretches.StoredHits(watch, stretches.stretch_of(watch, now), now))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="CPU time of the server is read in /proc")
def test_a_look_that_goes_on_costs_a_fraction_of_one_anew(aldane: Client) -> None:
    watch, course = factories.watch(), Course(Setting())
    begins = stretches.stretch_of(watch, NOW).anchor  # the watch begins anew once a day: that look is measured alone
    now = caught(watch, begins - timedelta(days=33) + SOON, APART, 1, HITS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE clients_watchhit, clients_mention")
    anew = sum(cpu_seconds(lambda: look(watch, Course(Setting()), now))) * 1e3
    look(watch, course, now)
    client = server = 0.0
    for known in range(HITS, HITS + LOOKS * NEW, NEW):
        at = caught(watch, now - HITS * SOON, SOON, known + 1, known + NEW)
        here, there = cpu_seconds(lambda at=at: look(watch, course, at))
        client, server = client + here, server + there
    on = (client + server) / LOOKS * 1e3
    print(
        f"\na look with {NEW} new posts over {WatchHit.objects.count():,}: anew {anew:.0f} ms, followed on {on:.1f} ms"
    )
    print(f"of which {server / LOOKS * 1e3:.1f} ms in PostgreSQL; {NARROW_STREAMS * 60_000 / on:,.0f} streams a minute")
    assert on < MOST_OF_ANEW * anew
    assert NARROW_STREAMS * 60_000 / on > FEWEST_STREAMS
