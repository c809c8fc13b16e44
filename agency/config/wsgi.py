import os

from django.core.wsgi import get_wsgi_application

from agency.config import celery as _celery  # noqa: F401 (or what the web wakes would go to Celery's default broker)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.config.settings")
application = get_wsgi_application()
