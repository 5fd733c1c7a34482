"""Lists of people who see only what is their teams', over a million conversations: few of them theirs, or many.

Each is a whole request, with a key to the API or logged in to a page. Three people ask: a supervisor of few
conversations, spread over all times; one of many; and one whose team was dissolved long ago, so that whoever looks from
the newest on looks in vain for long. Beside them an agent, who sees their own.
"""

import os
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.models import Field, Model
from django.test import Client
from django.test.utils import override_settings

from agents import roles
from agents.models import Agent, Team, User
from benchmarks.api import DEEP, END, EVENTS_EACH, LIMIT_MS, PAGE, _at, _fill, _row
from benchmarks.load import cpu_seconds
from calls.models import Call
from conferences.models import Conference, Participant
from conferences.room import Phase, Role
from conferences.states import LegState
from crm.actions import keys
from crm.models import Event
from messaging.models import Message, Sender, Thread
from messaging.states import Direction, State
from outbound.models import Order
from outbound.states import Kind as OrderKind
from outbound.states import OrderState
from queues.models import Callback, Entry, Handling, Queue
from queues.states import CallbackState, EntryState
from recordings.models import Mailbox, Recording, Voicemail
from rest.paging import Cursor

CALLS = int(os.environ.get("BENCH_CALLS", "1000000"))
ROUNDS = 10
# One conversation of 10,000 is the few's; the oldest twentieth the dissolved team's; of the others half are the many's.
TEAMS = {"few": 3, "many": 100, "gone": 10} | {f"team {place}": 20 for place in range(20)}  # how many agents each has
TEAM = """CASE WHEN n %% 10000 = 77 THEN 0 WHEN n > %(calls)s * 0.95 THEN 2 WHEN n %% 2 = 0 THEN 1
    ELSE 3 + (n / 2) %% 20 END"""
SCOPES = (
    *("calls", "conferences", "recordings", "voicemails", "handlings", "callbacks", "orders", "messages"),
    *("events", "stories", "contacts"),
)


@dataclass(slots=True)
class Kind:
    """Requests of one kind by one person: what they took, and what processor time of ours and of the database's.

    Milliseconds. Processor time is what other work on the machine changes least.
    """

    name: str
    who: str
    client: Client
    address: str
    asked: dict[str, Any]
    rows: int = -1
    took: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)


def measure() -> None:
    call_command("migrate", verbosity=0)
    plain = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=plain):
        _measure()


def _measure() -> None:
    made = _made()
    kinds = [kind for who, person in _people().items() for kind in _kinds(who, person)]
    for _round in range(ROUNDS + 1):
        for kind in kinds:
            if len(kind.took) < 2 or sum(kind.took) < 20_000:
                _ask(kind)
    there = f"{Conference.objects.count():,} conversations, {Event.objects.count():,} events"
    print(f"Lists of people with teams: {there}, {f'made in {made:.0f} s' if made > 1 else 'there already'}")
    print(f"  {'':58} {'p50 ms':>7} {'p95 ms':>7} {'max ms':>7} {'CPU ms':>7} {'rows':>5}")
    for kind in kinds:
        spent, rows = sum(kind.spent[1:]) / len(kind.spent[1:]), "" if kind.rows < 0 else kind.rows
        print(f"  {kind.who + ': ' + kind.name:58} {_row(kind.took[1:])} {spent:>7.0f} {rows:>5}")
    slow = [f"{kind.who}: {kind.name}" for kind in kinds if _at(kind.took[1:], 0.95) > LIMIT_MS]
    print(f"  limit at p95 of each: {LIMIT_MS} ms, {'NOT KEPT by ' + ', '.join(slow) if slow else 'kept'}\n")


def _made() -> float:
    """Make all rows, and tell how many seconds it took; a database that has them is asked as it is."""
    began = time.monotonic()
    if not Call.objects.exists():
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # what refers to what is right by its making
            _fill(1, CALLS)
            _populate()
            cursor.execute("SET session_replication_role = origin")
    return time.monotonic() - began


def _ask(kind: Kind) -> None:
    """Send one request; the first of a kind is not counted: what a process does once is in it."""
    cache.clear()  # no request is to be one too many
    database = connection.connection.info.backend_pid
    began, before = time.perf_counter(), time.process_time() + cpu_seconds(database)
    response = kind.client.get(kind.address, kind.asked)
    kind.took.append((time.perf_counter() - began) * 1000)
    kind.spent.append((time.process_time() + cpu_seconds(database) - before) * 1000)
    assert response.status_code == 200, (kind.name, kind.who, response.status_code, response.content[:500])
    if response.headers["Content-Type"].startswith("application/json"):
        told = response.json()
        kind.rows = len(told.get("items", told.get("entries", [])))


# --- who asks


def _people() -> dict[str, User]:
    """Make those who ask: the supervisors by their teams, and an agent who is a member of the team's mailbox."""
    found = {}
    for name in ("few", "many", "gone"):
        person, _ = User.objects.get_or_create(username=name, is_staff=True)
        person.groups.add(Group.objects.get(name=roles.SUPERVISOR))
        person.supervised_teams.add(Team.objects.get(name=name))
        found[name] = person
    agent = Agent.objects.filter(team__name="few").select_related("user")[0].user
    Mailbox.objects.get(name="few").members.add(agent)
    return found | {"agent": agent}


def _kinds(who: str, person: User) -> Iterator[Kind]:
    chance = random.Random(1)
    person = User.objects.get(pk=person.pk)  # with the permissions of the role
    program, browser = _program(person), Client()
    browser.force_login(person)
    lists: dict[str, tuple[str, Any, str]] = {
        "conversations": ("conferences", Conference.objects.visible_to(person), "opened_at"),
        "participants": ("participants", Participant.objects.visible_to(person), "wanted_at"),
        "recordings": ("recordings", None, "announced_at"),
        "voicemails": ("voicemails", Voicemail.objects.visible_to(person), "left_at"),
        "agents' parts": ("handlings", Handling.objects.visible_to(person), "began_at"),
        "callbacks": ("callbacks", Callback.objects.visible_to(person), "asked_at"),
        "orders": ("orders", Order.objects.visible_to(person), "made_at"),
        "messages": ("messages", Message.objects.visible_to(person), "at"),
        "threads": ("threads", Thread.objects.visible_to(person), "last_at"),
    }
    if who == "agent":
        lists = {name: lists[name] for name in ("conversations", "participants", "recordings", "voicemails")}
    else:
        del lists["voicemails"]  # supervisors see all of them
    for name, (path, rows, column) in lists.items():
        address = f"/api/v1/{path}"
        yield Kind(name, who, program, address, {})
        if who == "many" and rows is not None and (cursor := _deep(rows, column)):
            yield Kind(f"{name}, page {DEEP:,}", who, program, address, {"cursor": cursor})
    yield Kind("conversations that are over", who, program, "/api/v1/conferences", {"live": "false"})
    yield Kind("calls", who, program, "/api/v1/calls", {})
    yield Kind("events, anywhere", who, program, "/api/v1/events", {"after": chance.randrange(CALLS * EVENTS_EACH)})
    pages = [] if who == "gone" else ["recordings/voicemail", "recordings/recording"]
    if who in ("few", "many"):
        pages += [
            *("queues/entry", "queues/callback", "outbound/order", "messaging/thread", "messaging/message"),
            *("conferences/conference", "calls/call", "agents/presencechange"),
        ]
    for page in pages:
        yield Kind(f"page of {page}", who, browser, f"/admin/{page}/", {})


def _program(person: User) -> Client:
    allowed = [f"{name}:read" for name in SCOPES]
    at = datetime.now(UTC)
    _key, token = keys.make(person, name="benchmark", scopes=allowed, requests_per_minute=1_000_000, at=at)
    return Client(headers={"Authorization": f"Bearer {token}"})


def _deep(rows: Any, column: str) -> str:
    """Give the cursor of the 1,000th page; "" where there are fewer."""
    last = rows.order_by(f"-{column}", "-pk")[PAGE * (DEEP - 1) - 1 : PAGE * (DEEP - 1)].first()
    if last is None:
        return ""
    pages = Cursor()
    pages.ordering = f"-{column}"
    return pages._cursor(last, column)


# --- what there is


def _populate() -> None:
    numbers = iter(range(1000))
    agents: list[list[Agent]] = []
    for name, count in TEAMS.items():
        team = Team.objects.create(name=name)
        Queue.objects.create(name=name, team=team)
        Mailbox.objects.create(name=name)
        people = [User.objects.create(username=f"agent-{next(numbers)}", is_staff=True) for _ in range(count)]
        for person in people:
            person.groups.add(Group.objects.get(name=roles.AGENT))
        agents.append([Agent.objects.create(user=one, name=one.username, team=team) for one in people])
        queue = Queue.objects.get(name=name)
        Sender.objects.create(number=f"+1500556{queue.pk:04}", queue=queue)
    at = "%(end)s - make_interval(mins => n)"
    agent = "(SELECT ids[1 + n / 7 %% array_length(ids, 1)] FROM bench_team WHERE place = t)"
    queue, mailbox, sender = (
        f"(SELECT {column} FROM bench_team WHERE place = t)" for column in ("queue", "mailbox", "sender")
    )
    left = "n %% 5 = 0 OR n %% 20000 = 77"  # a message, for which nobody was there
    number = "'+1' || (2120000000 + (n::bigint * 7919) %% 200000 * 13)"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_team AS SELECT place::int, ids::uuid[], queue::bigint, mailbox::bigint, sender::bigint "
            "FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bigint[]) AS one (place, queue, mailbox, sender) "
            "JOIN unnest(%s::int[], %s::text[]) AS two (place2, listed) ON place2 = place, "
            "LATERAL (SELECT string_to_array(listed, ' ')::uuid[] AS ids) AS three",
            [
                list(range(len(TEAMS))),
                *(
                    [model.objects.get(**{column: name}).pk for name in TEAMS]
                    for model, column in ((Queue, "name"), (Mailbox, "name"), (Sender, "queue__name"))
                ),
                list(range(len(TEAMS))),
                [" ".join(str(one.pk) for one in people) for people in agents],
            ],
        )
    _insert(
        Conference,
        {
            "id": _key("conference"), "customer_id": _key("call"), "conversation": _key("conversation"),
            "phase": f"'{Phase.CLOSED}'", "subject": "'Sales'", "opened_at": at, "closed_at": at, "ended_at": at,
        },
    )  # fmt: skip
    for role, who in ((Role.CUSTOMER, "NULL"), (Role.OWNER, agent)):
        _insert(
            Participant,
            {
                "id": _key(f"{role}"), "conference_id": _key("conference"), "role": f"'{role}'", "agent_id": who,
                "endpoint": "'browser'", "address": "'client:x'", "state": f"'{LegState.LEFT}'",
                "wanted_at": at, "joined_at": at, "left_at": at,
            },
        )  # fmt: skip
    _insert(
        Entry,
        {
            "id": _key("entry"), "queue_id": queue, "call_id": _key("call"), "conference_id": _key("conference"),
            "agent_id": agent, "state": f"'{EntryState.ANSWERED}'", "joined_at": at, "aged_from": at,
            "answered_at": at, "ended_at": at,
        },
    )  # fmt: skip
    _insert(
        Handling,
        {
            "id": _key("handling"), "entry_id": _key("entry"), "agent_id": agent, "conference_id": _key("conference"),
            "began_at": at, "ended_at": at, "done_at": at, "notes": "'Asks for blue.'",
        },
    )  # fmt: skip
    _insert(
        Recording,
        {
            "id": _key("recording"), "sid": "'RE' || md5('recording ' || n)", "call_id": _key("call"),
            "state": "'stored'", "subject": f"CASE WHEN {left} THEN 'voicemail' ELSE 'conversation' END",
            "queue_id": f"CASE WHEN NOT ({left}) THEN {queue} END",
            "agent_id": f"CASE WHEN NOT ({left}) THEN {agent} END",
            "announced_at": at, "recorded_at": at, "stored_at": at, "seconds": "60",
        },
    )  # fmt: skip
    _insert(
        Voicemail,
        {
            "id": _key("voicemail"), "mailbox_id": mailbox, "recording_id": _key("recording"),
            "call_id": _key("call"), "status": "'done'", "left_at": at, "done_at": at,
        },
        where=left,
    )  # fmt: skip
    _insert(
        Callback,
        {
            "id": _key("callback"), "queue_id": queue, "number": number, "state": f"'{CallbackState.DONE}'",
            "asked_at": at, "expires_at": at, "ended_at": at,
        },
        where="n %% 5 = 1 OR n %% 10000 = 77",
    )  # fmt: skip
    _insert(
        Order,
        {
            "id": _key("order"), "kind": f"'{OrderKind.CLICK}'", "number": number, "agent_id": agent,
            "queue_id": queue, "conversation": _key("conversation"), "made_at": at, "not_before": at,
            "expires_at": at, "ended_at": at, "state": f"'{OrderState.DONE}'",
        },
        where="n %% 5 = 2 OR n %% 10000 = 77",
    )  # fmt: skip
    thread = f"md5('thread ' || {sender} || ' ' || {number})::uuid"
    _insert(
        Thread,
        {
            "id": thread, "sender_id": sender, "number": number, "queue_id": queue, "began_at": at,
            "last_at": at,
        },
        also="ON CONFLICT DO NOTHING",
    )  # fmt: skip
    _insert(
        Message,
        {
            "id": _key("message"), "thread_id": thread, "sid": "'SM' || md5('message ' || n)",
            "direction": f"'{Direction.IN}'", "state": f"'{State.RECEIVED}'", "status": "'received'",
            "body": "'Is my order on its way?'", "at": at, "heard_at": at, "ended_at": at,
        },
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _key(kind: str) -> str:
    return f"md5('{kind} ' || n)::uuid"


def _insert(model: type[Model], given: dict[str, str], *, where: str = "true", also: str = "") -> None:
    """Make a row for each number `n` of a conversation, `t` its team; columns that are not given have their default."""
    columns: dict[str, str] = {}
    values: dict[str, Any] = {"end": END, "calls": CALLS}
    for column in model._meta.concrete_fields:
        assert isinstance(column, Field)
        name = column.column
        if name in given:
            columns[name] = given[name]
        elif not column.primary_key and (column.has_default() or not column.null):
            value = column.get_default() if column.has_default() else ""
            values[name] = column.get_db_prep_save(value, connection)
            columns[name] = f"%({name})s"
    statement = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "
        f"FROM (SELECT n, {TEAM} AS t FROM generate_series(%(first)s, %(last)s) AS n) AS one WHERE {where} {also}"
    )
    with connection.cursor() as cursor:
        for first in range(1, CALLS + 1, 100_000):
            cursor.execute(statement, values | {"first": first, "last": min(first + 99_999, CALLS)})
