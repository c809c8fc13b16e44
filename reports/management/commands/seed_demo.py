"""Makes the demo: two fictional clients, their people, their past."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agency import clock
from reports.demo import addresses
from reports.demo.seed import seed


class Command(BaseCommand):
    help = "Makes the demo's clients, people and history once; run again, it follows the simulated network's address."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's people have known passwords: REMPART_DEMO=1 says that this is a demo.")
        made = seed(now=clock.now())
        addresses.write(settings.STATE_FOLDER / "demo.json")
        self.stdout.write("The demo is ready." if made else "The demo is there already.")
