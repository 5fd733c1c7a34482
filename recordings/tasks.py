"""What runs beside the calls: fetching audio, asking about recordings gone silent, telling people of voicemails."""

import logging
import time
from datetime import timedelta
from smtplib import SMTPException
from uuid import UUID

from celery import shared_task
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from recordings import actions, notices
from recordings.fetching import Fetched, Stopped, Unusable, fetched
from recordings.models import MissedCall, Recording, Voicemail
from recordings.said import with_what_was_said
from telephony import client
from telephony.payloads import RecordingCallback

logger = logging.getLogger(__name__)

RENEWED_EACH = 15.0
# Twilio keeps recordings until they are deleted; a new one may not be readable at once everywhere.
READABLE_AFTER = timedelta(minutes=30)


@shared_task
def sweep() -> None:
    """Start again what was left behind, whatever the reason."""
    at = timezone.now()
    for recording_id in actions.sweep_due(at=at):
        fetch.delay(str(recording_id))
    for recording_id in actions.sweep_silent(at=at):
        ask_twilio.delay(str(recording_id))
    for voicemail_id in Voicemail.objects.untold(at=at).values_list("pk", flat=True):
        tell_of_voicemail.delay(str(voicemail_id))
    for missed_id in MissedCall.objects.untold(at=at).values_list("pk", flat=True):
        tell_of_missed_call.delay(missed_id)


@shared_task
def fetch(recording_id: str) -> None:
    """Fetch one recording into our storage, if it is due and there is room; then start the next one that waits."""
    recording = actions.claim_fetch(UUID(recording_id), at=timezone.now())
    if recording is None:
        return
    try:
        _fetch(recording)
    except Stopped:
        logger.warning("Recording %s: another worker has taken over", recording.sid)
        return
    except (Unusable, client.Refused, client.Unreachable, OSError) as error:
        why = str(error) or type(error).__name__
        logger.warning("Recording %s could not be fetched: %s", recording.sid, why)
        actions.note_fetch_failed(recording, why=why, at=timezone.now())
    for waiting in actions.sweep_due(at=timezone.now())[:1]:
        fetch.delay(str(waiting))


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
    fetch.delay(recording_id)


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


def _fetch(recording: Recording) -> None:
    renewed = time.monotonic()

    def goes_on() -> bool:
        nonlocal renewed
        if time.monotonic() - renewed < RENEWED_EACH:
            return True
        renewed = time.monotonic()
        return actions.renew_claim(recording, until=timezone.now() + actions.LEASE)

    with fetched(recording.sid, told_seconds=recording.seconds, goes_on=goes_on) as audio:
        if not actions.renew_claim(recording, until=timezone.now() + actions.STORING_LEASE):
            raise Stopped
        name = _stored(recording, audio)
    if actions.note_fetched(recording, name=name, size=audio.size, sha256=audio.sha256, at=timezone.now()):
        voicemail = Voicemail.objects.filter(recording=recording).first()
        if voicemail is not None:
            tell_of_voicemail.delay(str(voicemail.pk))


def _stored(recording: Recording, audio: Fetched) -> str:
    # the same name at each try: what a killed worker left behind is written over, not left lying about
    try:
        return default_storage.save(recording.path, File(audio.file))
    except Exception as error:  # storages of all makes raise what they like
        raise Unusable(f"our storage did not take the audio: {type(error).__name__}: {error}") from error
