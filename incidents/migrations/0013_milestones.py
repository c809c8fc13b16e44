import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0012_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MilestoneKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=32, unique=True, verbose_name="code")),
                ("words", models.CharField(max_length=80, verbose_name="name in French")),
                (
                    "words_en",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=80, verbose_name="name in English"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=100, verbose_name="place")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("is_built_in", models.BooleanField(default=False, editable=False)),
            ],
            options={
                "verbose_name": "milestone",
                "verbose_name_plural": "milestones",
                "ordering": ("place", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MetricKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=32, unique=True, verbose_name="code")),
                ("words", models.CharField(max_length=80, verbose_name="name in French")),
                (
                    "words_en",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=80, verbose_name="name in English"
                    ),
                ),
                ("place", models.PositiveSmallIntegerField(default=100, verbose_name="place")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("is_built_in", models.BooleanField(default=False, editable=False)),
                (
                    "from_kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.milestonekind",
                        verbose_name="from",
                    ),
                ),
                (
                    "to_kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.milestonekind",
                        verbose_name="to",
                    ),
                ),
                (
                    "target_1",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="minutes aimed at, severity 1"),
                ),
                (
                    "target_2",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="minutes aimed at, severity 2"),
                ),
                (
                    "target_3",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="minutes aimed at, severity 3"),
                ),
                (
                    "target_4",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="minutes aimed at, severity 4"),
                ),
            ],
            options={
                "verbose_name": "metric",
                "verbose_name_plural": "metrics",
                "ordering": ("place", "id"),
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reached_at", models.DateTimeField(verbose_name="reached at")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="why it was moved")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="milestones", to="incidents.incident"
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.milestonekind",
                        verbose_name="milestone",
                    ),
                ),
            ],
            options={
                "verbose_name": "milestone reached",
                "verbose_name_plural": "milestones reached",
                "ordering": ("incident", "reached_at", "id"),
            },
        ),
        migrations.AddConstraint(
            model_name="metrickind",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_kind", models.F("to_kind")), _negated=True),
                name="a_metric_goes_from_one_milestone_to_another",
                violation_error_message="A metric goes from one milestone to another one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(
                models.F("incident"), models.F("kind"), name="a_milestone_is_reached_once"
            ),
        ),
    ]
