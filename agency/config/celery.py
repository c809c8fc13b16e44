"""The workers' Celery application; tasks are shared_task in each app's tasks.py, woken by agency.config.beat."""

import logging
import os
from typing import Any

from celery import Celery
from celery.signals import after_setup_logger, after_setup_task_logger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.config.settings")
# The web process and the migrations run the checks; here they would load the code of every page: 0.7 s and 28 MB.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("rempart")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["agency", "clients", "incidents", "reports"])


@after_setup_logger.connect
@after_setup_task_logger.connect
def _be_discreet(logger: logging.Logger, **_given: Any) -> None:
    """A worker puts handlers of its own in the place of the settings': what opens doors stays out of them too."""
    from agency.vault import DiscreetFilter  # asks for the settings, which are not there yet while this is imported

    for handler in logger.handlers:
        handler.addFilter(DiscreetFilter())
