"""The milestones and metrics that every client begins with, and what is known of the incidents it had before.

Who acknowledged an old incident, and when the first word was spoken, nobody wrote down: these stay not reached.
"""

from django.db import migrations

KINDS = """
INSERT INTO incidents_milestonekind (code, words, words_en, place, is_active, is_built_in) VALUES
    ('started', 'Début', 'Began', 10, true, true),
    ('detected', 'Détecté', 'Detected', 20, true, true),
    ('proposed', 'Proposé', 'Proposed', 30, true, true),
    ('acknowledged', 'Pris en compte', 'Acknowledged', 40, true, true),
    ('confirmed', 'Confirmé', 'Confirmed', 50, true, true),
    ('briefed', 'Premier point de situation', 'First situation report', 60, true, true),
    ('first_word', 'Première parole publique', 'First public word', 70, true, true),
    ('normal', 'Retour à la normale', 'Back to normal', 80, true, true),
    ('closed', 'Clos', 'Closed', 90, true, true);
"""
METRICS = """
INSERT INTO incidents_metrickind (code, words, words_en, place, is_active, is_built_in, from_kind_id, to_kind_id)
SELECT one.code, one.words, one.words_en, one.place, true, true, first.id, last.id
FROM (VALUES
    ('detect', 'Temps de détection', 'Time to detect', 10, 'started', 'detected'),
    ('acknowledge', 'Temps de prise en compte', 'Time to acknowledge', 20, 'proposed', 'acknowledged'),
    ('brief', 'Temps jusqu’au premier point', 'Time to brief', 30, 'started', 'briefed'),
    ('first_word', 'Temps jusqu’à la première parole', 'Time to first word', 40, 'started', 'first_word'),
    ('normal', 'Temps de retour à la normale', 'Time to return to normal', 50, 'started', 'normal')
) AS one (code, words, words_en, place, begins, ends)
JOIN incidents_milestonekind first ON first.code = one.begins
JOIN incidents_milestonekind last ON last.code = one.ends;
"""
PAST = """
INSERT INTO incidents_milestone (incident_id, kind_id, reached_at, by_id, note)
SELECT incident.id, kind.id, reached.at, NULL, ''
FROM incidents_incident incident
LEFT JOIN incidents_signal signal ON signal.id = incident.signal_id
CROSS JOIN LATERAL (VALUES
    ('started', incident.started_at),
    ('detected', signal.raised_at),
    ('proposed', CASE WHEN signal.id IS NULL THEN NULL ELSE incident.proposed_at END),
    ('confirmed', incident.opened_at),
    ('briefed', (SELECT min(issued_at) FROM incidents_situationreport WHERE incident_id = incident.id)),
    ('normal', (SELECT min(returned_at) FROM incidents_outlook WHERE incident_id = incident.id)),
    ('closed', incident.closed_at)
) AS reached (code, at)
JOIN incidents_milestonekind kind ON kind.code = reached.code
WHERE reached.at IS NOT NULL;
"""
# A new client runs every migration in one transaction: no row may be left waiting for its check before a later change.
CHECK_NOW = "SET CONSTRAINTS ALL IMMEDIATE"
CHECK_LATER = "SET CONSTRAINTS ALL DEFERRED"
EMPTY = "DELETE FROM incidents_milestone; DELETE FROM incidents_metrickind; DELETE FROM incidents_milestonekind;"


class Migration(migrations.Migration):
    dependencies = [("incidents", "0013_milestones")]
    operations = [
        migrations.RunSQL(KINDS, EMPTY),
        migrations.RunSQL(METRICS, migrations.RunSQL.noop),
        migrations.RunSQL(PAST, migrations.RunSQL.noop),
        migrations.RunSQL(CHECK_NOW, migrations.RunSQL.noop),
        migrations.RunSQL(CHECK_LATER, CHECK_NOW),
    ]
