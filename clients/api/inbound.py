"""The addresses to which tools post: no key, the secret is in the address."""

import logging
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agency import clock
from agency.api.body import body_of
from agency.api.documented import cases
from agency.api.problems import Problem
from agency.api.throttling import KeyThrottle
from clients.api.mentions import refusal
from clients.api.serializers import ReceivedSerializer, posted_schema
from clients.listening.batch import BatchError
from clients.listening.posted import NotJson, OtherShape
from clients.models import InboundAddress
from clients.services import inbound
from clients.tasks import read_client, wake

log = logging.getLogger("rempart.api")


class AddressThrottle(KeyThrottle):
    """So many posts a minute for each address."""

    rate = "240/min"
    policy = "address"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"throttle:inbound:{inbound.digest(view.kwargs['secret'])}"


_SECRET = OpenApiParameter(
    "secret",
    str,
    OpenApiParameter.PATH,
    description="Opens the address, and is shown once, when the address is made. Keep it as you would a key.",
)


class InboundView(GenericAPIView[InboundAddress]):
    """`POST` takes in what a tool found. An address that is unknown, closed or another client's is not there."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (AddressThrottle,)
    serializer_class = ReceivedSerializer
    queryset = InboundAddress.objects.none()

    @extend_schema(
        operation_id="post_to_an_address",
        summary="Post what a tool found to a source's own address",
        description="For tools that can only post to an address: no key. Staff make the address under “Listening”; it "
        "may ask for signed bodies (Standard Webhooks, or the hexadecimal HMAC-SHA256 of the body in `X-Signature-256` "
        "or `X-Hub-Signature-256`). What is known already is counted and left as it is, so a body may be sent again.",
        auth=[],
        parameters=[_SECRET],
        request={"application/json": posted_schema()},
        responses={
            200: ReceivedSerializer,
            **cases(400, 413, 422),
            **cases(401, words="The address takes signed bodies only, and no signature holds."),
            **cases(404, words="No such address, or it is closed."),
        },
    )
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
        return Response(ReceivedSerializer(received).data)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Django logs the address of every refused request: not this one, its secret would be in the log."""
        response._has_been_logged = True
        return super().finalize_response(request, response, *args, **kwargs)


def _take_in(address: InboundAddress, request: Request) -> inbound.Received:
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        return inbound.receive(address=address, headers=headers, body=body_of(request), now=clock.now())
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
