"""Checks every incident's log against its chain of hashes, and each picture on the disk against the hash sealed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import schema_context

from agency.models import Client
from incidents.models import Incident
from incidents.services import evidence, timeline


class Command(BaseCommand):
    help = "Verifies the logs of one client, or of all: says which line was tampered with; exit code 1 if any was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "client",
            nargs="?",
            help="the client's schema; all active clients without it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        clients = Client.objects.filter(is_active=True)
        if options["client"]:
            clients = Client.objects.filter(schema_name=options["client"])
            if not clients:
                raise CommandError(f"No client has the schema {options['client']!r}.")
        broken = sum(self._verify(client) for client in clients)
        if broken:
            raise CommandError(f"{broken} broken link(s).")

    def _verify(self, client: Client) -> int:
        broken = lines = 0
        with schema_context(client.schema_name):
            for incident in Incident.objects.order_by("-number"):
                breaks = [*timeline.broken_links(incident), *evidence.changed(incident)]
                broken += len(breaks)
                lines += incident.entries.count()
                for found in breaks:
                    self.stderr.write(f"{client.name} {incident.reference} line {found.number}: {found.words('en')}")
        self.stdout.write(f"{client.name}: {lines} line(s), {broken} broken link(s).")
        return broken
