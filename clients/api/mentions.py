"""Mentions: pushed by integrators in batches, read by page."""

from typing import Any, cast

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from agency import clock
from agency.api.body import body_of
from agency.api.documented import cases
from agency.api.idempotency import once
from agency.api.problems import Problem
from agency.choices import Scope
from agency.models import ApiKey
from clients.api.serializers import (
    DeletionsSerializer,
    MentionSerializer,
    PushedSerializer,
    ToldDeletedSerializer,
    batch_schema,
)
from clients.listening.batch import BatchError, RowProblem
from clients.models import Mention
from clients.selectors import mentions
from clients.selectors.pushed import with_versions
from clients.services import kept_answers, pushes
from clients.tasks import read_client, wake


class MentionsView(GenericAPIView[Mention]):
    """`POST` adds, `GET` reads in the order of arrival."""

    scopes = {"GET": Scope.MENTIONS_READ, "POST": Scope.MENTIONS_WRITE}
    serializer_class = MentionSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Mention]:
        return with_versions(mentions.for_integrators())

    @extend_schema(
        operation_id="read_mentions",
        summary="Read mentions in the order of their arrival",
        description="Keep `next` and give it back as `cursor`, now or tomorrow: no mention is missed and none comes "
        "twice. Labels are those of the moment: a page read again may have better ones.",
        responses={200: MentionSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="push_mentions",
        summary="Push mentions",
        description="All or nothing. What is known already (same `external_id`) and says the same is counted and left "
        "as it is, so a batch may be sent again without harm. Other words are an edit: the old ones are kept as a "
        "version, the latest `edited_at` counts, and without one words that were there before change nothing. "
        "Dates need a time zone. Control characters in texts and names are taken out; the text as it came is kept.",
        request={"application/json": batch_schema()},
        examples=[
            OpenApiExample(
                "Two posts",
                request_only=True,
                value={
                    "mentions": [
                        {
                            "external_id": "1859203",
                            "text": "Toujours pas remboursée.",
                            "published_at": "2026-11-17T21:59:00+01:00",
                            "network": "mastodon",
                            "author_handle": "marie_c",
                            "followers": 240,
                        },
                        {"external_id": "1859204", "text": "Quel spectacle", "reply_to": "1859203", "kind": "reply"},
                    ]
                },
            )
        ],
        responses={
            200: PushedSerializer,
            **cases(400, 413, 415),
            **cases(
                422,
                words="Nothing was taken in: each wrong row is listed (a hundred at most); or the key was used "
                "with another body.",
            ),
        },
    )
    @once(kept_answers)
    def post(self, request: Request) -> Response:
        key = cast(ApiKey, request.auth)  # KeyHasScope let it in
        pushed = _push(key, _json_of(request))
        if pushed.new or pushed.edited:
            transaction.on_commit(lambda: wake(read_client))
        return Response(PushedSerializer(pushed).data)


class DeletionsView(GenericAPIView[Mention]):
    """`POST` tells what was deleted at its source."""

    scopes = {"POST": Scope.MENTIONS_WRITE}
    serializer_class = DeletionsSerializer

    @extend_schema(
        operation_id="tell_deletions",
        summary="Tell what was deleted at its source",
        description="Our copy stays and is marked. Told again, it changes nothing; a mention pushed again is alive.",
        request=DeletionsSerializer,
        responses={200: ToldDeletedSerializer, **cases(400, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        told = self.get_serializer(data=request.data)
        told.is_valid(raise_exception=True)
        key = cast(ApiKey, request.auth)
        result = pushes.tell_deleted(key=key, external_ids=told.validated_data["external_ids"], now=clock.now())
        return Response(ToldDeletedSerializer(result).data)


def _push(key: ApiKey, body: bytes) -> pushes.Pushed:
    try:
        return pushes.push(key=key, body=body, now=clock.now())
    except BatchError as error:
        raise refusal(error) from error


def refusal(error: BatchError) -> Problem:
    """The answer to a batch none of which was taken in, each bad row in words."""
    if error.problems[0].code == "not_json":
        return Problem(400, "not_json", error.problems[0].words.say(get_language() or "fr"))
    title = _("Nothing was taken in: some rows are wrong.")
    if error.more:
        title = _("Nothing was taken in: more than a hundred rows are wrong, here are the first.")
    return Problem(422, "batch_refused", title, errors=[_as_error(problem) for problem in error.problems])


def _as_error(problem: RowProblem) -> dict[str, Any]:
    message = problem.words.say(get_language() or "fr")
    return {"row": problem.row, "field": problem.field, "code": problem.code, "message": message}


def _json_of(request: Request) -> bytes:
    if (request.content_type or "").split(";")[0].strip().lower() != "application/json":
        raise UnsupportedMediaType(request.content_type or "")
    return body_of(request)
