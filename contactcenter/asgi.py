"""The ASGI entry point: the streams of the live pages, and all else as WSGI serves it, on one port.

In production granian serves the pages and this serves `/live/` only (docs/operations.md).
"""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from importlib import import_module
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.http import HttpRequest, parse_cookie

os.environ.setdefault("DATABASE_POOL_SIZE", "6")

from contactcenter import wsgi
from dashboard.topics import allowed
from live.stream import Message, Receive, Send, Streams

# With the pages' threads below no more than there are connections in the pool.
_threads = ThreadPoolExecutor(2, thread_name_prefix="stream")
_sessions = import_module(settings.SESSION_ENGINE)


def admission(cookies: str, topics: frozenset[str]) -> HTTPStatus:
    """Ask the session who it is, and the dashboard whether they may hear of these topics."""
    request = HttpRequest()
    request.session = _sessions.SessionStore(parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME))
    try:
        person = get_user(request)
        if not person.is_authenticated:
            return HTTPStatus.UNAUTHORIZED
        return HTTPStatus.OK if allowed(person, topics) else HTTPStatus.FORBIDDEN
    finally:
        connection.close()


async def admit(cookies: str, topics: frozenset[str]) -> HTTPStatus:
    """Do so in a thread: the loop must not wait for the database."""
    return await asyncio.get_running_loop().run_in_executor(_threads, admission, cookies, topics)


streams = Streams(settings.LIVE_DATABASE_URL, admit)
pages: Any = WSGIMiddleware(cast("Any", wsgi.application), workers=4)  # has types of its own for the same mappings


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Give streams what is theirs, and their process's beginning and end; pages get the rest."""
    if scope["type"] == "lifespan" or scope.get("path", "").startswith("/live/"):
        await streams(scope, receive, send)
    else:
        await pages(scope, receive, send)
