"""Adding a source as a newcomer would: choose a kind, fill in its form, hear its answer, keep it. Then changing it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agency import clock, outgoing
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.roles import Can
from clients.admin.forms import SourceForm
from clients.admin.guard import back_to, shown
from clients.admin.kinds import cards
from clients.listening.collectors import registry
from clients.listening.collectors.protocol import Collector
from clients.models import Source
from clients.services import sources
from clients.services.sources import Trial, Wish
from clients.tasks import listen_soon


@require_GET
@needs(Can.EDIT_CLIENT)
def choose(request: HttpRequest) -> HttpResponse:
    """What can be listened to, with what each takes."""
    language = get_language() or "fr"
    groups = [(label, [(card, card.name.say(language)) for card in group]) for label, group in cards()]
    return shown(request, "source_kinds", _("Add a source"), groups=groups)


@require_http_methods(["GET", "POST"])
@needs(Can.EDIT_CLIENT)
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of that kind; what is filled in is tried before it is kept."""
    collector = _collector(kind)
    form = SourceForm(request.POST if request.method == "POST" else None, collector=collector)
    if form.is_valid():
        trial = _try(form)
        if trial is not None:
            try:
                made = sources.add(
                    wish=form.wish(),
                    client=client_of(request),
                    by=person_of(request),
                    now=clock.now(),
                    session=trial.session,
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return _kept(request, made, trial)
    name = collector.name.say(get_language() or "fr")
    return _form(request, form, _("Add: %(kind)s") % {"kind": name}, gesture=_("Try it and keep it"))


@require_http_methods(["GET", "POST"])
@needs(Can.EDIT_CLIENT)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """The same form with what is kept, secrets apart; changed, it is tried again."""
    source = get_object_or_404(Source, pk=pk)
    collector = _collector(source.kind)
    kept = sources.secret_names(source.kind) & sources.kept_secrets(source).keys()
    form = SourceForm(
        request.POST if request.method == "POST" else None, collector=collector, source=source, kept=frozenset(kept)
    )
    if form.is_valid():
        trial = _try(form, source)
        if trial is not None:
            try:
                sources.correct(
                    source=source,
                    wish=form.wish(),
                    client=client_of(request),
                    by=person_of(request),
                    now=clock.now(),
                    session=trial.session,
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return _kept(request, source, trial)
    return _form(request, form, _("Correct: %(name)s") % {"name": source.name}, gesture=_("Keep"), source=source)


@require_POST
@needs(Can.TRIAGE)
def read(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Source, pk=pk)
    if sources.read_now(source=source, now=clock.now()):
        listen_soon()
        messages.success(request, _("%(name)s is being read.") % {"name": source.name})
    else:
        messages.warning(request, _("%(name)s is stopped, or is not read by us.") % {"name": source.name})
    return redirect(back_to(request, _page(source)))


@require_POST
@needs(Can.EDIT_CLIENT)
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Source, pk=pk)
    sources.pause(source=source, client=client_of(request), by=person_of(request), now=clock.now())
    messages.success(request, _("%(name)s is paused: nothing is heard there until you resume.") % {"name": source.name})
    return redirect(back_to(request, _page(source)))


@require_POST
@needs(Can.EDIT_CLIENT)
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    source = get_object_or_404(Source, pk=pk)
    sources.resume(source=source, client=client_of(request), by=person_of(request), now=clock.now())
    listen_soon()
    messages.success(request, _("%(name)s is listened to again.") % {"name": source.name})
    return redirect(back_to(request, _page(source)))


@require_POST
@needs(Can.EDIT_CLIENT)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Only what never brought anything is removed."""
    source = get_object_or_404(Source, pk=pk)
    try:
        sources.remove(source=source, client=client_of(request), by=person_of(request), now=clock.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(_page(source))
    messages.success(request, _("%(name)s is removed.") % {"name": source.name})
    return redirect("client_admin:ears")


def _collector(kind: str) -> Collector:
    if kind not in registry.COLLECTORS:
        raise Http404
    return registry.COLLECTORS[kind]


def _page(source: Source) -> str:
    return reverse("client_admin:ear", args=[source.pk])


def _try(form: SourceForm, source: Source | None = None) -> Trial | None:
    """The answer to keep the source with; None when it did not answer and the person did not insist."""
    wish: Wish = form.wish()
    trial = sources.try_out(wish=wish, source=source, http=outgoing.door(), now=clock.now())
    if trial.words is None or form.cleaned_data["keep_anyway"]:
        return trial
    form.refuse(trial.code, trial.words.say(get_language() or "fr"))
    return None


def _form(
    request: HttpRequest, form: SourceForm, title: str, *, gesture: str, source: Source | None = None
) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    price = form.collector.unit_price
    return shown(
        request, "source_form", title, form=form, gesture=gesture, source=source, price=price, status=status,
        has_failed=form.is_bound and bool(form.errors), trial_units=sources.TRIAL_UNITS,
    )  # fmt: skip


def _kept(request: HttpRequest, source: Source, trial: Trial) -> HttpResponse:
    listen_soon()
    if trial.words is not None:
        messages.warning(request, _("Kept although it does not answer: it will be tried again."))
    else:
        messages.success(request, _answer(trial))
    return redirect("client_admin:ear", source.pk)


def _answer(trial: Trial) -> SafeString:
    """How many it brought, and the first three, as strangers wrote them."""
    count = trial.count or 0
    if not count:
        return format_html("{}", _("It answers, and has nothing new to say. It is being read."))
    words = ngettext(
        "It answers: %(count)d mention. It is being read.", "It answers: %(count)d mentions. It is being read.", count
    ) % {"count": count}
    lines = ((one.who, " · " if one.who else "", one.text) for one in trial.first)
    return format_html("{}<ul>{}</ul>", words, format_html_join("", "<li>{}{}« {} »</li>", lines))


for route, view, name in (
    ("ecoute/ajouter/", choose, "ear_choose"),
    ("ecoute/ajouter/<slug:kind>/", add, "ear_add"),
    ("ecoute/<int:pk>/corriger/", correct, "ear_correct"),
    ("ecoute/<int:pk>/relever/", read, "ear_read"),
    ("ecoute/<int:pk>/pause/", pause, "ear_pause"),
    ("ecoute/<int:pk>/reprendre/", resume, "ear_resume"),
    ("ecoute/<int:pk>/retirer/", remove, "ear_remove"),
):
    client_site.mount(route, view, name)
