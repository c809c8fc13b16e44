"""What a program does to an incident with an API key: in the log it has no person behind it, and is named in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.models import User
from agency.roles import Integration
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words

Actor = User | Integration


def person_of(by: Actor | None) -> User | None:
    """The person, where one acts; None for a program, as for the machine."""
    return by if isinstance(by, User) else None


def person_only(by: Actor) -> User:
    """The person. Raises Refused("not_allowed") for a program: some acts are people's."""
    if not isinstance(by, User):
        raise Refused("not_allowed", _("Only a person does that."))
    return by


def signed(text: str, by: Actor | None) -> str:
    """The line as the log keeps it: what a program did or said ends with its name, sealed with the rest."""
    if not isinstance(by, Integration):
        return text
    return in_the_clients_words(gettext_noop("%(text)s (by the integration “%(name)s”)"), text=text, name=by.name)
