"""create_person EMAIL NAME: the first director of a new house, or anybody else."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from agency import clock
from agency.choices import Role
from agency.models import Client, User
from agency.services import invitations, people


class Command(BaseCommand):
    help = "Makes a person with a role, and prints the link by which they set their password (good for a day)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")
        parser.add_argument("--role", default=Role.DIRECTOR, choices=Role.values)
        parser.add_argument("--client", default="", help="the client's schema; without it, the whole agency")
        parser.add_argument("--language", default="fr", choices=["fr", "en"])

    def handle(self, *_args: Any, **options: Any) -> None:
        client = self._client(options["client"])
        try:
            person = self._make(options, client)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{person.full_name} sets a password here, within a day:\n{invitations.link(person)}")

    @staticmethod
    def _client(schema_name: str) -> Client | None:
        if not schema_name:
            return None
        client = Client.objects.filter(schema_name=schema_name).first()
        if client is None:
            raise CommandError(f"No client has the schema {schema_name!r}. See: manage.py list_clients")
        return client

    @staticmethod
    @transaction.atomic
    def _make(options: dict[str, Any], client: Client | None) -> User:
        now = clock.now()
        person = people.create(
            email=options["email"], full_name=options["name"], language=options["language"], by=None, now=now
        )
        people.give_role(person=person, client=client, role=options["role"], by=None, now=now)
        return person
