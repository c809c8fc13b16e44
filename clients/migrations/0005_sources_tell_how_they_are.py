import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0004_mentions_repeat_and_change"),
    ]

    operations = [
        migrations.CreateModel(
            name="CollectorRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField(verbose_name="started at")),
                ("finished_at", models.DateTimeField(verbose_name="finished at")),
                ("times", models.PositiveIntegerField(default=1, verbose_name="times")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("read", "Read"),
                            ("unchanged", "Nothing new"),
                            ("failed", "Failed"),
                            ("stopped", "Stopped"),
                            ("held", "Held back"),
                        ],
                        max_length=9,
                        verbose_name="outcome",
                    ),
                ),
                ("fetched", models.PositiveIntegerField(default=0, verbose_name="fetched")),
                ("new", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("known", models.PositiveIntegerField(default=0, verbose_name="already known")),
                ("edited", models.PositiveIntegerField(default=0, verbose_name="edited")),
                ("deleted", models.PositiveIntegerField(default=0, verbose_name="deleted at the source")),
                ("calls", models.PositiveIntegerField(default=0, verbose_name="calls")),
                ("bytes", models.PositiveBigIntegerField(default=0, verbose_name="bytes")),
                (
                    "cost",
                    models.DecimalField(decimal_places=4, default=0, max_digits=10, verbose_name="cost (US dollars)"),
                ),
                ("lag_seconds", models.PositiveIntegerField(null=True, verbose_name="lag (seconds)")),
                ("code", models.CharField(blank=True, max_length=40, verbose_name="code")),
                ("error", models.TextField(blank=True, verbose_name="error")),
                ("error_en", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "reading of a source",
                "verbose_name_plural": "readings of sources",
                "ordering": ("-started_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="SourceAlarm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("blocked", "Does not answer"),
                            ("silent", "Silent beyond its habit"),
                            ("held", "Held back by its quota or budget"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("words", models.TextField(verbose_name="why")),
                ("words_en", models.TextField()),
                ("raised_at", models.DateTimeField(verbose_name="raised at")),
                ("told_at", models.DateTimeField(null=True, verbose_name="told at")),
                ("cleared_at", models.DateTimeField(null=True, verbose_name="cleared at")),
            ],
            options={
                "verbose_name": "alarm of a source",
                "verbose_name_plural": "alarms of sources",
                "ordering": ("-raised_at", "-id"),
            },
        ),
        migrations.AddField(
            model_name="source",
            name="lag_seconds",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name="lag (seconds)"),
        ),
        migrations.AddField(
            model_name="source",
            name="last_mention_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last mention"),
        ),
        migrations.AddField(
            model_name="source",
            name="monthly_budget",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="For networks that bill: reading stops before it is passed, and says so.",
                max_digits=9,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="budget a month (US dollars)",
            ),
        ),
        migrations.AddField(
            model_name="source",
            name="quota_left",
            field=models.BigIntegerField(blank=True, editable=False, null=True, verbose_name="quota left"),
        ),
        migrations.AddField(
            model_name="source",
            name="quota_resets_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="quota renewed at"),
        ),
        migrations.AddField(
            model_name="source",
            name="sealed",
            field=models.TextField(blank=True, editable=False, verbose_name="credentials, encrypted"),
        ),
        migrations.AddField(
            model_name="source",
            name="usual_silence_seconds",
            field=models.PositiveIntegerField(
                blank=True,
                editable=False,
                help_text="Learnt from its past; empty while there is not enough of it.",
                null=True,
                verbose_name="longest usual silence (seconds)",
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="kind",
            field=models.CharField(
                choices=[
                    ("feed", "RSS, Atom or JSON feed"),
                    ("mastodon", "Mastodon"),
                    ("bluesky", "Bluesky"),
                    ("x", "X"),
                    ("reddit", "Reddit"),
                    ("youtube", "YouTube comments"),
                    ("mailbox", "Mailbox (IMAP)"),
                    ("telegram", "Telegram channel"),
                    ("brandwatch", "Brandwatch"),
                    ("talkwalker", "Talkwalker"),
                    ("mention", "Mention"),
                    ("youscan", "YouScan"),
                    ("import", "CSV or XLSX import"),
                    ("api", "Push API"),
                ],
                default="feed",
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="collectorrun",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="runs",
                to="clients.source",
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="sourcealarm",
            name="source",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="alarms",
                to="clients.source",
                verbose_name="source",
            ),
        ),
        migrations.AddIndex(
            model_name="collectorrun",
            index=models.Index(fields=["source", "-started_at", "-id"], name="run_of_source"),
        ),
        migrations.AddIndex(
            model_name="collectorrun",
            index=models.Index(fields=["started_at"], name="run_by_time"),
        ),
        migrations.AddConstraint(
            model_name="sourcealarm",
            constraint=models.UniqueConstraint(
                models.F("source"),
                models.F("kind"),
                condition=models.Q(("cleared_at__isnull", True)),
                name="one_alarm_of_a_kind_at_once",
            ),
        ),
    ]
