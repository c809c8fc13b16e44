"""How an ear is, judged from what its readings left: never calm when it is deaf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clients.listening import backoff
from clients.listening.words import Words

TURNS_THAT_WORRY = 5
SHORTEST_PATIENCE = timedelta(minutes=5)
FAILURES_THAT_DEAFEN = 2  # one failure is weather
LATE = timedelta(minutes=30)
UNREAD_TOO_LONG = timedelta(minutes=15)  # a large import takes some minutes
PUSHED = frozenset({"api"})  # others bring it to us

# From the worst to the best: the order of the page.
STATES = ("stopped", "open", "silent", "failing", "held", "mute", "lagging", "waiting", "paused", "passive", "ok")
DEAF = frozenset({"stopped", "open", "silent", "held", "mute"})
NOT_COUNTED = frozenset({"paused", "waiting"})  # neither heard nor deaf

STATE_WORDS = {
    "stopped": Words("Arrêtée", "Stopped"),
    "open": Words("Ne répond plus", "No longer answers"),
    "silent": Words("N’est plus relevée", "Not read any more"),
    "failing": Words("Répond mal", "Answers badly"),
    "held": Words("Retenue", "Held back"),
    "mute": Words("Muette", "Mute"),
    "lagging": Words("En retard", "Late"),
    "waiting": Words("Premier relevé à venir", "First reading to come"),
    "paused": Words("En pause", "Paused"),
    "passive": Words("Alimentée du dehors", "Filled from outside"),
    "ok": Words("Entend", "Hears"),
}
TO_DO = {
    "stopped": Words("Corrigez-la\u00a0: elle sera relue aussitôt.", "Correct it: it is read again at once."),
    "open": Words(
        "Vérifiez l’adresse ou le compte. Rempart réessaie de loin en loin, et à votre demande.",
        "Check the address or the account. Rempart tries now and then, and when you ask.",
    ),
    "silent": Words(
        "Les relevés de Rempart ne se font plus\u00a0: prévenez qui l’héberge.",
        "Rempart’s own readings have stopped: tell whoever runs it.",
    ),
    "failing": Words("Rien à faire encore\u00a0: Rempart réessaie.", "Nothing to do yet: Rempart tries again."),
    "held": Words("Attendez l’heure dite, ou relevez le budget.", "Wait for the hour given, or raise the budget."),
    "mute": Words(
        "Allez voir si l’on y parle encore. Si c’est fini, mettez-la en pause.",
        "Go and see whether anybody still speaks there. If it is over, pause it.",
    ),
    "lagging": Words(
        "Rempart rattrape\u00a0; relevez plus souvent si cela dure.",
        "Rempart is catching up; read more often if it lasts.",
    ),
}
_READINGS_STOPPED = Words("aucun relevé n’a eu lieu depuis trop longtemps", "no reading has taken place for too long")
_NOT_READ = Words(
    "ce qui arrive n’est plus lu ni compté depuis trop longtemps",
    "what arrives has not been read or counted for too long",
)
_MUTE = Words(
    "rien de neuf depuis plus longtemps que d’habitude à cette heure", "nothing new for longer than usual at this hour"
)
_PUSHES_STOPPED = Words(
    "plus rien ne nous est envoyé, et c’est plus long que d’habitude",
    "nothing is sent to us any more, longer than usual",
)
_LATE = Words("ce qui arrive a été publié il y a longtemps", "what arrives was published a while ago")
_NOTHING = Words("", "")


@dataclass(frozen=True, slots=True)
class Ear:
    """What is known of a source. `held` says why the last reading was held back, "" when it was not; `unread_since` is
    when the oldest of the client's mentions came that nobody has read yet, None when all are read."""

    id: int
    name: str
    kind: str
    is_active: bool
    every_seconds: int
    failures: int
    error: Words
    created_at: datetime
    due_at: datetime | None
    last_success_at: datetime | None
    last_mention_at: datetime | None
    usual_silence_seconds: int | None
    lag_seconds: int | None
    held: Words
    unread_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Health:
    """`state` is one of STATES; `since` is when it was last heard (None: never); `why` in words, often empty."""

    state: str
    since: datetime | None
    why: Words = _NOTHING
    is_deaf: bool = False

    @property
    def rank(self) -> int:
        return STATES.index(self.state)

    @property
    def label(self) -> Words:
        return STATE_WORDS[self.state]

    @property
    def to_do(self) -> Words:
        return TO_DO.get(self.state, _NOTHING)

    def words(self, language: str) -> str:
        return self.why.say(language)


def patience(ear: Ear) -> timedelta:
    """How long readings may fail to happen before it means something: five turns, five minutes at least."""
    return max(TURNS_THAT_WORRY * timedelta(seconds=ear.every_seconds), SHORTEST_PATIENCE)


def judge(ear: Ear, now: datetime) -> Health:
    """The worst that is true of the ear now; one that hears what nobody reads is as good as deaf."""
    found = _by_itself(ear, now)
    is_unread = ear.unread_since is not None and now - ear.unread_since > UNREAD_TOO_LONG
    if is_unread and ear.is_active and not found.is_deaf:
        return Health("silent", ear.unread_since, _NOT_READ, is_deaf=True)
    return found


def _by_itself(ear: Ear, now: datetime) -> Health:
    if not ear.is_active:
        broke = bool(ear.failures or ear.error.fr)
        return _as("stopped" if broke else "paused", ear, ear.error)
    if ear.kind in PUSHED:
        return _of_what_is_pushed(ear, now)
    if ear.failures:
        return _of_failures(ear, now)
    unread = now - (ear.last_success_at or ear.created_at) > patience(ear)
    if ear.held.fr and (unread or (ear.due_at is not None and ear.due_at - now > patience(ear))):
        return _as("held", ear, ear.held)
    if unread:
        return _as("silent", ear, _READINGS_STOPPED)
    if ear.last_success_at is None:
        return _as("waiting", ear)
    if _is_mute(ear, now):
        return Health("mute", ear.last_mention_at, _MUTE, is_deaf=True)
    if ear.lag_seconds is not None and timedelta(seconds=ear.lag_seconds) > max(LATE, patience(ear)):
        return _as("lagging", ear, _LATE)
    return _as("ok", ear, ear.error)


def conclusion(healths: Sequence[Health]) -> tuple[int, int]:
    """How many ears hear, of how many that should (those on pause or never read yet are not counted)."""
    counted = [one for one in healths if one.state not in NOT_COUNTED]
    return sum(not one.is_deaf for one in counted), len(counted)


def _as(state: str, ear: Ear, why: Words = _NOTHING) -> Health:
    return Health(state, ear.last_success_at, why, is_deaf=state in DEAF)


def _of_what_is_pushed(ear: Ear, now: datetime) -> Health:
    heard_at = ear.last_mention_at
    if heard_at is None:
        return Health("waiting", None)
    if _is_mute(ear, now):
        return Health("mute", heard_at, _PUSHES_STOPPED, is_deaf=True)
    return Health("passive", heard_at)


def _of_failures(ear: Ear, now: datetime) -> Health:
    if backoff.is_open(ear.failures):
        return _as("open", ear, ear.error)
    unheard = now - (ear.last_success_at or ear.created_at) > patience(ear)
    return Health("failing", ear.last_success_at, ear.error, unheard or ear.failures >= FAILURES_THAT_DEAFEN)


def _is_mute(ear: Ear, now: datetime) -> bool:
    if ear.usual_silence_seconds is None or ear.last_mention_at is None:
        return False
    allowed = timedelta(seconds=ear.usual_silence_seconds + ear.every_seconds)  # a post waits for its reading
    return now - ear.last_mention_at > allowed
