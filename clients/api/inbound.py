"""The addresses to which tools post: no key, the secret is in the address."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agency import clock
from agency.api.problems import Problem
from agency.api.throttling import KeyThrottle
from clients.api.mentions import refusal
from clients.listening.batch import BatchError
from clients.listening.posted import NotJson, OtherShape
from clients.models import InboundAddress
from clients.services import inbound
from clients.tasks import read_client, wake

log = logging.getLogger("rempart.api")


class AddressThrottle(KeyThrottle):
    """So many posts a minute for each address."""

    rate = "240/min"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"throttle:inbound:{inbound.digest(view.kwargs['secret'])}"


@extend_schema(exclude=True)  # its shape is each tool's own, and nobody but the tool has the address
class InboundView(GenericAPIView[InboundAddress]):
    """`POST` takes in what a tool found. An address that is unknown, closed or another client's is not there."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (AddressThrottle,)
    queryset = InboundAddress.objects.none()

    def post(self, request: Request, secret: str) -> Response:
        address = inbound.recognise(secret)
        if address is None:
            raise Http404
        try:
            received = _take_in(address, request)
        except Problem:
            raise
        except Exception:  # Django would write the address, and with it the secret, into its log
            log.exception("What was posted to the source %s broke.", address.source_id)
            raise Problem(500, "server_error", _("The fault is ours, and it is noted.")) from None
        if received.new:
            wake(read_client)
        return Response({"new": received.new, "known": received.known, "left_out": received.left_out})

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Django logs the address of every refused request: not this one, its secret would be in the log."""
        response._has_been_logged = True
        return super().finalize_response(request, response, *args, **kwargs)


def _take_in(address: InboundAddress, request: Request) -> inbound.Received:
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        return inbound.receive(address=address, headers=headers, body=_body(request), now=clock.now())
    except inbound.NotGenuine as error:
        raise Problem(
            401, "not_signed", _("This address takes signed messages only, and no signature holds.")
        ) from error
    except NotJson as error:
        raise Problem(400, "not_json", _("The body is not JSON.")) from error
    except OtherShape as error:
        raise Problem(422, "other_shape", _("Nothing here has the shape that this source’s tool writes.")) from error
    except BatchError as error:
        raise refusal(error) from error


def _body(request: Request) -> bytes:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdigit() and int(length) <= limit:
        try:
            return request._request.body
        except RequestDataTooBig:
            pass  # longer than it said
    raise Problem(413, "too_large", _("The body is larger than 20 MB: send it in several parts."))
