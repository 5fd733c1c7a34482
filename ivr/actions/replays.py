"""Replays: wanted by a person, walked batch by batch by a worker, given up by either, and forgotten after a while."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import signature
from django.db import IntegrityError, connection, transaction
from kombu.exceptions import OperationalError

from agents.models import User
from ivr.document import parse
from ivr.drafting.drafts import compile_draft
from ivr.models import Flow, Replay
from ivr.replay import reading
from ivr.replay.bulk import Replayed, Walker
from ivr.replay.digests import digest
from ivr.replay.figures import Figures
from ivr.replay.reading import Period
from ivr.states import ReplayState
from live.publish import publish

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=40)
BATCH = 2000
KEPT = timedelta(days=14)


class AlreadyRuns(Exception):
    """A replay of this flow is under way."""


def begin(flow: Flow, period: Period, *, by: User | None, at: datetime) -> Replay:
    """Want the visits of a period walked through the draft as it is now. Raises AlreadyRuns, and Broken."""
    document = compile_draft(flow)
    parse(document)
    try:
        with transaction.atomic():
            replay = Replay.objects.create(
                flow=flow,
                document=document,
                digest=digest(document),
                since=period.since,
                until=period.until,
                lines=list(period.lines),
                by=by,
                wanted_at=at,
            )
    except IntegrityError:
        raise AlreadyRuns from None
    transaction.on_commit(partial(_announce, replay.pk))
    return replay


def cancel(replay_id: int, *, at: datetime) -> bool:
    """Give a replay up, and tell whether it was still open. What it has found so far stays to be seen."""
    return _end(replay_id, ReplayState.CANCELED, at=at)


def fail(replay_id: int, why: str, *, at: datetime) -> None:
    """End a replay that cannot go on."""
    _end(replay_id, ReplayState.FAILED, at=at, trouble=why[:200])


def claim(replay_id: int, *, at: datetime) -> Replay | None:
    """Claim a replay for this worker; None where another has it, or it is over. The first who has it counts."""
    won = Replay.objects.idle(at=at).filter(pk=replay_id).update(leased_until=at + LEASE, state=ReplayState.RUNNING)
    if not won:
        return None
    replay = Replay.objects.get(pk=replay_id)
    if replay.after is None and not replay.total:
        replay.total = reading.count(period_of(replay))
        Replay.objects.filter(pk=replay.pk).update(total=replay.total)
    return replay


def take_batch(replay: Replay, walker: Walker, *, at: datetime, size: int = BATCH) -> bool:
    """Walk the next visits of a claimed replay, all in one transaction with the note of how far it has come.

    Returns whether there is more to do. Where the claim is lost, or somebody has given the replay up, nothing happens.
    """
    with transaction.atomic():
        return _take_batch(replay, walker, at=at, size=size)


def release(replay: Replay) -> None:
    """Give a claim back before its time, for the next task to go on."""
    Replay.objects.filter(pk=replay.pk, leased_until=replay.leased_until).update(leased_until=None)


def forget(*, at: datetime) -> int:
    """Delete the replays that nobody looks at any more, with what they found."""
    return Replay.objects.filter(ended_at__lt=at - KEPT).delete()[0]


def period_of(replay: Replay) -> Period:
    return Period(replay.flow_id, replay.since, replay.until, tuple(replay.lines))


def _take_batch(replay: Replay, walker: Walker, *, at: datetime, size: int) -> bool:
    claimed = Replay.objects.select_for_update().filter(
        pk=replay.pk, leased_until=replay.leased_until, state=ReplayState.RUNNING
    )
    if not claimed.exists():
        return False
    after = (replay.after_at, replay.after) if replay.after and replay.after_at else None
    figures, found = Figures.from_json(replay.figures), list[Replayed]()
    count, last = 0, None
    for row in reading.visits(period_of(replay), after=after, limit=size, answers=walker.opened.looks_up):
        compared = walker.compare(row.visit)
        figures.add(compared)
        if compared.differs or compared.would is None:
            found.append(Replayed(row.call, compared))
        count, last = count + 1, row
    _keep(replay, found)
    changes: dict[str, Any] = {
        "figures": figures.to_json(),
        "done": replay.done + count,
        "leased_until": at + LEASE,
        "total": max(replay.total, replay.done + count),
    }
    if last is not None:
        changes |= {"after_at": last.at, "after": last.call}
    if count < size:
        changes |= {"state": ReplayState.DONE, "ended_at": at, "leased_until": None, "total": changes["done"]}
        publish(f"flow:{replay.flow_id}")
    for name, value in changes.items():
        setattr(replay, name, value)
    replay.save(update_fields=list(changes))
    return count == size


def _keep(replay: Replay, found: Sequence[Replayed]) -> None:
    """Store what was found, of calls that are still there: their rows stay until the commit."""
    compared = [one.compared for one in found]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ivr_replayedvisit (replay_id, call_id, was, would, is_open, why, step)"
            " SELECT %s, call.id, found.was, found.would, found.is_open, found.why, found.step"
            " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::boolean[], %s::text[], %s::text[]) WITH ORDINALITY"
            " AS found (call, was, would, is_open, why, step, place) JOIN calls_call call ON call.id = found.call"
            " ORDER BY found.place FOR KEY SHARE OF call",
            [
                replay.pk,
                [one.call for one in found],
                [one.was.key if one.was else "" for one in compared],
                [one.would.key if one.would else "" for one in compared],
                [one.open for one in compared],
                [str(one.unknown.why) if one.unknown else "" for one in compared],
                [one.unknown.step if one.unknown else "" for one in compared],
            ],
        )


def _end(replay_id: int, state: ReplayState, *, at: datetime, **changes: object) -> bool:
    with transaction.atomic():
        rows = Replay.objects.open().filter(pk=replay_id)
        flow = rows.values_list("flow_id", flat=True).first()
        ended = rows.update(state=state, ended_at=at, leased_until=None, **changes)
        if ended:
            publish(f"flow:{flow}")
    return bool(ended)


def _announce(replay_id: int) -> None:
    # by name, because tasks call actions, and not the other way round
    try:
        signature("ivr.tasks.replay", args=[replay_id]).apply_async()
    except OperationalError as error:  # the sweep picks it up
        logger.warning("A replay could not be announced: %s", type(error).__name__)
