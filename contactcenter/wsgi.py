"""The WSGI entry point: webhooks and pages."""

import os

from django.core.wsgi import get_wsgi_application

from telephony.middleware import in_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
# Only a web process keeps a pool: its threads share it. As many connections as threads (docs/operations.md).
os.environ.setdefault("DATABASE_POOL_SIZE", "4")

application = in_utf8(get_wsgi_application())
