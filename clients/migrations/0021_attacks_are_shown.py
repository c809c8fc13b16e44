from django.db import migrations, models

_SHOWN = ~models.Q(fold__in=("repost", "copy", "near")) | models.Q(
    intent__in=("safety", "legal_threat", "call_to_action")
)
_IS_ATTACK = models.Q(attack="yes") | models.Q(intent__in=("attack_brand", "attack_cm"))


class Migration(migrations.Migration):
    dependencies = [
        ("clients", "0020_positions_have_versions"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="mention",
            index=models.Index(
                condition=models.Q(triage="new") & _IS_ATTACK & _SHOWN,
                fields=["-published_at", "-id"],
                name="mention_shown_attack",
            ),
        ),
    ]
