"""Telling open pages that something has changed."""

from django.db import connection

CHANNEL = "live"


def publish(*topics: str) -> None:
    """Announce topics such as `agent:<id>`, at the commit of the present transaction and dropped with it.

    PostgreSQL folds repeats within a transaction; a payload is one topic, never anything about a person.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, topic) FROM unnest(%s::text[]) AS topic", [CHANNEL, sorted(set(topics))])
