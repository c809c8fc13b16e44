"""Answers to requests with an Idempotency-Key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0028_webhooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("api_key_id", models.BigIntegerField()),
                ("key", models.CharField(max_length=255)),
                ("request_sha256", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("claimed_until", models.DateTimeField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("headers", models.JSONField(default=dict)),
                ("body", models.TextField(blank=True)),
            ],
            options={
                "verbose_name": "kept answer",
                "verbose_name_plural": "kept answers",
                "indexes": [models.Index(fields=["asked_at"], name="kept_answer_by_time")],
                "constraints": [
                    models.UniqueConstraint(models.F("api_key_id"), models.F("key"), name="one_kept_answer_per_key")
                ],
            },
        ),
    ]
