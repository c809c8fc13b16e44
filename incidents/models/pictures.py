from datetime import datetime
from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from incidents.models.incidents import TimelineEntry


def place_of(picture: "Picture", _name: str) -> str:
    """Where the file lies under the client's media: a name of ours, for the browser's may be hostile."""
    moment: datetime = picture.added_at
    return f"evidence/{moment:%Y/%m}/{uuid4().hex}"


class Picture(models.Model):
    """A picture shown with a line of the log: kept byte for byte, its SHA-256 sealed with the line."""

    entry = models.OneToOneField(TimelineEntry, on_delete=models.PROTECT, related_name="picture")
    file = models.FileField(_("file"), upload_to=place_of)
    media_type = models.CharField(max_length=20)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("bytes"))
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("picture of the log")
        verbose_name_plural = _("pictures of the log")
        ordering: ClassVar[tuple[str, ...]] = ("entry",)

    def __str__(self) -> str:
        return self.sha256[:12]
