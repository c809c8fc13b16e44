"""A part may be given by a program, which is nobody by number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0020_who_wrote_the_debrief"),
    ]

    operations = [
        migrations.AlterField(
            model_name="dutyholder",
            name="by_id",
            field=models.BigIntegerField(null=True),
        ),
    ]
