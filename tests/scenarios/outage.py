"""Servers that are really away: the application's own connections lead to a port at which nobody listens."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections
from kombu.exceptions import OperationalError

from contactcenter.celery import app


@contextmanager
def storing_fails(table: str) -> Iterator[None]:
    """Let the database refuse every new row of a table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute(f"CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()")
        yield
        cursor.execute(f"DROP TRIGGER refuse ON {table}")
        cursor.execute("DROP FUNCTION refuse")


@contextmanager
def nobody_listens() -> Iterator[int]:
    """Hold a port that refuses connections."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@contextmanager
def silence() -> Iterator[int]:
    """Hold a port that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


@contextmanager
def database_at(port: int, *, pooled: bool = False) -> Iterator[list[float]]:
    """Let the application look for its database at this port. The test's own transaction waits, untouched.

    Gives for each try how many seconds it may last.
    """
    real = connections["default"]
    away = real.copy()
    away.settings_dict |= {"HOST": "127.0.0.1", "PORT": str(port)}
    if pooled:  # as wsgi.py has it
        away.settings_dict["OPTIONS"] |= {"pool": {"min_size": 1, "max_size": 4, "timeout": 0.8}}
        away.settings_dict["CONN_MAX_AGE"] = 0
    connections["default"] = away
    options, connect, tries = away.settings_dict["OPTIONS"], away.get_new_connection, list[float]()

    def try_to_connect(parameters: Any) -> Any:
        tries.append(options["pool"]["timeout"] if pooled else options["connect_timeout"])
        return connect(parameters)

    away.get_new_connection = try_to_connect
    try:
        yield tries
    finally:
        away.close()
        if pooled:
            away.close_pool()
        connections["default"] = real


@contextmanager
def broker_at(port: int) -> Iterator[None]:
    """Let tasks be sent, as in production, to a broker at this port."""
    before = os.environ["CELERY_BROKER_URL"]  # Celery's configuration heeds it above all
    os.environ["CELERY_BROKER_URL"] = f"redis://127.0.0.1:{port}/0"
    app.conf.task_always_eager = False
    _forget_connections()
    try:
        with pytest.raises(OperationalError):
            app.send_task("nothing")
        yield
    finally:
        os.environ["CELERY_BROKER_URL"] = before
        app.conf.task_always_eager = True
        _forget_connections()


def _forget_connections() -> None:
    app._pool = None
    app.amqp._producer_pool = None
