"""A key has new words while the ones before still open for a while; and it may be allowed more."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agency", "0008_keys_for_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="previous_digest",
            field=models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="previous_until",
            field=models.DateTimeField(blank=True, null=True, verbose_name="the one before opens until"),
        ),
        migrations.AddField(
            model_name="apikey",
            name="previous_used_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="the one before last used at"),
        ),
        migrations.AddField(
            model_name="apikey",
            name="rotated_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="rotated at"),
        ),
        migrations.AlterField(
            model_name="apikey",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("mentions:write", "Push mentions"),
                        ("mentions:read", "Read mentions"),
                        ("incidents:read", "Read incidents"),
                        ("incidents:write", "Open incidents, write in their log, give parts"),
                        ("incidents:close", "Close incidents and open them again"),
                        ("signals:read", "Read signals"),
                        ("client:read", "Read brands, watches and the state of sources"),
                        ("positions:read", "Read the positions in force"),
                        ("briefings:read", "Read situation reports and what was sent"),
                        ("contacts:read", "Read to which addresses briefings were sent"),
                        ("rota:read", "Read who is on call, and make calendar addresses"),
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
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("previous_digest", None), ("previous_until", None)),
                    models.Q(("previous_digest__isnull", False), ("previous_until__isnull", False)),
                    _connector="OR",
                ),
                name="a_key_before_has_an_end",
            ),
        ),
    ]
