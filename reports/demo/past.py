"""Last week at Ferries Tramontel: a finished incident, taken through the same services as a real one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial

from agency.models import User
from clients.choices import Axis, Duty, Intent
from clients.models import Contact, Mention
from clients.services import reading, triage
from incidents.choices import EntryKind
from incidents.models import Debrief, Incident, Signal, TimelineEntry
from incidents.selectors import incidents as read
from incidents.selectors.closing import prefilled
from incidents.services import (
    acknowledgements,
    attachments,
    briefings,
    criteria,
    debriefs,
    duties,
    follow_ups,
    incidents,
    situation_reports,
    timeline,
    watch,
)
from incidents.services import reading as lectures
from incidents.services.debriefs import Plan
from reports.demo import words
from reports.demo.capture import capture_of
from reports.demo.mistaken_mail import MISTAKEN_MAIL
from reports.demo.quiet import PARIS, Post
from reports.documents.content import Change
from reports.services import reports

NUMBER = 0  # the performance of last week: live ones begin at 1
DAYS_AGO = 6
BEGAN = time(18, 40)
LONGEST_WAIT = timedelta(hours=1)
DEBRIEF_AFTER = timedelta(hours=13)
DOUBLE = "Double accord pour un envoi à plus de cent passagers"
TEMPLATE = "Modèle de démenti prêt dans les éléments de langage"
ANSWERS = {"harm": "no", "customers": "yes", "officials": "no", "spread": "yes", "word": "no"}
Hear = Callable[[datetime], None]  # takes in all that was said until then


class NothingSeen(RuntimeError):
    """Last week's strike raised no signal: the demo's history and the detector no longer fit together."""


@dataclass(frozen=True)
class Evening:
    """Who was there, how the network is heard, and when the machine spoke up."""

    lead: User
    cm: User
    hear: Hear
    raised_at: datetime

    def at(self, minutes: float) -> datetime:
        """So many minutes after the signal; everything said until then has been heard."""
        moment = self.raised_at + timedelta(minutes=minutes)
        self.hear(moment)
        watch.look(now=moment)
        return moment


class PastPost:
    """The mail of last week: it arrived then, and leaves nothing now."""

    def send(self, *, to: str, subject: str, body: str, key: str, reply_to: str = "") -> None:
        """Accepts, as the client's mail server did."""


def began_at(now: datetime) -> datetime:
    """When last week's strike began."""
    day = (now - timedelta(days=DAYS_AGO)).astimezone(PARIS).date()
    return datetime.combine(day, BEGAN, PARIS)


def posts(now: datetime) -> list[Post]:
    """What was said that evening."""
    return list(MISTAKEN_MAIL.posts(NUMBER, began_at(now)))


def relive(*, lead: User, cm: User, hear: Hear, now: datetime) -> Incident:
    """The whole evening, from the first post to the published report. Raises NothingSeen."""
    signal = _notice(hear, began_at(now))
    evening = Evening(lead, cm, hear, signal.raised_at)
    incident = _confirm(signal, evening)
    _first_half(incident, evening)
    _second_half(incident, evening)
    _close(incident, evening)
    _report(incident, evening)
    _look_back(incident, evening)
    return incident


def _notice(hear: Hear, began: datetime) -> Signal:
    moment = began
    while moment < began + LONGEST_WAIT:
        moment += timedelta(minutes=1)
        hear(moment)
        for signal in watch.look(now=moment):
            return signal
    raise NothingSeen


def _confirm(signal: Signal, evening: Evening) -> Incident:
    return incidents.confirm(
        incident=signal.incident,
        title="« Traversée annulée » envoyé par erreur à tous les passagers",
        lead=evening.lead,
        answers=ANSWERS,
        by=evening.cm,
        now=evening.at(4),
    )


def _share_out(incident: Incident, evening: Evening, minutes: float) -> None:
    at = evening.at(minutes)
    for duty in (Duty.SCRIBE, Duty.SPEAKER):
        duties.give(incident=incident, duty=duty, person=evening.cm, by=evening.lead, now=at)


def _first_half(incident: Incident, evening: Evening) -> None:
    _share_out(incident, evening, 5)
    _log(incident, evening, 6, EntryKind.FACT, "Le standard confirme : aucune traversée n’est annulée ce soir.")
    _show(incident, evening, 7)
    _brief(incident, evening, 8)
    guess = _log(incident, evening, 10, EntryKind.FACT, "Environ 3 000 passagers auraient reçu le message.")
    _log(
        incident,
        evening,
        12,
        EntryKind.DECISION,
        "Ne pas répondre compte par compte : un seul message épinglé, l’heure de départ d’abord. On regarde à nouveau dans trente minutes.",
    )
    words.first_word(incident=incident, writer=evening.cm, lead=evening.lead, at=evening.at, minutes=12.5)
    _log(
        incident,
        evening,
        15,
        EntryKind.ACTION,
        "Message épinglé, texte de l’EDL T-01, accord de Yann Keravel au téléphone.",
    )
    _situation(
        incident,
        evening,
        18,
        bottom_line="Un message « traversée annulée » est parti par erreur ce soir. Aucune traversée n’est annulée. "
        "Le démenti est épinglé ; le correctif part aux passagers dans le quart d’heure.",
        expected="Faire annoncer l’heure de départ sur les écrans du port.",
        done="Démenti épinglé. Direction des opérations prévenue.",
        do_not="Ne pas parler de panne ni de piratage : la cause n’est pas établie.",
        next_in=40,
    )
    evening.at(24)
    _log(
        incident,
        evening,
        25,
        EntryKind.FACT,
        "4 112 passagers ont reçu le message, compte donné par la billetterie.",
        corrects=guess,
    )


def _second_half(incident: Incident, evening: Evening) -> None:
    _log(
        incident,
        evening,
        31,
        EntryKind.ACTION,
        "Correctif envoyé par message à 4 112 passagers, avec l’heure de départ.",
    )
    _log(
        incident,
        evening,
        42,
        EntryKind.DECISION,
        "Toujours pas de réponse individuelle : les questions baissent depuis le correctif.",
    )
    _situation(
        incident,
        evening,
        56,
        bottom_line="Le correctif est arrivé et les questions baissent. La traversée est partie à l’heure. "
        "Trente et un passagers ont fait demi-tour : le service client les rappelle un par un.",
        expected="Valider le remboursement des demi-tours, hôtel compris.",
        done="Correctif envoyé. Liste des demi-tours établie.",
        do_not="Ne rien promettre au-delà du remboursement.",
        next_in=60,
        is_answered_aloud=True,
    )
    _log(
        incident,
        evening,
        71,
        EntryKind.MESSAGE,
        "Odile Castagnet valide le remboursement des demi-tours, hôtel compris.",
    )
    _log(incident, evening, 96, EntryKind.FACT, "Dernier passager rappelé par le service client.")
    _situation(
        incident,
        evening,
        112,
        bottom_line="C’est terminé : la traversée est arrivée, tous les demi-tours ont été rappelés. Plus rien ne dépasse l’habitude.",
        expected="",
        done="31 passagers rappelés et remboursés.",
        do_not="",
        next_in=None,
    )


def _close(incident: Incident, evening: Evening) -> None:
    moment = evening.at(124)
    attached = list(Mention.objects.filter(attachments__incident=incident).values_list("pk", flat=True))
    attachments.attach(incident=incident, mention_ids=attached, by=evening.cm, now=moment)
    _correct(incident, evening.cm, moment)
    lectures.read_due(now=moment)
    incident.refresh_from_db()
    for row in incident.criteria.all():
        criteria.tick(incident=incident, number=row.number, by=evening.cm, now=moment)
    incidents.close(
        incident=incident,
        note="L’outil d’envoi laissait viser tous les passagers sans relecture. Valider le double accord pour tout envoi à plus de cent passagers.",
        hot=Plan(moment + DEBRIEF_AFTER, evening.lead),
        by=evening.lead,
        now=moment,
    )


def _look_back(incident: Incident, evening: Evening) -> None:
    """The hot debrief the next morning, signed, with what changes, who and by when; one is late today."""
    moment = evening.at(124) + DEBRIEF_AFTER
    debrief = Debrief.objects.get(incident=incident)
    told = replace(
        prefilled(incident),
        worked="Un seul message épinglé, l’heure de départ d’abord : les questions ont baissé.",
        failed="Vingt minutes pour savoir combien de passagers avaient reçu le message.",
        changes="Double accord au-delà de cent passagers ; la billetterie donne le compte à la demande.",
    )
    debriefs.write(debrief=debrief, told=told, by=evening.cm, now=moment)
    debriefs.sign(debrief=debrief, held_at=moment, by=evening.lead, now=moment)
    due = (evening.raised_at + timedelta(days=14)).date()
    keep = partial(follow_ups.add, incident=incident, debrief=debrief, by=evening.lead, now=moment)
    keep(words=DOUBLE, owner_name="Rémi Costabel", due_on=due)
    keep(words=TEMPLATE, owner=evening.cm, due_on=(moment + timedelta(days=3)).date())


def _correct(incident: Incident, by: User, now: datetime) -> None:
    """Where the machine was not certain, a person says what it was: somebody who asks, or somebody who complains."""
    unsure = Mention.objects.filter(attachments__incident=incident, intent=Intent.UNCERTAIN).order_by("pk")
    for mention in unsure:
        value = Intent.QUESTION if mention.text.rstrip().endswith("?") else Intent.COMPLAINT
        reading.correct(mention=mention, axis=Axis.INTENT, value=value, by=by, now=now)


def _report(incident: Incident, evening: Evening) -> None:
    drafted = reports.draft(incident=incident, now=evening.at(125))
    due = (evening.raised_at + timedelta(days=14)).date()
    edited = reports.edit(
        report=drafted,
        title=drafted.title,
        bottom_line=drafted.bottom_line,
        decision_asked="Valider le double accord pour tout envoi à plus de cent passagers.",
        changes=[
            Change(DOUBLE, "Rémi Costabel", due),
            Change(TEMPLATE, "Lou Ferrand", due - timedelta(days=4)),
        ],
        by=evening.cm,
        now=evening.at(60 * 14),
    )
    reports.publish(report=edited, by=evening.lead, now=evening.at(60 * 15))


def _log(
    incident: Incident, evening: Evening, minutes: float, kind: str, text: str, corrects: TimelineEntry | None = None
) -> TimelineEntry:
    """A line written a minute and a half after the fact: the log has two clocks."""
    moment = evening.at(minutes)
    happened = moment - timedelta(seconds=90)
    return timeline.log(
        incident=incident, kind=kind, text=text, happened_at=happened, by=evening.cm, now=moment, corrects=corrects
    )


def _show(incident: Incident, evening: Evening, minutes: float) -> None:
    """The first message as somebody captured it, sealed with its line."""
    first = Mention.objects.filter(attachments__incident=incident).select_related("author").earliest("published_at")
    moment = evening.at(minutes)
    timeline.log(
        incident=incident,
        kind=EntryKind.FACT,
        text="Capture du premier message public.",
        happened_at=moment,
        by=evening.cm,
        now=moment,
        picture=capture_of(first),
    )


def _brief(incident: Incident, evening: Evening, minutes: float) -> None:
    moment = evening.at(minutes)
    contact = Contact.objects.get(rank=1)
    briefings.brief(
        incident=incident,
        contacts=[contact],
        subject="Tramontel : un message « traversée annulée » est parti par erreur",
        body="Bonjour Yann,\n\nDepuis vingt minutes, des passagers demandent si la traversée de ce soir est annulée : "
        "un message est parti par erreur. Aucune traversée n’est annulée.\n\nJe vous appelle pour l’accord sur l’EDL T-01.\n\nLou Ferrand",
        by=evening.cm,
        now=moment,
    )
    _deliver(moment)


def _situation(
    incident: Incident,
    evening: Evening,
    minutes: float,
    *,
    bottom_line: str,
    expected: str,
    done: str,
    do_not: str,
    next_in: float | None,
    is_answered_aloud: bool = False,
) -> None:
    """A report issued, and read by whoever touches its link; `is_answered_aloud`: who decides answered by telephone."""
    moment = evening.at(minutes)
    lectures.read_due(now=moment)
    report = situation_reports.issue(
        incident=incident,
        bottom_line=bottom_line,
        expected=expected,
        done=done,
        do_not=do_not,
        figures=read.bulletin_figures(incident, moment),
        next_at=None if next_in is None else moment + timedelta(minutes=next_in),
        is_last=next_in is None,
        contacts=list(Contact.objects.filter(rank__in=[1, 3])),
        by=evening.cm,
        now=moment,
    )
    _deliver(moment)
    read_at = evening.at(minutes + 3)
    for message in report.briefings.select_related("contact", "incident", "situation_report").filter(contact__rank=1):
        acknowledgements.acknowledge(briefing=message, now=read_at)
    if is_answered_aloud:
        told = report.briefings.select_related("contact", "incident", "situation_report").get(contact__rank=3)
        acknowledgements.acknowledge(briefing=told, by=evening.cm, now=evening.at(minutes + 14))


def _deliver(moment: datetime) -> None:
    for number in briefings.due(now=moment):
        briefings.send(briefing_id=number, post=PastPost(), now=moment)


def tidy_up(*, by: User, now: datetime) -> None:
    """What is older than a day was sorted by somebody."""
    older = Mention.objects.filter(published_at__lt=now - timedelta(days=1)).values_list("pk", flat=True)
    triage.set_aside(mention_ids=list(older), by=by, now=now)
