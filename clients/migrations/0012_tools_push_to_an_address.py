import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0011_imports_are_remembered"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="InboundAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("sealed", models.TextField(blank=True, editable=False)),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("last_used_at", models.DateTimeField(null=True, verbose_name="last used")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "source",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inbound_address",
                        to="clients.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "inbound address",
                "verbose_name_plural": "inbound addresses",
                "ordering": ("source__name", "id"),
            },
        ),
    ]
