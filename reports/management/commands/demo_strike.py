"""Sets off another strike on the demo's simulated network."""

from typing import Any
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Asks the running simulated network for another strike, on the client left in peace the longest."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        address = settings.DEMO_NETWORK_URL
        request = Request(f"{address}/frappe", data=b"", headers={"Origin": address}, method="POST")  # noqa: S310
        try:
            with urlopen(request, timeout=10):  # noqa: S310  (the loopback address of our own settings)
                self.stdout.write("The strike begins in a few seconds.")
        except OSError as error:
            raise CommandError(f"The simulated network does not answer on {address}: is `up` running?") from error
