"""Files of mentions: handed in, looked at by a person, then read by a worker while the page says how far it is."""

import csv
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.roles import Can, can
from clients.admin.guard import shown
from clients.choices import ImportState
from clients.listening import tables
from clients.listening.raw import RawMention
from clients.listening.tables.rows import REQUIRED
from clients.models import MentionImport
from clients.selectors import imports as waiting_imports
from clients.services import imports
from clients.tasks import run_import, wake

LISTED = 30
ESSENTIAL = ("text", "published_at", "author_handle", "timezone", "for_all")
FIELD_WORDS = {
    "text": gettext_lazy("Text"),
    "published_at": gettext_lazy("Date"),
    "published_time": gettext_lazy("Hour, when it has a column of its own"),
    "author_handle": gettext_lazy("Account"),
    "author_name": gettext_lazy("Name shown"),
    "author_url": gettext_lazy("Account’s address"),
    "author_bio": gettext_lazy("How the account presents itself"),
    "external_id": gettext_lazy("Number at the source"),
    "title": gettext_lazy("Title"),
    "url": gettext_lazy("Address of the post"),
    "network": gettext_lazy("Network"),
    "followers": gettext_lazy("Followers"),
    "reach": gettext_lazy("Reach"),
    "language": gettext_lazy("Language"),
    "reply_to": gettext_lazy("In reply to"),
    "kind": gettext_lazy("Kind"),
}
SEPARATORS = {
    ",": gettext_lazy("commas"),
    ";": gettext_lazy("semicolons"),
    "\t": gettext_lazy("tabs"),
    "|": gettext_lazy("vertical bars"),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("CSV, TSV or Excel (XLSX) file"),
        help_text=gettext_lazy("100 MB at most. Nothing is taken in before you have looked at it."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,text/csv"}),
    )
    source_name = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        max_length=100,
        help_text=gettext_lazy(
            "Empty: that of the tool which made the file. Under one source no row is ever taken in twice."
        ),
    )


class ColumnsForm(forms.Form):
    """One list of columns a field; the guesses are chosen beforehand."""

    def __init__(self, *args: Any, header: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "–"), *((name, name) for name in header)]
        for name, words in FIELD_WORDS.items():
            self.fields[name] = forms.ChoiceField(label=words, choices=choices, required=name in REQUIRED)
        zones = [(name, name) for name in sorted(available_timezones())]
        self.fields["timezone"] = forms.ChoiceField(label=_("Time zone of the dates that give none"), choices=zones)
        self.fields["for_all"] = forms.RegexField(
            r"^[a-z0-9_]{0,30}$", label=_("Network of the rows that name none"), required=False,
            help_text=_("x, mastodon, web… in lower case, digits and _"),
        )  # fmt: skip

    def essential(self) -> list[forms.BoundField]:
        return [self[name] for name in ESSENTIAL]

    def other(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in ESSENTIAL]

    def choices(self) -> dict[str, Any]:
        """What `imports.preview` and `imports.start` are told."""
        given = self.cleaned_data
        return {"mapping": self._mapping(), "timezone": given["timezone"], "network": given["for_all"]}

    def _mapping(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in FIELD_WORDS if self.cleaned_data.get(name)}


@require_http_methods(["GET", "POST"])
@needs(Can.IMPORT_MENTIONS)
def import_list(request: HttpRequest) -> HttpResponse:
    """The imports so far, and a new one: the file is looked at, and refused in words when it cannot be read."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = imports.receive(by=person_of(request), timezone=client_of(request).timezone, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("client_admin:import", made.pk)
    listed = MentionImport.objects.select_related("source", "by")[:LISTED]
    status = 422 if form.is_bound and form.errors else 200
    may = can(request.user, client_of(request), Can.EDIT_CLIENT)
    return shown(request, "imports", _("Imports"), form=form, imports=listed, may_open_addresses=may, status=status)


@require_http_methods(["GET", "POST"])
@needs(Can.IMPORT_MENTIONS)
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Columns to check, then how far it is, then what came of it."""
    importing = _import_or_404(pk)
    if importing.state == ImportState.WAITING:
        return _check_columns(request, importing)
    return shown(
        request,
        "import",
        importing.file_name,
        importing=importing,
        is_over=importing.state in {ImportState.DONE, ImportState.FAILED, ImportState.STOPPED},
        percent=round(100 * importing.fraction),
        time_left=waiting_imports.time_left(importing, clock.now()),
        failure=importing.failure.get(_language(), ""),
        problems=[{**problem, "words": problem[_language()]} for problem in importing.problems[:50]],
    )


def _check_columns(request: HttpRequest, importing: MentionImport) -> HttpResponse:
    try:
        layout = tables.sniff(Path(importing.file.path))
    except (tables.TableError, OSError) as error:
        raise Http404 from error  # its file was there when it was received
    chosen = {**importing.mapping, "timezone": importing.timezone, "for_all": importing.network}
    form = ColumnsForm(request.POST or None, header=layout.header, initial=chosen)
    is_look = "look" in request.POST  # other columns, to be seen before anything is taken in
    if form.is_valid() and not is_look and _started(request, importing, form):
        return redirect("client_admin:import", importing.pk)
    return shown(
        request,
        "import_columns",
        importing.file_name,
        importing=importing,
        layout=layout,
        separator=SEPARATORS.get(layout.delimiter, layout.delimiter),
        form=form,
        earlier=imports.last_of_its_shape(importing),
        preview=_preview(importing, form),
        is_open=is_look or bool(form.errors) or not imports.is_complete(importing.mapping),
    )


def _started(request: HttpRequest, importing: MentionImport, form: ColumnsForm) -> bool:
    try:
        imports.start(importing=importing, now=clock.now(), **form.choices())
    except ValidationError as error:
        form.add_error(None, error)
        return False
    wake(run_import, import_id=importing.pk)
    messages.success(request, _("The import has begun: this page says how far it is. You may leave it."))
    return True


def _preview(importing: MentionImport, form: ColumnsForm) -> list[dict[str, Any]]:
    """The first rows as they would be taken in with the columns at hand; none while these do not fit."""
    if form.is_bound:
        chosen = form.choices() if form.is_valid() else {}
    else:
        chosen = {"mapping": importing.mapping, "timezone": importing.timezone, "network": importing.network}
    if not imports.is_complete(chosen.get("mapping", {})):
        return []
    try:
        rows = imports.preview(importing=importing, **chosen)
    except ValidationError:
        return []
    return [
        {"mention": row} if isinstance(row, RawMention) else {"line": row.line, "why": row.words.say(_language())}
        for row in rows
    ]


@require_POST
@needs(Can.IMPORT_MENTIONS)
def import_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stops the import; what it brought so far stays."""
    importing = _import_or_404(pk)
    if imports.stop(importing=importing, now=clock.now()):
        messages.success(request, _("The import is stopped. What it brought so far stays; its file is deleted."))
    return redirect("client_admin:import", importing.pk)


@require_GET
@needs(Can.IMPORT_MENTIONS)
def import_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """Every row left out (the first thousand), as a CSV."""
    importing = _import_or_404(pk)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{importing.pk}-errors.csv"'
    response.write("\ufeff")  # or spreadsheets take it for an old encoding
    rows = csv.writer(response, delimiter=";")
    rows.writerow([_("line"), _("column"), _("why")])
    for problem in importing.problems:
        rows.writerow([problem["line"], _harmless(problem["column"]), _harmless(problem[_language()])])
    return response


def _harmless(cell: str) -> str:
    """A spreadsheet would run what begins like a formula, and the words quote strangers."""
    return f"'{cell}" if cell[:1] in "=+-@\t" and cell else cell


def _language() -> str:
    return "en" if (get_language() or "fr").startswith("en") else "fr"


def _import_or_404(pk: int) -> MentionImport:
    return get_object_or_404(MentionImport.objects.select_related("source", "by"), pk=pk)


client_site.add_section(gettext_lazy("Imports"), "imports", Can.IMPORT_MENTIONS, in_peace=True)
for route, view, name in (
    ("imports/", import_list, "imports"),
    ("imports/<int:pk>/", import_page, "import"),
    ("imports/<int:pk>/erreurs.csv", import_errors, "import_errors"),
    ("imports/<int:pk>/arreter/", import_stop, "import_stop"),
):
    client_site.mount(route, view, name)
