"""Loaded first by pytest (`-p tests.environment`): the settings refuse to start without saying where we are."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.config.settings")
os.environ.setdefault("REMPART_DEMO", "1")
os.environ.setdefault("REMPART_PLAIN_STATIC", "1")
os.environ.setdefault("CELERY_BROKER_URL", "memory://")  # what an edge wakes goes nowhere: tests call the services

if "REMPART_HOME" not in os.environ:  # uploads of the tests stay out of the house's own folder
    os.environ["REMPART_HOME"] = tempfile.mkdtemp(prefix="rempart-tests-")
    atexit.register(shutil.rmtree, os.environ["REMPART_HOME"], ignore_errors=True)
(Path(os.environ["REMPART_HOME"]) / "static").mkdir(parents=True, exist_ok=True)
