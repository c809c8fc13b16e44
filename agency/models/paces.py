from django.db import models


class HostPace(models.Model):
    """When a host of the outer network may be asked again: shared by all workers and all clients."""

    host = models.CharField(max_length=300, primary_key=True)  # "feeds.example:443", or with "#" and an account's mark
    next_at = models.DateTimeField()  # the first moment nobody has taken
    paused_until = models.DateTimeField(null=True)  # the host asked everybody to wait

    class Meta:
        verbose_name = "pace of a host"
        verbose_name_plural = "paces of hosts"

    def __str__(self) -> str:
        return self.host
