"""Which version of an incident the caller decided on: its tag carries the revision, which every change moves on."""

import re

from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from agency.api.answers import etag_of
from agency.api.problems import Problem
from incidents.api.serializers import IncidentInFull
from incidents.models import Incident
from incidents.selectors import incidents

_TAG = re.compile(r'"r(\d{1,18})-[0-9a-f]{32}"')


def in_full(number: int, *, status: int = 200) -> Response:
    """The whole incident of that number with its tag. Raises Incident.DoesNotExist where the API shows none."""
    incident = incidents.confirmed().get(number=number)
    data = IncidentInFull(incident).data
    tag = etag_of(JSONRenderer().render(data), prefix=f"r{incident.revision}-")
    return Response(data, status=status, headers={"ETag": tag})


def check_match(request: Request, incident: Incident) -> None:
    """That the caller has read the incident as it is stored now; the row is held by whoever asks.

    The revision in the tag decides, not the rest of it: what else the answer shows (the median of earlier incidents,
    somebody's new name) is no reason to refuse. Raises Problem (428 without If-Match, 412 when it changed since).
    """
    given = request.headers.get("If-Match")
    if given is None:
        raise Problem(428, "if_match_needed", _("Say with If-Match which version of the incident you decide on."))
    tags = parse_etags(given)
    read = {int(found[1]) for found in map(_TAG.fullmatch, tags) if found}
    if tags != ["*"] and incident.revision not in read:
        raise Problem(412, "changed_meanwhile", _("The incident has changed since you read it: read it again."))
