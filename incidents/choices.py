"""Closed lists of the hours under fire."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SignalState(models.TextChoices):
    NEW = "new", _("To look at")
    CONFIRMED = "confirmed", _("Incident opened")
    DISMISSED = "dismissed", pgettext_lazy("incident", "Set aside")


class Stream(models.TextChoices):
    """What a surge is counted in: everything a watch caught, or a narrow part of it."""

    ALL = "all", _("Everything")
    ATTACK = "attack", _("What reads as an attack")
    URGENT = "urgent", _("Legal, safety, call to action")
    PROFESSIONAL = "pro", _("Professional accounts")
    THREAD = "thread", _("One thread")
    TOPIC = "topic", _("One topic")


class IncidentRole(models.TextChoices):
    """What an account does in this incident. Behaviour, not a verdict on a person; it ends with the incident."""

    INSTIGATOR = "instigator", _("At the origin")
    LEADER = "leader", _("Leads on")
    RELAY = "relay", _("Relays")
    FOLLOWER = "follower", _("Follows")
    SPECTATOR = "spectator", _("Looks on (popcorn)")
    DEFENDER = "defender", _("Defends")
    MEDIA = "media", _("Media")
    CUSTOMER = "customer", _("Customer with a grievance")


class Phase(models.TextChoices):
    TOO_EARLY = "too_early", _("Too early to say")
    GROWING = "growing", _("Growing")
    PEAK = "peak", _("At its peak")
    DECAYING = "decaying", _("Decaying")


class IncidentKind(models.TextChoices):
    REAL = "real", _("Real")
    DRILL = "drill", _("Drill")


class IncidentState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed by the machine")
    OPEN = "open", pgettext_lazy("incident", "Open")
    CLOSED = "closed", _("Closed")
    DISMISSED = "dismissed", pgettext_lazy("incident", "Set aside")


class Qualification(models.TextChoices):
    SIGNAL = "signal", _("Signal")
    PARACRISIS = "paracrisis", _("Paracrisis")
    CRISIS = "crisis", _("Crisis")


class IncidentType(models.TextChoices):
    """What is happening, as the people who will deal with it say it: a playbook is chosen by it."""

    COMPLAINTS = "complaints", _("Wave of complaints")
    OUTAGE = "outage", _("Outage")
    CM_ATTACKED = "cm_attacked", _("Attack on whoever speaks for the brand")
    MOCKERY = "mockery", _("Mockery")
    RUMOUR = "rumour", _("False news")
    BOYCOTT = "boycott", _("Call to boycott")
    LEGAL = "legal", _("Legal threat")
    SAFETY = "safety", _("Safety of people")
    LEAK = "leak", _("Data leak")
    MISSTEP = "misstep", _("Our own words are the target")
    PEOPLE = "people", _("Conduct of somebody of the house")
    OTHER = "other", pgettext_lazy("incident", "Something else")


class CrisisFamily(models.TextChoices):
    """The three crisis clusters of Coombs (2007): how much of it people lay at the organisation's door."""

    VICTIM = "victim", _("Victim: it happened to the house")
    ACCIDENT = "accident", _("Accident: not intended")
    PREVENTABLE = "preventable", _("Preventable: the house could have avoided it")


class EntryKind(models.TextChoices):
    FACT = "fact", _("Fact")
    DECISION = "decision", _("Decision")
    ACTION = "action", _("Action")
    MESSAGE = "message", _("Message")


class TaskState(models.TextChoices):
    OPEN = "open", pgettext_lazy("task", "To do")
    DONE = "done", pgettext_lazy("task", "Done")
    DROPPED = "dropped", pgettext_lazy("task", "No longer needed")


class DebriefKind(models.TextChoices):
    HOT = "hot", pgettext_lazy("debrief", "Hot")
    COLD = "cold", pgettext_lazy("debrief", "Cold")


class FollowUpState(models.TextChoices):
    OPEN = "open", pgettext_lazy("follow-up", "To do")
    DONE = "done", pgettext_lazy("follow-up", "Done")
    DROPPED = "dropped", pgettext_lazy("follow-up", "Dropped")


class ReliefState(models.TextChoices):
    """What became of a hand-over note."""

    OFFERED = "offered", _("Waits for somebody to accept")
    ACCEPTED = "accepted", pgettext_lazy("hand-over", "Accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("hand-over", "Withdrawn")


class DraftKind(models.TextChoices):
    REPLY = "reply", _("Reply")
    STATEMENT = "statement", _("Public statement")


class DraftState(models.TextChoices):
    """What became of the words; an approval counts for the version it was given to, and for no other."""

    WRITING = "writing", pgettext_lazy("draft", "Being written")
    WAITING = "waiting", pgettext_lazy("draft", "Waits for an approval")
    REFUSED = "refused", pgettext_lazy("draft", "Refused")
    APPROVED = "approved", pgettext_lazy("draft", "Approved: to publish")
    PUBLISHED = "published", pgettext_lazy("draft", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("draft", "Withdrawn")


class Network(models.TextChoices):
    """Where the words will be posted: each has its own longest length, see incidents.networks."""

    X = "x", "X"
    BLUESKY = "bluesky", "Bluesky"
    MASTODON = "mastodon", "Mastodon"
    THREADS = "threads", "Threads"
    FACEBOOK = "facebook", "Facebook"
    INSTAGRAM = "instagram", "Instagram"
    LINKEDIN = "linkedin", "LinkedIn"
    YOUTUBE = "youtube", "YouTube"
    REDDIT = "reddit", "Reddit"
    OTHER = "other", pgettext_lazy("network", "Elsewhere")


class Matter(models.TextChoices):
    """What people are called about."""

    PROPOSED = "proposed", _("A proposal waits for somebody")
    OPENED = "opened", _("A tool opened the incident, and waits for somebody")
    CONFIRMED = "confirmed", _("A person confirmed the incident")
    RAISED = "raised", _("It is worse than was said")
    REOPENED = "reopened", _("The incident was opened again")


# The others call the client's contacts: a person of the agency stands behind what they are called about.
CALLS_THE_AGENCY = frozenset({Matter.PROPOSED, Matter.OPENED})


class AlertState(models.TextChoices):
    CALLING = "calling", _("Nobody has answered")
    ANSWERED = "answered", pgettext_lazy("alert", "Answered")
    STOPPED = "stopped", pgettext_lazy("alert", "Stopped")


class CallState(models.TextChoices):
    DUE = "due", pgettext_lazy("call", "To come")
    SENT = "sent", pgettext_lazy("call", "Sent")
    FAILED = "failed", pgettext_lazy("call", "Failed")
    STOPPED = "stopped", pgettext_lazy("call", "No longer needed")


class ReplyKind(models.TextChoices):
    """What a mail that comes back is: only what a person wrote answers."""

    ANSWER = "answer", pgettext_lazy("reply", "Answer")
    REFUSAL = "refusal", pgettext_lazy("reply", "“No”")
    AUTOMATIC = "automatic", pgettext_lazy("reply", "Automatic answer")
    BOUNCE = "bounce", pgettext_lazy("reply", "Not delivered")
    DELAY = "delay", pgettext_lazy("reply", "Delivery is late")
    RECEIPT = "receipt", pgettext_lazy("reply", "Receipt")


class BriefingState(models.TextChoices):
    DUE = "due", _("Leaving")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")


def level_of(state: str, qualification: str) -> str:
    """The level that every page shows: a proposal waits for somebody, so it is an alert whatever it may prove to be."""
    if state == IncidentState.PROPOSED:
        return Qualification.PARACRISIS
    return "closed" if state in {IncidentState.CLOSED, IncidentState.DISMISSED} else qualification


# From which state to which an incident may go; anything else is refused everywhere.
TRANSITIONS: dict[str, frozenset[str]] = {
    IncidentState.PROPOSED: frozenset({IncidentState.OPEN, IncidentState.DISMISSED}),
    IncidentState.OPEN: frozenset({IncidentState.CLOSED}),
    IncidentState.CLOSED: frozenset({IncidentState.OPEN}),
    IncidentState.DISMISSED: frozenset({IncidentState.PROPOSED}),
}
