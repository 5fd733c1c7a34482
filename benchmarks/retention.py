"""A rule ends 100,000 recordings: rows, transcripts, files, and Twilio's audio; beside what deletes the same by force.

The reference deletes as many of the same rows by plain SQL, unlinks their files, and asks the same stand-in for Twilio
by a bare connection: nothing is locked, logged, counted or resumed there. A second run has a legal hold of another
caller to look at for each row.
"""

import http.client
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone

from agents.models import User
from calls.models import Call
from compliance.actions import holds
from compliance.models import Hold, RetentionRule
from compliance.states import Kept, Subject
from recordings import files
from recordings import tasks as recordings
from recordings.models import Copy, Discard, Recording, Transcript
from recordings.states import CopyKind, State
from retention import tasks
from retention.actions import runs
from retention.models import Run

ITEMS = int(os.environ.get("BENCH_RECORDINGS", "100000"))
AT_TWILIO = 20  # of as many recordings one still lies at Twilio; the others were deleted there once stored
SOUND = b"\0" * 1024
BATCH = 1000

_BY_FORCE = """
    WITH chosen AS (SELECT id FROM recordings_recording WHERE state <> 'deleted' LIMIT %s FOR UPDATE),
    copies AS (DELETE FROM recordings_copy WHERE recording_id IN (SELECT id FROM chosen) RETURNING name),
    transcripts AS (DELETE FROM recordings_transcript WHERE recording_id IN (SELECT id FROM chosen) RETURNING id),
    gone AS (
        UPDATE recordings_recording SET state = 'deleted' WHERE id IN (SELECT id FROM chosen) RETURNING sid, cleared_at
    )
    SELECT array(SELECT name FROM copies), array(SELECT sid FROM gone WHERE cleared_at IS NULL),
        (SELECT count(*) FROM transcripts)
"""


def measure() -> None:
    print(f"Retention: {ITEMS:,} recordings end, each with a transcript and a file, one of {AT_TWILIO} at Twilio")
    call_command("migrate", verbosity=0)
    with _twilio() as address, tempfile.TemporaryDirectory() as folder:
        storage = {"default": settings.STORAGES["default"] | {"OPTIONS": _options(folder)}}
        with override_settings(TWILIO_API_BASE_URL=address, STORAGES=settings.STORAGES | storage):
            reference = _measured("reference: plain SQL, unlink, a bare connection", lambda: _by_force(address))
            _planned()
            ours = _measured("a run of the rule", _by_rule)
            hold = _held()
            _measured("the same under a hold of somebody else", _by_rule)
            holds.lift(hold.pk, because="-", by=hold.owner, address=None, at=timezone.now())
    print(f"  a run takes {ours / reference:.1f} times the reference")


def _planned() -> None:
    _fill()
    RetentionRule.objects.get_or_create(kind=Kept.RECORDING, days=30, defaults={"changed_at": timezone.now()})
    began = time.perf_counter()
    with override_settings(RETENTION_FIRST_RUN_LIMIT=ITEMS * 2):
        runs.plan(at=timezone.now())
    run = Run.objects.latest("pk")
    print(f"  planned in {time.perf_counter() - began:.2f} s: {run.planned:,} found")


def _by_rule() -> None:
    run = Run.objects.open().first()
    if run is None:
        Run.objects.update(planned_at=timezone.now() - timedelta(days=2))
        with override_settings(RETENTION_FIRST_RUN_LIMIT=ITEMS * 2):
            (run,) = runs.plan(at=timezone.now())
    while Run.objects.open().filter(pk=run.pk).exists():
        tasks.carry_out(run.pk)
    while Recording.objects.purging().exists() or Discard.objects.exists():
        recordings.purge()


def _by_force(address: str) -> None:
    twilio = http.client.HTTPConnection(address.removeprefix("http://"))
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_BY_FORCE, [BATCH])
            names, sids, _count = cursor.fetchone()
            if not names:
                break
            for name in names:
                Path(default_storage.path(name)).unlink()
            for sid in sids:
                twilio.request("DELETE", f"/Recordings/{sid}.json")
                twilio.getresponse().read()
        cursor.execute("UPDATE recordings_recording SET purged_at = now()")


def _measured(what: str, work: Callable[[], None]) -> float:
    """Do it on a fresh set of recordings, and print how fast it was and how much memory it took."""
    if not Recording.objects.kept().exists():
        _fill()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, cpu = time.perf_counter(), time.process_time()
    work()
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    left = Recording.objects.kept().count()
    assert not left, f"{left} are left"
    files = sum(len(names) for _folder, _folders, names in os.walk(default_storage.path("")))
    assert not files, f"{files} files are left"
    rate = f"{ITEMS / took:>7,.0f} a second, {cpu / ITEMS * 1000:.2f} ms of processor time each"
    print(f"  {what}: {took:.0f} s, {rate}, memory +{grown:.0f} MB")
    return took


def _fill() -> None:
    at, first = timezone.now() - timedelta(days=60), Call.objects.count()
    for batch in batched(range(first, first + ITEMS), BATCH):
        _make(batch, at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _make(numbers: Iterable[int], at: datetime) -> None:
    """Make calls with a recording each, spread over a hundred days, as their rows and files are once all is done."""
    calls = [
        Call(
            sid=f"CA{number:032x}",
            direction="inbound",
            from_number=f"+1415555{number % 10000:04}",
            to_number="+15005550100",
            status="completed",
            started_at=at - timedelta(seconds=86 * (number % 100_000)),
            heard_at=at,
        )
        for number in numbers
    ]
    sounds = [
        Recording(
            sid=call.sid.replace("CA", "RE"),
            call=call,
            state=State.INDEXED,
            subject=Subject.CONVERSATION,
            announced_at=call.started_at,
            seconds=60,
            cleared_at=None if number % AT_TWILIO == 0 else at,
        )
        for number, call in enumerate(calls)
    ]
    copies = [
        Copy(
            recording=sound,
            kind=CopyKind.ORIGINAL,
            name=files.name_of(sound, CopyKind.ORIGINAL),
            size=len(SOUND),
            sha256="ab" * 32,
            made_at=at,
        )
        for sound in sounds
    ]
    said = "My bill is too high"
    texts = [
        Transcript(
            recording=sound, provider="fake", language="en-US", made_at=at, recorded_at=sound.announced_at, text=said
        )
        for sound in sounds
    ]
    for model, rows in ((Call, calls), (Recording, sounds), (Copy, copies), (Transcript, texts)):
        model.objects.bulk_create(rows)
    for copy in copies:
        path = Path(default_storage.path(copy.name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(SOUND)


def batched(numbers: Iterable[int], size: int) -> Iterator[list[int]]:
    rest = iter(numbers)
    while batch := list(islice(rest, size)):
        yield batch


def _held() -> Hold:
    by, _made = User.objects.get_or_create(username="benchmark")
    today = timezone.now().date()
    hold = Hold(name="Another", reason="-", owner=by, review_at=today, caller="+442079460000")
    return holds.place(hold, by=by, address=None, at=timezone.now())


def _options(folder: str) -> dict[str, object]:
    return settings.STORAGES["default"]["OPTIONS"] | {"location": folder}


@contextmanager
def _twilio() -> Iterator[str]:
    """Run the stand-in in a process of its own, and give its address."""
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.standin"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait(10)
