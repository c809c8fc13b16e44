"""A client with a million mentions, made in SQL: thirteen months of habit and a strike of three hours that goes on.

A third of the mentions waits to be sorted (nobody sorts a million), which is harder on the pages than a tidy desk.
"""

from datetime import datetime, timedelta

from django.db import connection

from agency.models import User
from clients.models import Brand, Position, Source, Watch
from incidents.models import Incident
from incidents.services import incidents, situation_reports, timeline
from tests import factories

MENTIONS = 1_000_000
AUTHORS = 200_000
STRUCK = 20_000  # mentions of the strike, the newest ones
STRIKE = timedelta(hours=3)
PAST = timedelta(days=395)
LABELLED = 50_000  # the newest ones have their labels with reasons
LINES_OF_LOG = 120
CLOSED_INCIDENTS = 60
ANSWERS = {"harm": "no", "customers": "yes", "officials": "no", "spread": "yes", "word": "yes"}

_AUTHORS = """
INSERT INTO clients_author (network, handle, name, url, followers, first_seen_at)
SELECT (ARRAY['x', 'mastodon', 'facebook', 'web'])[1 + n %% 4], 'compte' || n, 'Compte ' || n, '',
    CASE WHEN n %% 7 > 0 THEN floor(exp(9 * random() * random() + 2))::bigint END, %(now)s - interval '400 days'
FROM generate_series(1, %(authors)s) n
"""
# In the order of publication, as they would have come; a few accounts speak much more than the others.
_MENTIONS = """
INSERT INTO clients_mention (source_id, external_id, author_id, kind, title, text, url, reply_to, reach, language,
    published_at, is_date_sure, collected_at, read_at, intent, sentiment, triage)
SELECT %(source)s, 'p' || n, a.first + floor(a.many * power(random(), 3))::bigint,
    (ARRAY['post', 'reply', 'repost', 'quote'])[1 + n %% 4], '',
    'Toujours rien reçu, commande ' || n || ' : trois semaines d’attente, le service client répond par des modèles. '
        || repeat('Quelqu’un a une réponse ? ', 1 + n %% 4),
    'https://reseau.example/posts/' || n, '', CASE WHEN n %% 3 = 0 THEN floor(random() * 5000)::bigint END,
    (ARRAY['fr', 'fr', 'fr', 'fr', 'en', 'es', ''])[1 + n %% 7],
    at, true, at + interval '20 seconds', at + interval '25 seconds',
    CASE WHEN p < .22 THEN 'complaint' WHEN p < .32 THEN 'question' WHEN p < .38 THEN 'attack_brand'
        WHEN p < .385 THEN 'attack_cm' WHEN p < .50 THEN 'mockery' WHEN p < .65 THEN 'popcorn'
        WHEN p < .72 THEN 'support' WHEN p < .84 THEN 'news' WHEN p < .843 THEN 'call_to_action'
        WHEN p < .845 THEN 'legal_threat'
        WHEN p < .846 THEN 'safety' WHEN p < .92 THEN 'other' ELSE 'uncertain' END,
    (ARRAY['negative', 'negative', 'neutral', 'positive', 'uncertain'])[1 + n %% 5],
    CASE WHEN %(mentions)s - n < %(labelled)s OR q < .3 THEN 'new' WHEN q < .95 THEN 'set_aside' ELSE 'attached' END
FROM (SELECT n, random() p, random() q, CASE WHEN n > %(calm)s
        THEN %(begins)s + (n - %(calm)s) * %(strike)s / %(struck)s
        ELSE %(begins)s - (%(calm)s - n) * %(past)s / %(calm)s END at
    FROM generate_series(1, %(mentions)s) n) made,
    (SELECT min(id) AS first, count(*) AS many FROM clients_author) a
"""
# The first watch catches all; the second a quarter; the third a product of which nobody has spoken for sixty days.
_HITS = """
INSERT INTO clients_watchhit (watch_id, mention_id, author_id, published_at, is_counted)
SELECT w, m.id, m.author_id, m.published_at, true
FROM clients_mention m, unnest(%(watches)s::bigint[]) WITH ORDINALITY AS u(w, rank)
WHERE rank = 1 OR rank = 2 AND m.id %% 4 = 0
    OR rank = 3 AND m.id %% 200 = 0 AND m.published_at < %(now)s - interval '60 days'
ORDER BY m.id
"""
_LABELS = """
INSERT INTO clients_classification (mention_id, axis, value, confidence, reasons, label_source, version, created_at)
SELECT m.id, u.axis, u.value, .7, '[{"fr": "mots : attente, rien reçu", "en": "words: wait, nothing received"}]',
    'model', 'banc', %(now)s
FROM (SELECT * FROM clients_mention ORDER BY id DESC LIMIT %(labelled)s) m,
    LATERAL (VALUES ('language', m.language), ('sentiment', m.sentiment), ('intent', m.intent)) AS u(axis, value)
"""


def load(now: datetime, mentions: int = MENTIONS) -> None:
    """Authors, mentions, hits and labels in the schema that is active, then ANALYZE. About two minutes a million."""
    struck = mentions * STRUCK // MENTIONS
    source = Source.objects.create(name="Réseaux", kind="api", last_success_at=now)
    brand = Brand.objects.create(name="Aldane")
    watches = [Watch.objects.create(brand=brand, name=name, include=words) for name, words in _WATCHES]
    for number in range(40):
        Position.objects.create(
            code=f"P-{number:02d}", brand=brand, title=f"Sujet {number}", short_text="Nous regardons.", approved_at=now
        )
    values = {
        "now": now, "source": source.pk, "authors": AUTHORS * mentions // MENTIONS, "mentions": mentions,
        "labelled": LABELLED * mentions // MENTIONS, "calm": mentions - struck, "struck": struck,
        "begins": now - STRIKE, "strike": STRIKE, "past": PAST, "watches": [watch.pk for watch in watches],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.7)")
        for statement in (_AUTHORS, _MENTIONS, _HITS, _LABELS):
            cursor.execute(statement, values)
        for table in ("author", "mention", "watchhit", "classification"):
            cursor.execute(f"VACUUM (ANALYZE) clients_{table}")


_WATCHES = (("Tout", []), ("Livraison", ["livraison"]), ("Ancien produit", ["aldanette"]))


def run_the_incident(lead: User, now: datetime) -> Incident:
    """The machine's proposal confirmed, a long log and three situation reports, after closed incidents."""
    incident = Incident.objects.get(signal__watch__name="Tout")
    _close_some_before(incident, lead, now)
    contact = factories.contact()
    opened = incidents.confirm(
        incident=incident, title="Meute sur les délais", lead=lead, answers=ANSWERS, by=lead, now=now
    )
    for line in range(LINES_OF_LOG):
        said = f"Ligne {line} : capture faite, position P-07 copiée, rien d’autre à dire avant le prochain point."
        timeline.log(incident=opened, kind="fact", text=said, happened_at=now, by=lead, now=now)
    for _ in range(3):
        situation_reports.issue(
            incident=opened, bottom_line="Cinq mille comptes relaient.", expected="Rien.", done="P-07 publiée.",
            do_not="Répondre deux fois.", figures=[("Mentions", "20 000", "habitude : 26 à 31")],
            next_at=now + timedelta(hours=1), is_last=False, contacts=[contact], by=lead, now=now,
        )  # fmt: skip
    return opened


def _close_some_before(incident: Incident, lead: User, now: datetime) -> None:
    for number in range(CLOSED_INCIDENTS):
        at = now - timedelta(days=6 * (number + 1))
        Incident.objects.create(
            number=100 + number, brand=incident.brand, title=f"Coup nº {number}", state="closed",
            qualification="paracrisis", severity=3, lead=lead, started_at=at, proposed_at=at, opened_at=at,
            closed_at=at + timedelta(hours=5), closing_note="Position tenue.",
        )  # fmt: skip
