"""A watch replayed before it is trusted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agency import clock
from agency.admin.sites import client_site
from clients.models import Watch
from incidents.admin.page import shown
from incidents.selectors.replay import replay_of


@require_GET
def watch_replay(request: HttpRequest, pk: int) -> HttpResponse:
    """What the watch would have raised in the last thirty days, when and why, and how often at other rates."""
    watch = get_object_or_404(Watch.objects.select_related("brand"), pk=pk)
    title = _("Replay of %(watch)s") % {"watch": watch}
    return shown(request, "replay", title, watch=watch, replay=replay_of(watch, clock.now()))


client_site.mount("veilles/<int:pk>/rejouer/", watch_replay, "watch_replay")
