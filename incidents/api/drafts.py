"""Drafts over REST: read with their state, prepared and submitted by a tool; approved and published by people only."""

from typing import Any, cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from agency import clock
from agency.api.documented import NOT_SHOWN_ANY_MORE, cases
from agency.api.idempotency import once
from agency.api.problems import Problem
from agency.choices import Scope
from agency.models import ApiKey
from clients.models import Brand, Mention
from clients.models.positions import LANGUAGES
from clients.services import kept_answers
from incidents.choices import DraftKind, IncidentState, Network
from incidents.models import Approval, Draft, DraftVersion, Incident
from incidents.selectors import drafts as read
from incidents.selectors import incidents
from incidents.services import drafts
from incidents.services.refusals import Refused

LARGEST = 2**63 - 1


class DecisionOut(serializers.ModelSerializer[Approval]):
    """Who decided what on which version."""

    version = serializers.IntegerField(source="step.version.number")
    step = serializers.IntegerField(source="step.rank")

    class Meta:
        model = Approval
        fields = ("version", "step", "name", "is_yes", "note", "decided_at", "taken_back_at")


class VersionOut(serializers.ModelSerializer[DraftVersion]):
    """The words as somebody wrote them."""

    by = serializers.SerializerMethodField(help_text="The person, or the name of the key.")

    class Meta:
        model = DraftVersion
        fields = ("number", "text", "by", "written_at")

    def get_by(self, version: DraftVersion) -> str:
        return str(version.written_by or version.key_name)


class DraftOut(serializers.ModelSerializer[Draft]):
    """One draft, in short."""

    seq = serializers.IntegerField(source="pk", help_text="Ever-growing; the cursor of the list.")
    brand = serializers.CharField(source="brand.name")
    incident = serializers.IntegerField(source="incident.number", default=None, allow_null=True)
    mention = serializers.IntegerField(source="mention_id", default=None, allow_null=True)
    position = serializers.CharField(source="position.code", default=None, allow_null=True)
    text = serializers.SerializerMethodField(help_text="Its present words.")

    class Meta:
        model = Draft
        fields = (
            "seq", "subject", "kind", "state", "version", "text", "network", "language", "brand", "incident", "mention",
            "position", "created_at", "published_at", "published_url",
        )  # fmt: skip

    def get_text(self, draft: Draft) -> str:
        return draft.versions.all()[0].text


class DraftInFull(DraftOut):
    """One draft with all its versions and what was decided."""

    versions = VersionOut(many=True)
    decisions = serializers.SerializerMethodField()

    class Meta(DraftOut.Meta):
        fields = (*DraftOut.Meta.fields, "versions", "decisions")  # type: ignore[assignment]

    @extend_schema(responses=DecisionOut(many=True))
    def get_decisions(self, draft: Draft) -> list[dict[str, Any]]:
        return list(DecisionOut(read.decisions(draft), many=True).data)


class DraftIn(serializers.Serializer[Any]):
    """What a tool prepares; it is submitted for approval at once."""

    subject = serializers.CharField(max_length=160)
    text = serializers.CharField(max_length=drafts.LONGEST)
    network = serializers.ChoiceField(choices=Network.choices, required=False, default="", allow_blank=True)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False, default="fr")
    brand = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    mention = serializers.IntegerField(
        min_value=1, max_value=LARGEST, required=False, help_text="The `seq` of what it answers."
    )
    incident = serializers.IntegerField(
        min_value=1, max_value=2**31 - 1, required=False, help_text="The number of an open incident."
    )
    token = serializers.UUIDField(required=False, help_text="Made by you: sent twice with it, it is one draft.")


def _still_shown(said: dict[str, Any]) -> None:
    """The gate of an answer given again. Raises Http404 when the draft's incident was restricted since."""
    get_object_or_404(read.listed(None), pk=said["seq"])


class DraftList(GenericAPIView[Draft]):
    """`GET` reads, `POST` prepares one and submits it."""

    scopes = {"GET": Scope.DRAFTS_READ, "POST": Scope.DRAFTS_WRITE}
    serializer_class = DraftOut
    queryset = Draft.objects.none()

    def get_queryset(self) -> QuerySet[Draft]:
        return read.listed(None)

    @extend_schema(
        tags=["drafts"], operation_id="read_drafts", summary="List drafts", responses={200: DraftOut(many=True)}
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        tags=["drafts"],
        operation_id="submit_draft",
        summary="Prepare words and submit them for approval",
        description="People approve and publish them: a key does neither, and nothing is sent to a network.",
        request=DraftIn,
        responses={
            201: DraftInFull,
            **cases(400, 415),
            **cases(404, words=NOT_SHOWN_ANY_MORE),
            **cases(422, words="No such mention, incident or brand, or words that are refused."),
        },
    )
    @once(kept_answers, _still_shown)
    def post(self, request: Request) -> Response:
        told = DraftIn(data=request.data)
        told.is_valid(raise_exception=True)
        key = cast(ApiKey, request.auth)  # KeyHasScope let it in
        made = _submitted(told.validated_data, key)
        return Response(DraftInFull(read.listed(None).get(pk=made.pk)).data, status=201)


@extend_schema(tags=["drafts"], summary="Read a draft with its versions and decisions")
class DraftDetail(RetrieveAPIView[Draft]):
    """One draft, with every version and decision."""

    serializer_class = DraftInFull
    scopes = {"GET": Scope.DRAFTS_READ}
    queryset = Draft.objects.none()

    def get_queryset(self) -> QuerySet[Draft]:
        return read.listed(None)


def _submitted(told: dict[str, Any], key: ApiKey) -> Draft:
    """The draft, begun and submitted by the key. Raises Problem (422) for what does not stand."""
    now, about = clock.now(), _about(told)
    try:
        made = drafts.begin(
            about=about, text=told["text"], by=None, key_name=key.name, token=told.get("token"), now=now
        )
        if made.state == "writing":
            drafts.submit(draft=made, version=made.version, by=None, now=now)
    except Refused as refusal:
        raise Problem(422, refusal.code, refusal.words) from refusal
    return made


def _about(told: dict[str, Any]) -> drafts.About:
    mention, incident = _mention(told.get("mention")), _incident(told.get("incident"))
    brands = Brand.objects.filter(name=told["brand"]) if told["brand"] else Brand.objects.order_by("pk")
    brand = incident.brand if incident else brands.first()
    if brand is None:
        raise Problem(422, "no_brand", _("There is no brand of that name."))
    return drafts.About(
        brand=brand, subject=told["subject"], kind=DraftKind.REPLY if mention else DraftKind.STATEMENT,
        network=told["network"], language=told["language"], mention=mention, incident=incident,
    )  # fmt: skip


def _mention(number: int | None) -> Mention | None:
    found = Mention.objects.filter(pk=number).first() if number else None
    if number and found is None:
        raise Problem(422, "no_mention", _("There is no mention of that number."))
    return found


def _incident(number: int | None) -> Incident | None:
    found = incidents.confirmed().filter(number=number, state=IncidentState.OPEN).first() if number else None
    if number and found is None:
        raise Problem(422, "no_incident", _("There is no open incident of that number."))
    return found
