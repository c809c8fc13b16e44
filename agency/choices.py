"""Closed lists of the agency's words."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What a person is to a client: three roles in the agency, three at the client's."""

    CM = "cm", _("Community manager")
    LEAD = "lead", pgettext_lazy("agency role", "Lead")  # an incident’s lead is another word in French
    DIRECTOR = "director", _("Director")
    READER = "reader", _("Client: reader")
    APPROVER = "approver", _("Client: approver")
    OWNER = "owner", _("Client: owner")


AGENCY_ROLES = frozenset({Role.CM, Role.LEAD, Role.DIRECTOR})
CLIENT_ROLES = frozenset({Role.READER, Role.APPROVER, Role.OWNER})


class Country(models.TextChoices):
    """Where a client is, by the codes of ISO 3166: its public holidays are those of the whole country."""

    FRANCE = "FR", _("France")
    BELGIUM = "BE", _("Belgium")
    SWITZERLAND = "CH", _("Switzerland")
    LUXEMBOURG = "LU", _("Luxembourg")
    MONACO = "MC", _("Monaco")
    CANADA = "CA", _("Canada")
    GERMANY = "DE", _("Germany")
    AUSTRIA = "AT", _("Austria")
    SPAIN = "ES", _("Spain")
    ITALY = "IT", _("Italy")
    PORTUGAL = "PT", _("Portugal")
    NETHERLANDS = "NL", _("Netherlands")
    UNITED_KINGDOM = "GB", _("United Kingdom")
    IRELAND = "IE", _("Ireland")
    UNITED_STATES = "US", _("United States")
    MOROCCO = "MA", _("Morocco")
    ALGERIA = "DZ", _("Algeria")
    TUNISIA = "TN", _("Tunisia")
    SENEGAL = "SN", _("Senegal")
    IVORY_COAST = "CI", _("Côte d’Ivoire")

    __empty__ = _("Another: its public holidays are not known")


class Scope(models.TextChoices):
    """What an API key may do."""

    MENTIONS_WRITE = "mentions:write", _("Push mentions")
    MENTIONS_READ = "mentions:read", _("Read mentions")
    INCIDENTS_READ = "incidents:read", _("Read incidents")
    INCIDENTS_WRITE = "incidents:write", _("Open incidents, write in their log, give parts")
    INCIDENTS_CLOSE = "incidents:close", _("Close incidents and open them again")
    SIGNALS_READ = "signals:read", _("Read signals")
    CLIENT_READ = "client:read", _("Read brands, watches and the state of sources")
    POSITIONS_READ = "positions:read", _("Read the positions in force")
    BRIEFINGS_READ = "briefings:read", _("Read situation reports and what was sent")
    CONTACTS_READ = "contacts:read", _("Read to which addresses briefings were sent")
    ROTA_READ = "rota:read", _("Read who is on call, and make calendar addresses")
    REPORTS_READ = "reports:read", _("Read published reports")
    DRAFTS_READ = "drafts:read", _("Read drafts")
    DRAFTS_WRITE = "drafts:write", _("Submit drafts for approval")


class Rank(models.TextChoices):
    """Who is called first while on call, and who when the first does not answer."""

    PRIMARY = "primary", pgettext_lazy("rank on the rota", "First called")
    BACKUP = "backup", pgettext_lazy("rank on the rota", "Backup")


class AbsenceKind(models.TextChoices):
    """Why somebody cannot be called, as far as the others need to know: never a matter of health."""

    LEAVE = "leave", _("On leave")
    TRAINING = "training", _("In training")
    AWAY = "away", pgettext_lazy("absence", "Away")
