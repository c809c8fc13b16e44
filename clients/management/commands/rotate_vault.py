"""`manage.py rotate_vault`: seals every credential of the house anew, under the first of REMPART_VAULT_KEYS."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import schema_context

from agency.models import Client
from agency.services import people
from clients.services import sources, webhooks


class Command(BaseCommand):
    help = (
        "To replace a key: put the new one first in REMPART_VAULT_KEYS, before the old one; restart; run this; "
        "then take the old one out. Credentials of sources, secrets of webhooks and second factors are sealed anew, "
        "of every client."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count, and write nothing")

    def handle(self, *_args: Any, dry_run: bool, **_options: Any) -> None:
        counts = {"second factors": people.reseal_second_factors(is_rehearsal=dry_run)}
        for client in Client.objects.order_by("name", "id"):  # those that are deactivated too: they may come back
            with schema_context(client.schema_name):
                counts[client.schema_name] = sources.reseal_all(is_rehearsal=dry_run)
                done, lost = webhooks.reseal_all(is_rehearsal=dry_run)
                if done or lost:
                    counts[f"{client.schema_name}, webhooks"] = done, lost
        for name, (done, lost) in counts.items():
            unopened = f", {lost} that no present key opens" if lost else ""
            self.stdout.write(f"{name}: {done} {'to seal anew' if dry_run else 'sealed anew'}{unopened}")
        if any(lost for _done, lost in counts.values()):
            raise CommandError("Keep the old key: some credentials still need it, or have to be entered again.")
