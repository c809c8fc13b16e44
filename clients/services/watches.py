"""What is listened for, when its words change."""

from clients.models import Watch


def match_again(*, watch: Watch) -> None:
    """Marks the past as not yet matched with the watch's words; `reading.rematch` goes through it."""
    Watch.objects.filter(pk=watch.pk).update(rematched_to=0)
    watch.rematched_to = 0
