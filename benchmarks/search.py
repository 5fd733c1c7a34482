"""The first page of a search over all transcripts, whole as a person gets it, beside two references in the same run.

Each search is a request to the application, with session, rights, form, marked lines and the entry in the log of
access. The references: the page of the newest without any words, and the same searches where there are a hundredth as
many transcripts. What does not grow with their number is the same in all.
"""

import os
import random
import re
import resource
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from agents import roles
from agents.models import User
from benchmarks import spoken
from benchmarks.spoken import NEWEST, Tongue, World

TRANSCRIPTS = int(os.environ.get("BENCH_TRANSCRIPTS", "100000"))
FEWER = 1000
LIMIT_MS = 200
DIFFERENT, ROUNDS = 6, 3
TABLE = "recordings_transcript"
INDEX = re.compile(r"\btranscript_\w+")
OFFERED_INDEX = "OFFSET 0"


@dataclass(slots=True)
class Kind:
    """Searches of one kind by one person: what is asked, and what it took."""

    name: str
    who: Client
    asked: list[dict[str, str]]
    took: list[float] = field(default_factory=list)
    cut: int = 0  # pages that say how far they have come
    ways: Counter[str] = field(default_factory=Counter)


def measure() -> None:
    call_command("migrate", verbosity=0)
    # no static files are collected here
    plain = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=plain):
        _measure()


def _measure() -> None:
    world = spoken.make_world()
    people = _people(world)
    spoken.make(world, 0, FEWER)
    before = _searched(world, people)
    began = time.monotonic()
    spoken.make(world, FEWER, TRANSCRIPTS - FEWER)
    took = time.monotonic() - began
    after = _searched(world, people)
    _look_at_plans(after)

    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"Search in transcripts: the first page, whole, of {TRANSCRIPTS} transcripts and of {FEWER}")
    print(f"  made in {took:.0f} s and {memory:.0f} MB of this process; {_sizes()}")
    print(f"  {'':44} {'p50 ms':>7} {'p95 ms':>7} {'max ms':>7} {f'p50 of {FEWER}':>12}")
    for kind, reference in zip(after, before, strict=True):
        cut = f"; {kind.cut} of {len(kind.took)} not to the end" if kind.cut else ""
        print(f"  {kind.name:44} {_row(kind.took)} {_at(reference.took, 0.5):>12.0f}  {_told(kind.ways)}{cut}")
    times = [took for kind in after for took in kind.took]
    print(f"  {f'all {len(times)} together':44} {_row(times)} {_at([t for k in before for t in k.took], 0.5):>12.0f}")
    print(f"  limit at p95: {LIMIT_MS} ms, {'kept' if _at(times, 0.95) <= LIMIT_MS else 'NOT KEPT'}\n")


def _people(world: World) -> tuple[Client, Client]:
    """Log an administrator in, and a supervisor of one team, who has a mailbox too."""
    found = []
    for name, role in (("administrator", roles.ADMINISTRATOR), ("supervisor", roles.SUPERVISOR)):
        person = User.objects.create(username=name, is_staff=True)
        person.groups.add(Group.objects.get(name=role))
        client = Client()
        client.force_login(person)
        found.append(client)
    supervisor = User.objects.get(username="supervisor")
    supervisor.supervised_teams.add(*[queue.team_id for queue in world.queues[3:4] if queue.team_id])
    world.mailboxes[0].members.add(supervisor)
    return found[0], found[1]


def _kinds(world: World, people: tuple[Client, Client]) -> Iterator[Kind]:
    """Choose what is asked, by how often the words are said; the same in every run."""
    chance, words = random.Random(1), Tongue("en-US").words

    def some(first: int, end: int, count: int = DIFFERENT) -> list[str]:
        return chance.sample(words[first:end], count)

    texts = {
        "nothing: the newest": [""],
        "a rare word": some(6000, 20_000),
        "a word of middling rank": some(400, 2000),
        "a common word": some(45, 120),
        "two common words": [" ".join(some(45, 120, 2)) for _ in range(DIFFERENT)],
        "a phrase that was said": [f'"{one}"' for one in _phrases(world, chance)],
        "a phrase of common words": [f'"{" ".join(some(45, 120, 2))}"' for _ in range(DIFFERENT)],
        "two words near each other": [" NEAR ".join(some(100, 600, 2)) for _ in range(DIFFERENT)],
        "a word without another": [f"{some(400, 2000, 1)[0]} -{some(45, 120, 1)[0]}" for _ in range(DIFFERENT)],
        "a word of another language": chance.sample(Tongue("de-DE").words[60:400], DIFFERENT),
    }
    for name, client in zip(("administrator", "supervisor"), people, strict=True):
        for what, typed in texts.items():
            yield Kind(f"{name}: {what}", client, [{"q": one} for one in typed])
    day = (NEWEST - timedelta(days=300)).date()
    queue = world.queues[5]
    filters = {
        "queue": {"queue": str(queue.pk)},
        "agent": {"agent": str(world.agents[queue.pk][0].pk)},
        "a week": {"since": str(day), "until": str(day + timedelta(days=6))},
        "voicemails": {"subject": "voicemail"},
        "language": {"language": "es"},
    }
    mixed = [typed[0] for what, typed in texts.items() if what != "a word of another language"]
    for name, narrowed in filters.items():
        yield Kind(f"administrator, {name}", people[0], [{"q": one} | narrowed for one in mixed])
    numbers = chance.sample(world.numbers[:100], 3) * 3
    yield Kind(
        "administrator, number", people[0], [{"q": one, "number": two} for one, two in zip(mixed, numbers, strict=True)]
    )


def _phrases(world: World, chance: random.Random) -> list[str]:
    """Give two words each that somebody said one after the other, both with a meaning of their own."""
    found, stops = list[str](), set(spoken.STOPS["en-US"].split())
    for text in [text for tag, text in world.texts if tag == "en-US"][:DIFFERENT]:
        said = text.lower().replace(".", "").split()
        pairs = [f"{one} {two}" for one, two in pairwise(said) if not {one, two} & stops]
        found.append(chance.choice(pairs))
    return found


def _searched(world: World, people: tuple[Client, Client]) -> list[Kind]:
    """Do all searches in turn, some rounds of them; the first warms the caches up and does not count."""
    kinds, address = list(_kinds(world, people)), reverse("recording-search")
    for around in range(ROUNDS + 1):
        for kind in kinds:
            for asked in kind.asked:
                began = time.perf_counter()
                response = kind.who.get(address, asked, secure=True)
                took = (time.perf_counter() - began) * 1000
                if response.status_code != 200 or b"found-title" not in response.content:
                    raise AssertionError(f"{kind.name}: {asked} was answered {response.status_code}")
                if around:
                    kind.took.append(took)
                    kind.cut += b"Look further back" in response.content
    return kinds


def _look_at_plans(kinds: list[Kind]) -> None:
    """See by which index each statement finds its way. Raises where one reads all transcripts."""
    address = reverse("recording-search")
    for kind in kinds:
        for asked in kind.asked:
            with CaptureQueriesContext(connection) as captured:
                kind.who.get(address, asked, secure=True)
            for query in captured.captured_queries:
                if TABLE in query["sql"] and query["sql"].lstrip().startswith(("SELECT", "WITH")):
                    _look_at(kind, query["sql"])


def _look_at(kind: Kind, statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if OFFERED_INDEX in statement:
            cursor.execute("SET LOCAL enable_seqscan = off")  # as the search itself does
        cursor.execute(f"EXPLAIN {statement.replace('%', '%%')}", [])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    if f"Seq Scan on {TABLE}" in plan:
        raise AssertionError(f"{kind.name} reads all transcripts:\n{statement}\n{plan}")
    kind.ways.update(INDEX.findall(plan))


def _sizes() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_size_pretty(pg_total_relation_size(%s)), pg_size_pretty(pg_relation_size('transcript_search'))",
            [TABLE],
        )
        whole, index = cursor.fetchone()
    return f"the table with all that belongs to it {whole}, the index of words {index}"


def _told(ways: Counter[str]) -> str:
    return ", ".join(name.removeprefix("transcript_") for name, _times in ways.most_common())


def _row(times: list[float]) -> str:
    return f"{_at(times, 0.5):>7.0f} {_at(times, 0.95):>7.0f} {max(times):>7.0f}"


def _at(times: list[float], share: float) -> float:
    return sorted(times)[min(int(len(times) * share), len(times) - 1)]
