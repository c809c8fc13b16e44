import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0014_watches_say_how_they_are_written"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="fingerprint",
            index=django.contrib.postgres.indexes.HashIndex(fields=["key"], name="fingerprint_key"),
        ),
        # Two of one key and mention would do no harm: whoever asks by the key takes each mention once.
        migrations.RunSQL(
            "ALTER TABLE clients_fingerprint DROP CONSTRAINT clients_fingerprint_pkey",
            "ALTER TABLE clients_fingerprint ADD CONSTRAINT clients_fingerprint_pkey PRIMARY KEY (key, mention_id)",
        ),
    ]
