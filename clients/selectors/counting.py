"""How many mentions a kept list has, among the newest of its view: a bound that a page can wait for."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache

from clients.models import Mention
from clients.selectors import search
from clients.selectors.mentions import Narrowed, View, narrow
from clients.selectors.search import Sought

EXAMINED = 500
KEPT_S = 60


@dataclass(frozen=True)
class Count:
    """`is_more`: the view goes on beyond what was examined."""

    count: int
    is_more: bool


def counted(lists: Sequence[tuple[str, View, Narrowed]]) -> dict[str, Count]:
    """By its address, how many each list has among the newest 500 mentions of its view; a minute old at most.

    What hangs on who reads (View.is_ones_own) is counted anew each time.
    """
    shared = [one for one in lists if not one[1].is_ones_own]
    known: dict[str, Count] = cache.get("sorting.counts") or {}
    missing = [one for one in shared if one[0] not in known]
    if missing:
        known = {address: known[address] for address, _view, _narrowed in shared if address in known}
        known |= {address: _count(view, narrowed) for address, view, narrowed in missing}
        cache.set("sorting.counts", known, KEPT_S)
    own = {address: _count(view, narrowed) for address, view, narrowed in lists if view.is_ones_own}
    return {address: own[address] if address in own else known[address] for address, _view, _narrowed in lists}


def _count(view: View, narrowed: Narrowed) -> Count:
    newest = list(view.along().order_by("-published_at", "-pk").values_list("pk", flat=True)[: EXAMINED + 1])
    among = Mention.objects.filter(pk__in=newest[:EXAMINED])
    found = narrow(view.asks(among) if view.asks else among, narrowed)
    sought = Sought.read(narrowed.sought)
    if sought.accounts:
        found = search.by_accounts(found, sought)
    if sought.words or sought.accounts:
        found = search.holding(found, sought)
    return Count(found.count(), len(newest) > EXAMINED)
