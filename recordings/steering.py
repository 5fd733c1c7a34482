"""What is asked of Twilio about recorders: the bodies of tasks. Starting is never repeated after an unclear answer."""

import logging
from uuid import UUID

from django.utils import timezone

from recordings.actions import recorders
from recordings.models import Recorder
from telephony import callbacks, client
from telephony import recorders as twilio

logger = logging.getLogger(__name__)


def begin(recorder_id: UUID) -> None:
    """Start a recorder, once."""
    recorder = recorders.claim_start(recorder_id, at=timezone.now())
    if recorder is None:
        return
    try:
        answer = twilio.start(
            recorder.call_sid,
            channels=recorder.channels,
            callback=callbacks.news("recorder", recorder=recorder.pk),
        )
    except client.Refused as refusal:
        logger.warning("Call %s is not recorded: %s", recorder.call_sid, refusal)
        is_early = refusal.code == client.NOT_IN_PROGRESS
        if not (is_early and recorders.try_again(recorder_id, at=timezone.now())):
            recorders.note_failed(recorder_id, why=str(refusal), at=timezone.now())
    except client.Unreachable as silence:
        logger.warning("Call %s: no answer to the start of a recording: %s", recorder.call_sid, silence)
        if not silence.maybe_done:
            recorders.give_back(recorder_id)
    else:
        recorders.note_status(recorder_id, answer.sid, answer.status, at=timezone.now())


def change(recorder_id: UUID) -> None:
    """Pause, go on, or stop, as it is wanted now. Twilio's answer confirms it."""
    claimed = recorders.claim_change(recorder_id, at=timezone.now())
    if claimed is None:
        return
    recorder, status = claimed
    assert recorder.recording is not None
    try:
        answer = twilio.change(recorder.call_sid, recorder.recording.sid, status)
    except client.Refused as refusal:
        logger.info("Recording %s could not be changed: %s", recorder.recording.sid, refusal)
        look(recorder_id)
    except client.Unreachable as silence:
        logger.warning("Recording %s: no answer to a change: %s", recorder.recording.sid, silence)
    else:
        recorders.note_status(recorder_id, answer.sid, answer.status, at=timezone.now())


def look(recorder_id: UUID) -> None:
    """Ask which recordings the leg has."""
    recorder = Recorder.objects.get(pk=recorder_id)
    try:
        found = twilio.list_of_call(recorder.call_sid)
    except client.Refused as refusal:
        if refusal.status != client.GONE:
            logger.warning("Call %s: Twilio would not tell of its recordings: %s", recorder.call_sid, refusal)
            return
        found = []
    except client.Unreachable as silence:
        logger.warning("Call %s: Twilio could not be asked: %s", recorder.call_sid, silence)
        return
    listed = [recorders.Listed(one.sid, one.status, one.source) for one in found]
    recorders.note_listed(recorder_id, listed, at=timezone.now())
