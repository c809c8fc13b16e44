"""What a reading may still ask for: the network's quota, and the month's budget where reading costs money."""

from datetime import datetime
from decimal import Decimal, InvalidOperation

from clients.listening.collectors import registry
from clients.listening.collectors.protocol import HeldBack
from clients.listening.words import Words
from clients.models import Source
from clients.services import runs

_QUOTA = Words(
    "le quota de ce réseau est épuisé\u00a0: il se renouvelle le {day} à {hour}",
    "this network’s quota is used up: it is renewed on {day} at {hour}",
)
_BUDGET = Words(
    "le budget du mois ({budget}\u00a0$) est atteint\u00a0: les lectures reprennent le {day}",
    "the month’s budget (${budget}) is reached: readings begin again on {day}",
)


def at_most(*, source: Source, now: datetime) -> int | None:
    """How many billed units (posts, calls) the month's budget still pays; None where nothing limits them.

    Raises HeldBack until the quota's renewal, or until the first of the client's next month when the budget no longer
    pays the smallest page.
    """
    if source.quota_left == 0 and source.quota_resets_at and source.quota_resets_at > now:
        raise _until(source.quota_resets_at, "quota", _QUOTA, now)
    price = unit_price(source)
    if source.monthly_budget is None or not price:
        return None
    units = int((source.monthly_budget - runs.spent_this_month(source=source, now=now)) // price)
    if units < smallest_page(source):
        raise _until(runs.next_month(now), "budget", _BUDGET.put(budget=source.monthly_budget, day="{day}"), now)
    return units


def unit_price(source: Source) -> Decimal:
    """US dollars that the network bills for a unit; 0 where reading is free. A person's own figure wins."""
    collector = registry.COLLECTORS.get(source.kind)
    listed = Decimal(collector.unit_price) if collector else Decimal(0)
    agreed = str(source.settings.get("unit_price") or "").replace(",", ".")
    try:
        return max(Decimal(agreed), Decimal(0)) if listed and agreed else listed
    except InvalidOperation:
        return listed


def smallest_page(source: Source) -> int:
    """The fewest units that a reading can be billed for: what its collector says, else one."""
    return int(getattr(registry.COLLECTORS.get(source.kind), "smallest_page", 1))


def _until(moment: datetime, code: str, words: Words, now: datetime) -> HeldBack:
    local = moment.astimezone(runs.zone_of_client())
    said = words.put(day=f"{local:%d/%m}", hour=f"{local:%H:%M}")
    return HeldBack(code, said, (moment - now).total_seconds())
