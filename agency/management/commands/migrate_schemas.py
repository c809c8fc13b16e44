"""migrate_schemas that first asks, in one query, whether there is anything to do."""

from typing import Any, ClassVar

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django_tenants.management.commands.migrate_schemas import MigrateSchemasCommand
from django_tenants.utils import get_public_schema_name

from agency.services import schemas


class Command(MigrateSchemasCommand):  # type: ignore[misc]
    help = "Migrates the public schema and those clients' schemas that are behind."
    # Most of the checks load every URL, and with them the reading's and the detection's libraries: five times the
    # cost of looking. `up`, `test` and the image's build run `check` themselves.
    requires_system_checks: ClassVar[list[str]] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if options.get("schema_name") or options.get("app_label") or options.get("plan"):
            # A command without checks of its own has no such option, and the one below it asks for it.
            super().handle(*args, **{"skip_checks": True, **options})
            return
        if self._public_is_behind():
            call_command("migrate_schemas", schema_name=get_public_schema_name(), verbosity=options["verbosity"])
        late = schemas.behind()
        for name in late:
            call_command("migrate_schemas", schema_name=name, verbosity=options["verbosity"])
        if options["verbosity"]:
            self.stdout.write(f"{len(late)} schema(s) were behind." if late else "Every schema is up to date.")

    @staticmethod
    def _public_is_behind() -> bool:
        connection.set_schema_to_public()  # type: ignore[attr-defined]
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
