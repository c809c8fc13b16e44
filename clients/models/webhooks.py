"""What happens, told to the client's own tools: where to, what, and what became of each attempt."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.choices import DeliveryState, EndpointStop


class WebhookEndpoint(models.Model):
    """An address of the client's own tool, told of the events that it asks for. The secret is sealed (agency.vault).

    While a secret is being replaced both sign: the one before until `before_until`.
    """

    url = models.URLField(_("address"), max_length=500)
    description = models.CharField(_("what for"), max_length=200, blank=True)
    events = ArrayField(models.CharField(max_length=40), verbose_name=_("events"))
    wants_drills = models.BooleanField(_("drills too"), default=False)
    sealed = models.TextField(editable=False)
    sealed_before = models.TextField(blank=True, editable=False)
    before_until = models.DateTimeField(null=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", verbose_name=_("made by")
    )
    made_at = models.DateTimeField(_("made at"))
    is_active = models.BooleanField(_("active"), default=True)
    stopped_because = models.CharField(_("stopped because"), max_length=9, choices=EndpointStop.choices, blank=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True)
    tell_at = models.DateTimeField(null=True, editable=False)  # when the team is to be written to that it stopped
    quiet_until = models.DateTimeField(null=True, editable=False)  # it asked to be left alone, or does not answer
    last_success_at = models.DateTimeField(_("last success"), null=True)

    class Meta:
        verbose_name = _("webhook endpoint")
        verbose_name_plural = _("webhook endpoints")
        ordering = ("-is_active", "url", "id")

    def __str__(self) -> str:
        return self.description or self.url


class WebhookEvent(models.Model):
    """Something that happened, noted in the same transaction: the outbox. Its number only grows, within a subject.

    `subject` ("incident/12") is what events keep their order within. `facts` never change: each attempt says the same.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("event"), max_length=40)
    subject = models.CharField(max_length=60)
    happened_at = models.DateTimeField(_("happened at"))
    is_drill = models.BooleanField(_("drill"), default=False)
    facts = models.JSONField(_("facts"))
    withheld_at = models.DateTimeField(_("withheld at"), null=True)  # the incident was restricted since

    class Meta:
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
        ordering = ("id",)
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject", "id"], name="webhook_event_by_subject"),
            models.Index(fields=["happened_at"], name="webhook_event_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.subject}"


class WebhookDelivery(models.Model):
    """An event for one endpoint: due, delivered or given up."""

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(WebhookEvent, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(_("state"), max_length=9, choices=DeliveryState.choices, default=DeliveryState.DUE)
    due_at = models.DateTimeField(_("next attempt"))
    claimed_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(_("attempts"), default=0)  # of this round: a replay begins anew
    delivered_at = models.DateTimeField(_("delivered at"), null=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ("-id",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("endpoint", "event", name="an_event_is_told_once_to_an_endpoint"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at"], condition=models.Q(state="due"), name="webhook_delivery_due"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} · {self.event_id}"


class WebhookAttempt(models.Model):
    """One time that it was sent: what was answered, how fast, or what went wrong."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField(_("at"))
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"))
    answer = models.CharField(_("answer"), max_length=1000, blank=True)  # its first characters
    error = models.CharField(_("error"), max_length=20, blank=True)  # a code; clients.webhook_words says it

    class Meta:
        verbose_name = _("webhook attempt")
        verbose_name_plural = _("webhook attempts")
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.delivery_id} · {self.status or self.error}"
