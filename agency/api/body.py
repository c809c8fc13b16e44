"""The body of a request as it came, byte for byte."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.request import Request

from agency.api.problems import Problem
from agency.numbers import whole_number


def body_of(request: Request) -> bytes:
    """The whole body, before anything has parsed it. Raises Problem (413) when it is larger than we take."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    length = whole_number(request.META.get("CONTENT_LENGTH") or "0")
    if length is not None and length <= limit:
        try:
            return request._request.body
        except RequestDataTooBig:
            pass  # longer than it said
    raise Problem(413, "too_large", _("The body is larger than 20 MB: send it in several parts."))
