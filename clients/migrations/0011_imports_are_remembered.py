from django.db import migrations, models

STATES = [
    ("waiting", "Columns to check"),
    ("ready", "In the queue"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("stopped", "Stopped"),
]


class Migration(migrations.Migration):
    dependencies = [("clients", "0010_lists_show_what_does_not_repeat")]

    operations = [
        migrations.AddField(
            "mentionimport",
            "tool",
            models.CharField(blank=True, default="", max_length=40, verbose_name="tool that made it"),
            preserve_default=False,
        ),
        migrations.AddField(
            "mentionimport",
            "signature",
            models.CharField(blank=True, db_index=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            "mentionimport", "rows_total", models.PositiveIntegerField(null=True, verbose_name="rows in all")
        ),
        migrations.AddField("mentionimport", "started_at", models.DateTimeField(null=True, verbose_name="begun at")),
        migrations.AlterField(
            "mentionimport",
            "file",
            models.FileField(blank=True, upload_to="imports/%Y/%m/", verbose_name="file"),
        ),
        migrations.AlterField(
            "mentionimport",
            "state",
            models.CharField(choices=STATES, default="waiting", max_length=8, verbose_name="state"),
        ),
    ]
