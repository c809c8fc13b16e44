"""list_clients: who lives in the house, and at which address."""

from typing import Any

from django.core.management.base import BaseCommand

from agency.hosts import standing_url
from agency.models import Client


class Command(BaseCommand):
    help = "Lists the clients: schema, name, state, address."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for client in Client.objects.prefetch_related("domains").order_by("schema_name"):
            state = "active" if client.is_active else "closed"
            where = ", ".join(standing_url(one.domain) for one in client.domains.all())
            self.stdout.write(f"{client.schema_name:<42}{state:<8}{client.name} · {where}")
