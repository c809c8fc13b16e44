"""Who has to agree before words leave in a brand's name."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0025_ladders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ApprovalPolicy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "brand",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: every brand that has no policy of its own.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clients.brand",
                        verbose_name="brand",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval policy",
                "verbose_name_plural": "approval policies",
                "ordering": ("brand__name", "id"),
            },
        ),
        migrations.CreateModel(
            name="PolicyStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("team", "Another member of the team"),
                            ("lead", "Lead or director"),
                            ("director", "Director"),
                            ("client", "The client’s approver"),
                            ("owner", "The client’s owner"),
                        ],
                        max_length=10,
                        verbose_name="who approves",
                    ),
                ),
                (
                    "needed",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="how many",
                    ),
                ),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=30,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(10080),
                        ],
                        verbose_name="within, minutes",
                    ),
                ),
                (
                    "asks_when",
                    models.CharField(
                        choices=[
                            ("always", "Always"),
                            ("incident", "In an incident"),
                            ("crisis", "In a crisis"),
                            ("worst", "In severity 1 or 2"),
                        ],
                        default="always",
                        max_length=8,
                        verbose_name="when",
                    ),
                ),
                (
                    "fallback",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: whoever leads the client’s team.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="after that",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="or one person",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="clients.approvalpolicy"
                    ),
                ),
            ],
            options={
                "verbose_name": "step of an approval",
                "verbose_name_plural": "steps of an approval",
                "ordering": ("policy", "rank", "id"),
            },
        ),
        migrations.AddConstraint(
            model_name="approvalpolicy",
            constraint=models.UniqueConstraint(
                fields=("brand",),
                name="one_approval_policy_a_brand",
                nulls_distinct=False,
                violation_error_message="This brand has its policy already: change that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="policystep",
            constraint=models.UniqueConstraint(
                models.F("policy"),
                models.F("rank"),
                name="one_approval_step_a_rank",
                violation_error_message="Two steps have the same place in the order.",
            ),
        ),
        migrations.AddConstraint(
            model_name="policystep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("person__isnull", False), ("role", "")),
                    models.Q(models.Q(("role", ""), _negated=True), ("person__isnull", True)),
                    _connector="OR",
                ),
                name="an_approval_step_asks_a_role_or_a_person",
                violation_error_message="Choose either a role or one person.",
            ),
        ),
        migrations.AddConstraint(
            model_name="policystep",
            constraint=models.CheckConstraint(
                condition=models.Q(("person__isnull", True), ("needed", 1), _connector="OR"),
                name="one_person_approves_once",
                violation_error_message="One named person can only be asked for one approval.",
            ),
        ),
        migrations.AddConstraint(
            model_name="policystep",
            constraint=models.CheckConstraint(
                condition=models.Q(("minutes__gte", 1), ("needed__gte", 1)),
                name="an_approval_step_needs_somebody_in_time",
            ),
        ),
    ]
