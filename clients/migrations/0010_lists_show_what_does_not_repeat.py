from django.db import migrations, models

_SHOWN = ~models.Q(fold__in=("repost", "copy", "near")) | models.Q(
    intent__in=("safety", "legal_threat", "call_to_action")
)


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0009_mentions_find_their_root"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="mention", name="mention_triage"),
        migrations.RemoveIndex(model_name="mention", name="mention_to_sort_by_intent"),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(condition=_SHOWN, fields=["triage", "-published_at", "-id"], name="mention_shown"),
        ),
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(triage="new") & _SHOWN,
                fields=["intent", "-published_at", "-id"],
                name="mention_shown_by_intent",
            ),
        ),
    ]
