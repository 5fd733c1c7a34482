"""What Twilio says of recorders, and claiming what it is asked for. Each is one step of a task or a webhook."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from compliance.reading import scope_of
from conferences.models import Participant
from conferences.reading import who
from conferences.room import Role
from recordings.actions.announcing import announce
from recordings.actions.recorders.rows import alone_with, end_pauses, later, tell
from recordings.models import Recorder, Recording
from recordings.recorder import CONFIRMS, OVER, RecorderState, RecorderWish, Status, asks, speakers
from telephony.payloads import RecordingCallback

logger = logging.getLogger(__name__)

AGAIN = timedelta(seconds=8)  # what was asked, and is still not so, is asked again
ANSWERED_WITHIN = timedelta(seconds=60)  # a call that comes in is answered by the first verb that speaks
BY_REST = "StartCallRecordingAPI"  # Twilio's `RecordingSource` of what we start
CUSTOMER = "customer"


class Errand(NamedTuple):
    """A task to be done, and about which recorder."""

    task: str
    about: UUID


class Listed(NamedTuple):
    """A recording of a leg as Twilio lists it."""

    sid: str
    status: str
    source: str


def claim_start(recorder_id: UUID, *, at: datetime) -> Recorder | None:
    """Claim to start a recorder, once; None where somebody else does, or it is wanted no more."""
    mine = Recorder.objects.filter(pk=recorder_id, state=RecorderState.WANTED, wants=RecorderWish.RUNNING)
    if not mine.update(state=RecorderState.ASKED, asked_at=at):
        return None
    return Recorder.objects.get(pk=recorder_id)


def claim_change(recorder_id: UUID, *, at: datetime) -> tuple[Recorder, Status] | None:
    """Claim to ask for a change, and give the status that is wanted; None where nothing is to be asked."""
    with transaction.atomic():
        recorder = Recorder.objects.select_for_update(no_key=True).get(pk=recorder_id)
        wanted = asks(recorder.state, recorder.wants)
        if wanted == "" or wanted == "start" or recorder.recording_id is None:
            return None
        if recorder.steered_at is not None and at - recorder.steered_at < AGAIN:
            return None
        recorder.steered_at = at
        recorder.save(update_fields=["steered_at"])
    return Recorder.objects.select_related("recording").get(pk=recorder_id), wanted


def give_back(recorder_id: UUID) -> None:
    """Let a recorder be asked for again of which Twilio has certainly not heard."""
    Recorder.objects.filter(pk=recorder_id, state=RecorderState.ASKED).update(state=RecorderState.WANTED, asked_at=None)


def try_again(recorder_id: UUID, *, at: datetime) -> bool:
    """Let a recorder be asked for again whose call Twilio has not answered yet; False where that took too long.

    The caller's next request, or else the sweep, asks again.
    """
    recorder = Recorder.objects.select_related("customer").get(pk=recorder_id)
    if recorder.customer.is_over or at - recorder.wanted_at > ANSWERED_WITHIN:
        return False
    give_back(recorder_id)
    return True


def note_failed(recorder_id: UUID, *, why: str, at: datetime) -> None:
    """Note that Twilio would not record; the call goes on."""
    recorder = Recorder.objects.select_related("policy", "participant__agent").get(pk=recorder_id)
    with transaction.atomic():
        alone_with(recorder.customer_id)
        asked = Recorder.objects.filter(pk=recorder_id, state__in=[RecorderState.WANTED, RecorderState.ASKED])
        if not asked.update(state=RecorderState.FAILED, failure=why[:255], stopped_at=at):
            return
        end_pauses(recorder, at=at)
        tell(recorder, "failed", at=at, detail=why[:255])


def observe(recorder_id: UUID, news: RecordingCallback, *, at: datetime) -> Recording | None:
    """Take in a callback that names our recorder; None for one that we do not know.

    The recording's own row gets what it is of before anything else is done with it.
    """
    recorder = Recorder.objects.filter(pk=recorder_id).first()
    if recorder is None:
        return None
    with transaction.atomic():
        note_status(recorder_id, news.sid, news.status, at=at)
        return announce(news, at=at)


def note_status(recorder_id: UUID, sid: str, status: str, *, at: datetime) -> None:
    """Take in how a recorder stands at Twilio: from the answer to a request, a callback, or a look."""
    first = Recorder.objects.filter(pk=recorder_id).values_list("customer", flat=True).get()
    confirmed = CONFIRMS.get(status)
    with transaction.atomic():
        alone_with(first)
        recorder = Recorder.objects.select_related("policy", "participant__agent").get(pk=recorder_id)
        if recorder.recording is not None and recorder.recording.sid != sid:
            logger.error("Recorder %s has two recordings at Twilio: %s as well", recorder.pk, sid)
            return
        if recorder.recording is None:
            recorder.recording = _recording(recorder, sid, at=at)
            recorder.save(update_fields=["recording"])
        if confirmed is None or recorder.state in OVER or confirmed == recorder.state:
            return
        _become(recorder, confirmed, at=at)


def note_listed(recorder_id: UUID, listed: Sequence[Listed], *, at: datetime) -> None:
    """Take in which recordings a leg has, after an unclear answer or a long silence."""
    recorder = Recorder.objects.select_related("recording", "customer").get(pk=recorder_id)
    if recorder.recording is not None:
        mine = [one for one in listed if one.sid == recorder.recording.sid]
    else:
        others = set(
            Recorder.objects.filter(call_sid=recorder.call_sid, recording__isnull=False)
            .exclude(pk=recorder_id)
            .values_list("recording__sid", flat=True)
        )
        mine = [one for one in listed if one.sid not in others and one.source == BY_REST]
    if mine:
        note_status(recorder_id, mine[0].sid, mine[0].status, at=at)
    elif recorder.state == RecorderState.ASKED:
        give_back(recorder_id)
    elif recorder.recording is not None:  # Twilio has deleted it
        note_status(recorder_id, recorder.recording.sid, "stopped", at=at)
    elif recorder.customer.is_over:  # it was never asked for
        note_failed(recorder_id, why="the call was over before", at=at)


def sweep(*, at: datetime) -> list[Errand]:
    """Give what is overdue, in one query where nothing is."""
    found = []
    for recorder in Recorder.objects.live().select_related("customer").order_by("wanted_at")[:500]:
        asked = recorder.steered_at or recorder.asked_at or recorder.wanted_at
        if at - asked < AGAIN:
            continue
        wanted = asks(recorder.state, recorder.wants)
        if recorder.state == RecorderState.ASKED:
            found.append(Errand("look_at_recorder", recorder.pk))
        elif wanted == "start":
            found.append(Errand("begin_recorder", recorder.pk))
        elif wanted:
            found.append(Errand("steer_recorder", recorder.pk))
        elif recorder.customer.is_over:
            found.append(Errand("look_at_recorder", recorder.pk))
    return found


def _become(recorder: Recorder, confirmed: RecorderState, *, at: datetime) -> None:
    recorder.state, recorder.steered_at = confirmed, None
    changed = ["state", "steered_at"]
    if recorder.began_at is None and confirmed in (RecorderState.RUNNING, RecorderState.PAUSED):
        recorder.began_at = at
        changed.append("began_at")
    if confirmed in OVER:
        recorder.stopped_at, recorder.speakers = at, _speakers(recorder, at)
        changed += ["stopped_at", "speakers"]
        end_pauses(recorder, at=at)
        # what began in the flow knows only now which queue and agent it came to
        Recording.objects.filter(recorder=recorder).update(speakers=recorder.speakers, **_about(recorder))
    recorder.save(update_fields=changed)
    reasons = recorder.pauses.filter(until__isnull=True).order_by("reason").values_list("reason", flat=True)
    why = {"why": " ".join(reasons)} if confirmed is RecorderState.PAUSED else {}
    tell(recorder, confirmed, at=at, **why)
    if asks(confirmed, recorder.wants):
        later("steer_recorder", recorder.pk)
    if confirmed in OVER and recorder.unwanted_at is not None:
        later("delete_unwanted", recorder.pk)


def _recording(recorder: Recorder, sid: str, *, at: datetime) -> Recording:
    """Find or make the row of what a recorder records, with what it is of: rights, rules and search ask for that."""
    row, _made = Recording.objects.get_or_create(sid=sid, defaults={"announced_at": at})
    known = _about(recorder) | {
        "call_id": recorder.customer_id,
        "subject": recorder.policy.subject,
        "policy_id": recorder.policy_id,
        "channels": recorder.channels,
    }
    for name, value in known.items():
        setattr(row, name, value)
    row.save(update_fields=[name.removesuffix("_id") for name in known])
    return row


def _about(recorder: Recorder) -> dict[str, Any]:
    """Say whose call it is, as far as is known by now."""
    scope = scope_of(recorder.customer_id)
    agent = recorder.participant.agent_id if recorder.participant else None
    return {
        "agent_id": agent or _owner_of(recorder),
        "number": scope.number if scope else "",
        "queue_id": scope.queue_id if scope else None,
        "language": scope.language if scope else "",
    }


def _owner_of(recorder: Recorder) -> UUID | None:
    owners = Participant.objects.filter(
        conference__customer=recorder.customer_id, role=Role.OWNER, agent__isnull=False, joined_at__isnull=False
    )
    return owners.order_by("-joined_at").values_list("agent", flat=True).first()


def _speakers(recorder: Recorder, at: datetime) -> list[str]:
    """Say who is on which channel: of a leg's recording the first is the leg's own person."""
    began = recorder.began_at or recorder.wanted_at
    there = Participant.objects.filter(
        conference__customer=recorder.customer_id, joined_at__isnull=False, joined_at__lte=at
    ).exclude(left_at__lte=began)
    rows = there.exclude(role=Role.SUPERVISOR).select_related("agent").order_by("joined_at", "pk")
    names = [CUSTOMER if one.role == Role.CUSTOMER else who(one) for one in rows]
    own = recorder.participant
    first = who(own) if own is not None and own.role != Role.CUSTOMER else CUSTOMER
    return speakers(recorder.channels, first, names)
