"""After a test that really commits, the tables are again as migrations left them, in one statement.

Django would truncate all tables, which waits for everybody who still reads, and save again row by row what migrations
wrote: seconds, for our two hundred tables, and before the next test. Here rows are deleted that a test has written or
changed, and those put back that it has taken away. Triggers do not fire meanwhile: some of ours refuse to delete.
"""

from django.db import connection
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations

KEEP = """
CREATE SCHEMA kept;
DO $$
DECLARE
    one text;
    filled boolean;
BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', one) INTO filled;
        IF filled THEN
            EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', one, one);
        END IF;
    END LOOP;
END $$;
CREATE FUNCTION kept.refill() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one text;
    filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one, filled IN
        SELECT tablename, to_regclass(format('kept.%I', tablename)) IS NOT NULL
        FROM pg_tables WHERE schemaname = 'public'
    LOOP
        IF filled THEN
            EXECUTE format('DELETE FROM public.%I AS own WHERE own::text NOT IN'
                           ' (SELECT first::text FROM kept.%I AS first)', one, one);
            EXECUTE format('INSERT INTO public.%I SELECT * FROM kept.%I ON CONFLICT DO NOTHING', one, one);
        ELSE
            EXECUTE format('DELETE FROM public.%I', one);
        END IF;
    END LOOP;
    SET LOCAL session_replication_role = origin;
END $$;
"""


def refill_instead_of_truncating() -> None:
    """Let Django's test cases leave the tables as `remember` has found them."""
    DatabaseOperations.sql_flush = lambda *_args, **_options: ["SELECT kept.refill()"]  # type: ignore[method-assign]
    BaseDatabaseCreation.serialize_db_to_string = lambda *_args: ""  # type: ignore[method-assign]
    BaseDatabaseCreation.deserialize_db_from_string = lambda *_args: None  # type: ignore[method-assign]


def remember() -> None:
    """Keep a copy of what is in the tables of a new test database."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP)
