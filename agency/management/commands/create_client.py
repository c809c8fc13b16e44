"""create_client SCHEMA NAME: opens the house to a client."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from agency import clock
from agency.choices import Country
from agency.hosts import standing_url
from agency.services import clients


class Command(BaseCommand):
    help = "Makes a client, its host and its schema."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("schema_name", help="small letters, digits and _: maison_aldane")
        parser.add_argument("name", help='as people say it: "Maison Aldane"')
        parser.add_argument("--host", default="", help="by default the schema's name under the house's own host")
        parser.add_argument("--language", default="fr", choices=["fr", "en"])
        parser.add_argument("--country", default=Country.FRANCE, choices=["", *Country.values])
        parser.add_argument("--timezone", default=settings.TIME_ZONE, help="Indian/Reunion, America/Martinique…")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            client = clients.open_client(
                schema_name=options["schema_name"],
                name=options["name"],
                host=options["host"],
                language=options["language"],
                country=options["country"],
                timezone=options["timezone"],
                by=None,
                now=clock.now(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        host = client.domains.get(is_primary=True).domain
        self.stdout.write(f"{client.name} is open: {standing_url(host)}")
