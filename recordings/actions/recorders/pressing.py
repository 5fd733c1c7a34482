"""What people and steps of flows ask of recorders: to begin, pause, go on and end."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from agents.models import User
from compliance import reading
from compliance.states import Begins
from recordings.actions.recorders.rows import alone_with, later, open_pauses, publish_of
from recordings.actions.recorders.scene import scene_of
from recordings.actions.recorders.settling import begin_if_wanted, settle, want
from recordings.models import Pause, Recorder
from recordings.recorder import ASKED_FOR, PauseReason, RecorderWish

logger = logging.getLogger(__name__)


class NotNow(Exception):
    """Nothing is recorded here that this could be done to. The message is for a person."""


def start(call_id: UUID, *, by: User, at: datetime) -> None:
    """Begin to record by an agent's press. Raises NotNow where no policy leaves that to the agent, or consent lacks."""
    with transaction.atomic():
        alone_with(call_id)
        scene = scene_of(call_id)
        policies = [one for one in reading.governing_policies(call_id) if one.begins == Begins.PRESS]
        if not policies:
            raise NotNow("No policy lets you start a recording of this call.")
        entries, wordings = reading.ledger(call_id), reading.notices_of(policies)
        begun = False
        for policy in policies:
            asking = reading.asking_of(policy, wordings[policy.pk])
            for leg in scene.legs(policy.subject):
                if not Recorder.objects.live().filter(call_sid=leg.sid, policy=policy).exists():
                    begun |= begin_if_wanted(scene, policy, leg, entries, asking, at=at)
        if not begun:
            raise NotNow("Not everybody has agreed to be recorded, or it is recorded already.")
        logger.info("A recording was started by %s", by.pk)


def stop(call_id: UUID, *, at: datetime) -> None:
    """End what an agent has started. Raises NotNow where nothing of the kind runs."""
    with transaction.atomic():
        alone_with(call_id)
        started = list(Recorder.objects.live().filter(customer=call_id, policy__begins=Begins.PRESS))
        if not started:
            raise NotNow("There is no recording that you could end.")
        for recorder in started:
            want(recorder, RecorderWish.STOPPED, at=at)


def pause(call_id: UUID, reason: PauseReason, *, by: User | None = None, at: datetime) -> bool:
    """Pause every recorder of a call, until `resume` or the policy's limit; False where none is live."""
    with transaction.atomic():
        alone_with(call_id)
        recorders = list(Recorder.objects.live().filter(customer=call_id).select_related("policy"))
        for recorder in recorders:
            due_at = at + timedelta(seconds=recorder.policy.pause_limit)
            open_one = Pause.objects.filter(recorder=recorder, reason=reason, until__isnull=True)
            if not open_one.exists():
                Pause.objects.create(recorder=recorder, reason=reason, by=by, since=at, due_at=due_at)
                later("end_forgotten_pauses", call_id, countdown=(due_at - at).total_seconds() + 1)
        if recorders:
            publish_of(call_id)
        settle(call_id, at=at)
    return bool(recorders)


def resume(call_id: UUID, reason: PauseReason, *, at: datetime) -> None:
    """End a pause that was asked for; what else keeps the recorder from running goes on to do so."""
    with transaction.atomic():
        alone_with(call_id)
        if open_pauses(call_id).filter(reason=reason).update(until=at):
            publish_of(call_id)
        settle(call_id, at=at)


def end_forgotten_pauses(*, at: datetime) -> list[UUID]:
    """End the pauses whose time is up, and give the calls that they were on."""
    due = Pause.objects.filter(until__isnull=True, due_at__lte=at, reason__in=ASKED_FOR)
    found = sorted(set(due.values_list("recorder__customer", flat=True)))
    for call_id in found:
        with transaction.atomic():
            alone_with(call_id)
            open_pauses(call_id).filter(due_at__lte=at, reason__in=ASKED_FOR).update(until=at, ran_out=True)
            publish_of(call_id)
            settle(call_id, at=at)
    return found
