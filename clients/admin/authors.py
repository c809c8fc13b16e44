"""Accounts that ask to be forgotten: found, looked at, erased; and the list of those that were."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from agency import clock
from agency.admin.guard import needs, person_of
from agency.admin.sites import client_site
from agency.roles import Can
from clients.admin.guard import shown
from clients.models import Author
from clients.selectors import authors as accounts
from clients.services import authors


class ErasureForm(forms.Form):
    erases_words = forms.TypedChoiceField(
        label=gettext_lazy("What goes"),
        choices=[
            ("", gettext_lazy("The name only: what it said stays, without an author")),
            ("yes", gettext_lazy("The name and the words: only the count of mentions stays")),
        ],
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]  # the stubs know texts only
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with the erasure: do not write the account’s name here."),
    )
    is_sure = forms.BooleanField(
        label=gettext_lazy("I know that this cannot be undone"),
        error_messages={"required": gettext_lazy("Tick this box: an erasure cannot be undone.")},
    )


@require_GET
@needs(Can.EDIT_CLIENT)
def forgotten(request: HttpRequest) -> HttpResponse:
    """Finds an account by its handle, name or address, and lists what was erased so far."""
    words = request.GET.get("q", "").replace("\0", "")[:200]
    return shown(
        request,
        "forgotten",
        _("Accounts to forget"),
        words=words,
        found=accounts.found(words),
        suppressions=list(accounts.suppressions()[:100]),
    )


@require_http_methods(["GET", "POST"])
@needs(Can.EDIT_CLIENT)
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Says what would go, and erases once a reason is given."""
    author = get_object_or_404(Author, pk=pk, erased_at__isnull=True)
    form = ErasureForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _erased(request, author, form):
        messages.success(request, _("The account is erased. What it publishes later will come in without a name."))
        return redirect("client_admin:forgotten")
    return shown(
        request,
        "forget",
        _("Erase an account"),
        status=422 if request.method == "POST" else 200,
        author=author,
        traces=accounts.traces_of(author),
        form=form,
    )


def _erased(request: HttpRequest, author: Author, form: ErasureForm) -> bool:
    try:
        authors.erase(
            author=author,
            by=person_of(request),
            reason=form.cleaned_data["reason"],
            erases_words=form.cleaned_data["erases_words"],
            now=clock.now(),
        )
    except ValidationError as error:
        form.add_error(None, error.messages)  # type: ignore[arg-type]
        return False
    return True


client_site.mount("comptes-effaces/", forgotten, "forgotten")
client_site.mount("comptes-effaces/<int:pk>/", forget, "forget")
