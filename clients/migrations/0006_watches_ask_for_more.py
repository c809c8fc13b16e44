import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0005_sources_tell_how_they_are"),
    ]

    operations = [
        migrations.AddField(
            model_name="watch",
            name="handles",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100),
                blank=True,
                default=list,
                help_text="@handles: a mention that names one is caught.",
                size=None,
                verbose_name="accounts named",
            ),
        ),
        migrations.AddField(
            model_name="watch",
            name="hashtags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100),
                blank=True,
                default=list,
                help_text="With or without #: a mention that bears one is caught.",
                size=None,
                verbose_name="hashtags",
            ),
        ),
        migrations.AddField(
            model_name="watch",
            name="languages",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=3),
                blank=True,
                default=list,
                help_text=(
                    "Codes such as fr, en. Empty: all. A mention whose language is unknown is caught all the same."
                ),
                size=None,
                verbose_name="languages",
            ),
        ),
        migrations.AddField(
            model_name="watch",
            name="required",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100),
                blank=True,
                default=list,
                size=None,
                verbose_name="words that must all be there",
            ),
        ),
    ]
