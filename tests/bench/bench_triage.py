"""The desk of a client with a million mentions and two hundred incidents: the list to sort, its acts, an incident.

`pytest tests/bench/bench_triage.py -s` (five minutes, most of them to make the million; REMPART_BENCH_MENTIONS makes
fewer). The bar is 150 ms at the 95th percentile on two cores; see bench_pages for what is timed. Each part is measured
twice, with what the machine was busy with beside.
"""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection

from agency import clock
from agency.models import Client, Membership, User
from clients.models import Mention, SavedFilter
from clients.services import acts, triage
from incidents.models import Incident, IncidentMention
from incidents.services import watch
from tests.bench import million
from tests.bench.bench_pages import Bar, Call, House, far, measured

MENTIONS = int(os.environ.get("REMPART_BENCH_MENTIONS", million.MENTIONS))
INCIDENTS, OPEN_ONES = 200, 12
PEOPLE, ACTS, PUT_OFF = 4, 2_000, 400
MILLISECONDS = 150
LISTS = ("vue=a-trier&q=livraison", "vue=urgences&langue=fr", "vue=reclamations&q=%40compte12", "vue=tout&langue=en")

# Two thousand acts of four people on ten mentions each, over the last day; the last ten minutes have some of them.
_ACTS = """
INSERT INTO clients_sortingact (kind, by_id, done_at, kept)
SELECT 'set_aside', %(first)s + n %% %(people)s, %(now)s - (%(acts)s - n) * interval '40 seconds', '{}'
FROM generate_series(1, %(acts)s) n
"""
_LINES = """
INSERT INTO clients_sortedmention (act_id, mention_id, was, became)
SELECT act.id, mention.id, 'new', 'set_aside' FROM clients_sortingact act
CROSS JOIN LATERAL (SELECT id FROM clients_mention WHERE id > act.id * 10 ORDER BY id LIMIT 10) mention
"""
_WAITING = """
WITH newest AS (SELECT id FROM clients_mention WHERE triage = 'new' ORDER BY id DESC LIMIT %(put_off)s),
gone AS (UPDATE clients_mention m SET triage = 'waiting' FROM newest WHERE m.id = newest.id)
INSERT INTO clients_waiting (mention_id, until, by_id, since)
SELECT id, %(now)s + interval '1 hour' + id %% 1000 * interval '1 minute', %(first)s, %(now)s FROM newest
"""


@pytest.fixture
def house(committed: None) -> Iterator[House]:
    client, now = Client.objects.get(schema_name="maison_aldane"), clock.now()
    people = [User.objects.create_user(f"cm{n}@bench.test", full_name=f"Personne {n}") for n in range(PEOPLE)]
    for person in people:
        Membership.objects.create(user=person, client=None, role="lead")
    connection.set_tenant(client)
    million.load(now, MENTIONS)
    watch.look(now=now)
    incident = million.run_the_incident(people[0], clock.now())
    fill(incident, people, clock.now())
    yield House(client, people[0], incident, now)
    connection.set_schema_to_public()


def fill(incident: Incident, people: list[User], now: datetime) -> None:
    """The other incidents, what people did, what they put off, the lists they keep."""
    known = Incident.objects.count()
    Incident.objects.bulk_create(
        Incident(
            number=1_000 + number, brand=incident.brand, title=f"Autre coup nº {number}",
            state="open" if number < OPEN_ONES else "closed", qualification="paracrisis", severity=3, lead=people[0],
            started_at=now - timedelta(days=number), proposed_at=now - timedelta(days=number),
            opened_at=now - timedelta(days=number), closing_note="" if number < OPEN_ONES else "Tenue.",
            closed_at=None if number < OPEN_ONES else now - timedelta(days=number, hours=-5),
        )
        for number in range(INCIDENTS - known)
    )  # fmt: skip
    values = {"now": now, "first": people[0].pk, "people": PEOPLE, "acts": ACTS, "put_off": PUT_OFF}
    with connection.cursor() as cursor:
        for statement in (_ACTS, _LINES, _WAITING):
            cursor.execute(statement, values)
        for table in ("clients_sortingact", "clients_sortedmention", "clients_waiting", "incidents_incidentmention"):
            cursor.execute(f"VACUUM (ANALYZE) {table}")
        cursor.execute("VACUUM (ANALYZE) clients_mention")
    for rank, query in enumerate(LISTS):
        SavedFilter.objects.create(name=f"Liste {rank}", query=query, rank=rank, by=people[0], saved_at=now)


def load() -> str:
    return "load " + " ".join(f"{one:.1f}" for one in os.getloadavg())


def pages(house: House) -> Iterator[str]:
    staff, agency = house.browser(), house.browser(agency=True)
    connection.set_tenant(house.client)  # the last page of the turn before was the agency's
    newest = Mention.objects.order_by("-pk").values_list("pk", flat=True)[0]

    def get(address: str, agency_host: bool = False) -> Call:
        return lambda: (agency if agency_host else staff).get(address).status_code

    held = IncidentMention.objects.filter(incident=house.incident).count()
    bar, desk = Bar(MILLISECONDS, 34), Bar(MILLISECONDS, 60)  # 26, and 8 once a minute: the kept lists counted anew
    yield measured("triage", get("/agence/tri/"), bar)
    yield measured("triage, a mention shown", get(f"/agence/tri/?m={newest}"), bar)
    yield measured("triage, put off", get("/agence/tri/?vue=en-attente"), bar)
    yield measured("triage, far down", get(far("a-trier", 0.9)), bar)
    for query in LISTS:
        yield measured(f"triage, {query}", get(f"/agence/tri/?{query}"), Bar(MILLISECONDS, 36))
    yield measured("who is there", get(f"/agence/tri/presence/?m={newest}&seen=1&vus={newest}"), Bar(MILLISECONDS, 8))
    yield measured(f"incident with {held:,} mentions", get(f"/agence/incidents/{house.incident.number}/"), desk)
    yield measured(f"{INCIDENTS} incidents", get("/agence/incidents/"), desk)
    yield measured("the client’s desk", get("/agence/"), desk)
    yield measured("the day’s desk", get("/", agency_host=True), desk)


def gestures(house: House) -> Iterator[str]:
    """Each on five hundred mentions, and its undo."""
    ids = list(Mention.objects.filter(triage="new").order_by("-pk").values_list("pk", flat=True)[:500])
    by = house.staff

    def undone(moved: triage.Moved) -> int:
        assert moved.act is not None
        return 200 if acts.undo(number=moved.act.pk, by=by, now=clock.now()).ids else 500

    bar = Bar(1_000, 60)
    yield measured(
        "500 set aside, and undone",
        lambda: undone(triage.set_aside(mention_ids=ids, by=by, now=clock.now(), seen=1)),
        bar,
    )
    yield measured(
        "500 labelled, and undone",
        lambda: undone(triage.label(mention_ids=ids, axis="intent", value="news", by=by, now=clock.now(), seen=1)),
        Bar(3_000, 60),
    )


def test_a_desk_of_a_million_mentions(house: House) -> None:
    broken = []
    for turn in (1, 2):
        print(f"\nturn {turn}, {load()}")
        broken = [line for line in pages(house) if line]
    connection.set_tenant(house.client)
    broken += [line for line in gestures(house) if line]
    assert not broken, "\n".join(broken)
