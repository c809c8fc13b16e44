"""The workers' Celery application; tasks are shared_task in each app's tasks.py, woken by agency.config.beat."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.config.settings")
# The web process and the migrations run the checks; here they would load the code of every page: 0.7 s and 28 MB.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("rempart")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["agency", "clients", "incidents", "reports"])
