import django.db.models.deletion
from django.db import migrations, models

import incidents.models.pictures

FORBID = """
CREATE TRIGGER pictures_are_append_only BEFORE UPDATE OR DELETE ON incidents_picture
    FOR EACH ROW EXECUTE FUNCTION refuse_to_change_the_log();
"""
ALLOW = "DROP TRIGGER pictures_are_append_only ON incidents_picture;"


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0015_closing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(upload_to=incidents.models.pictures.place_of, verbose_name="file")),
                ("media_type", models.CharField(max_length=20)),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("size", models.PositiveIntegerField(verbose_name="bytes")),
                ("width", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="picture",
                        to="incidents.timelineentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "picture of the log",
                "verbose_name_plural": "pictures of the log",
                "ordering": ("entry",),
            },
        ),
        migrations.RunSQL(FORBID, ALLOW),
    ]
