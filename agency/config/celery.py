"""The Celery application; tasks are shared_task in each app's tasks.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.config.settings")
# The web process and the migrations run the checks; here they would load the code of every page: 0.7 s and 28 MB.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

from agency.config.beat import SCHEDULE  # the settings must be named first

app = Celery("rempart")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks(["agency", "clients", "incidents", "reports"])
