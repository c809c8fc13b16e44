"""The command that checks every log against its chain."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from agency.models import Client
from incidents.models import TimelineEntry
from incidents.services import incidents
from tests import factories
from tests.conftest import NOW, MakePerson
from tests.incidents.test_incidents import ANSWERS


def test_a_whole_log_is_said_to_be_whole_and_a_changed_one_is_found(aldane: Client, person: MakePerson) -> None:
    lead = person("lead", aldane)
    incidents.open_by_hand(
        brand=factories.brand(), title="Meute", started_at=NOW, lead=lead, answers=ANSWERS, by=lead, now=NOW
    )
    said = io.StringIO()
    call_command("verify_log", aldane.schema_name, stdout=said)
    assert "1 line(s), 0 broken" in said.getvalue()
    connection.set_tenant(aldane)
    with connection.cursor() as cursor:  # as somebody who owns the database could
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE incidents_timelineentry DISABLE TRIGGER log_is_append_only")
    TimelineEntry.objects.update(text="autre chose")
    with pytest.raises(CommandError, match="1 broken link"):
        call_command("verify_log", aldane.schema_name, stdout=said, stderr=said)


def test_an_unknown_client_is_named(db: None) -> None:
    with pytest.raises(CommandError, match="nobody_here"):
        call_command("verify_log", "nobody_here")
