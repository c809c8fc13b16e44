"""The rota over REST: who is on call now, and addresses of calendars for programs that can send no header."""

import logging
from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from agency import clock
from agency.access import here
from agency.api.documented import cases
from agency.api.files import FileRenderer
from agency.api.idempotency import once
from agency.api.problems import Problem
from agency.api.throttling import KeyThrottle
from agency.choices import Scope
from agency.models import ApiKey, RotaFeed
from agency.selectors import feeds as read
from agency.selectors.rota import OnCall, on_call
from agency.services import feeds
from clients.services import kept_answers

log = logging.getLogger("rempart.api")


class OnCallOut(serializers.Serializer[OnCall]):
    """Who is called first at this moment, and who after; names only."""

    first = serializers.CharField(
        source="primary.full_name", default=None, allow_null=True, help_text="Null: nobody is on call."
    )
    until = serializers.DateTimeField(allow_null=True, help_text="When the first one's hours end.")
    backups = serializers.SerializerMethodField(help_text="In the order in which they are called.")

    def get_backups(self, told: OnCall) -> list[str]:
        return [person.full_name for person in told.backups]


class FeedIn(serializers.Serializer[Any]):
    """What the address is for."""

    name = serializers.CharField(max_length=80, help_text="Whose calendar it goes into: you know it again by that.")


class FeedOut(serializers.ModelSerializer[RotaFeed]):
    """An address of a calendar, without its secret."""

    seq = serializers.IntegerField(source="pk", help_text="Ever-growing; the cursor of the list.")
    made_by = serializers.SerializerMethodField(help_text="The key, or the person.")

    class Meta:
        model = RotaFeed
        fields = ("seq", "name", "made_by", "made_at", "last_used_at")

    def get_made_by(self, feed: RotaFeed) -> str:
        return feed.key.name if feed.key else str(feed.made_by)


class NewFeedOut(FeedOut):
    """The same with the address itself, shown this once."""

    url = serializers.SerializerMethodField(help_text="Put it into a calendar; whoever has it sees the rota.")

    class Meta(FeedOut.Meta):
        fields = (*FeedOut.Meta.fields, "url")  # type: ignore[assignment]

    def get_url(self, feed: RotaFeed) -> str:
        return str(self.context["url"])


class RotaNow(GenericAPIView[Any]):
    """`GET` says who is on call."""

    scopes = {"GET": Scope.ROTA_READ}
    serializer_class = OnCallOut
    pagination_class = None

    @extend_schema(tags=["rota"], operation_id="read_on_call", summary="Say who is on call now", responses=OnCallOut)
    def get(self, request: Request) -> Response:
        return Response(OnCallOut(on_call(here(), clock.now())).data)


class FeedList(GenericAPIView[RotaFeed]):
    """`GET` lists the addresses, `POST` makes one."""

    scopes = {"GET": Scope.ROTA_READ, "POST": Scope.ROTA_READ}
    serializer_class = FeedOut
    queryset = RotaFeed.objects.none()

    def get_queryset(self) -> QuerySet[RotaFeed]:
        return read.standing(here())

    @extend_schema(
        tags=["rota"],
        operation_id="read_feeds",
        summary="List the addresses of calendars",
        responses={200: FeedOut(many=True)},
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    # The answer that is kept for a day holds the address; it opens nothing that its reader could not read beside it.
    @extend_schema(
        tags=["rota"],
        operation_id="make_feed",
        summary="Make an address for a calendar",
        description="Calendars send no key: the secret is in the address. It shows this client's rota, nothing else, "
        "until it is taken back, or the key that made it is revoked.",
        request=FeedIn,
        responses={201: NewFeedOut, **cases(400, 415)},
    )
    @once(kept_answers)
    def post(self, request: Request) -> Response:
        said = FeedIn(data=request.data)
        said.is_valid(raise_exception=True)
        key = cast(ApiKey, request.auth)  # KeyHasScope let it in
        feed, secret = feeds.make(client=here(), name=said.validated_data["name"], key=key, now=clock.now())
        url = request.build_absolute_uri(reverse("api_rota_calendar", args=[secret]))
        return Response(NewFeedOut(feed, context={"url": url}).data, status=201)


class FeedDetail(GenericAPIView[RotaFeed]):
    """`DELETE` takes an address back."""

    scopes = {"DELETE": Scope.ROTA_READ}
    serializer_class = FeedOut
    queryset = RotaFeed.objects.none()

    def get_queryset(self) -> QuerySet[RotaFeed]:
        return read.standing(here())

    @extend_schema(
        tags=["rota"],
        operation_id="take_feed_back",
        summary="Take an address of a calendar back",
        responses={204: None},
    )
    def delete(self, request: Request, pk: int) -> Response:
        key = cast(ApiKey, request.auth)  # KeyHasScope let it in
        feeds.revoke(feed=self.get_object(), by=key, now=clock.now())
        return Response(status=204)


class CalendarRenderer(FileRenderer):
    media_type = "text/calendar"
    format = "ics"


class FeedThrottle(KeyThrottle):
    """So many readings a minute for each address; calendars come once an hour."""

    rate = "30/min"
    policy = "address"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        return f"throttle:rota:{feeds.digest(view.kwargs['secret'])}"


class RotaCalendar(GenericAPIView[RotaFeed]):
    """`GET` is the rota as a calendar. An address that is unknown, taken back or another client's is not there."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (FeedThrottle,)
    renderer_classes = (CalendarRenderer, JSONRenderer)
    serializer_class = FeedOut
    queryset = RotaFeed.objects.none()

    @extend_schema(
        tags=["rota"],
        operation_id="read_calendar",
        summary="Read the rota as a calendar",
        description="iCalendar (RFC 5545), moments in UTC, from two weeks ago to four months ahead.",
        auth=[],
        parameters=[OpenApiParameter("secret", str, OpenApiParameter.PATH, description="As it was shown once.")],
        responses={(200, "text/calendar"): OpenApiTypes.BINARY, **cases(404, words="No such address, or taken back.")},
    )
    def get(self, request: Request, secret: str) -> HttpResponse:
        client, now = here(), clock.now()
        try:
            is_known = feeds.recognise(secret=secret, client=client, now=now) is not None
            calendar = read.calendar(client, now) if is_known else None
        except Exception:  # Django would write the address, and with it the secret, into its log
            log.exception("The rota of %s could not be shown as a calendar.", client.schema_name)
            raise Problem(500, "server_error", _("The fault is ours, and it is noted.")) from None
        if calendar is None:
            raise Http404
        headers = {"Content-Disposition": 'inline; filename="rota.ics"'}
        return HttpResponse(calendar, content_type="text/calendar; charset=utf-8", headers=headers)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Django logs the address of every refused request: not this one, its secret would be in the log."""
        response._has_been_logged = True
        return super().finalize_response(request, response, *args, **kwargs)
