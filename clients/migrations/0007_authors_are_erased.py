import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0006_watches_ask_for_more"),
    ]

    operations = [
        migrations.CreateModel(
            name="Suppression",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(max_length=30, verbose_name="network")),
                ("handle_hmac", models.CharField(max_length=64)),
                ("erases_words", models.BooleanField(default=False, verbose_name="its words are erased too")),
                ("reason", models.TextField(verbose_name="reason")),
                ("by_id", models.BigIntegerField(verbose_name="person")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "suppression",
                "verbose_name_plural": "suppressions",
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.AddField(
            model_name="author",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="erased at"),
        ),
        migrations.AddField(
            model_name="suppression",
            name="author",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="suppression",
                to="clients.author",
                verbose_name="author",
            ),
        ),
        migrations.AddConstraint(
            model_name="suppression",
            constraint=models.UniqueConstraint(
                models.F("network"), models.F("handle_hmac"), name="one_suppression_per_account"
            ),
        ),
    ]
