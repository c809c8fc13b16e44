"""A source learns when it is usually silent, and how much it brings at each hour."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0007_authors_are_erased"),
    ]

    operations = [
        migrations.AddField(
            model_name="source",
            name="habit",
            field=models.JSONField(default=dict, editable=False, verbose_name="habit"),
        ),
        migrations.AddField(
            model_name="source",
            name="habit_learnt_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="habit learnt at"),
        ),
    ]
