"""Every recorder of a call, brought to what the rules want."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from compliance import reading
from compliance.models import Policy
from compliance.policies import Asking, Entry
from recordings.actions.recorders.rows import alone_with, end_pauses, later, open_pauses, publish_of, tell
from recordings.actions.recorders.scene import Leg, Scene, scene_of, seen
from recordings.models import Pause, Recorder
from recordings.recorder import (
    ASKED_FOR,
    PauseReason,
    RecorderState,
    RecorderWish,
    Situation,
    asks,
    begins_itself,
    pauses,
    wish,
)


def settle(call_id: UUID | None, *, at: datetime) -> None:
    """Bring every recorder of a customer's call to what is wanted now. Costs one query where nothing is recorded."""
    if call_id is None:
        return
    running = Recorder.objects.live().filter(customer=call_id).values("policy")
    relevant = Policy.objects.filter(Q(is_active=True) | Q(pk__in=running), subject__in=reading.RECORDS_TALKS)
    policies = [policy for policy in relevant if policy.is_active]
    if not relevant:
        return
    with transaction.atomic():
        alone_with(call_id)
        scene = scene_of(call_id)
        recorders = list(Recorder.objects.live().filter(customer=call_id).select_related("policy"))
        counting = {one.pk: one for one in _governing(policies, call_id)}
        entries = reading.ledger(call_id)
        wordings = reading.notices_of([*counting.values(), *(one.policy for one in recorders)])
        for recorder in recorders:
            policy = recorder.policy
            asking = reading.asking_of(policy, wordings[policy.pk])
            _bring(recorder, _situation(scene, recorder, policy.pk in counting, entries, asking), at=at)
        taken = {(one.call_sid, one.policy_id) for one in recorders}
        for policy in counting.values():
            if not begins_itself(policy.begins):
                continue
            asking = reading.asking_of(policy, wordings[policy.pk])
            for leg in scene.legs(policy.subject):
                if (leg.sid, policy.pk) not in taken:
                    begin_if_wanted(scene, policy, leg, entries, asking, at=at)


def _governing(policies: list[Policy], call_id: UUID) -> list[Policy]:
    scope = reading.scope_of(call_id)
    return reading.choose(policies, call_id, reading.facts_of(scope)) if policies else []


def _situation(scene: Scene, recorder: Recorder, governed: bool, entries: Sequence[Entry], asking: Asking) -> Situation:
    leg = next((one for one in scene.legs(recorder.policy.subject) if one.sid == recorder.call_sid), None)
    reasons = _asked_for(open_pauses(recorder.customer_id).filter(recorder=recorder))
    return seen(scene, recorder.policy, leg, governed, entries, asking, reasons)


def _asked_for(pauses: QuerySet[Pause]) -> frozenset[PauseReason]:
    reasons = pauses.filter(reason__in=ASKED_FOR).values_list("reason", flat=True)
    return frozenset(PauseReason(reason) for reason in reasons)


def end(call_id: UUID, *, at: datetime) -> None:
    """Settle the recorders of a call that is over, if there are any."""
    if Recorder.objects.live().filter(customer=call_id).exists():
        settle(call_id, at=at)


def begin_if_wanted(
    scene: Scene, policy: Policy, leg: Leg, entries: Sequence[Entry], asking: Asking, *, at: datetime
) -> bool:
    """Want a new recorder, unless something keeps it: also a pause that somebody asked for on another line."""
    situation = seen(scene, policy, leg, True, entries, asking, _asked_for(open_pauses(scene.call.pk)))
    if wish(situation) is not RecorderWish.RUNNING:
        return False
    recorder = Recorder.objects.create(
        customer=scene.call,
        call_sid=leg.sid,
        conference=scene.conference,
        participant=leg.participant,
        policy=policy,
        channels=policy.channels,
        wants=RecorderWish.RUNNING,
        wanted_at=at,
    )
    tell(recorder, "wanted", at=at)
    later("begin_recorder", recorder.pk)
    return True


def _bring(recorder: Recorder, situation: Situation, *, at: datetime) -> None:
    """Write down why nothing is recorded, as far as it follows from where people are, and what is wanted."""
    reasons = pauses(situation)
    follows = reasons - ASKED_FOR
    open_ones = {one.reason: one for one in recorder.pauses.filter(until__isnull=True)}
    for reason in follows - open_ones.keys():
        Pause.objects.create(recorder=recorder, reason=reason, since=at)
    over = [one.pk for reason, one in open_ones.items() if reason not in ASKED_FOR and reason not in follows]
    Pause.objects.filter(pk__in=over).update(until=at)
    if over or follows - open_ones.keys():
        publish_of(recorder.customer_id)
    want(recorder, wish(situation), at=at)


def want(recorder: Recorder, wanted: RecorderWish, *, at: datetime) -> None:
    if recorder.wants == RecorderWish.STOPPED:  # who agrees again gets a new one
        wanted = RecorderWish.STOPPED
    if wanted is RecorderWish.STOPPED and recorder.state == RecorderState.WANTED:  # Twilio was never asked
        Recorder.objects.filter(pk=recorder.pk).update(wants=wanted, state=RecorderState.STOPPED, stopped_at=at)
        end_pauses(recorder, at=at)
        publish_of(recorder.customer_id)
        return
    if recorder.wants != wanted:
        recorder.wants, recorder.steered_at = wanted, None
        recorder.save(update_fields=["wants", "steered_at"])
        publish_of(recorder.customer_id)
    if asks(recorder.state, wanted) == "start":
        later("begin_recorder", recorder.pk)
    elif asks(recorder.state, wanted):
        later("steer_recorder", recorder.pk)
