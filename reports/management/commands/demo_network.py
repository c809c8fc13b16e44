"""The simulated network of the demo, and the strike that begins when somebody looks."""

import threading
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agency import clock
from reports.demo import audience
from reports.demo.network import Network
from reports.demo.pages import LOOPBACK, serve
from reports.demo.performances import Playbill


class Command(BaseCommand):
    help = "Serves the demo's simulated network on the loopback address until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8110, help="8110 by default")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The simulated network belongs to the demo (REMPART_DEMO=1).")
        playbill = Playbill(settings.STATE_FOLDER / "demo_strikes.json")
        stop = threading.Event()
        threading.Thread(target=audience.wait, args=(playbill, run_began_at(), clock.now, stop), daemon=True).start()
        server = serve(Network(f"http://{LOOPBACK}:{port}", playbill, clock.now), port)
        self.stdout.write(f"The simulated network is on http://{LOOPBACK}:{port}/")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            stop.set()


def run_began_at() -> datetime:
    """When this run of `up` began (seed_demo writes the addresses then): a restarted network strikes only once."""
    told = settings.STATE_FOLDER / "demo.json"
    return datetime.fromtimestamp(told.stat().st_mtime, UTC) if told.exists() else clock.now()
