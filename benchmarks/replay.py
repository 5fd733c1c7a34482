"""A month of 100,000 recorded visits walked through three drafts, beside reading them alone in the same run.

The visits are made by the engine from one flow and written by bulk SQL, with all that a history holds: what was said,
our answers, what Twilio reports. Digits, waits and certainties are others in each. The references: reading the rows as
a replay does and nothing more, and the same walks with nothing remembered of visits that are alike.
"""

import json
import os
import random
import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction

from ivr import engine
from ivr.actions import replays
from ivr.document import Document, parse
from ivr.hours.opening import Opening
from ivr.kinds.base import Heard, Keys, Place, Queued, QueueStatus, Recorded, Silence, Speech, Urls
from ivr.models import Flow, Line, Replay, ReplayedVisit, Schedule, Version
from ivr.replay import bulk, reading, worlds
from ivr.replay.bulk import Walker
from ivr.replay.figures import Figures
from ivr.replay.reading import Period
from queues.models import Queue
from recordings.models import Mailbox
from telephony.twiml import render

VISITS = int(os.environ.get("BENCH_VISITS", "100000"))
LIMIT = 60.0
SINCE = datetime(2026, 3, 1, tzinfo=UTC)
DAYS = 30
WALKS = 400
NAMES = ("resume", "wait", "music", "screen", "media/", "status", "recording")
URLS = Urls(*("https://contact.example.com/" + name for name in NAMES))

Json = dict[str, Any]

_MAKE = """
    INSERT INTO calls_call (id, sid, account_sid, conversation, direction, from_number, to_number, forwarded_from,
        caller_name, status, answered_by, sip_response_code, started_at, heard_at)
    SELECT gen_random_uuid(), 'CA' || lpad(to_hex(number), 32, '0'), '', gen_random_uuid(), 'inbound',
        '+1415555' || lpad(mod(number, 10000)::text, 4, '0'), '+15005550100', '', '', 'completed', '', '',
        %(since)s + number * %(apart)s, %(since)s + number * %(apart)s
    FROM generate_series(1, %(visits)s) AS number;
    INSERT INTO ivr_visit (id, call_id, line_id, version_id, turn, position, answer, screened, began_at, ended_at,
        ending)
    SELECT gen_random_uuid(), call.id, %(line)s, %(version)s, 3, '{{}}', '', '{{}}', call.started_at,
        call.started_at + interval '2 minutes', walk.ending
    FROM calls_call call
    JOIN made_walk walk ON walk.id = mod(('x' || right(call.sid, 8))::bit(32)::int, %(walks)s);
    INSERT INTO calls_callevent (call_id, at, kind, data)
    SELECT call.id, call.started_at + entry.after * interval '1 second', entry.kind,
        CASE WHEN entry.varies THEN replace(replace(entry.data, '123456', (100000 + random() * 899999)::int::text),
            '"777"', (1 + random() * 400)::int::text)::jsonb
        ELSE entry.data::jsonb END
    FROM calls_call call
    JOIN made_entry entry ON entry.walk = mod(('x' || right(call.sid, 8))::bit(32)::int, %(walks)s)
    ORDER BY call.started_at, entry.place;
    ANALYZE calls_call; ANALYZE ivr_visit; ANALYZE calls_callevent;
"""


def measure() -> None:
    call_command("migrate", verbosity=0)
    flow, document = _flow()
    began = time.perf_counter()
    _make(flow, document)
    print(f"Replay of {VISITS:,} visits, made in {time.perf_counter() - began:.0f} s: {_sizes()}", flush=True)
    period = Period(flow.pk, SINCE, SINCE + timedelta(days=DAYS + 1))
    read = _timed("reference: reading alone", lambda: _read(period))
    hours = Schedule.objects.create(name="New hours", time_zone="America/New_York")
    drafts = {
        "a target moved, an option more": _moved(document),
        "a new message before all": _greeted(document),
        "a new step of opening hours before all": _by_hours(document, str(hours.pk)),
    }
    for what, draft in drafts.items():
        whole = _timed(what, lambda draft=draft: _replay(flow, draft, period))
        limit = "kept" if whole < LIMIT * VISITS / 100_000 else "NOT KEPT"
        print(f"    {whole / read:.1f} times reading alone; limit {LIMIT:.0f} s of one core for 100,000: {limit}")
        print(f"    {_told()}", flush=True)
    _timed("reference: the first draft, walks alone, none alike", lambda: _walk(_moved(document), period))


def _timed(what: str, work: Callable[[], None]) -> float:
    """Do it, and give the seconds of processor time that it took, ours and the database's: what one core needs."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, ours, theirs = time.perf_counter(), time.process_time(), _of_database()
    work()
    took, ours, theirs = time.perf_counter() - began, time.process_time() - ours, _of_database() - theirs
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    core = ours + theirs
    rate = f"{VISITS / core:>7,.0f} a second of one core" if core else ""
    split = f"{ours:.1f} ours, {theirs:.1f} the database's"
    print(f"  {what:48} {core:5.1f} s ({split}), {rate}, +{grown:.0f} MB; {took:.0f} s", flush=True)
    return core


def _of_database() -> float:
    """Give the processor time of the database's process that works for us, where it is on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _read(period: Period) -> None:
    count = sum(1 for _row in reading.visits(period, answers=False))
    assert count == VISITS, count


def _walk(draft: Json, period: Period) -> None:
    most, bulk.MOST_REMEMBERED = bulk.MOST_REMEMBERED, 0
    walker, figures = Walker(worlds.world(draft, period.since, period.until)), Figures()
    for row in reading.visits(period, answers=False):
        figures.add(walker.compare(row.visit))
    bulk.MOST_REMEMBERED = most


def _replay(flow: Flow, draft: Json, period: Period) -> None:
    """Do what the tasks do, one after the other, until it is done."""
    at = SINCE + timedelta(days=DAYS + 2)
    Replay.objects.all().delete()
    row = Replay.objects.create(
        flow=flow, document=draft, digest="-", since=period.since, until=period.until, wanted_at=at
    )
    claimed = replays.claim(row.pk, at=at)
    assert claimed is not None
    walker = Walker(worlds.world(draft, period.since, period.until))
    while replays.take_batch(claimed, walker, at=at):
        pass
    assert claimed.done == VISITS, claimed.done


def _told() -> str:
    figures = Figures.from_json(Replay.objects.get().figures)
    rows = ReplayedVisit.objects.count()
    return f"{figures.same:,} as before, {figures.moved:,} elsewhere, {figures.unknown:,} unknown; {rows:,} rows kept"


def _flow() -> tuple[Flow, Json]:
    queues = [Queue.objects.create(name=name) for name in ("Sales", "Support")]
    mailbox = Mailbox.objects.create(name="Main")
    flow = Flow.objects.create(name="Main")
    schedule = Schedule.objects.create(name="Hours", time_zone="America/New_York")
    document = _document(flow.pk, [str(queue.pk) for queue in queues], str(mailbox.pk), str(schedule.pk))
    version = Version.objects.create(flow=flow, number=1, document=document, published_at=SINCE - timedelta(days=1))
    flow.published = version
    flow.save(update_fields=["published"])
    Line.objects.create(name="Front", address="+15005550100", flow=flow, emergency_text="Later, please.")
    return flow, document


def _document(flow: int, queues: list[str], mailbox: str, schedule: str) -> Json:
    ways = dict.fromkeys(("timed_out", "full", "unstaffed"), "mail")
    wait = [{"kind": "message", "prompt": "hold", "seconds": 0}, {"kind": "music", "prompt": "", "seconds": 0}]

    def option(name: str, key: str, *words: str) -> Json:
        return {"exit": name, "keys": key, "words": list(words), "language": ""}

    steps: dict[str, Json] = {
        "hours": {
            "kind": "hours",
            "schedule": schedule,
            "exits": {"open": "hello", "closed": "mail", "holiday": "mail"},
        },
        "hello": {"kind": "message", "prompts": {"message": "hello"}, "exits": {"next": "menu"}},
        "menu": {
            "kind": "menu",
            "prompts": {"greeting": "menu"},
            "options": [option("sales", "1", "sales"), option("orders", "2", "order"), option("mail", "3", "message")],
            "exits": {"sales": "sales", "orders": "number", "mail": "mail", "no_input": "sales", "wrong_input": "mail"},
        },
        "number": {
            "kind": "collect",
            "prompts": {"question": "number"},
            "settings": {"min_length": 6, "max_length": 6},
            "exits": {"collected": "thanks", "no_input": "support", "wrong_input": "support"},
        },
        "thanks": {"kind": "message", "prompts": {"message": "thanks"}, "exits": {"next": "support"}},
        "sales": {"kind": "queue", "queue": queues[0], "wait": wait, "exits": {**ways, "answered": "survey"}},
        "support": {"kind": "queue", "queue": queues[1], "wait": wait, "exits": {**ways, "answered": "survey"}},
        "survey": {
            "kind": "menu",
            "prompts": {"greeting": "survey"},
            "options": [option(str(mark), str(mark)) for mark in range(1, 6)],
            "exits": {**{str(mark): "bye" for mark in range(1, 6)}, "no_input": "bye", "wrong_input": "bye"},
        },
        "mail": {
            "kind": "voicemail",
            "mailbox": mailbox,
            "prompts": {"greeting": "leave"},
            "exits": {"recorded": "bye", "empty": "bye"},
        },
        "bye": {"kind": "hang_up", "prompts": {"goodbye": "bye"}},
    }
    said = ("hello", "menu", "number", "thanks", "hold", "survey", "leave", "bye", "news")
    text = "These are some twenty words that are said to callers on the telephone, as they would be in a flow of yours."
    return {
        "format": 1,
        "flow": {"id": flow, "name": "Main"},
        "languages": [["en-US", "Polly.Joanna-Neural"]],
        "first": "hours",
        "prompts": {name: {"name": name, "wordings": {"en-US": {"text": f"{name}: {text}"}}} for name in said},
        "steps": {name: {"name": name, "settings": {}, "options": [], **step} for name, step in steps.items()},
    }


def _moved(document: Json) -> Json:
    draft = json.loads(json.dumps(document))
    menu = draft["steps"]["menu"]
    menu["exits"] |= {"sales": "support", "news": "bye"}
    menu["options"].append({"exit": "news", "keys": "9", "words": [], "language": ""})
    return dict(draft)


def _greeted(document: Json) -> Json:
    draft = json.loads(json.dumps(document))
    draft["steps"]["news"] = {**draft["steps"]["hello"], "prompts": {"message": "news"}, "exits": {"next": "hours"}}
    return {**draft, "first": "news"}


def _by_hours(document: Json, schedule: str) -> Json:
    draft = json.loads(json.dumps(document))
    exits = {"open": "hours", "closed": "hours", "holiday": "mail"}
    draft["steps"]["gate"] = {**draft["steps"]["hours"], "schedule": schedule, "exits": exits}
    return {**draft, "first": "gate"}


def _make(flow: Flow, document: Json) -> None:
    """Write as many calls as wanted, each after one of some hundred walks."""
    chance, parsed = random.Random(1), parse(document)
    walks = [_Walk(parsed, chance) for _ in range(WALKS)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE made_walk (id int, ending text)")
        cursor.execute(
            "CREATE TEMPORARY TABLE made_entry (walk int, place int, after int, kind text, data text, varies bool)"
        )
        cursor.executemany("INSERT INTO made_walk VALUES (%s, %s)", [(n, walk.ending) for n, walk in enumerate(walks)])
        entries = [(number, *entry) for number, walk in enumerate(walks) for entry in walk.rows()]
        cursor.executemany("INSERT INTO made_entry VALUES (%s, %s, %s, %s, %s, %s)", entries)
        cursor.execute(
            _MAKE.replace("{{}}", "{}"),
            {
                "since": SINCE,
                "apart": timedelta(days=DAYS) / VISITS,
                "visits": VISITS,
                "walks": WALKS,
                "line": Line.objects.get(name="Front").pk,
                "version": flow.published_id,
            },
        )


class _Walk:
    """One call as chance has it."""

    def __init__(self, document: Document, chance: random.Random) -> None:
        self.chance, self.entries, self.after, self.ending = chance, list[tuple[int, str, Json]](), 0, ""
        self.tell("began", line="Front", flow="Main", version=1)
        queues = {step.reference: QueueStatus(chance.random() < 0.9) for step in document.steps.values()}
        openings = {document.steps["hours"].reference: Opening("open" if chance.random() < 0.85 else "closed")}
        facts = engine.Facts(openings=openings, queues=queues, caller="+14155550100")
        outcome = engine.begin(document, facts=facts, urls=URLS)
        while True:
            self.take(outcome)
            if outcome.ending:
                self.ending = outcome.ending
                return
            heard, place = self.next(outcome.document.steps[outcome.position.step].KIND, outcome.position.step)
            if heard is None:
                self.ending = "caller hung up"
                self.tell("ended", reason=self.ending)
                return
            self.after += chance.randint(3, 20)
            told = engine.replace(facts, place=place)
            outcome = engine.step(outcome.document, outcome.position, heard, facts=told, urls=URLS)

    def next(self, kind: str, step: str) -> tuple[Heard | None, Place | None]:
        luck = self.chance.random()
        if kind != "queue" and luck < 0.08:
            return None, None
        match kind:
            case "menu" if luck < 0.75:
                return Keys(self.chance.choice("11122339" if step == "menu" else "12345")), None
            case "menu" if luck < 0.9 and step == "menu":
                return Speech(self.chance.choice(("sales please", "my order", "something")), round(luck, 2)), None
            case "collect" if luck < 0.9:
                return Keys("123456"), None
            case "voicemail":
                return Recorded("RE1", 0 if luck < 0.4 else 20), None
            case "queue":
                return self.wait(luck)
            case _:
                return Silence(), None

    def wait(self, luck: float) -> tuple[Heard | None, Place | None]:
        self.tell("queued", queue="Sales", position=1, why="")
        for _ in range(self.chance.randint(0, 3)):
            self.tell("heard", text="hold: one moment please", language="en-US", voice="Polly.Joanna-Neural")
        why = "talking" if luck < 0.75 else "waited too long" if luck < 0.85 else "hung up"
        self.tell("unqueued", queue="Sales", why=why, seconds="777")
        if why == "hung up":
            return None, None
        if why == "talking":
            self.tell("joined", who="Ann", role="agent")
            self.tell("departed", who="Ann", role="agent", outcome="left")
        return Queued("redirected"), Place("answered" if why == "talking" else "timed-out")

    def take(self, outcome: engine.Outcome) -> None:
        for kind, data in outcome.events:
            self.tell(kind, **data)
        self.tell("answered", twiml=render(outcome.verbs))

    def tell(self, kind: str, /, **data: object) -> None:
        self.entries.append((self.after, kind, dict(data)))

    def rows(self) -> Iterator[tuple[int, int, str, str, bool]]:
        status = [
            (self.after, "status", {"status": name, "sequence": place}) for place, name in enumerate(("completed",))
        ]
        for place, (after, kind, data) in enumerate([*self.entries, *status]):
            told = json.dumps(data)
            yield place, after, kind, told, kind in ("pressed", "unqueued")


def _sizes() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), pg_size_pretty(pg_total_relation_size('calls_callevent')) FROM calls_callevent"
        )
        count, size = cursor.fetchone()
    return f"{count:,} entries of history, {size}"
