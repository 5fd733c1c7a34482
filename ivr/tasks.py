"""Doors of the worker."""

import logging
import time
from smtplib import SMTPException
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from ivr import actions, looking_up
from ivr.actions import closing, counting, look_ups, releasing, replays
from ivr.drafting import notices
from ivr.hours import notices as of_hours
from ivr.hours import reopening
from ivr.kinds.settings import Broken
from ivr.models import Closure, Release, Replay
from ivr.replay import worlds
from ivr.replay.bulk import Walker
from rest import outgoing

logger = logging.getLogger(__name__)

# Shorter than the time after which the broker gives a task to somebody else.
REPLAYS_FOR = 12.0  # seconds


@shared_task
def remember_emergencies() -> None:
    """Write the emergency texts again, for a machine that has lost or never had them."""
    actions.remember_emergencies()


@shared_task
def count_callers() -> None:
    """Count who took which exit, for the pictures of flows."""
    counting.count_days(at=timezone.now())


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


@shared_task
def remind_of_closures() -> None:
    """Tell those who closed that it lasts, ends soon, or has ended by itself. It ends by its moment, not by this."""
    at = timezone.now()
    for closure in Closure.objects.filter(is_over_told=False).prefetch_related("schedules"):
        what = reopening.reminder(
            began_at=closure.began_at,
            ends_at=closure.ends_at,
            opened_at=closure.opened_at,
            told_at=closure.told_at,
            at=at,
        )
        if what and closing.claim_reminder(closure, at=at) and _told(closure, what):
            closing.note_reminded(closure, is_over=what == "ended", at=at)


def _told(closure: Closure, what: reopening.What) -> bool:
    addresses = of_hours.addressees(closure)
    try:
        if addresses:
            of_hours.of_closure(closure, what, addresses).send()
    except (SMTPException, OSError) as error:
        # the claim runs out, and the next minute's look finds it untold
        logger.warning("Closure %s: the e-mail could not be sent: %s", closure.pk, type(error).__name__)
        return False
    return True


@shared_task
def sweep_releases() -> None:
    """Find what was planned for a time that has come, and what people are to be told of."""
    at = timezone.now()
    for release in Release.objects.due(at=at).order_by("publish_at", "pk").values_list("pk", flat=True):
        publish_release.delay(release)
    for release in Release.objects.untold(at=at).order_by("pk").values_list("pk", flat=True):
        tell_of_release.delay(release)


@shared_task
def publish_release(release: int) -> None:
    """Let callers meet what was planned. One that is not due any more, or was published, is left alone."""
    found = Release.objects.only("pk", "flow_id").filter(pk=release).first()
    if found is not None:
        releasing.publish_due(found, at=timezone.now())


@shared_task
def tell_of_release(release: int) -> None:
    """Tell people by e-mail what became of what they proposed, planned or may approve."""
    found = releasing.claim_telling(release, at=timezone.now())
    if found is None:
        return
    try:
        message = notices.of_release(found)
        if message is not None:
            message.send()
    except (SMTPException, OSError) as error:
        # the claim runs out, and the sweep finds it untold
        logger.warning("Release %s: the e-mail could not be sent: %s", found.pk, type(error).__name__)
    else:
        releasing.note_told(found.pk, found.state)


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
