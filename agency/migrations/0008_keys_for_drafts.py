"""Keys may read drafts and submit them: the list of scopes, nothing in the database."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0007_keys_can_be_switched_off"),
    ]

    operations = [
        migrations.AlterField(
            model_name="apikey",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("mentions:write", "Push mentions"),
                        ("mentions:read", "Read mentions"),
                        ("incidents:read", "Read incidents"),
                        ("reports:read", "Read published reports"),
                        ("drafts:read", "Read drafts"),
                        ("drafts:write", "Submit drafts for approval"),
                    ],
                    max_length=20,
                ),
                size=None,
                verbose_name="scopes",
            ),
        ),
    ]
