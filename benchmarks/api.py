"""Lists, filters and searches of the API over a million calls and five million events: the first page and the 1,000th.

Each is a whole request with its key, as a program sends it, and each of its statements is explained: none may read one
of the great tables from end to end. The reference, in the same run: the same requests where there is a hundredth of
the rows. What does not grow with their number is the same in both.
"""

import os
import random
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from agents import roles
from agents.models import User
from calls.models import Call
from contacts.models import Contact
from crm.actions import keys
from crm.models import Key
from rest.paging import Cursor

CALLS = int(os.environ.get("BENCH_CALLS", "1000000"))
EVENTS_EACH = int(os.environ.get("BENCH_EVENTS", "5000000")) // CALLS  # of each call
FEWER = max(CALLS // 100, 60_000)  # so many that there is a 1,000th page
PAGE, DEEP = 50, 1000
LIMIT_MS, ROUNDS = 200, 25
TABLES = ("calls_call", "calls_callevent", "crm_event")
END = datetime(2026, 3, 2, tzinfo=UTC)
EACH = timedelta(minutes=1)  # between two calls

# Callers: 200,000 numbers, one of which calls a hundred times as often; 20 lines of ours.
_CALLS = """
    INSERT INTO calls_call (id, sid, account_sid, conversation, direction, from_number, to_number, forwarded_from,
        caller_name, status, answered_by, sip_response_code, started_at, answered_at, ended_at, seconds, heard_at)
    SELECT md5('call ' || n)::uuid, 'CA' || md5('sid ' || n), '', md5('conversation ' || n)::uuid,
        CASE WHEN n %% 5 = 0 THEN 'outbound-api' ELSE 'inbound' END,
        CASE WHEN n %% 2000 = 0 THEN '+14155550123' ELSE '+1' || (2120000000 + (n::bigint * 7919) %% 200000 * 13) END,
        '+1500555' || lpad((n %% 20)::text, 4, '0'), '', '',
        CASE WHEN n <= 20 THEN 'in-progress' WHEN n %% 10 = 7 THEN 'no-answer' WHEN n %% 10 = 8 THEN 'busy'
            WHEN n %% 10 = 9 THEN 'canceled' ELSE 'completed' END,
        '', '', %(end)s - make_interval(mins => n), NULL, %(end)s - make_interval(mins => n), n %% 600, %(end)s
    FROM generate_series(%(first)s, %(last)s) AS n
"""
_EVENTS = """
    INSERT INTO crm_event (key, type, version, occurred_at, conversation, position, sequence, reference, data)
    SELECT md5('event ' || n || ' ' || s)::uuid,
        (ARRAY['call.started', 'call.answered', 'queue.entered', 'queue.left', 'call.ended'])[1 + s %% 5], 1,
        %(end)s - make_interval(mins => n), md5('conversation ' || n)::uuid, n::bigint * %(each)s + s + 1, s + 1, '',
        jsonb_build_object('call', md5('call ' || n)::uuid, 'status', 'completed', 'direction', 'inbound')
    FROM generate_series(%(first)s, %(last)s) AS n, generate_series(0, %(each)s - 1) AS s
"""
_HISTORIES = """
    INSERT INTO calls_callevent (call_id, at, kind, data)
    SELECT md5('call ' || n)::uuid, %(end)s - make_interval(mins => n), (ARRAY['began', 'joined'])[1 + s], '{}'
    FROM generate_series(%(first)s, %(last)s) AS n, generate_series(0, 1) AS s
"""


@dataclass(slots=True)
class Kind:
    """Requests of one kind: their addresses, what they took, and the tables that one of them read from end to end."""

    name: str
    asked: list[tuple[str, dict[str, Any]]]
    took: list[float] = field(default_factory=list)
    scanned: set[str] = field(default_factory=set)
    rows: int = 0
    finds: bool = True


def measure() -> None:
    call_command("migrate", verbosity=0)
    plain = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=plain):
        _measure()


def _measure() -> None:
    program = _program()
    _fill(1, FEWER)
    before = _asked(program)
    began = time.monotonic()
    _fill(FEWER + 1, CALLS)
    took = time.monotonic() - began
    after = _asked(program)

    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"API: {CALLS:,} calls and {CALLS * EVENTS_EACH:,} events, beside {FEWER:,} and {FEWER * EVENTS_EACH:,}")
    print(f"  made in {took:.0f} s and {memory:.0f} MB of this process; {_sizes()}")
    print(f"  {'':46} {'p50 ms':>7} {'p95 ms':>7} {'max ms':>7} {'p95 of fewer':>13}")
    fewer = {kind.name: f"{_at(kind.took, 0.95):.0f}" for kind in before}
    for kind in after:
        scanned = f"  READS ALL OF {', '.join(sorted(kind.scanned))}" if kind.scanned else ""
        empty = "  NOTHING FOUND" if kind.finds and not kind.rows else ""
        print(f"  {kind.name:46} {_row(kind.took)} {fewer.get(kind.name, 'no such page'):>13}{scanned}{empty}")
    slow = [kind.name for kind in after if _at(kind.took, 0.95) > LIMIT_MS]
    read = [kind.name for kind in after if kind.scanned]
    print(f"  limit at p95 of each: {LIMIT_MS} ms, {'NOT KEPT by ' + ', '.join(slow) if slow else 'kept'}")
    print(f"  great tables read from end to end: {'by ' + ', '.join(read) if read else 'never'}\n")


def _program() -> Client:
    """Make a program with a key that may read everything, as often as it likes."""
    owner = User.objects.create(username="program", is_staff=True)
    owner.groups.add(Group.objects.get(name=roles.ADMINISTRATOR))
    at = datetime.now(UTC)
    scopes = [f"{name}:read" for name in ("calls", "events", "stories", "contacts")]
    Key.objects.all().delete()
    _key, token = keys.make(owner, name="benchmark", scopes=scopes, requests_per_minute=1_000_000, at=at)
    return Client(headers={"Authorization": f"Bearer {token}"})


def _fill(first: int, last: int) -> None:
    with connection.cursor() as cursor:
        for statement in (_CALLS, _EVENTS, _HISTORIES):
            for begin in range(first, last + 1, 100_000):
                chunk = {"first": begin, "last": min(begin + 99_999, last), "end": END, "each": EVENTS_EACH}
                cursor.execute(statement, chunk)
        cursor.execute("UPDATE crm_numbering SET position = %s", [last * EVENTS_EACH + EVENTS_EACH])
        cursor.execute("VACUUM ANALYZE calls_call, calls_callevent, crm_event")
    if not Contact.objects.exists():
        contact = Contact.objects.create(name="Caller 1", created_at=END, updated_at=END)
        contact.numbers.create(number="+14155550123")


def _asked(program: Client) -> list[Kind]:
    kinds = list(_kinds(random.Random(1)))
    for kind in kinds:  # what a process does once is not counted
        path, parameters = kind.asked[0]
        program.get(f"/api/v1{path}", parameters)
    for _round in range(ROUNDS):
        for kind in kinds:
            for path, parameters in kind.asked:
                cache.clear()  # no request is to be one too many
                began = time.perf_counter()
                response = program.get(f"/api/v1{path}", parameters)
                kind.took.append((time.perf_counter() - began) * 1000)
                assert response.status_code == 200, (path, parameters, response.content)
                told = response.json()
                kind.rows += len(told.get("items", told.get("entries", [told])))
    for kind in kinds:
        path, parameters = kind.asked[-1]
        with CaptureQueriesContext(connection) as captured:
            program.get(f"/api/v1{path}", parameters)
        kind.scanned = _scanned([query["sql"] for query in captured])
    return kinds


def _kinds(chance: random.Random) -> Iterator[Kind]:
    """Choose what is asked; the same in every run, and where there are fewer rows from among those."""
    count = Call.objects.count()
    numbers = list(Call.objects.filter(pk__in=_some(chance, count, "call")).values_list("from_number", flat=True))
    conversations = [str(one) for one in _some(chance, count, "conversation")]
    some_day = END - EACH * (count // 2)
    lists: dict[str, list[dict[str, Any]]] = {
        "calls": [{}],
        "calls of one status": [{"status": "busy"}, {"status": "canceled"}],
        "calls of one direction": [{"direction": "outbound-api"}],
        "calls of a time": [{"started_before": some_day.isoformat()}],
        "calls of the company's own line": [{"number": "+15005550007"}],
        "calls of one who calls often": [{"number": "(415) 555-0123"}],
    }
    for name, asked in lists.items():
        yield Kind(f"{name}, first page", [("/calls", one) for one in asked])
        deep = [("/calls", one | {"cursor": cursor}) for one in asked if (cursor := _deep(one))]
        if deep:
            yield Kind(f"{name}, page {DEEP:,}", deep)
    yield Kind("live calls", [("/calls", {"live": "true"})])
    yield Kind("search: a whole number", [("/calls", {"number": number}) for number in numbers])
    yield Kind("search: the last seven digits", [("/calls", {"number": number[-7:]}) for number in numbers])
    yield Kind("search: four digits", [("/calls", {"number": number[-4:]}) for number in numbers])
    yield Kind("search: digits that nobody has", [("/calls", {"number": "9999999"})], finds=False)
    yield Kind("legs of a conversation", [("/calls", {"conversation": one}) for one in conversations])
    call = str(_some(chance, count, "call")[0])
    yield Kind("one call with its timeline", [(f"/calls/{call}", {"expand": "timeline,legs"})])
    yield Kind("story of a conversation", [(f"/conversations/{one}", {}) for one in conversations])
    contact = Contact.objects.get()
    yield Kind("story of a contact who calls often", [(f"/contacts/{contact.pk}/story", {})])
    end = count * EVENTS_EACH
    after: dict[str, Callable[[], dict[str, Any]]] = {
        "events, the first page": lambda: {"after": 0},
        f"events, page {DEEP:,}": lambda: {"after": EVENTS_EACH + PAGE * (DEEP - 1)},
        "events, anywhere": lambda: {"after": chance.randrange(end)},
        "events of one type": lambda: {"after": chance.randrange(end), "type": "call.ended"},
    }
    for name, one in after.items():
        yield Kind(name, [("/events", one() | {"limit": PAGE}) for _ in range(5)])
    yield Kind("events of one conversation", [("/events", {"conversation": one}) for one in conversations])


def _some(chance: random.Random, count: int, what: str) -> list[Any]:
    with connection.cursor() as cursor:
        wanted = [f"{what} {chance.randrange(1, count)}" for _ in range(6)]
        cursor.execute("SELECT md5(one)::uuid FROM unnest(%s::text[]) AS one", [wanted])
        return [row[0] for row in cursor.fetchall()]


def _deep(asked: dict[str, Any]) -> str:
    """Give the cursor of the 1,000th page; "" where there are fewer."""
    rows = Call.objects.order_by("-started_at", "-pk")
    if "number" in asked:
        rows = rows.numbered(asked["number"])
    elif "started_before" in asked:
        rows = rows.filter(started_at__lt=asked["started_before"])
    else:
        rows = rows.filter(**asked)
    last = rows[PAGE * (DEEP - 1) - 1 : PAGE * (DEEP - 1)].first()
    if last is None:
        return ""
    pages = Cursor()
    pages.ordering = "-started_at"
    return pages._cursor(last, "started_at")


def _scanned(statements: list[str]) -> set[str]:
    """Give the great tables that one of the statements reads from end to end."""
    found = set()
    for statement in statements:
        if statement.lstrip().startswith(("SELECT", "WITH")) and any(table in statement for table in TABLES):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {statement.replace('%', '%%')}", [])
                plan = "\n".join(row[0] for row in cursor.fetchall())
            found |= {table for table in TABLES if f"Seq Scan on {table}" in plan}
    return found


def _sizes() -> str:
    with connection.cursor() as cursor:
        sizes = []
        for table in TABLES:
            cursor.execute("SELECT pg_size_pretty(pg_table_size(%s)), pg_size_pretty(pg_indexes_size(%s))", [table] * 2)
            rows, indexes = cursor.fetchone()
            sizes.append(f"{table} {rows} and {indexes} of indexes")
    return "; ".join(sizes)


def _at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, round(share * (len(times) - 1)))]


def _row(times: list[float]) -> str:
    return " ".join(f"{_at(times, share):>7.0f}" for share in (0.5, 0.95, 1))
