"""The Celery application; tasks are shared_task in each app's tasks.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.config.settings")

from agency.config.beat import SCHEDULE  # the settings must be named first

app = Celery("rempart")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks(["agency", "clients", "incidents", "reports"])
