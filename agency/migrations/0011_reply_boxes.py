"""How far the mailbox of the answers was read: a new table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0010_rota_feeds"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplyBox",
            fields=[
                ("of", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("since", models.DateField()),
                ("uidvalidity", models.PositiveBigIntegerField(default=0)),
                ("uid", models.PositiveBigIntegerField(default=0)),
                ("again", models.JSONField(default=dict)),
                ("claimed_until", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(null=True, verbose_name="last tried at")),
                ("read_at", models.DateTimeField(null=True, verbose_name="last read at")),
                ("failing_since", models.DateTimeField(null=True, verbose_name="not read since")),
                ("error", models.TextField(blank=True, verbose_name="last error")),
                ("error_en", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True, verbose_name="last answer at")),
                ("sealed_session", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "mailbox of the answers",
                "verbose_name_plural": "mailboxes of the answers",
            },
        ),
    ]
