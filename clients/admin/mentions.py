"""The page of one mention: what was said, as it came, what became of it, and all that is known of it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agency import clock
from agency.admin.guard import client_of
from agency.admin.sites import client_site
from agency.models import User
from agency.roles import Can, can
from clients.admin.assessments import shown_presumption
from clients.admin.guard import shown
from clients.admin.knowing import hidden_of
from clients.admin.labels import correction, mark_of, reading_language, shown_label, taken_for_granted
from clients.admin.undoing import toast
from clients.choices import Triage
from clients.listening.display import as_text, is_html
from clients.listening.explaining import explain
from clients.models import Classification, Mention
from clients.selectors import assessments, folds, mentions, watches

LISTED = 10  # of what repeats the mention; the rest is behind the link


@require_GET
def mention(request: HttpRequest, pk: int) -> HttpResponse:
    """`?retour=` the address of the list that one came from."""
    subject = mentions.whole(pk)
    if subject is None:
        raise Http404
    return shown(
        request,
        "mention",
        _("Mention of %(who)s") % {"who": subject.author or _("no account")},
        mention=subject,
        mark=mark_of(subject.intent),
        back=_back(request),
        toast=toast(request),
        folds=folds.folds_of([pk]).get(pk),
        folded=list(folds.folded_under(pk).defer("original")[:LISTED]),
        reply_to=mentions.in_reply_to(subject),
        run=mentions.run_of(subject),
        caught=_caught(subject),
        triage=Triage(hidden_of(request).triage_of(subject)).label,
        answers=(client_site.offered("answers", request) or _no_answers)(subject.pk),
        may_sort=can(request.user, client_of(request), Can.TRIAGE),
        may_forget=_may_be_forgotten(subject) and can(request.user, client_of(request), Can.EDIT_CLIENT),
        **_who(subject),
        **_words(subject),
        **_history(subject),
    )


def _no_answers(_mention: int) -> list[tuple[str, str]]:
    """Nobody above us prepares answers."""
    return []


def _who(subject: Mention) -> dict[str, Any]:
    """What its author presumably is, and the author's page; an erased account has neither."""
    if not _may_be_forgotten(subject):
        return {}
    found = assessments.held(assessments.of_author(subject.author, clock.now()))
    page = reverse("client_admin:account", args=[subject.author_id])
    return {"presumption": shown_presumption(found), "account_page": page}


def _may_be_forgotten(subject: Mention) -> bool:
    return subject.author is not None and subject.author.erased_at is None


def _back(request: HttpRequest) -> str:
    wanted, home = request.GET.get("retour", ""), reverse("client_admin:sort")
    is_ours = wanted.startswith(home) and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if is_ours else home


def _words(subject: Mention) -> dict[str, Any]:
    """What came, when it differs from what is shown; and each version beside the one that followed it."""
    original = as_text(subject.original) if subject.original else ""
    versions = list(subject.versions.all())
    following = [*((one.title, one.text) for one in versions[1:]), (subject.title, subject.text)]
    return {
        "original": original,
        "original_is_html": is_html(original),
        "versions": [
            {"was": _whole(was.title, was.text), "became": _whole(*after), "until": was.seen_until}
            for was, after in zip(versions, following, strict=False)
        ][::-1],
    }


def _whole(title: str, text: str) -> str:
    return f"{title}\n{text}" if title and not text.startswith(title) else text


def _caught(subject: Mention) -> list[dict[str, Any]]:
    """Each watch that caught the mention, and why; its words may have changed since, which the reasons then say."""
    handle, whole = subject.author.handle if subject.author else "", _whole(subject.title, subject.text)
    found = []
    for hit in subject.hits.select_related("watch__brand").order_by("watch__brand__name", "watch__name", "pk"):
        told = explain(watches.wanted_of(hit.watch), whole, handle, subject.language)
        reasons = [words.say(reading_language()) for words in told.reasons]
        found.append({"watch": hit.watch, "told": told, "reasons": reasons, "is_counted": hit.is_counted})
    return found


def _history(subject: Mention) -> dict[str, Any]:
    """Every label that was ever put, the last first; which of them count."""
    labels: list[Classification] = list(subject.classifications.order_by("-created_at", "-pk"))
    people = User.objects.in_bulk({label.by_id for label in labels if label.by_id})
    told = mentions.labels_of(subject)
    counting = {label.pk for label in told.values()}
    shown_ones = [
        {**shown_label(label), "by": people.get(label.by_id or 0), "counts": label.pk in counting} for label in labels
    ]
    return {"labels": shown_ones, "taken": taken_for_granted(told), "correction": correction(subject, told)}


client_site.mount("tri/mentions/<int:pk>/", mention, "mention")
