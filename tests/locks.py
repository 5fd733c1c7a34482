"""Who waits for whom in this test's database: other tests on the same server have locks of their own."""

from django.db import connection

WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND wait_event_type = 'Lock'
"""


def waiting() -> int:
    """Count those who wait for a lock, be it of a row or an advisory one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees the same ones all along
        cursor.execute(WAITING)
        count: int = cursor.fetchone()[0]
    return count
