"""Health for load balancers and supervisors: `/healthz` says that the process answers, `/readyz` that all is there."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from contactcenter.celery import app

logger = logging.getLogger(__name__)


def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 without touching anything else."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(_request: HttpRequest) -> JsonResponse:
    """Try the database, the broker and the storage; 503 with the names of those that fail."""
    results = {name: _try(name, probe) for name, probe in PROBES.items()}
    return JsonResponse(results, status=200 if all(word == "ok" for word in results.values()) else 503)


def _try(name: str, probe: Callable[[], None]) -> str:
    try:
        probe()
    except Exception as error:  # noqa: BLE001  whatever a driver raises means: not ready
        logger.warning("not ready: %s: %s", name, type(error).__name__)
        return "failed"
    return "ok"


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    with app.connection_for_write(connect_timeout=1) as broker:
        broker.ensure_connection(max_retries=1, timeout=1)


def _storage() -> None:
    if isinstance(default_storage, FileSystemStorage):
        folder = Path(default_storage.location)
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(folder)
    else:
        default_storage.exists("health")  # a bucket answers only with the right address and keys


PROBES: dict[str, Callable[[], None]] = {"database": _database, "broker": _broker, "storage": _storage}
