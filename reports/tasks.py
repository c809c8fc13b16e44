"""What beat wakes afterwards; each task is one line around a service."""

from celery import shared_task

from agency import clock
from agency.tasks import client_task, for_each_client


@shared_task
def draft_everywhere() -> int:
    return for_each_client(draft_client)


@client_task(expires=60)
def draft_client() -> int:
    from reports.services import reports  # what it draws with: the clock and the worker that listens start without

    return len(reports.draft_due(now=clock.now()))
