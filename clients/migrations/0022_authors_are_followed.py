import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0021_attacks_are_shown"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                fields=["author", "-published_at", "-id"], include=("is_date_sure",), name="mention_of_author"
            ),
        ),
        migrations.AlterField(
            model_name="mention",
            name="author",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="mentions",
                to="clients.author",
                verbose_name="author",
            ),
        ),
    ]
