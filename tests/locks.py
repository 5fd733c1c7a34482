"""Who waits for whom in this test's database: other tests on the same server have locks of their own."""

from django.db import connection

WAITING = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted
"""


def waiting() -> int:
    """Count those who wait for an advisory lock."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        count: int = cursor.fetchone()[0]
    return count
