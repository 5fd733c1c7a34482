"""One stretch of a comparison: our rows beside the files of our storage, and beside Twilio's list. The body of a task.

It goes day by day, so that it is flat however much there is, and who is killed is followed by one who goes on.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from django.core.files.storage import default_storage
from django.db.models import Min
from django.utils import timezone

from messaging.files import path_of
from messaging.models import Media, Removal
from messaging.states import MediaState
from recordings import files
from recordings.models import Copy, Discard, Recording
from recordings.states import HERE, State
from retention.actions import findings
from retention.actions.findings import Found
from retention.models import Comparison
from retention.states import Orphan
from telephony import archive, client

logger = logging.getLogger(__name__)

RECORDINGS, TEXTS = "recordings", "texts"  # folders of our storage, each with one folder for a day
DAY = timedelta(days=1)
AT_ONCE = 500
BEGINNING = datetime(2008, 11, 1, tzinfo=UTC)  # no recording of Twilio's is older

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of ours that speaks of a file: whether it must be in our storage now, and whose it is."""

    name: str
    is_here: bool
    recording: Any = None
    media: Any = None


class Lost(Exception):
    """Another worker has taken over."""


def work(comparison: Comparison, *, seconds: float) -> None:
    """Go on with a claimed comparison for about so long, and give the claim back."""
    until = time.monotonic() + seconds
    last = comparison.until.date() - DAY
    try:
        while (day := _next_day(comparison.storage_day)) is not None and day <= last:
            _compare_storage(comparison, day)
            comparison.storage_day = day
            if time.monotonic() >= until:
                return findings.release(comparison)
        while (since := _next_at_twilio(comparison)) < comparison.until:
            _compare_twilio(comparison, since)
            if time.monotonic() >= until:
                return findings.release(comparison)
    except Lost:
        return logger.warning("Comparison %s: another worker has taken over", comparison.pk)
    except (client.Refused, client.Unreachable) as error:
        return findings.note_trouble(comparison, f"Twilio could not be asked: {error}", at=timezone.now())
    except files.StorageFailed as error:
        return findings.note_trouble(comparison, f"The storage could not be asked: {error}", at=timezone.now())
    return findings.finish(comparison, at=timezone.now())


def _next_day(after: date | None) -> date | None:
    """Give the next day of which the storage has a folder or of which we have a copy."""
    begin = datetime.combine(after + DAY, datetime.min.time(), UTC) if after else BEGINNING
    copy = Copy.objects.filter(recording__announced_at__gte=begin).aggregate(at=Min("recording__announced_at"))["at"]
    media = Media.objects.filter(announced_at__gte=begin).aggregate(at=Min("announced_at"))["at"]
    ours = [oldest.date() for oldest in (copy, media) if oldest]
    return min(filter(None, (*ours, _next_folder(RECORDINGS, after), _next_folder(TEXTS, after))), default=None)


def _next_folder(within: str, after: date | None) -> date | None:
    start = after + DAY if after else date.min
    for year in _numbers(within):
        if year < start.year:
            continue
        for month in _numbers(f"{within}/{year:04}"):
            if (year, month) < (start.year, start.month):
                continue
            for number in _numbers(f"{within}/{year:04}/{month:02}"):
                if (day := date(year, month, number)) >= start:
                    return day
    return None


def _numbers(folder: str) -> list[int]:
    return sorted(int(name) for name in _listed(folder)[0] if name.isdecimal())


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        with files.told():
            return default_storage.listdir(folder)
    except files.Missing:
        return [], []


def _compare_storage(comparison: Comparison, day: date) -> None:
    begin = datetime.combine(day, datetime.min.time(), UTC)
    there = {f"{folder}/{name}" for folder in _folders(day) for name in _listed(folder)[1]}
    found, ours = [], 0
    unclaimed = set(there)
    for row in _rows(begin):
        ours += 1
        unclaimed.discard(row.name)
        # what was stored since the storage was asked is no orphan: somebody would delete it for one
        if row.is_here and row.name not in there and not files.exists(row.name):
            found.append(Found(Orphan.ROW, row.name, recording=row.recording, media=row.media, made_at=begin))
    for names in _batches(sorted(unclaimed)):
        going = _going(names)
        found += [Found(Orphan.FILE, name, made_at=begin) for name in names if name not in going]
    noted = findings.note_day(comparison, found, at=timezone.now(), storage_day=day, files=len(there), copies=ours)
    if not noted:
        raise Lost


def _folders(day: date) -> tuple[str, ...]:
    return tuple(f"{folder}/{day:%Y/%m/%d}" for folder in (RECORDINGS, TEXTS))


def _rows(begin: datetime) -> Iterator[Row]:
    """Give the rows of a day that speak of a file in our storage."""
    copies = Copy.objects.filter(recording__announced_at__gte=begin, recording__announced_at__lt=begin + DAY)
    for name, recording, state in copies.values_list("name", "recording", "recording__state").iterator(chunk_size=1000):
        yield Row(name, is_here=state in HERE, recording=recording)
    media = Media.objects.filter(announced_at__gte=begin, announced_at__lt=begin + DAY).exclude(state=MediaState.ABSENT)
    for pk, at, state in media.values_list("pk", "announced_at", "state").iterator(chunk_size=1000):
        # what a killed worker has begun to store lies where it will lie
        yield Row(path_of(pk, at), is_here=state == MediaState.STORED, media=pk)


def _going(names: list[str]) -> set[str]:
    """Tell which of these files are being deleted already."""
    gone = Discard.objects.filter(name__in=names).values_list("name", flat=True)
    return set(gone.union(Removal.objects.filter(name__in=names).values_list("name", flat=True), all=True))


def _next_at_twilio(comparison: Comparison) -> datetime:
    if comparison.twilio_day is None:
        return BEGINNING
    return datetime.combine(comparison.twilio_day + DAY, datetime.min.time(), UTC)


def _compare_twilio(comparison: Comparison, since: datetime) -> None:
    """Compare a day; or first, at one go, all that is older than anything of ours."""
    until = since + DAY
    if since == BEGINNING:
        oldest = Recording.objects.aggregate(at=Min("announced_at"))["at"] or comparison.until
        until = datetime.combine(oldest.date(), datetime.min.time(), UTC)
    until = min(max(until, since + DAY), comparison.until)
    seen = 0
    for batch in _batches(archive.list_recordings(since=since, until=until)):
        seen += len(batch)
        findings.note_found(comparison, _unknown(batch), at=timezone.now())
        if not findings.renew(comparison, at=timezone.now()):
            raise Lost
    day = (until - timedelta(microseconds=1)).date()
    if not findings.note_day(comparison, (), at=timezone.now(), twilio_day=day, recordings=seen):
        raise Lost
    comparison.twilio_day = day


def _unknown(batch: list[client.Recording]) -> Iterable[Found]:
    sids = {recording.sid: recording for recording in batch}
    rows = Recording.objects.filter(sid__in=sids).only("sid", "state", "cleared_at", "purged_at")
    ours = {row.sid: row for row in rows}
    for sid, recording in sids.items():
        row = ours.get(sid)
        if row is None:
            yield Found(Orphan.AT_TWILIO, sid, call_sid=recording.call_sid, made_at=recording.created_at)
        elif row.cleared_at is not None or (row.state == State.DELETED and row.purged_at is not None):
            yield Found(Orphan.STILL_AT_TWILIO, sid, recording=row.pk, made_at=recording.created_at)


def _batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    rest = iter(things)
    while batch := list(islice(rest, AT_ONCE)):
        yield batch
