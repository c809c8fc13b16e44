"""What the API answered, kept for whoever asks the same again."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeptAnswer(models.Model):
    """The answer to a request that carried an Idempotency-Key: the same request again gets it, and makes nothing.

    Without a status it is being answered, until `claimed_until`: a worker that died then no longer holds the key.
    """

    api_key_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    request_sha256 = models.CharField(max_length=64)  # of the method, the address and the body
    asked_at = models.DateTimeField()
    claimed_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)  # byte for byte: JSON kept as JSON would change the order of its fields

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("api_key_id", "key", name="one_kept_answer_per_key"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["asked_at"], name="kept_answer_by_time")]

    def __str__(self) -> str:
        return self.key
