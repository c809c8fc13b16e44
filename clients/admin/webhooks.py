"""Webhooks: made, tried, stopped, their secrets replaced, and what became of each message."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agency import clock, outgoing
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.roles import Can
from clients.admin import webhook_words
from clients.admin.guard import shown
from clients.choices import DeliveryState
from clients.models import WebhookDelivery, WebhookEndpoint
from clients.selectors import webhooks as read
from clients.services import webhook_replays, webhook_sending, webhooks

KEPT_DAYS = webhook_replays.KEPT.days


class WebhookForm(forms.Form):
    """An address, what it is told of, and what for."""

    url = forms.CharField(
        label=gettext_lazy("Address"), max_length=500, widget=forms.URLInput,
        help_text=gettext_lazy("Of the client’s own tool: https, answered with a 2xx within 15 seconds."),
    )  # fmt: skip
    description = forms.CharField(label=gettext_lazy("What for"), max_length=200, required=False)
    events = forms.MultipleChoiceField(
        label=gettext_lazy("Events"), choices=webhook_words.kinds, widget=forms.CheckboxSelectMultiple
    )
    wants_drills = forms.BooleanField(
        label=gettext_lazy("Drills too"), required=False, help_text=gettext_lazy("They are marked: \"drill\": true.")
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs(Can.MANAGE_KEYS)
@never_cache
def webhook_list(request: HttpRequest) -> HttpResponse:
    """The client's webhooks, and a new one; its secret is shown once."""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = webhooks.make(
                client=client_of(request), by=person_of(request), now=clock.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _secret_shown(request, made, secret)
    rows = [(one, _host(one)) for one in read.endpoints()]
    status = 422 if form.is_bound else 200
    return shown(request, "webhooks", _("Webhooks"), form=form, rows=rows, status=status)


@require_http_methods(["GET", "POST"])
@needs(Can.MANAGE_KEYS)
@never_cache
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook: how it is, what it was told, what it is told of."""
    endpoint = get_object_or_404(read.endpoints(), pk=pk)
    form = WebhookForm(request.POST) if request.method == "POST" else WebhookForm(initial=_values(endpoint))
    if request.method == "POST" and form.is_valid():
        try:
            webhooks.change(
                endpoint=endpoint, client=client_of(request), by=person_of(request), now=clock.now(),
                **form.cleaned_data,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Kept, for what happens from now on."))
            return redirect("client_admin:webhook", pk)
    return _shown(request, endpoint, form, 422 if form.is_bound else 200)


@require_POST
@needs(Can.MANAGE_KEYS)
def webhook_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends a message that says nothing, now, and says what came of it."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    delivery = webhook_replays.begin_test(
        endpoint=endpoint, client=client_of(request), by=person_of(request), now=clock.now()
    )
    letter = webhook_sending.claim_one(delivery=delivery, now=clock.now())
    if letter is not None:
        answer = webhook_sending.send(letter, outgoing.webhook_door(), clock.now)
        webhook_sending.note(letter=letter, answer=answer, now=clock.now())
    last = delivery.attempts.first()
    words = webhook_words.attempt_in_words(last) if last else _("It could not be sent.")
    tell = messages.success if last and not last.error else messages.warning
    tell(request, _("Test: %(words)s.") % {"words": words})
    return redirect("client_admin:webhook", pk)


@require_POST
@needs(Can.MANAGE_KEYS)
@never_cache
def webhook_rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret, shown this once; for a day both sign."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    changed, secret = webhooks.rotate(
        endpoint=endpoint, client=client_of(request), by=person_of(request), now=clock.now()
    )
    return _secret_shown(request, changed, secret)


@require_POST
@needs(Can.MANAGE_KEYS)
def webhook_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """It is told nothing any more."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    webhooks.stop(endpoint=endpoint, client=client_of(request), by=person_of(request), now=clock.now())
    messages.success(request, _("Stopped: it is told nothing any more. What waits for it waits on."))
    return redirect("client_admin:webhook", pk)


@require_POST
@needs(Can.MANAGE_KEYS)
def webhook_start(request: HttpRequest, pk: int) -> HttpResponse:
    """It is told again."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    webhooks.start(endpoint=endpoint, client=client_of(request), by=person_of(request), now=clock.now())
    messages.success(request, _("Started: what waited for it leaves now."))
    return redirect("client_admin:webhook", pk)


@require_POST
@needs(Can.MANAGE_KEYS)
def webhook_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Its address, its secret and its deliveries go."""
    endpoint = get_object_or_404(WebhookEndpoint, pk=pk)
    webhooks.remove(endpoint=endpoint, client=client_of(request), by=person_of(request), now=clock.now())
    messages.success(request, _("Removed."))
    return redirect("client_admin:webhooks")


@require_POST
@needs(Can.MANAGE_KEYS)
def webhook_replay_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was given up, of what is still kept, leaves again."""
    endpoint, now = get_object_or_404(WebhookEndpoint, pk=pk), clock.now()
    since = now - timedelta(days=KEPT_DAYS)
    count = webhook_replays.replay_failed(
        endpoint=endpoint, since=since, client=client_of(request), by=person_of(request), now=now
    )
    words = ngettext("%(count)d message leaves again.", "%(count)d messages leave again.", count)
    messages.success(request, words % {"count": count})
    return redirect("client_admin:webhook", pk)


@require_POST
@needs(Can.MANAGE_KEYS)
def webhook_replay(request: HttpRequest, pk: int) -> HttpResponse:
    """One message leaves again, under the same number."""
    delivery = get_object_or_404(WebhookDelivery, pk=pk)
    try:
        webhook_replays.replay(delivery=delivery, client=client_of(request), by=person_of(request), now=clock.now())
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    else:
        messages.success(request, _("It leaves again, under the same message number."))
    return redirect("client_admin:webhook", delivery.endpoint_id)


def _shown(request: HttpRequest, endpoint: WebhookEndpoint, form: WebhookForm, status: int) -> HttpResponse:
    state = request.GET.get("etat", "")
    told, client = read.told(endpoint, state), client_of(request)
    context: dict[str, Any] = {
        "endpoint": endpoint,
        "host": _host(endpoint),
        "form": form,
        "rows": [webhook_words.row_of(one, client.schema_name) for one in told.shown],
        "more": max(0, told.count - len(told.shown)),
        "states": [("", _("All")), *DeliveryState.choices],
        "state": state if state in DeliveryState.values else "",
        "both_sign": endpoint.before_until is not None and endpoint.before_until > clock.now(),
        "kept_days": KEPT_DAYS,
    }  # fmt: skip
    return shown(request, "webhook", str(endpoint), status=status, **context)


def _secret_shown(request: HttpRequest, endpoint: WebhookEndpoint, secret: str) -> HttpResponse:
    """This once; it goes through no session, no message and no address."""
    return shown(request, "webhook_secret", str(endpoint), endpoint=endpoint, secret=secret, host=_host(endpoint))


def _values(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {name: getattr(endpoint, name) for name in ("url", "description", "events", "wants_drills")}


def _host(endpoint: WebhookEndpoint) -> str:
    return urlsplit(endpoint.url).hostname or endpoint.url


for route, view, name in (
    ("webhooks/", webhook_list, "webhooks"),
    ("webhooks/<int:pk>/", webhook, "webhook"),
    ("webhooks/<int:pk>/tester/", webhook_test, "webhook_test"),
    ("webhooks/<int:pk>/secret/", webhook_rotate, "webhook_rotate"),
    ("webhooks/<int:pk>/arreter/", webhook_stop, "webhook_stop"),
    ("webhooks/<int:pk>/reprendre/", webhook_start, "webhook_start"),
    ("webhooks/<int:pk>/retirer/", webhook_remove, "webhook_remove"),
    ("webhooks/<int:pk>/renvoyer/", webhook_replay_failed, "webhook_replay_failed"),
    ("webhooks/messages/<int:pk>/renvoyer/", webhook_replay, "webhook_replay"),
):
    client_site.mount(route, view, name)
client_site.add_section(pgettext_lazy("room", "Webhooks"), "webhooks", Can.MANAGE_KEYS, in_peace=True)
