"""A watch tried before it is saved: what it would catch of what was said last, and what each network would be sent."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from agency.admin.guard import client_of
from agency.admin.sites import client_site
from agency.numbers import whole_number
from agency.roles import Can, can
from clients.admin.brands import WORDS
from clients.admin.guard import shown
from clients.admin.labels import reading_language
from clients.admin.words import LanguagesField, WordsField
from clients.listening.matching import Wanted
from clients.models import Watch
from clients.selectors import trial
from clients.selectors.watches import wanted_of

LIST_WORDS = {
    trial.CAUGHT: _("Caught"),
    trial.LEFT: _("Left"),
    trial.GAINED: _("New with these words"),
    trial.LOST: _("Lost with these words"),
}
LONGEST = 2_000  # characters a box: an address has to hold them


class WordsForm(forms.Form):
    """The words of a watch, as its own page asks for them."""

    def __init__(self, words: dict[str, str]) -> None:
        super().__init__(words, label_suffix="")
        for name in WORDS:
            field = Watch._meta.get_field(name)
            of = LanguagesField if name == "languages" else WordsField
            widget = forms.TextInput(attrs={"maxlength": LONGEST})
            self.fields[name] = of(label=str(field.verbose_name).capitalize(), widget=widget)  # type: ignore[union-attr]

    def wanted(self, watch: Watch | None) -> Wanted:
        """What is written, as the matching wants it; a list that cannot be read counts as empty."""
        lists = {name: tuple(self.cleaned_data.get(name) or ()) for name in WORDS}
        return Wanted(watch_id=watch.pk if watch else 0, **lists)


@require_http_methods(["GET", "POST"])
def try_out(request: HttpRequest) -> HttpResponse:
    """`?requete=` a saved watch to compare with; the words to try in the parameters of their names; `montrer=` a list.

    A POST from the watch's own page leads to the address that says the same.
    """
    given = request.POST if request.method == "POST" else request.GET
    watch = _watch(str(given.get("requete", "")))
    words = {name: str(given.get(name, ""))[:LONGEST].replace("\0", "") for name in WORDS}
    if request.method == "POST":
        return redirect(_address(watch, words))
    if watch and not any(name in request.GET for name in WORDS):
        words = {name: ", ".join(getattr(watch, name)) for name in WORDS}
    listed = request.GET.get("montrer", trial.CAUGHT)
    if listed not in trial.LISTS:
        raise Http404
    return shown(request, "watch_test", str(_("Try a watch")), **_page(request, watch, words, listed))


def _watch(number: str) -> Watch | None:
    if not number:
        return None
    wanted = whole_number(number)
    if wanted is None:
        raise Http404
    return get_object_or_404(Watch.objects.select_related("brand"), pk=wanted)


def _address(watch: Watch | None, words: dict[str, str], listed: str = "") -> str:
    query = {**({"requete": watch.pk} if watch else {}), **words, **({"montrer": listed} if listed else {})}
    return f"{reverse('client_admin:watch_test')}?{urlencode(query)}"


def _page(request: HttpRequest, watch: Watch | None, words: dict[str, str], listed: str) -> dict[str, Any]:
    form = WordsForm(words)
    form.is_valid()
    wanted = form.wanted(watch)
    saved = wanted_of(watch) if watch else None
    tried = trial.trial(wanted, saved, listed)
    language = reading_language()
    keep = (
        reverse("client_admin:clients_watch_change", args=[watch.pk])
        if watch
        else reverse("client_admin:clients_watch_add")
    )
    return {
        "watch": watch,
        "form": form,
        "tried": tried,
        "lists": [
            {
                "words": LIST_WORDS[name],
                "count": tried.counts[name],
                "address": _address(watch, words, name),
                "is_current": name == listed,
            }
            for name in (trial.LISTS if saved else trial.LISTS[:2])
        ],
        "listed": LIST_WORDS[listed],
        "rows": [
            {"mention": row.mention, "told": row.told, "reasons": [why.say(language) for why in row.told.reasons]}
            for row in tried.rows
        ],
        "plans": [
            {
                "name": name,
                "queries": plan.queries,
                "takes_all": plan.takes_all,
                "unsaid": [why.say(language) for why in plan.unsaid],
            }
            for name, plan in trial.plans(wanted)
        ],
        "changes": saved is not None and any(tried.counts[name] for name in (trial.GAINED, trial.LOST)),
        "keep": f"{keep}?{urlencode(words)}",
        "may_change": can(request.user, client_of(request), Can.EDIT_CLIENT),
    }


client_site.mount("clients/watch/essayer/", try_out, "watch_test")
