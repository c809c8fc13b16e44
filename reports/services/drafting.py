"""From a closed incident to the content of its report: the machine writes a first version, a person signs another."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agency.access import here
from agency.models import Client
from clients.selectors import unheard
from incidents.charts.curve import LAST_STEPS
from incidents.charts.figures import Curve, Foresight, Mark
from incidents.charts.times import NO_BREAK, whole
from incidents.choices import EntryKind, IncidentKind
from incidents.models import Incident, TimelineEntry
from incidents.selectors import incidents
from reports import attack, figures, findings, method, speakers
from reports.discretion import discreet
from reports.documents.content import Answer, Decision, Language, Level, LogLine, Reading, ReportContent
from reports.findings import Facts
from reports.milestones import milestones
from reports.selectors import attack as readings
from reports.selectors import stories
from reports.speakers import Group, Said

LEVELS: dict[str, Level] = {"signal": "veille", "paracrisis": "alerte", "crisis": "crise"}
CONFIDENTIAL = {"fr": "Confidentiel", "en": "Confidential"}
MARKS = {
    "start": {"fr": "début", "en": "start"},
    "confirmed": {"fr": "confirmé", "en": "confirmed"},
    "report": {"fr": "premier point", "en": "first report"},
    "spoken": {"fr": "première parole", "en": "first word"},
    "highest": {"fr": f"au plus haut{NO_BREAK}: {{count}}", "en": "highest: {count}"},
    "closed": {"fr": "clôture", "en": "closed"},
}
KEY_KINDS = {EntryKind.DECISION, EntryKind.MESSAGE}
MACHINE = "Rempart"
BY_QUARTERS = timedelta(days=2)  # the curve of a longer incident is counted by the hour,
SHOWN = timedelta(days=30)  # and goes no further
_COLON = re.compile(r"\s*:\s+")  # not that of 21:30
_NO_REPLY = ("pas de réponse", "ne pas répondre", "sans réponse", "no reply", "not to answer", "do not answer")


@dataclass(frozen=True)
class _Voice:
    """In which language and zone the report speaks, and whom it must not name."""

    client: Client
    language: Language
    known: Collection[str]
    own: Collection[str]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.client.timezone)

    def say(self, text: str) -> str:
        return discreet(text, self.language, known=self.known, own=self.own)


def content_of(*, incident: Incident, version: int, now: datetime) -> ReportContent:
    """The report of a closed incident in the client's language, from what is written in its schema; unsigned."""
    client = here()
    language: Language = "en" if client.language == "en" else "fr"
    voice = _Voice(client, language, stories.accounts_of(incident), stories.own_accounts(incident))
    said = stories.said_in(incident)
    groups = speakers.grouped(said)
    drawn, older = speakers.of_the_strike(groups, incident.started_at)
    reading = _reading(incident, said, voice)
    facts = _facts(incident, groups, now, voice)
    sentences, decision = findings.bottom_line(facts, voice.zone, language)
    told = _ledgers(incident, voice)
    return replace(
        told,
        version=version,
        generated_at=now,
        title=findings.title(facts, language),
        bottom_line=sentences,
        decision_asked=decision,
        numbers=findings.numbers(facts, voice.zone, language),
        delays=findings.delays(facts, language),
        curve=_curve(incident, facts, voice),
        strip=speakers.strip(drawn, language, older),
        tally=speakers.tally(drawn, language, older),
        cadence=figures.cadence(stories.issued_in(incident), incident.closed_at, language),
        foresight=_foresight(incident, reading, facts.ended_at, now, voice) if reading else None,
        who_spoke=speakers.table(groups, language),
        reading=reading,
        method=(*told.method, *(method.READING[language] if reading else ())),
        limits=method.limits(
            language,
            is_read=reading is not None,
            curve_is_cut=facts.ended_at - facts.started_at > SHOWN,
        ),
    )


def _ledgers(incident: Incident, voice: _Voice) -> ReportContent:
    """What comes line by line from the schema: identity, log, decisions, method; the findings are added after."""
    entries = stories.log_of(incident)
    return ReportContent(
        client=voice.client.name,
        reference=incident.reference,
        title=incident.title,
        started_at=incident.started_at,
        ended_at=_end(incident),
        severity=incident.severity or 4,
        level=LEVELS[incident.qualification],
        bottom_line=(incident.title,),
        decision_asked="",
        numbers=(),
        generated_at=_end(incident),
        version=1,
        log=tuple(_line(entry, voice) for entry in entries),
        decisions=tuple(_decisions(entries, incident, voice)),
        method=tuple(
            voice.say(line) for line in method.method(stories.means_of(incident, voice.language), voice.language)
        ),
        confidential=CONFIDENTIAL[voice.language],
        log_fingerprint=stories.fingerprint_of(incident),
        language=voice.language,
        time_zone=voice.client.timezone,
        drill=incident.kind == IncidentKind.DRILL,
    )


def _end(incident: Incident) -> datetime:
    return max(incident.closed_at or incident.started_at, incident.started_at)


def _facts(incident: Incident, groups: tuple[Group, ...], now: datetime, voice: _Voice) -> Facts:
    is_long = _end(incident) - incident.started_at > BY_QUARTERS
    drawn = incidents.curve(incident, now, step=findings.HOUR if is_long else findings.STEP, longest=SHOWN)
    spoke = [one for group in groups if group.name != "ours" for one in group.said]
    accounts = {group.name: group.accounts for group in groups}
    return Facts(
        title=voice.say(incident.title),
        started_at=incident.started_at,
        ended_at=_end(incident),
        points=drawn.points,
        band=drawn.band,
        accounts=len({one.author for one in spoke if one.author}) + sum(one.author is None for one in spoke),
        messages=len(spoke),
        customers=accounts.get("customers", 0),
        spectators=accounts.get("spectators", 0),
        reports=incident.situation_reports.count(),
        closing_note=voice.say(incident.closing_note),
        milestones=milestones(stories.instants_of(incident), stories.instants_before(incident)),
    )


def _curve(incident: Incident, facts: Facts, voice: _Voice) -> Curve | None:
    if not any(count for _, count in facts.points):
        return None
    first, last = facts.points[0][0], facts.points[-1][0]
    end = last + LAST_STEPS * findings.step_of(facts.points)
    return Curve(
        title=findings.curve_title(facts.points, facts.band, voice.language),
        unit=findings.curve_unit(facts.band, voice.language, findings.step_of(facts.points)),
        points=facts.points,
        band=(facts.band,) * len(facts.points) if facts.band else (),
        marks=tuple(mark for mark in _marks(incident, facts, voice.language) if first <= mark.at <= end),
        unheard=unheard.spans(first, max(last, min(end, facts.ended_at))),
    )


def _marks(incident: Incident, facts: Facts, language: Language) -> Iterator[Mark]:
    """Six at most: beyond, the drawing writes digits for words."""
    instants = stories.instants_of(incident)
    moments = (
        (instants.started_at, "start"),
        (instants.opened_at, "confirmed"),
        (instants.reported_at, "report"),
        (instants.spoken_at, "spoken"),
        (facts.highest[0], "highest"),
        (instants.closed_at, "closed"),
    )
    count = whole(facts.highest[1], language)
    yield from (Mark(at, MARKS[name][language].format(count=count)) for at, name in moments if at)


def _foresight(
    incident: Incident, reading: Reading, ended_at: datetime, now: datetime, voice: _Voice
) -> Foresight | None:
    return figures.foresight(readings.course_of(incident, ended_at, now), reading, voice.language)


def _reading(incident: Incident, said: list[Said], voice: _Voice) -> Reading | None:
    """How the attack was read, None when it was not; what people typed in it (the client's calendar) names nobody."""
    known = readings.known_of(incident, said)
    if known is None:
        return None
    reading = attack.told(known, voice.language)
    answers = (
        Answer(one.question, voice.say(one.answer), tuple(voice.say(ground) for ground in one.grounds))
        for one in reading.answers
    )
    return replace(reading, answers=tuple(answers))


def _line(entry: TimelineEntry, voice: _Voice) -> LogLine:
    by = str(entry.by) if entry.by else MACHINE
    return LogLine(entry.happened_at, voice.say(entry.text), entry.kind, by, key=entry.kind in KEY_KINDS)


def _decisions(entries: list[TimelineEntry], incident: Incident, voice: _Voice) -> Iterator[Decision]:
    """What was decided and why. The reason follows the first colon; that of the confirmation is in the five answers."""
    decided = [entry for entry in entries if entry.kind == EntryKind.DECISION]
    confirmed = next((entry for entry in decided if entry.logged_at == incident.opened_at), None)
    for entry in decided:
        what, reason = [*_COLON.split(entry.text, maxsplit=1), ""][:2]
        if entry is confirmed:
            what, reason = entry.text, " ".join(incident.severity_reasons.get(voice.language) or [])
        yield Decision(
            taken_at=entry.happened_at,
            what=voice.say(what.strip()),
            reason=voice.say(reason.strip()),
            by=str(entry.by) if entry.by else MACHINE,
            no_reply=any(words in entry.text.lower() for words in _NO_REPLY),
        )
