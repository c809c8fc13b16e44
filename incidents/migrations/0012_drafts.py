"""Drafts: their words, the steps of their approval, what was decided; and the mentions left unanswered."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Whoever approved words approved these: nothing, not even the admin's own SQL, changes them afterwards.
FORBID = """
CREATE FUNCTION refuse_to_change_a_drafts_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the words of a version are never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER words_of_a_draft_stay BEFORE UPDATE OR DELETE ON incidents_draftversion
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_a_drafts_words();
"""
ALLOW = """
DROP TRIGGER words_of_a_draft_stay ON incidents_draftversion;
DROP FUNCTION refuse_to_change_a_drafts_words();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0026_approval_policies"),
        ("incidents", "0011_alerts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position_words", models.TextField(blank=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("reply", "Reply"), ("statement", "Public statement")],
                        default="reply",
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                (
                    "network",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("x", "X"),
                            ("bluesky", "Bluesky"),
                            ("mastodon", "Mastodon"),
                            ("threads", "Threads"),
                            ("facebook", "Facebook"),
                            ("instagram", "Instagram"),
                            ("linkedin", "LinkedIn"),
                            ("youtube", "YouTube"),
                            ("reddit", "Reddit"),
                            ("other", "Elsewhere"),
                        ],
                        max_length=10,
                        verbose_name="network",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "Français"), ("en", "English")],
                        default="fr",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("subject", models.CharField(max_length=160, verbose_name="subject")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("writing", "Being written"),
                            ("waiting", "Waits for an approval"),
                            ("refused", "Refused"),
                            ("approved", "Approved: to publish"),
                            ("published", "Published"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="writing",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("revision", models.PositiveIntegerField(default=0, editable=False)),
                ("token", models.UUIDField(editable=False, null=True, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="begun at")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
                ("published_url", models.URLField(blank=True, max_length=1000, verbose_name="address")),
                (
                    "brand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clients.brand",
                        verbose_name="brand",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="incidents.incident",
                        verbose_name="incident",
                    ),
                ),
                (
                    "mention",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="drafts",
                        to="clients.mention",
                        verbose_name="mention",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="clients.position",
                        verbose_name="position used",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="begun by",
                    ),
                ),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="DraftVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="version")),
                ("text", models.TextField(verbose_name="text")),
                ("why", models.CharField(blank=True, max_length=300, verbose_name="why")),
                ("key_name", models.CharField(blank=True, max_length=100)),
                ("written_at", models.DateTimeField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="incidents.draft"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a draft",
                "verbose_name_plural": "versions of drafts",
                "ordering": ("draft", "-number"),
            },
        ),
        migrations.CreateModel(
            name="ApprovalStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveSmallIntegerField(verbose_name="order")),
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
                ("needed", models.PositiveSmallIntegerField(default=1, verbose_name="how many")),
                ("minutes", models.PositiveSmallIntegerField(default=30, verbose_name="within, minutes")),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("fell_back_at", models.DateTimeField(blank=True, null=True)),
                ("ask_at", models.DateTimeField(blank=True, null=True)),
                ("asked", models.PositiveSmallIntegerField(default=0)),
                ("ask_error", models.TextField(blank=True)),
                (
                    "fallback",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="incidents.draftversion"
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a draft’s approval",
                "verbose_name_plural": "steps of a draft’s approval",
                "ordering": ("version", "rank"),
            },
        ),
        migrations.CreateModel(
            name="NoAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("decided_at", models.DateTimeField(verbose_name="decided at")),
                ("look_again_at", models.DateTimeField(verbose_name="look again at")),
                ("remind_at", models.DateTimeField()),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                ("looked_at", models.DateTimeField(blank=True, null=True)),
                ("is_answered", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="unanswered",
                        to="incidents.incident",
                    ),
                ),
                (
                    "looked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mention",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="unanswered", to="clients.mention"
                    ),
                ),
            ],
            options={
                "verbose_name": "decision not to answer",
                "verbose_name_plural": "decisions not to answer",
                "ordering": ("look_again_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("signer", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=160, verbose_name="signed")),
                ("is_yes", models.BooleanField(verbose_name="approved")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="note")),
                ("decided_at", models.DateTimeField(verbose_name="decided at")),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="incidents.approvalstep",
                    ),
                ),
            ],
            options={
                "verbose_name": "approval of a draft",
                "verbose_name_plural": "approvals of drafts",
                "ordering": ("decided_at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at__isnull", True)),
                        fields=("step", "signer"),
                        name="one_decision_a_signer_and_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_yes", True), models.Q(("note", ""), _negated=True), _connector="OR"),
                        name="a_refused_draft_says_why",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    models.Q(("published_at__isnull", False), ("published_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_published_draft_says_who_and_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="draftversion",
            constraint=models.UniqueConstraint(
                models.F("draft"), models.F("number"), name="one_version_of_a_draft_a_number"
            ),
        ),
        migrations.AddIndex(
            model_name="approvalstep",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("opened_at__isnull", False)),
                fields=["due_at"],
                name="approval_step_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="approvalstep",
            constraint=models.UniqueConstraint(
                models.F("version"), models.F("rank"), name="one_step_of_a_version_a_rank"
            ),
        ),
        migrations.AddIndex(
            model_name="noanswer",
            index=models.Index(
                condition=models.Q(("looked_at__isnull", True)), fields=["remind_at"], name="silence_to_look_at"
            ),
        ),
        migrations.AddConstraint(
            model_name="noanswer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("looked_at__isnull", True)), fields=("mention",), name="one_silence_a_mention"
            ),
        ),
        migrations.RunSQL(FORBID, ALLOW),
    ]
