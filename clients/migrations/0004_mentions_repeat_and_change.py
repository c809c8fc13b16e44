import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0003_watches_match_again"),
    ]

    operations = [
        migrations.CreateModel(
            name="MentionVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.TextField(blank=True, verbose_name="title")),
                ("text", models.TextField(verbose_name="text")),
                ("original", models.BinaryField(null=True, verbose_name="as it came")),
                ("sha256", models.CharField(max_length=64)),
                ("seen_from", models.DateTimeField(verbose_name="seen from")),
                ("seen_until", models.DateTimeField(verbose_name="seen until")),
            ],
            options={
                "verbose_name": "version of a mention",
                "verbose_name_plural": "versions of mentions",
                "ordering": ("seen_from", "id"),
            },
        ),
        migrations.AddField(
            model_name="mention",
            name="deleted_at",
            field=models.DateTimeField(
                blank=True, help_text="When we saw it; our copy stays.", null=True, verbose_name="deleted at its source"
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="edited_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="edited at"),
        ),
        migrations.AddField(
            model_name="mention",
            name="fold",
            field=models.CharField(
                blank=True,
                choices=[
                    ("repost", "Repost"),
                    ("quote", "Quote"),
                    ("copy", "Same text"),
                    ("near", "Nearly the same text"),
                ],
                db_default="",
                max_length=6,
                verbose_name="how",
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="original",
            field=models.BinaryField(null=True, verbose_name="as it came"),
        ),
        migrations.AddField(
            model_name="mention",
            name="refers_to",
            field=models.CharField(blank=True, db_default="", max_length=500, verbose_name="quotes or reposts"),
        ),
        migrations.AddField(
            model_name="mention",
            name="root",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="folded",
                to="clients.mention",
                verbose_name="repeats",
            ),
        ),
        migrations.AddField(
            model_name="mention",
            name="text_hash",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(condition=models.Q(("root__isnull", False)), fields=["root"], name="mention_folded"),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("text_hash__isnull", False)), fields=["text_hash"], name="mention_same_text"
            ),
        ),
        migrations.AddField(
            model_name="mentionversion",
            name="mention",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="clients.mention",
                verbose_name="mention",
            ),
        ),
    ]
