"""How recorders' rows are read alone and told of, for the modules beside."""

import logging
from datetime import datetime
from functools import partial
from uuid import UUID

from celery import signature
from django.db import connection, models, transaction
from kombu.exceptions import OperationalError

from calls import actions as calls
from calls.models import EventKind
from conferences.models import Participant
from conferences.reading import who
from live.publish import publish
from recordings.models import Pause, Recorder

logger = logging.getLogger(__name__)

RECORDERS_LOCK = 0x7265_6332  # "rec2"; the second key is of the call
LONGEST_COUNTDOWN = 25  # seconds: the broker gives out a second time what it holds for longer


def alone_with(call_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [RECORDERS_LOCK, str(call_id)])


def end_pauses(recorder: Recorder, *, at: datetime) -> None:
    recorder.pauses.filter(until__isnull=True).update(until=at)


def open_pauses(call_id: UUID) -> models.QuerySet[Pause]:
    return Pause.objects.filter(recorder__customer=call_id, until__isnull=True)


def tell(recorder: Recorder, what: str, *, at: datetime, **more: str) -> None:
    leg = who(recorder.participant) if recorder.participant else "customer"
    data = {"what": what, "recorder": str(recorder.pk), "leg": leg, "policy": recorder.policy.name, **more}
    calls.record_events(recorder.customer_id, [(EventKind.RECORDER, data)], at=at)
    publish_of(recorder.customer_id)


def publish_of(call_id: UUID) -> None:
    """Tell the desks of those who talk with a customer, and the boards, that the recording of the call has changed."""
    there = Participant.objects.live().filter(conference__customer=call_id).values_list("conference", "agent")
    topics = {"recorders"}
    for conference, agent in there:
        topics |= {"conferences", f"conference:{conference}"} | ({f"agent:{agent}"} if agent else set())
    publish(*sorted(topics))


def later(task: str, subject: UUID, *, countdown: float = 0) -> None:
    """Let a task of this app run after the commit. By name, because tasks call actions, and not the other way round."""
    transaction.on_commit(partial(_begin, f"recordings.tasks.{task}", str(subject), countdown))


def _begin(task: str, subject: str, countdown: float) -> None:
    try:
        signature(task, args=[subject]).apply_async(countdown=min(countdown, LONGEST_COUNTDOWN))
    except OperationalError as error:  # the sweep finds in the rows what could not be announced
        logger.warning("%s could not be announced: %s", task, type(error).__name__)
