"""Words before they leave: begun, reworded, submitted, withdrawn, published. We never send anything to a network."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.access import here
from agency.models import User
from agency.services import audit
from clients.models import Brand, Mention, Position
from incidents import approval
from incidents.approval import NotAllowed, Paper
from incidents.choices import DraftKind, EntryKind, IncidentState
from incidents.models import Approval, ApprovalStep, Draft, DraftVersion, Incident
from incidents.selectors import drafts as read
from incidents.services import announcements, milestones, timeline
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words

LONGEST = 10_000
_CLOCKS_MAY_DIFFER = timedelta(minutes=2)


@dataclass(frozen=True)
class About:
    """What the words are for: a mention or nothing in particular, in an incident or not, from a position or not."""

    brand: Brand
    subject: str
    kind: str = DraftKind.REPLY
    network: str = ""
    language: str = "fr"
    mention: Mention | None = None
    incident: Incident | None = None
    position: Position | None = None


@transaction.atomic
def begin(
    *, about: About, text: str, by: User | None, now: datetime, key_name: str = "", token: UUID | None = None
) -> Draft:
    """A draft with its first words, by a person or, with None, by the API key `key_name`.

    Sent twice with the same token it is one draft, and the first is returned.
    Raises Refused (no_words, too_long, no_subject, set_aside).
    """
    sent = _sent_with(token)
    if sent is not None:
        return sent
    text, subject = _checked(text), " ".join(about.subject.split())[:160]
    if not subject:
        raise Refused("no_subject", _("Say in a few words what it is about."))
    if about.incident and timeline.held(about.incident).state == IncidentState.DISMISSED:
        raise Refused("set_aside", _("This incident was set aside: take it up again before writing for it."))
    words = read_words(about.position, about.language)
    given = {**vars(about), "subject": subject, "brand": about.incident.brand if about.incident else about.brand}
    try:
        with transaction.atomic():
            draft = Draft.objects.create(**given, position_words=words, token=token, written_by=by, created_at=now)
    except IntegrityError:  # the same form, sent a moment ago
        sent = _sent_with(token)
        if sent is None:
            raise
        return sent
    DraftVersion.objects.create(draft=draft, number=1, text=text, written_by=by, key_name=key_name, written_at=now)
    note(draft, "begun", gettext_noop("Draft begun: “%(draft)s”"), EntryKind.ACTION, by, now)
    return draft


def _sent_with(token: UUID | None) -> Draft | None:
    return Draft.objects.filter(token=token).first() if token else None


def read_words(position: Position | None, language: str) -> str:
    """What the position says in that language, in short, else in its own one."""
    if position is None:
        return ""
    other = position.other_short_text if language != position.language else ""
    return other or position.short_text


@transaction.atomic
def reword(
    *, draft: Draft, text: str, version: int, by: User | None, now: datetime, why: str = "", key_name: str = ""
) -> Draft:
    """New words, begun from `version`; agreements given to the words before fall, and the log says so.

    Raises Refused (no_words, too_long, same, over, moved with who did what when).
    """
    text, found = _checked(text), locked(draft)
    writer = read.key_of(by.pk if by else None) or f"key:{key_name}"
    paper = read.paper_of(found)
    after = allowed(found, lambda: approval.reword(paper, writer, version=version))
    if text == read.latest(found).text:
        raise Refused("same", _("These are the words as they are."))
    fallen = sum(one.is_yes for one in paper.given)
    DraftVersion.objects.create(
        draft=found, number=after.version, text=text, why=why.strip()[:300], written_by=by, key_name=key_name,
        written_at=now,
    )  # fmt: skip
    _close_steps(found, now)
    _settle(found, after)
    words = gettext_noop("New words for “%(draft)s” (version %(version)d)")
    if fallen:
        words = gettext_noop("New words for “%(draft)s” (version %(version)d); what was approved falls")
    note(found, "worded", words, EntryKind.ACTION, by, now)
    return found


@transaction.atomic
def submit(*, draft: Draft, version: int, by: User | None, now: datetime) -> Draft:
    """Asks for the agreements that the client's policy wants in this case; its steps are copied to the draft.

    Raises Refused (over, moved, waiting_already, refused_words).
    """
    found = locked(draft)
    case = read.case_of(found.incident)
    wanted = read.policy_steps(found.brand, case)
    current = read.latest(found)
    rows = [
        ApprovalStep(
            version=current, rank=rank, role=one.role, person_id=one.person_id, needed=one.needed,
            minutes=one.minutes or approval.usual_minutes(case.severity), fallback_id=one.fallback_id,
        )
        for rank, one in enumerate(wanted, 1)
    ]  # fmt: skip
    paper = read.paper_of(found)
    after = allowed(found, lambda: approval.submit(paper, [read.step_of(one) for one in rows], version=version))
    ApprovalStep.objects.bulk_create(rows)
    open_current(found, after, now)
    _settle(found, after)
    note(
        found,
        "submitted",
        gettext_noop("“%(draft)s” submitted for approval (version %(version)d)"),
        EntryKind.ACTION,
        by,
        now,
    )
    announcements.announce_draft(draft=found, now=now)
    return found


@transaction.atomic
def withdraw(*, draft: Draft, by: User, now: datetime) -> Draft:
    """Nobody is asked any more; `bring_back` undoes it. Raises Refused (over)."""
    found = locked(draft)
    paper = read.paper_of(found)
    after = allowed(found, lambda: approval.withdraw(paper))
    _close_steps(found, now)
    _settle(found, after)
    note(found, "withdrawn", gettext_noop("“%(draft)s” withdrawn"), EntryKind.DECISION, by, now)
    return found


@transaction.atomic
def bring_back(*, draft: Draft, by: User, now: datetime) -> Draft:
    """A withdrawn draft is written on, as a new version with the same words: it is submitted again.

    Raises Refused (not_withdrawn).
    """
    found = locked(draft)
    paper = read.paper_of(found)
    after = allowed(found, lambda: approval.bring_back(paper))
    was = read.latest(found)
    DraftVersion.objects.create(
        draft=found, number=after.version, text=was.text, why=_("Brought back"), written_by=was.written_by,
        key_name=was.key_name, written_at=now,
    )  # fmt: skip
    _settle(found, after)
    note(found, "brought_back", gettext_noop("“%(draft)s” brought back"), EntryKind.DECISION, by, now)
    return found


@transaction.atomic
def publish(*, draft: Draft, version: int, url: str, at: datetime, by: User, now: datetime) -> Draft:
    """A person says that these words stand at that address since `at`; in an incident it may be the first word.

    Raises Refused (over, moved, not_approved, no_address, in_the_future).
    """
    found = locked(draft)
    paper = read.paper_of(found)
    after = allowed(found, lambda: approval.publish(paper, version=version))
    found.published_url, found.published_at, found.published_by = _address(url), at, by
    if at > now + _CLOCKS_MAY_DIFFER:
        raise Refused("in_the_future", _("This has not happened yet: check the time."))
    found.save(update_fields=["published_url", "published_at", "published_by"])
    _settle(found, after)
    note(
        found,
        "published",
        gettext_noop("“%(draft)s” published: %(url)s"),
        EntryKind.MESSAGE,
        by,
        now,
        at,
        url=url.strip(),
    )
    if found.incident:
        milestones.reach(incident=found.incident, code="first_word", at=at, by=by)
    announcements.announce_draft(draft=found, now=now)
    return found


def locked(draft: Draft) -> Draft:
    """The draft as it is stored, held until the end of the act: of two people, one acts after the other."""
    every = Draft.objects.select_related("brand", "incident", "mention", "position")
    return every.select_for_update(of=("self",)).get(pk=draft.pk)


def allowed(draft: Draft, act: Callable[[], Paper]) -> Paper:
    """The paper after the act. Raises Refused in the words of the person, with who did what last where it moved."""
    try:
        return act()
    except NotAllowed as refusal:
        raise Refused(refusal.code, _why(refusal.code, draft)) from refusal


def open_current(draft: Draft, paper: Paper, now: datetime) -> None:
    """The step to decide now is open, with its deadline, and those asked are to be written to; the others are not."""
    current = paper.current if paper.state == approval.WAITING else None
    for row in read.steps_of(draft):
        is_open = current is not None and row.rank == current.rank
        if is_open and (row.opened_at is None or row.closed_at is not None):
            row.opened_at, row.closed_at, row.ask_at = row.opened_at or now, None, now
            row.due_at = row.due_at or now + timedelta(minutes=row.minutes)
            if not read.people_of(row, paper, draft.incident):
                row.due_at = now  # nobody is there to be asked: its fallback is, at once
        elif not is_open and row.opened_at is not None and row.closed_at is None:
            row.closed_at, row.ask_at = now, None
        else:
            continue
        row.save(update_fields=["opened_at", "closed_at", "due_at", "ask_at"])


def settle(draft: Draft, paper: Paper, now: datetime) -> None:
    """Writes what the rules came to."""
    open_current(draft, paper, now)
    _settle(draft, paper)


def note(
    draft: Draft, code: str, words: str, kind: str, by: User | None, now: datetime, at: datetime | None = None,
    **values: object,
) -> None:  # fmt: skip
    """A line of the incident's log; without an incident, `code` in the audit trail.

    The log of an incident that was set aside takes no line: its words rest, but they can still be withdrawn.
    """
    rests = draft.incident is not None and draft.incident.state == IncidentState.DISMISSED
    if draft.incident is None or (rests and code == "withdrawn"):
        audit.note(
            action=f"draft.{code}", by=by, now=now, client=here(), subject="incidents.draft", subject_id=draft.pk,
            detail={"version": draft.version, **{name: str(value) for name, value in values.items()}},
        )  # fmt: skip
        return
    text = in_the_clients_words(words, **{"draft": draft.subject, "version": draft.version, **values})
    happened_at = at or now
    timeline.log(incident=draft.incident, kind=kind, text=text[:2000], happened_at=happened_at, by=by, now=now)


def last_act(draft: Draft) -> str:
    """Who did what last, when: for whoever comes second."""
    version = read.latest(draft)
    decision = (
        Approval.objects.filter(step__version=version, taken_back_at__isnull=True).order_by("-decided_at").first()
    )
    if draft.published_at and draft.published_by:
        return _said(_("%(name)s marked it as published at %(hour)s."), str(draft.published_by), draft.published_at)
    if decision is not None:
        words = _("%(name)s approved it at %(hour)s.") if decision.is_yes else _("%(name)s refused it at %(hour)s.")
        return _said(words, decision.name, decision.decided_at)
    words = _("%(name)s wrote version %(version)d at %(hour)s.")
    return _said(words, str(version.written_by or version.key_name), version.written_at, version.number)


def _said(words: str, name: str, at: datetime, version: int = 0) -> str:
    return words % {"name": name, "hour": f"{timezone.localtime(at):%H:%M}", "version": version}


def _why(code: str, draft: Draft) -> str:
    words = {
        "over": _("This draft is published or withdrawn: it does not change any more."),
        "moved": _("The words changed meanwhile: read them as they are now."),
        "waiting_already": _("It is submitted already."),
        "refused_words": _("These words were refused: change them before submitting them again."),
        "no_steps": _("Nobody is asked to approve it: look at the approval policy."),
        "not_waiting": _("It waits for no decision now."),
        "own": _("You wrote some of these words: somebody else approves them."),
        "twice": _("You decided on these words already: this step asks somebody else."),
        "not_yours": _("This step asks somebody else."),
        "nothing": _("You have no decision here to take back."),
        "too_late": _("Somebody acted after you: it can no longer be taken back."),
        "not_approved": _("It is not approved yet: only approved words are published."),
        "not_withdrawn": _("Only a withdrawn draft is brought back."),
    }[code]
    if code in {"moved", "not_waiting", "over", "too_late", "waiting_already"}:
        return f"{words} {last_act(draft)}"
    return words


def _settle(draft: Draft, paper: Paper) -> None:
    draft.state, draft.version, draft.revision = paper.state, paper.version, draft.revision + 1
    draft.save(update_fields=["state", "version", "revision"])


def _close_steps(draft: Draft, now: datetime) -> None:
    waiting = ApprovalStep.objects.filter(version__draft=draft, opened_at__isnull=False, closed_at__isnull=True)
    waiting.update(closed_at=now, ask_at=None)


def _checked(text: str) -> str:
    text = text.replace("\0", "").strip()
    if not text:
        raise Refused("no_words", _("Write the words first."))
    if len(text) > LONGEST:
        raise Refused("too_long", _("Say it in %(most)d characters at most.") % {"most": LONGEST})
    return text


def _address(url: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(url.strip())
    except ValidationError as error:
        raise Refused("no_address", _("Give the address where it stands, beginning with https://.")) from error
    if len(url.strip()) > 1000:
        raise Refused("no_address", _("This address is too long."))
    return url.strip()
