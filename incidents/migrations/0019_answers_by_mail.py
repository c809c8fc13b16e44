"""What comes back by mail, and who said no: a new table, and a column that may be empty."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0018_a_step_for_the_part"),
    ]

    operations = [
        migrations.AddField(
            model_name="alertcall",
            name="declined_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("answer", "Answer"),
                            ("refusal", "“No”"),
                            ("automatic", "Automatic answer"),
                            ("bounce", "Not delivered"),
                            ("delay", "Delivery is late"),
                            ("receipt", "Receipt"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                ("counts", models.BooleanField(verbose_name="counts")),
                ("came_at", models.DateTimeField(verbose_name="came at")),
                (
                    "briefing",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="incidents.briefing",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replies",
                        to="incidents.alertcall",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer by mail",
                "verbose_name_plural": "answers by mail",
                "ordering": ("-came_at", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("briefing__isnull", True), ("call__isnull", False)),
                            models.Q(("briefing__isnull", False), ("call__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_reply_answers_one_message",
                    )
                ],
            },
        ),
    ]
