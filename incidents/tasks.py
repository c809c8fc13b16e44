"""What beat wakes under fire; each task is one line around a service."""

import logging

from celery import shared_task

from agency import clock, outgoing
from agency.calling import Exchange
from agency.mail import SmtpPost
from agency.tasks import client_task, for_each_client
from incidents.services import (
    acknowledgements,
    approval_letters,
    approvals,
    asking,
    briefings,
    calls,
    late_updates,
    reminders,
    reply_box,
    silences,
    unanswered,
)

log = logging.getLogger("rempart.briefings")


@shared_task
def look_everywhere() -> int:
    return for_each_client(look_client)


@client_task(expires=30)
def look_client() -> int:
    from incidents.services import watch  # numpy and scipy: the clock and the worker that listens start without

    return len(watch.look(now=clock.now()))


@shared_task
def read_everywhere() -> int:
    return for_each_client(read_client_incidents)


@client_task(expires=60)
def read_client_incidents() -> int:
    from incidents.services import reading  # numpy and scipy, as above

    return reading.read_due(now=clock.now())


@shared_task
def remind_everywhere() -> int:
    return for_each_client(remind_due)


@client_task(expires=60)
def remind_due() -> None:
    for incident_id in reminders.due(now=clock.now()):
        try:
            reminders.remind(incident_id=incident_id, post=SmtpPost(), now=clock.now())
        except Exception:  # its tasks are asked for again at their next round; the other incidents must not wait
            log.exception("The reminders of the incident %s could not be handed over.", incident_id)


@shared_task
def call_everywhere() -> int:
    return for_each_client(call_due)


@client_task(expires=30)
def call_due() -> None:
    """Makes the calls that are due, then says of which alerts nobody has answered."""
    for call_id in calls.due(now=clock.now()):
        try:
            calls.make(call_id=call_id, telephone=Exchange(), now=clock.now())
        except Exception:  # its claim runs out and it is made again; the next rungs have hours of their own
            log.exception("The call %s could not be made.", call_id)
    for alert_id in unanswered.due(now=clock.now()):
        try:
            unanswered.remind(alert_id=alert_id, post=SmtpPost(), now=clock.now())
        except Exception:  # reminded again at its next hour
            log.exception("Nobody could be told that the alert %s is unanswered.", alert_id)


@shared_task(queue="listening", expires=15)
def read_answers_everywhere() -> int:
    """The house has one mailbox for the answers of all clients: read once, then each mail goes to its client."""
    return reply_box.read(http=outgoing.own_door(), now=clock.now())


@shared_task
def ask_everywhere() -> int:
    return for_each_client(ask_due)


@client_task(expires=600)
def ask_due() -> None:
    """Debriefs to sign and follow-ups to do, from whoever owes them."""
    for kind, pk in asking.due(now=clock.now()):
        try:
            asking.ask(kind=kind, pk=pk, post=SmtpPost(), now=clock.now())
        except Exception:  # it is asked for again at its next round; the others must not wait for it
            log.exception("The %s %s could not be asked for.", kind, pk)


@shared_task
def chase_everywhere() -> int:
    return for_each_client(chase_client)


@client_task(expires=60)
def chase_client() -> None:
    """Words that wait: steps past their deadline fall back, whoever is asked is written to, silences are looked at."""
    approvals.look_for_the_gone(now=clock.now())
    for step_id in approvals.overdue(now=clock.now()):
        try:
            approvals.fall_back(step_id=step_id, now=clock.now())
        except Exception:  # it stays due; the others, and the letters below, must not wait for it
            log.exception("The approval step %s could not fall back.", step_id)
    for step_id in approval_letters.due(now=clock.now()):
        try:
            approval_letters.ask(step_id=step_id, post=SmtpPost(), now=clock.now())
        except Exception:  # its claim runs out and it is tried again; the others must not wait for it
            log.exception("The letters of the approval step %s could not be handed over.", step_id)
    for silence_id in silences.due(now=clock.now()):
        try:
            silences.remind(silence_id=silence_id, post=SmtpPost(), now=clock.now())
        except Exception:
            log.exception("The reminder of the unanswered mention %s could not be handed over.", silence_id)


@shared_task
def send_everywhere() -> int:
    return for_each_client(send_due)


@client_task(expires=30)
def send_due() -> None:
    for briefing_id in briefings.due(now=clock.now()):
        try:
            briefings.send(briefing_id=briefing_id, post=SmtpPost(), now=clock.now())
        except Exception:  # its claim runs out and it is tried again; the others must not wait for it
            log.exception("The briefing %s could not be handed over.", briefing_id)


@shared_task
def ask_for_reports_everywhere() -> int:
    return for_each_client(ask_for_reports)


@client_task(expires=60)
def ask_for_reports() -> None:
    """Late situation reports from whoever owes them, unread ones from whoever was sent them."""
    for incident_id in late_updates.due(now=clock.now()):
        try:
            late_updates.remind(incident_id=incident_id, post=SmtpPost(), now=clock.now())
        except Exception:  # asked for again at its next round; the other incidents must not wait
            log.exception("The late report of the incident %s could not be asked for.", incident_id)
    for briefing_id in acknowledgements.due(now=clock.now()):
        try:
            acknowledgements.remind(briefing_id=briefing_id, post=SmtpPost(), now=clock.now())
        except Exception:  # it counts as reminded, and the page shows it unread; the others must not wait
            log.exception("The reading of the briefing %s could not be asked for.", briefing_id)
