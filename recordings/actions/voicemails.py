"""Messages and missed calls: where they land, and who is told of them."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from calls.actions import record_events
from calls.models import CallEvent, EventKind
from live.publish import publish
from recordings.actions.rows import change, locked, missing
from recordings.models import Mailbox, MissedCall, Recording, Voicemail
from recordings.signals import voicemail_left
from recordings.states import State

logger = logging.getLogger(__name__)
TELLING_LEASE = timedelta(minutes=2)
LEFT_LOCK = 0x6C65_6674  # "left"; the second key is of the call


def take_voicemail(
    mailbox_id: int | str, call: UUID, sid: str, *, seconds: int | None, language: str, at: datetime
) -> Voicemail | None:
    """Put what a caller has recorded into a mailbox; None where it is known already that there is nothing to hear.

    May come before or after the recording's own callbacks, and again. Where the mailbox is gone since the flow was
    published, the recording stays, and the call's history tells.
    """
    if not sid:
        note_missed(mailbox_id, call, at=at)
        return None
    with transaction.atomic():
        recording = locked(sid, call=call, at=at)
        if recording.state == State.ABSENT:
            note_missed(mailbox_id, call, at=at)
            return None
        # the callback's figure is that of the audio itself; this one was taken before silence was trimmed
        change(recording, missing(recording, {"call_id": call, "source": "RecordVerb", "seconds": seconds}))
        mailbox = _mailbox(mailbox_id, call=call, at=at)
        if mailbox is None:
            return None
        _alone_with(call)
        voicemail, made = Voicemail.objects.get_or_create(
            recording=recording,
            defaults={"mailbox": mailbox, "call_id": call, "language": language[:16], "left_at": at},
        )
        if made:
            MissedCall.objects.filter(call_id=call, mailbox=mailbox).delete()
            data = {"mailbox": mailbox.name, "recording": str(recording.pk), "voicemail": str(voicemail.pk)}
            record_events(call, [(EventKind.VOICEMAIL, data)], at=at)
            voicemail_left.send(sender=Voicemail, voicemail=voicemail, at=at)
            publish("messages")
    return voicemail


def note_missed(mailbox_id: int | str, call: UUID, *, at: datetime) -> None:
    """Note that a caller reached a mailbox and left nothing; once per call, and not where a message lies there."""
    with transaction.atomic():
        mailbox = presume_missed(mailbox_id, call, at=at)
        if mailbox and not CallEvent.objects.filter(call_id=call, kind=EventKind.MISSED).exists():
            record_events(call, [(EventKind.MISSED, {"mailbox": mailbox.name})], at=at)


def presume_missed(mailbox_id: int | str, call: UUID, *, at: datetime) -> Mailbox | None:
    """Count a caller who hung up before a mailbox as missed, until a message of the call says otherwise.

    The history tells already where the caller hung up. Return the mailbox; None if it is gone or has the message.
    """
    mailbox = _mailbox(mailbox_id, call=call, at=at)
    _alone_with(call)
    if mailbox is None or Voicemail.objects.filter(call_id=call, mailbox=mailbox).exists():
        return None
    MissedCall.objects.get_or_create(call_id=call, defaults={"mailbox": mailbox, "at": at})
    publish("messages")
    return mailbox


def claim_telling(notice: Voicemail | MissedCall, *, at: datetime) -> bool:
    """Claim the e-mail about a voicemail or missed call; False where it was sent, is being sent, or nobody wants it."""
    match notice:
        case Voicemail():
            won = Voicemail.objects.untold(at=at).filter(pk=notice.pk).update(telling_until=at + TELLING_LEASE)
        case MissedCall():
            won = MissedCall.objects.untold(at=at).filter(pk=notice.pk).update(telling_until=at + TELLING_LEASE)
    return won == 1


def note_told(notice: Voicemail | MissedCall, *, at: datetime) -> None:
    match notice:
        case Voicemail():
            Voicemail.objects.filter(pk=notice.pk).update(told_at=at, telling_until=None)
        case MissedCall():
            MissedCall.objects.filter(pk=notice.pk).update(told_at=at, telling_until=None)


def _alone_with(call: UUID) -> None:
    """Let one transaction at a time decide whether a call left a message or is missed: each looks for the other's row.

    Whoever tells of the recording may not lock the call; so this lock is the last that anybody takes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LEFT_LOCK, str(call)])


def withdraw_voicemail(recording: Recording, *, at: datetime) -> None:
    voicemail = Voicemail.objects.filter(recording=recording).first()
    if voicemail is None:
        return
    voicemail.delete()
    if voicemail.call_id is not None:
        note_missed(voicemail.mailbox_id, voicemail.call_id, at=at)


def _mailbox(mailbox_id: int | str, *, call: UUID, at: datetime) -> Mailbox | None:
    mailbox = Mailbox.objects.filter(pk=mailbox_id).first()
    if mailbox is None:
        logger.error("Mailbox %s of a published flow is gone", mailbox_id)
        gone = {"what": "The mailbox of this step is gone", "detail": f"mailbox {mailbox_id}"}
        record_events(call, [(EventKind.FAILED, gone)], at=at)
    return mailbox
