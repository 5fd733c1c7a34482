"""The WSGI entry point: webhooks and pages."""

import logging
import os

from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connection

from telephony.middleware import in_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
# Only a web process keeps a pool: its threads share it. As many connections as threads (docs/operations.md).
os.environ.setdefault("DATABASE_POOL_SIZE", "4")

application = in_utf8(get_wsgi_application())

from ivr.actions import remember_emergencies  # noqa: E402  models are not there before the application is

try:
    # A new machine knows no emergency texts, and must not wait for the next minute's task to learn them.
    remember_emergencies()
except (DatabaseError, OSError) as error:  # no disk is no reason to answer no call
    logging.getLogger(__name__).warning("no emergency texts yet: %s", type(error).__name__)
finally:
    connection.close()
