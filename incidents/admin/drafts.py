"""Drafts: their list, the page of one, its words, who agrees to them, where they were published."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.numbers import whole_number
from agency.roles import Can, can
from clients.models import Mention, Position
from clients.selectors import mentions, positions
from incidents import approval, networks
from incidents.admin.draft_forms import DraftForm, PublishedForm, RewordForm
from incidents.admin.guard import errors_as_message, tried
from incidents.admin.page import shown
from incidents.choices import DraftState, Network
from incidents.models import Draft, Incident
from incidents.selectors import drafts as read
from incidents.selectors.gate import seen_by
from incidents.services import approvals, drafts
from incidents.services.refusals import Refused

LISTED = 50


def draft_or_404(request: HttpRequest, pk: int) -> Draft:
    """The only door to a draft's pages; those of an incident that the person may not know of are not there."""
    return get_object_or_404(read.listed(person_of(request)), pk=pk)


@require_GET
def draft_list(request: HttpRequest) -> HttpResponse:
    """What waits for this person, what waits for others, what is to publish, what is left unanswered, what is past."""
    person = person_of(request)
    alive = list(read.alive(person)[: 4 * LISTED])
    mine = [one.version.draft_id for one in read.waiting_for(person)]
    groups = [
        (_("Waits for you"), [one for one in alive if one.pk in mine]),
        (_("To publish"), [one for one in alive if one.state == DraftState.APPROVED]),
        (_("Waits for somebody else"), [one for one in alive if one.state == "waiting" and one.pk not in mine]),
        (_("To write on"), [one for one in alive if one.state in {DraftState.WRITING, DraftState.REFUSED}]),
        (_("Published or withdrawn"), list(read.listed(person).exclude(state__in=read.ALIVE)[:LISTED])),
    ]
    return shown(
        request,
        "drafts/list",
        _("Drafts"),
        groups=[one for one in groups if one[1]],
        silences=list(read.silences(person)[:LISTED]),
        may_run=can(person, client_of(request), Can.RUN_INCIDENT),
    )


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def draft_new(request: HttpRequest) -> HttpResponse:
    """`?mention=`, `?incident=`, `?position=` say what it begins from; `submit` also asks for its approval."""
    mention, incident = _mention(request), _incident(request)
    form = DraftForm(
        request.POST if request.method == "POST" else None, incident=incident, initial=_start(request, mention)
    )
    if request.method == "POST":
        by, now = person_of(request), clock.now()
        made = tried(
            form,
            lambda: drafts.begin(
                about=form.about(mention, incident), text=form.cleaned_data["text"], by=by, now=now,
                token=form.cleaned_data["token"],
            ),
        )  # fmt: skip
        if made is not None:
            return _then_submit(request, made)
    answer = shown(
        request, "drafts/new", _("Write a reply") if mention else _("Write a statement"), form=form, mention=mention,
        incident=incident,
    )  # fmt: skip
    answer.status_code = 422 if form.is_bound else 200
    return answer


def _then_submit(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Back to the draft; submitted at once when the button said so."""
    if "submit" not in request.POST or draft.state != DraftState.WRITING:
        messages.success(request, _("Kept. Submit it when the words are right."))
        return redirect("client_admin:draft", draft.pk)
    by = person_of(request)
    act = lambda: drafts.submit(draft=draft, version=draft.version, by=by, now=clock.now())  # noqa: E731
    return _acted(request, draft, act, _("Submitted: those asked are written to."))


@require_GET
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """One draft: its words, what they answer, who has to agree, what was decided."""
    return shown(request, "drafts/draft", _("Draft"), **_page(request, draft_or_404(request, pk)))


def _page(request: HttpRequest, one: Draft) -> dict[str, Any]:
    person, paper = person_of(request), read.paper_of(one)
    versions = list(one.versions.all())
    now, signer = clock.now(), read.signer_of(person)
    refusal = approval.why_not(paper, signer)
    last = paper.given[-1] if paper.given else None
    return {
        "draft": one,
        "words": versions[0],
        "length": networks.length(versions[0].text, one.network),
        "history": list(zip(versions, [*versions[1:], None], strict=True)),
        "steps": read.asked(one, now),
        "will_ask": read.policy_steps(one.brand, read.case_of(one.incident)) if one.state == "writing" else [],
        "decisions": list(read.decisions(one)[:LISTED]),
        "may_decide": not refusal,
        "is_own": refusal == "own",
        "may_take_back": last is not None and last.signer == signer.key and one.state in read.ALIVE,
        "may_run": can(person, client_of(request), Can.RUN_INCIDENT),
        "is_alive": one.state in read.ALIVE,
        "publishing": PublishedForm() if one.state == DraftState.APPROVED else None,
        "silence": read.silence_of(one.mention_id, person) if one.mention_id else None,
    }


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def draft_words(request: HttpRequest, pk: int) -> HttpResponse:
    """New words. When somebody changed them meanwhile, what was typed stays, beside the words as they are now."""
    one = draft_or_404(request, pk)
    words = read.latest(one)
    form = RewordForm(
        request.POST if request.method == "POST" else None, initial={"text": words.text, "version": one.version}
    )
    if request.method == "POST":
        by, now = person_of(request), clock.now()
        made = tried(
            form,
            lambda: drafts.reword(
                draft=one, text=form.cleaned_data["text"], why=form.cleaned_data["why"],
                version=form.cleaned_data["version"], by=by, now=now,
            ),
        )  # fmt: skip
        if made is not None:
            return _then_submit(request, made)
        typed = request.POST.copy()  # the second time it begins from the words that stand now
        typed["version"] = str(one.version)
        form.data = typed
    answer = shown(request, "drafts/words", _("Change the words"), form=form, draft=one, words=words)
    answer.status_code = 422 if form.is_bound else 200
    return answer


@require_POST
@needs(Can.RUN_INCIDENT)
def draft_length(request: HttpRequest) -> HttpResponse:
    """How long what is being typed is for the network chosen: a piece of page."""
    text, network = request.POST.get("text", "")[: 2 * drafts.LONGEST], request.POST.get("network", "")
    names = dict(Network.choices)
    context = {"length": networks.length(text, network), "network": names.get(network, "")}
    return render(request, "incidents/drafts/_length.html", context)


@require_POST
@needs(Can.RUN_INCIDENT)
def draft_submit(request: HttpRequest, pk: int) -> HttpResponse:
    one, by, version = draft_or_404(request, pk), person_of(request), _version(request)
    act = lambda: drafts.submit(draft=one, version=version, by=by, now=clock.now())  # noqa: E731
    return _acted(request, one, act, _("Submitted: those asked are written to."))


@require_POST
def draft_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """`version`: the number of the words that were read; others are not approved by mistake."""
    return _decide(request, pk, _("Approved, signed with your name. It can be taken back until somebody acts on it."))


@require_POST
def draft_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """With a note, which who wrote the words reads."""
    return _decide(request, pk, _("Refused, with your note."), is_yes=False)


def _decide(request: HttpRequest, pk: int, words: str, *, is_yes: bool = True) -> HttpResponse:
    one, by, version = draft_or_404(request, pk), read.signer_of(person_of(request)), _version(request)
    given = {"version": version, "is_yes": is_yes, "said": request.POST.get("said", "") if not is_yes else ""}
    return _acted(request, one, lambda: approvals.decide(draft=one, by=by, now=clock.now(), **given), words)  # type: ignore[arg-type]


@require_POST
def draft_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    one, by = draft_or_404(request, pk), read.signer_of(person_of(request))
    act = lambda: approvals.take_back(draft=one, by=by, now=clock.now())  # noqa: E731
    return _acted(request, one, act, _("Taken back: decide again when you are ready."))


@require_POST
@needs(Can.RUN_INCIDENT)
def draft_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    one, by = draft_or_404(request, pk), person_of(request)
    act = lambda: drafts.withdraw(draft=one, by=by, now=clock.now())  # noqa: E731
    return _acted(request, one, act, _("Withdrawn: nobody is asked any more. It can be brought back below."))


@require_POST
@needs(Can.RUN_INCIDENT)
def draft_bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    one, by = draft_or_404(request, pk), person_of(request)
    act = lambda: drafts.bring_back(draft=one, by=by, now=clock.now())  # noqa: E731
    return _acted(request, one, act, _("Brought back: submit it again when the words are right."))


@require_POST
@needs(Can.RUN_INCIDENT)
def draft_published(request: HttpRequest, pk: int) -> HttpResponse:
    """A person posted it, and says where and when."""
    one, by, now, form = draft_or_404(request, pk), person_of(request), clock.now(), PublishedForm(request.POST)
    if not form.is_valid():
        errors_as_message(request, form)
        return redirect("client_admin:draft", pk)
    given = {"url": form.cleaned_data["url"], "at": form.cleaned_data["at"] or now, "version": _version(request)}
    return _acted(request, one, lambda: drafts.publish(draft=one, by=by, now=now, **given), _("Kept as published."))


def _acted(request: HttpRequest, one: Draft, act: Callable[[], object], words: str) -> HttpResponse:
    """Back to the draft, with what was done or why it was not."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, refusal.words)
    else:
        messages.success(request, words)
    return redirect("client_admin:draft", one.pk)


def _version(request: HttpRequest) -> int:
    return whole_number(request.POST.get("version", "")) or 0


def _asked_for(request: HttpRequest, name: str) -> int | None:
    return whole_number(request.POST.get(name, "") or request.GET.get(name, ""))


def _mention(request: HttpRequest) -> Mention | None:
    number = _asked_for(request, "mention")
    return get_object_or_404(Mention.objects.select_related("author", "source"), pk=number) if number else None


def _incident(request: HttpRequest) -> Incident | None:
    number = _asked_for(request, "incident")
    seen = Incident.objects.filter(seen_by(person_of(request))).select_related("brand")
    return get_object_or_404(seen, number=number) if number else None


def _start(request: HttpRequest, mention: Mention | None) -> dict[str, Any]:
    """What the form begins with: the position chosen, or the one that fits the mention best, and its short words."""
    if mention is None:
        return {}
    language = mention.language if mention.language in {"fr", "en"} else client_of(request).language
    brand = mentions.brands_of(mention).first()
    position = _position(request, mention)
    subject = _("Reply to %(who)s") % {"who": mention.author} if mention.author else _("Reply to a mention")
    start: dict[str, Any] = {"subject": subject[:160], "language": language, "brand": brand}
    network = mention.author.network if mention.author else ""
    start["network"] = network if network in Network.values else ""
    if position is not None:
        start |= {"position": position, "text": drafts.read_words(position, language)}
    return start


def _position(request: HttpRequest, mention: Mention) -> Position | None:
    usable = positions.usable(timezone.localdate())
    chosen = _asked_for(request, "position")
    if chosen:
        return usable.filter(pk=chosen).first()
    found = positions.fitting(f"{mention.title}\n{mention.text}", usable)
    return found[0][0] if found else None


def _answers(request: HttpRequest) -> Callable[[int], list[tuple[str, str]]]:
    """What the page of a mention says of the answers to it: each in words, and the page where it is."""

    def told(mention: int) -> list[tuple[str, str]]:
        person = person_of(request)
        shown_here = read.listed(person).filter(mention=mention).exclude(state=DraftState.WITHDRAWN)[:5]
        found = [
            (f"{one.get_state_display()}: {one.subject}", reverse("client_admin:draft", args=[one.pk]))
            for one in shown_here
        ]
        silence = read.silence_of(mention, person)
        if silence is not None:
            words = _("Left unanswered by %(name)s: %(reason)s") % {"name": silence.by, "reason": silence.reason}
            found.append((words, reverse("client_admin:drafts") + f"#silence-{silence.pk}"))
        return found

    return told


client_site.offer("answers", _answers)
client_site.add_section(gettext_lazy("Drafts"), "drafts", Can.READ_DESK)
for route, view, name in (
    ("brouillons/", draft_list, "drafts"),
    ("brouillons/nouveau/", draft_new, "draft_new"),
    ("brouillons/longueur/", draft_length, "draft_length"),
    ("brouillons/<int:pk>/", draft, "draft"),
    ("brouillons/<int:pk>/mots/", draft_words, "draft_words"),
    ("brouillons/<int:pk>/soumettre/", draft_submit, "draft_submit"),
    ("brouillons/<int:pk>/valider/", draft_approve, "draft_approve"),
    ("brouillons/<int:pk>/refuser/", draft_refuse, "draft_refuse"),
    ("brouillons/<int:pk>/revenir/", draft_take_back, "draft_take_back"),
    ("brouillons/<int:pk>/retirer/", draft_withdraw, "draft_withdraw"),
    ("brouillons/<int:pk>/reprendre/", draft_bring_back, "draft_bring_back"),
    ("brouillons/<int:pk>/publie/", draft_published, "draft_published"),
):
    client_site.mount(route, view, name)
