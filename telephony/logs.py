"""Log lines that name the call they belong to, and nothing that should stay private.

Every line passes one of the two formatters, so what they hide is hidden whoever logs: telephone numbers are masked, and
the secrets of the settings are struck out, in messages, arguments, extras and tracebacks alike.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, NamedTuple

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.conf import settings
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter as BaseJsonFormatter

from telephony import numbers
from telephony.payloads import Form


class Context(NamedTuple):
    """The call that is being worked on; for a text, its message."""

    call_sid: str = ""
    parent_call_sid: str = ""
    direction: str = ""


_NOTHING = Context()
_current: ContextVar[Context] = ContextVar("call", default=_NOTHING)
_HEADER = "call_context"


@contextmanager
def call(call_sid: str, *, parent_call_sid: str = "", direction: str = "") -> Iterator[None]:
    """Name the call on every line that is logged inside."""
    token = _current.set(Context(call_sid, parent_call_sid, direction))
    try:
        yield
    finally:
        _current.reset(token)


def call_of(form: Form) -> Context:
    """Find the call of a webhook's fields, or the message."""
    sid = form.get("CallSid") or form.get("MessageSid") or form.get("SmsSid", "")
    return Context(sid[:64], form.get("ParentCallSid", "")[:64], form.get("Direction", "")[:32])


class CallContext(logging.Filter):
    """Puts the call on each record; lets every record pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.call_sid, record.parent_call_sid, record.direction = _current.get()
        return True


class JsonFormatter(BaseJsonFormatter):
    """One JSON object per line."""

    def __init__(self) -> None:
        super().__init__(
            "{asctime}{levelname}{name}{message}{process}",
            style="{",
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger"},
            # whole objects that Django adds: their text may hold fields of a form
            reserved_attrs=[*RESERVED_ATTRS, "request", "server_time"],
        )

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return {key: _clean(value) for key, value in log_data.items() if value not in ("", None)}


class LineFormatter(logging.Formatter):
    """One line for people: time, level, logger, call, message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s %(call)s%(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        sid = getattr(record, "call_sid", "")
        record.call = f"[{sid}] " if sid else ""
        return hide(super().format(record))


def hide(text: str) -> str:
    """Mask telephone numbers and strike out the secrets of the settings."""
    for secret in _secrets():
        text = text.replace(secret, "[secret]")
    return numbers.mask(text)


def _secrets() -> list[str]:
    database = settings.DATABASES["default"]
    found = [
        settings.SECRET_KEY,
        settings.TWILIO_AUTH_TOKEN,
        settings.TWILIO_AUTH_TOKEN_SECONDARY,
        settings.TWILIO_API_SECRET,
        *settings.TWILIO_WEBHOOK_KEYS.values(),
        database.get("PASSWORD", ""),
    ]
    return [secret for secret in found if len(secret) >= 6]


def _clean(value: object) -> object:
    match value:
        case str():
            return hide(value)
        case bool() | int() | float() | None:
            return value
        case Mapping():
            return {hide(str(key)): _clean(item) for key, item in value.items()}
        case list() | tuple() | set():
            return [_clean(item) for item in value]
    return hide(str(value))


# A task knows the call during which it was sent: its headers carry the context from the web process to the worker.


@before_task_publish.connect(dispatch_uid="telephony.logs")
def _send_context(headers: dict[str, object], **_rest: object) -> None:
    if (context := _current.get()) is not _NOTHING:
        headers[_HEADER] = list(context)


@task_prerun.connect(dispatch_uid="telephony.logs")
def _receive_context(task: Any, **_rest: object) -> None:
    sent = task.request.get(_HEADER) or (task.request.headers or {}).get(_HEADER)
    if sent:
        task.request.call_token = _current.set(Context(*sent))


@task_postrun.connect(dispatch_uid="telephony.logs")
def _forget_context(task: Any, **_rest: object) -> None:
    if token := task.request.get("call_token"):
        _current.reset(token)
