"""What runs beside the calls: the stages of recordings, asking about those gone silent, telling people of voicemails.

`work` and what else moves media has a queue and workers of its own, so that nobody who is rung waits for it.
"""

import logging
import time
from collections.abc import Collection
from datetime import timedelta
from smtplib import SMTPException
from uuid import UUID

from celery import current_app, shared_task
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from recordings import actions, audio, fetching, files, notices, purging, spool, stages, steering, vault
from recordings.actions import withdrawing
from recordings.files import GoesOn
from recordings.models import MissedCall, Recording, Voicemail
from recordings.pipeline import Stage, beside
from recordings.said import with_what_was_said
from recordings.speech import provider as speech
from recordings.states import LOSABLE, State
from telephony import client
from telephony.payloads import RecordingCallback

logger = logging.getLogger(__name__)

RENEWED_EACH = 15.0
PURGED_FOR = 20.0  # seconds
ANNOUNCED_FOR = 60  # seconds, after which the next sweep announces it again
FAILURES = (
    *(files.StorageFailed, vault.Unreadable, fetching.StillThere, client.Refused, client.Unreachable, OSError),
    speech.Failed,
)
# To try again is of no use: a person chooses another provider, or leaves it.
USELESS = (speech.Unusable, audio.NotSound)
# What we hold is lost, or not the recording: while Twilio has it still, it is fetched again.
NOT_OURS = (spool.Lost, files.Missing, vault.Damaged, fetching.Unusable)
TELLS = frozenset({State.STORED, State.INDEXED})  # there is something new to hear or to read
# Twilio keeps recordings until they are deleted; a new one may not be readable at once everywhere.
READABLE_AFTER = timedelta(minutes=30)


@shared_task
def sweep() -> None:
    """Start again what was left behind, whatever the reason."""
    at = timezone.now()
    for recording_id in actions.sweep_due(at=at):
        work.apply_async((str(recording_id),), expires=ANNOUNCED_FOR)
    for recording_id in actions.sweep_silent(at=at):
        ask_twilio.delay(str(recording_id))
    for voicemail_id in Voicemail.objects.untold(at=at).values_list("pk", flat=True):
        tell_of_voicemail.delay(str(voicemail_id))
    for missed_id in MissedCall.objects.untold(at=at).values_list("pk", flat=True):
        tell_of_missed_call.delay(missed_id)


@shared_task
def work(recording_id: str) -> None:
    """Do what is due of one recording, where there is room, stage by stage; then start the next one that waits."""
    recording = actions.claim_stage(UUID(recording_id), at=timezone.now())
    while recording is not None:
        kind = beside(Stage(recording.stage))
        _work(recording)
        for waiting in actions.sweep_due(at=timezone.now(), stages=kind, most=1):
            if str(waiting) != recording_id:
                work.delay(str(waiting))
        goes_on = recording.stage and recording.stage not in kind
        recording = actions.claim_stage(UUID(recording_id), at=timezone.now()) if goes_on else None


@shared_task
def tidy_spool() -> None:
    """Remove what killed workers have left in the spool of this machine."""
    removed = spool.tidy(_on_the_way)
    if removed:
        logger.info("%d files that nobody waits for were removed from the spool", removed)


@shared_task
def purge() -> None:
    """Delete what is left of deleted recordings, for a while; the next sweep goes on."""
    until = time.monotonic() + PURGED_FOR
    while purging.purge() and time.monotonic() < until:
        pass


@shared_task
def ask_twilio(recording_id: str) -> None:
    """Ask what has become of a recording whose callback never came."""
    recording = Recording.objects.select_related("call").get(pk=recording_id)
    at = timezone.now()
    try:
        answer = client.fetch_recording(recording.sid)
    except client.Unreachable as silence:
        logger.warning("Recording %s: Twilio could not be asked: %s", recording.sid, silence)
        return
    except client.Refused as refusal:
        if refusal.status == client.GONE and recording.announced_at <= at - READABLE_AFTER:
            actions.give_up(recording.pk, why="Twilio does not know this recording", at=at)
        else:
            logger.warning("Recording %s: Twilio would not tell: %s", recording.sid, refusal)
        return
    actions.announce(of_answer(answer, sid=recording.sid), at=at)
    work.delay(recording_id)


@shared_task
def tell_of_voicemail(voicemail_id: str) -> None:
    """Send the e-mail about a voicemail, if it is time: whoever has made sound or transcript may ask for it at once."""
    voicemail = with_what_was_said(Voicemail.objects.select_related("mailbox")).filter(pk=voicemail_id).first()
    if voicemail is not None and actions.claim_telling(voicemail, at=timezone.now()):
        _send(notices.of_voicemail(voicemail), about=voicemail)


@shared_task
def tell_of_missed_call(missed_id: int) -> None:
    missed = MissedCall.objects.select_related("mailbox", "call").filter(pk=missed_id).first()
    if missed is not None and actions.claim_telling(missed, at=timezone.now()):
        _send(notices.of_missed_call(missed), about=missed)


def _send(message: EmailMultiAlternatives, *, about: Voicemail | MissedCall) -> None:
    try:
        message.send()
    except (SMTPException, OSError) as error:
        # the claim runs out, and the sweep finds it untold
        logger.warning("%s: the e-mail could not be sent: %s", about, type(error).__name__)
    else:
        actions.note_told(about, at=timezone.now())


def of_answer(answer: client.Recording, *, sid: str) -> RecordingCallback:
    return RecordingCallback(
        sid=sid,
        call_sid=answer.call_sid,
        conference_sid=answer.conference_sid,
        status=answer.status,
        seconds=answer.seconds,
        channels=answer.channels,
        started_at=answer.started_at,
        source=answer.source,
        error_code=answer.error_code,
    )


def _work(recording: Recording) -> None:
    """Do one stage after the other, as long as the claim lasts."""
    goes_on, at = _renewing(recording), timezone.now
    try:
        while recording.leased_until is not None:
            if not stages.do(recording, goes_on=goes_on):
                raise files.Stopped
            if recording.state in TELLS:
                _tell_addressees(recording)
    except (files.Stopped, speech.Stopped):
        logger.warning("Recording %s: another worker has taken over", recording.sid)
    except NOT_OURS as error:
        why = _told(recording, error)
        if recording.state in LOSABLE:
            actions.step_back(recording, why=why, at=at())
        else:
            actions.note_failed(recording, why=why, at=at())
    except speech.Busy as error:
        pause = timedelta(seconds=error.retry_after or 0)
        actions.note_failed(recording, why=_told(recording, error), not_before=pause, at=at())
    except USELESS as error:
        actions.note_failed(recording, why=_told(recording, error), is_final=True, at=at())
    except FAILURES as error:
        actions.note_failed(recording, why=_told(recording, error), at=at())


def _told(recording: Recording, error: Exception) -> str:
    why = str(error) or type(error).__name__
    logger.warning("Recording %s: %s failed: %s", recording.sid, recording.stage, why)
    return why


def _renewing(recording: Recording) -> GoesOn:
    """Give what keeps the claim alive while work is done, and says when it was lost."""
    renewed = time.monotonic()

    def goes_on() -> bool:
        nonlocal renewed
        if time.monotonic() - renewed < RENEWED_EACH:
            return True
        renewed = time.monotonic()
        return actions.renew_claim(recording, until=timezone.now() + actions.lease_of(recording))

    return goes_on


def _on_the_way(ids: Collection[str]) -> Collection[str]:
    rows = Recording.objects.filter(
        pk__in=list(filter(None, ids)), state__in=[State.READY, State.FETCHED, State.VERIFIED]
    )
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def _tell_addressees(recording: Recording) -> None:
    voicemail = Voicemail.objects.filter(recording=recording).first()
    if voicemail is not None:
        tell_of_voicemail.delay(str(voicemail.pk))


@shared_task
def sweep_recorders() -> None:
    """Ask again for what is not so yet, and end the pauses that were forgotten."""
    at = timezone.now()
    actions.recorders.end_forgotten_pauses(at=at)
    for errand in actions.recorders.sweep(at=at):
        current_app.tasks[f"recordings.tasks.{errand.task}"].delay(str(errand.about))
    for recorder_id in withdrawing.left_unwanted():
        delete_unwanted.delay(str(recorder_id))


@shared_task
def begin_recorder(recorder_id: str) -> None:
    steering.begin(UUID(recorder_id))


@shared_task
def steer_recorder(recorder_id: str) -> None:
    steering.change(UUID(recorder_id))


@shared_task
def look_at_recorder(recorder_id: str) -> None:
    steering.look(UUID(recorder_id))


@shared_task
def end_forgotten_pauses(_call_id: str) -> None:
    actions.recorders.end_forgotten_pauses(at=timezone.now())


@shared_task
def delete_unwanted(recorder_id: str) -> None:
    """Delete what was recorded before consent was taken back, and soon after that what is left of it elsewhere."""
    if withdrawing.delete_unwanted(UUID(recorder_id), at=timezone.now()):
        purge.delay()
