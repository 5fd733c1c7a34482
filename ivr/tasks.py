"""Doors of the worker."""

import time
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from ivr import actions, looking_up
from ivr.actions import look_ups, replays
from ivr.kinds.settings import Broken
from ivr.models import Replay
from ivr.replay import worlds
from ivr.replay.bulk import Walker
from rest import outgoing

# Shorter than the time after which the broker gives a task to somebody else.
REPLAYS_FOR = 12.0  # seconds


@shared_task
def remember_emergencies() -> None:
    """Write the emergency texts again, for a machine that has lost or never had them."""
    actions.remember_emergencies()


@shared_task
def ask_source(look_up: str) -> None:
    """Ask a source of the owner, for so long as the caller waits for it. Never asked again: that would be too late."""
    key = UUID(look_up)
    asked = look_ups.claim(key, at=timezone.now())
    if asked is None:
        return
    body = asked.question.body()
    signature = outgoing.signed([asked.secret], message=look_up, at=timezone.now(), body=body)
    began = time.monotonic()
    try:
        answer = outgoing.post(
            asked.address, body, {"Content-Type": "application/json", **signature}, seconds=asked.seconds
        )
        kept = looking_up.answer(answer.status, answer.body, keep=asked.keep)
    except (outgoing.NotAllowed, outgoing.NoAnswer, looking_up.Wrong) as error:
        look_ups.fail(key, str(error), milliseconds=_since(began), at=timezone.now())
    else:
        look_ups.note(key, kept, milliseconds=answer.milliseconds, at=timezone.now())


@shared_task
def replay(replay_id: int) -> None:
    """Go on with a replay for a while; then let another task go on."""
    claimed = replays.claim(replay_id, at=timezone.now())
    if claimed is None:
        return
    try:
        walker = Walker(worlds.world(claimed.document, claimed.since, claimed.until))
    except Broken as broken:
        replays.fail(replay_id, str(broken), at=timezone.now())
        return
    until = time.monotonic() + REPLAYS_FOR
    while more := replays.take_batch(claimed, walker, at=timezone.now()):
        if time.monotonic() > until:
            break
    if more:
        replays.release(claimed)
        replay.delay(replay_id)


@shared_task
def sweep_replays() -> None:
    """Go on with replays that a killed worker has left behind."""
    for replay_id in Replay.objects.idle(at=timezone.now()).order_by("pk").values_list("pk", flat=True):
        replay.delay(replay_id)


@shared_task
def tidy_replays() -> None:
    """Delete the replays that nobody looks at any more."""
    replays.forget(at=timezone.now())


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
