"""Pages, API and detection for one client with a million mentions: p50, p95, queries asked.

`pytest tests/bench/bench_pages.py -s` (four minutes, most of them to make the million). Bars are asserted, figures are
printed, through the whole of Django but without a network. The bars are for the time that a request takes by itself:
what it and PostgreSQL spent in the queue for a processor, because others work on the machine, is told apart.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.template import Template
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext, _TestState

from agency import clock
from agency.api.pagination import encode
from agency.choices import Scope
from agency.models import Client, Membership, User
from agency.services import keys
from clients.models import Mention, Watch, WatchHit
from clients.selectors import mentions
from clients.selectors.mentions import Place
from incidents.models import Incident, IncidentMention
from incidents.services import watch
from tests.bench import million
from tests.conftest import host_of

REQUESTS, WARMING = 40, 3
PAGE_MILLISECONDS, SAME_MILLISECONDS, LOOK_MILLISECONDS, TRIAGE_MILLISECONDS = 300, 50, 300, 150
Call = Callable[[], int]


@dataclass(frozen=True)
class Bar:
    """What a page may cost at most: milliseconds at the 95th percentile, and queries."""

    milliseconds: float
    queries: int


@dataclass(frozen=True)
class House:
    """The client, its staff, its incident, and when it was all made."""

    client: Client
    staff: User
    incident: Incident
    now: datetime

    def browser(self, *, agency: bool = False) -> Browser:
        browser = Browser(HTTP_HOST="agence.localhost" if agency else host_of(self.client))
        browser.force_login(self.staff)
        session = browser.session
        session["schema"] = "public" if agency else self.client.schema_name
        session.save()
        return browser


@pytest.fixture
def house(committed: None) -> Iterator[House]:
    client, now = Client.objects.get(schema_name="maison_aldane"), clock.now()
    staff = User.objects.create_user("cm@bench.test", full_name="CM")
    Membership.objects.create(user=staff, client=None, role="lead")
    connection.set_tenant(client)
    million.load(now)
    own, shown = milliseconds(lambda: watch.look(now=now))
    print(f"\nthirteen months learnt at once, three watches: {own / 1e3:.1f} s, by the clock {shown / 1e3:.1f} s")
    incident = million.run_the_incident(staff, clock.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) incidents_incidentmention")
    yield House(client, staff, incident, now)
    connection.set_schema_to_public()


def queued() -> float:
    """Seconds that this process and its PostgreSQL backend have waited for a processor; 0 where Linux does not tell."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        told = [Path("/proc/self/schedstat"), Path(f"/proc/{cursor.fetchone()[0]}/schedstat")]
    return sum(int(path.read_text().split()[1]) for path in told if path.exists()) / 1e9


@pytest.fixture(autouse=True)
def rendered_as_in_production() -> Iterator[None]:
    """The test runner copies the context of every template rendered: production does not, and a page has hundreds."""
    watched, Template._render = Template._render, saved_render()
    yield
    Template._render = watched


def saved_render() -> Callable[..., str]:
    """What the test environment put aside when it began to watch templates."""
    kept: Callable[..., str] = _TestState.saved_data.template_render
    return kept


def milliseconds(call: Callable[[], object]) -> tuple[float, float]:
    """(by itself, as the clock shows it)"""
    before, began = queued(), time.perf_counter()
    call()
    shown = time.perf_counter() - began
    return (shown - queued() + before) * 1e3, shown * 1e3


def measured(
    name: str, call: Call, bar: Bar, *, expected: int = 200, before: Callable[[], object] = lambda: None
) -> str:
    """Prints one line of figures; returns what is broken, nothing when the bars hold. `before` a call is not timed."""
    own, shown = [], []
    for number in range(WARMING + REQUESTS):
        before()
        times = milliseconds(lambda: check(call(), expected, name))
        if number >= WARMING:
            own.append(times[0])
            shown.append(times[1])
    half, most, clock_most = sorted(own)[REQUESTS // 2], at_95(own), at_95(shown)
    before()
    with CaptureQueriesContext(connection) as asked:
        call()
    queries = len([query for query in asked if "search_path" not in query["sql"]])
    print(f"{name:40} p50 {half:4.0f}   p95 {most:4.0f} ms   by the clock {clock_most:5.0f}   {queries:2} queries")
    broken = [f"{most:.0f} ms, at most {bar.milliseconds:.0f}"] if most > bar.milliseconds else []
    broken += [f"{queries} queries, at most {bar.queries}"] if queries > bar.queries else []
    return f"{name}: {' and '.join(broken)}" if broken else ""


def check(answer: int, expected: int, name: str) -> None:
    assert answer == expected, f"{name}: {answer}"


def at_95(times: list[float]) -> float:
    return sorted(times)[len(times) * 95 // 100 - 1]


def far(view: str, fraction: float) -> str:
    """The address of a page of the view far down: after that fraction of its mentions."""
    found = mentions.VIEW[view].filtered().order_by("-published_at", "-pk")
    at = found.values_list("published_at", "pk")[int(found.count() * fraction)]
    return f"/agence/tri/?vue={view}&apres={Place(*at)}"


def pages(house: House) -> Iterator[str]:
    staff, agency = house.browser(), house.browser(agency=True)

    def get(address: str, browser: Browser = staff, **headers: str) -> Call:
        return lambda: browser.get(address, headers=headers).status_code

    triage = Bar(TRIAGE_MILLISECONDS, 21)
    search = Bar(TRIAGE_MILLISECONDS, 27)  # a rare word is looked for along the list, then asked of its index
    for view in mentions.VIEWS:
        yield measured(f"triage, {view.key}", get(f"/agence/tri/?vue={view.key}"), triage)
    for view, fraction in (("a-trier", 0.9), ("urgences", 0.9), ("attaques", 0.5), ("ecartees", 0.9), ("tout", 0.99)):
        yield measured(f"triage, {view}, after {fraction:.0%} of it", get(far(view, fraction)), triage)
    old = Watch.objects.get(name="Ancien produit").pk
    for query in ("langue=xx", f"requete={old}", "q=commande", "q=4242", "q=42", "q=@compte12", "q=introuvable"):
        yield measured(f"triage, {query}", get(f"/agence/tri/?{query}"), search if query.startswith("q=") else triage)
    address = f"/agence/incidents/{house.incident.number}/"
    attached = IncidentMention.objects.filter(incident=house.incident).count()
    yield measured(f"incident with {attached:,} mentions", get(address), Bar(TRIAGE_MILLISECONDS, 37))
    while clock.now().second > 40:
        time.sleep(1)  # the page's mark holds the minute
    again = get(address, **{"X-Live": "1", "If-None-Match": staff.get(address)["ETag"]})
    yield measured("incident, not changed", again, Bar(SAME_MILLISECONDS, 6), expected=304)
    yield measured("incidents", get("/agence/incidents/"), Bar(PAGE_MILLISECONDS, 8))
    yield measured("the day's desk", get("/", agency), Bar(PAGE_MILLISECONDS, 17))
    yield measured("portal, home", get("/"), Bar(PAGE_MILLISECONDS, 18))
    yield measured("portal, incident", get(f"/incidents/{house.incident.number}/"), Bar(PAGE_MILLISECONDS, 15))


def api(house: House) -> Iterator[str]:
    scopes = [Scope.MENTIONS_READ, Scope.INCIDENTS_READ]
    _row, key = keys.make(client=house.client, name="Banc", scopes=scopes, by=house.staff, now=house.now)
    browser = Browser(HTTP_HOST=host_of(house.client), headers={"Authorization": f"Bearer {key}"})
    last = Mention.objects.order_by("-pk").values_list("pk", flat=True)[0]
    for name, query in (("first page", ""), ("far cursor", f"&cursor={encode(last - 1_000)}")):

        def call(query: str = query) -> int:
            cache.clear()  # or the throttle would answer 429
            return browser.get(f"/api/v1/mentions?limit=100{query}").status_code

        yield measured(f"API, 100 mentions, {name}", call, Bar(PAGE_MILLISECONDS, 4))


def add_hits(count: int, at: datetime) -> None:
    """As reading would have written them: the newest authors, at that moment."""
    newest = list(Mention.objects.order_by("-pk").values_list("pk", "author_id")[: count * 3 : 3])
    source = Mention.objects.get(pk=newest[0][0]).source
    made = Mention.objects.bulk_create(
        Mention(
            source=source, external_id=f"{at.timestamp()}-{pk}", author_id=author, text="Toujours rien.",
            published_at=at, collected_at=at, read_at=at,
        )
        for pk, author in newest
    )  # fmt: skip
    everything = Watch.objects.get(name="Tout")
    WatchHit.objects.bulk_create(
        WatchHit(watch=everything, mention=mention, author_id=mention.author_id, published_at=at) for mention in made
    )


def detection(house: House) -> Iterator[str]:
    moments = [house.now]

    def pass_by(step: timedelta, hits: int = 0) -> None:
        moments.append(moments[-1] + step)
        if hits:
            add_hits(hits, moments[-1])

    def look() -> int:
        watch.look(now=moments[-1])
        return 200

    yield measured("look, nothing new", look, Bar(LOOK_MILLISECONDS, 24))
    seconds, minutes = timedelta(seconds=4), timedelta(minutes=5)
    yield measured("look, 200 new hits", look, Bar(LOOK_MILLISECONDS, 42), before=lambda: pass_by(seconds, 200))
    yield measured("look, five quiet minutes later", look, Bar(LOOK_MILLISECONDS, 45), before=lambda: pass_by(minutes))


def test_a_million_mentions(house: House) -> None:
    broken = [line for part in (pages, api, detection) for line in part(house) if line]
    assert not broken, "\n".join(broken)
