"""Where to go and as whom: written for `up`, which prints it, and for the sign-in page, which offers it."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings

from agency.choices import Role
from agency.models import Domain
from reports.demo.cast import PASSWORD, STAFF, Somebody
from reports.demo.network import STORIES

_ROLES = {
    Role.DIRECTOR: "Director",
    Role.LEAD: "Lead",
    Role.CM: "CM",
    Role.READER: "reader",
    Role.APPROVER: "approver",
    Role.OWNER: "owner",
}


def story() -> dict[str, Any]:
    """Addresses and logins as plain values; a login's `host` is where that person signs in."""
    hosts = dict(Domain.objects.filter(is_primary=True).values_list("tenant__schema_name", "domain"))
    places = [{"label": one.name, "host": hosts[one.schema_name], "path": "/"} for one in STORIES]
    pages = [
        {"label": "Simulated network", "url": f"{settings.DEMO_NETWORK_URL}/"},
        {"label": "Mails that left", "url": f"{settings.DEMO_MAIL_URL}/"},
    ]
    logins = [_login(one, "", settings.AGENCY_HOST) for one in STAFF]
    for client in STORIES:
        logins += [_login(one, client.name, hosts[client.schema_name]) for one in client.people]
    return {"addresses": [*places, *pages], "logins": logins}


def _login(one: Somebody, of: str, host: str) -> dict[str, str]:
    label = f"{of.split()[-1]}, {_ROLES[one.role]}" if of else _ROLES[one.role]
    return {
        "label": label,
        "name": one.full_name,
        "role": one.role.value,
        "email": one.email,
        "password": PASSWORD,
        "host": host,
    }


def write(file: Path) -> None:
    """Writes the story where `up` looks for it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(story(), ensure_ascii=False, indent=1))
    fresh.replace(file)
