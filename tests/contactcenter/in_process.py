"""Asking the application in the test's own process, as a server would, by other means than Django's client."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from telephony.middleware import in_utf8


@contextmanager
def application() -> Iterator[Any]:
    """Give the WSGI application. A request that ends must not close its connection, which is the test's."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield in_utf8(get_wsgi_application())
    finally:
        for signal in signals:
            signal.connect(close_old_connections)
