"""The clockwork: the ticks only wake; the database says what is due.

It is a Celery application of its own, which sends names and loads none of the code behind them.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.config.settings")
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

SCHEDULE = {
    "listen": {
        "task": "clients.tasks.listen_everywhere",
        "schedule": 1.0,
        "options": {"expires": 2, "queue": "listening"},
    },
    "wake what waits": {"task": "clients.tasks.wake_everywhere", "schedule": 5.0, "options": {"expires": 5}},
    "tell the clients' tools": {
        "task": "clients.tasks.tell_tools_everywhere",
        "schedule": 2.0,
        "options": {"expires": 2, "queue": "listening"},
    },
    "look": {"task": "incidents.tasks.look_everywhere", "schedule": 5.0, "options": {"expires": 5}},
    "read incidents": {"task": "incidents.tasks.read_everywhere", "schedule": 15.0, "options": {"expires": 15}},
    "call": {"task": "incidents.tasks.call_everywhere", "schedule": 5.0, "options": {"expires": 5}},
    "send briefings": {"task": "incidents.tasks.send_everywhere", "schedule": 5.0, "options": {"expires": 5}},
    "remind of tasks": {"task": "incidents.tasks.remind_everywhere", "schedule": 30.0, "options": {"expires": 30}},
    "read answers by mail": {
        "task": "incidents.tasks.read_answers_everywhere",
        "schedule": 15.0,
        # Where sources are read: a mailbox that hangs must not hold a worker that makes calls.
        "options": {"expires": 15, "queue": "listening"},
    },
    "ask for situation reports": {
        "task": "incidents.tasks.ask_for_reports_everywhere",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "ask for what was promised": {
        "task": "incidents.tasks.ask_everywhere",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
    "chase approvals": {"task": "incidents.tasks.chase_everywhere", "schedule": 20.0, "options": {"expires": 20}},
    "draft reports": {"task": "reports.tasks.draft_everywhere", "schedule": 15.0, "options": {"expires": 15}},
    "watch ears": {"task": "clients.tasks.watch_ears_everywhere", "schedule": 60.0, "options": {"expires": 60}},
    "learn": {"task": "clients.tasks.learn_everywhere", "schedule": crontab(hour="3", minute="10")},
    "remind of positions": {
        "task": "clients.tasks.remind_everywhere",
        "schedule": crontab(hour="8-18", minute="*/30"),
        "options": {"expires": 1800},
    },
    "ask outside": {
        "task": "clients.tasks.ask_outside_everywhere",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "check ladders": {"task": "clients.tasks.check_ladders_everywhere", "schedule": crontab(hour="4", minute="20")},
    "tidy": {"task": "clients.tasks.tidy_everywhere", "schedule": 3600.0, "options": {"expires": 600}},
}

app = Celery("rempart", set_as_current=False)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
