import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0008_sources_have_habits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Fingerprint",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "mention_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.BigIntegerField()),
                ("mention_id", models.BigIntegerField()),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "fingerprint",
                "verbose_name_plural": "fingerprints",
            },
        ),
        migrations.RemoveIndex(
            model_name="mention",
            name="mention_same_text",
        ),
        migrations.AddField(
            model_name="mention",
            name="is_edit_dated",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name="mentionversion",
            name="edited_at",
            field=models.DateTimeField(null=True, verbose_name="edited at"),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("root__isnull", True), ("text_hash__isnull", False)),
                fields=["text_hash", "published_at"],
                name="mention_first_of_text",
            ),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(("refers_to", ""), _negated=True), fields=["refers_to"], name="mention_refers"
            ),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=django.contrib.postgres.indexes.HashIndex(
                condition=models.Q(("url", ""), _negated=True), fields=["url"], name="mention_address"
            ),
        ),
    ]
