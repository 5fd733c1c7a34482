"""Every write to recordings, voicemails and the log of who listened."""

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Coalesce

from agents.models import User
from calls.actions import known, record_events
from calls.models import CallEvent, EventKind
from recordings.models import Mailbox, MissedCall, Play, Recording, Voicemail
from recordings.signals import recording_completed
from recordings.states import ANNOUNCES, VOICEMAIL_MOVES, State, VoicemailStatus, may_move
from telephony.payloads import RecordingCallback

logger = logging.getLogger(__name__)

SILENT = timedelta(minutes=3)
# A claim lasts this long and is renewed while audio flows: so long waits the work of a worker that was killed.
LEASE = timedelta(seconds=60)
STORING_LEASE = timedelta(minutes=10)  # a bucket takes the file in one piece, and nobody renews meanwhile
TELLING_LEASE = timedelta(minutes=2)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
TRIES = 20  # over about three days
ONE_LISTENING = timedelta(minutes=10)
SWEPT_AT_ONCE = 100
CLAIMS_LOCK = 0x7265_636F  # "reco"; any number that no other advisory lock uses
LEFT_LOCK = 0x6C65_6674  # "left"; the second key is of the call


class Taken(Exception):
    """Somebody else works on this voicemail."""


class Impossible(Exception):
    """The table of moves does not have this one."""


def announce(news: RecordingCallback, *, at: datetime) -> Recording:
    """Take in what Twilio says of a recording; one row by its sid, the same whatever the order and number of callbacks.

    Of one without usable audio nothing is kept to hear: a voicemail that it carried becomes a missed call.
    Sends `recording_completed` once.
    """
    with transaction.atomic():
        call = known(news.call_sid, at=at).pk if news.call_sid else None
        recording = _locked(news.sid, call=call, at=at)
        changes = _learned(recording, news, call)
        state = ANNOUNCES.get(news.status, State.ANNOUNCED)
        moved = may_move(State(recording.state), state)
        if moved:
            changes |= {"state": state, "retry_at": None}
        if state is State.ABSENT and moved:
            changes["seconds"] = None
        _change(recording, changes)
        if moved:
            _tell(recording, at=at)
        if state is State.ABSENT and moved:
            _withdraw_voicemail(recording, at=at)
        if state is State.READY and moved:
            recording_completed.send(sender=Recording, recording=recording, at=at)
    return recording


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
        recording = _locked(sid, call=call, at=at)
        if recording.state == State.ABSENT:
            note_missed(mailbox_id, call, at=at)
            return None
        # the callback's figure is that of the audio itself; this one was taken before silence was trimmed
        _change(recording, _empty(recording, {"call_id": call, "source": "RecordVerb", "seconds": seconds}))
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
    return mailbox


def sweep_due(*, at: datetime) -> list[UUID]:
    """Name the recordings whose audio should be fetched now, the oldest first."""
    return list(Recording.objects.due(at=at).order_by("announced_at").values_list("pk", flat=True)[:SWEPT_AT_ONCE])


def sweep_silent(*, at: datetime) -> list[UUID]:
    """Claim the recordings that were announced and never spoken of again, to ask Twilio about them."""
    silent = Recording.objects.silent(since=at - SILENT).order_by(models.F("asked_at").asc(nulls_first=True))
    with transaction.atomic():
        ids = [row.pk for row in silent.select_for_update(skip_locked=True, no_key=True)[:SWEPT_AT_ONCE]]
        Recording.objects.filter(pk__in=ids).update(asked_at=at)
    return ids


def claim_fetch(recording_id: UUID, *, at: datetime) -> Recording | None:
    """Claim a recording for this worker; None where it is not due, or as many are being fetched as may be."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CLAIMS_LOCK])  # the count must hold until the claim
        if Recording.objects.claimed(at=at).count() >= settings.RECORDING_FETCHES:
            return None
        won = (
            Recording.objects.due(at=at)
            .filter(pk=recording_id)
            .update(leased_until=at + LEASE, attempts=models.F("attempts") + 1)
        )
        return Recording.objects.get(pk=recording_id) if won else None


def renew_claim(recording: Recording, *, until: datetime) -> bool:
    """Keep a claim; False where it has run out and somebody else has it: then stop."""
    won = Recording.objects.filter(pk=recording.pk, leased_until=recording.leased_until).update(leased_until=until)
    recording.leased_until = until
    return won == 1


def note_fetched(recording: Recording, *, name: str, size: int, sha256: str, at: datetime) -> bool:
    """Note that the audio is in our storage. False where the claim was lost meanwhile, and nothing is changed."""
    return _settle(
        recording,
        {
            "state": State.FETCHED,
            "audio": name,
            "size": size,
            "sha256": sha256,
            "fetched_at": at,
            "failure": "",
            "retry_at": None,
        },
        at=at,
    )


def note_fetch_failed(recording: Recording, *, why: str, at: datetime) -> bool:
    """Note in words why the audio could not be had, and when to try again: each pause twice as long, at last never."""
    retry_at = None if recording.attempts >= TRIES else at + pause_after(recording.attempts)
    return _settle(recording, {"state": State.FAILED, "failure": why, "retry_at": retry_at}, at=at)


def pause_after(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * (1 << attempts - 1), LONGEST_PAUSE)


def retry(recording: Recording, *, at: datetime) -> bool:
    """Make a failed recording due now, with all its tries; False where it has not failed."""
    failed = Recording.objects.filter(pk=recording.pk, state=State.FAILED)
    return failed.update(retry_at=at, attempts=0) == 1


def give_up(recording_id: UUID, *, why: str, at: datetime) -> None:
    """Note that Twilio has no such recording."""
    with transaction.atomic():
        recording = Recording.objects.select_for_update(no_key=True).get(pk=recording_id)
        if not may_move(State(recording.state), State.ABSENT):
            return
        _change(recording, {"state": State.ABSENT, "failure": why, "retry_at": None})
        _tell(recording, at=at)
        _withdraw_voicemail(recording, at=at)


def take(voicemail: Voicemail, *, by: User) -> None:
    """Make a voicemail one person's task. Raises Taken where another has it."""
    free = models.Q(taken_by__isnull=True) | models.Q(taken_by=by)
    if not Voicemail.objects.filter(free, pk=voicemail.pk).update(taken_by=by):
        raise Taken


def release(voicemail: Voicemail) -> None:
    """Give a voicemail back to everybody."""
    Voicemail.objects.filter(pk=voicemail.pk).update(taken_by=None)


def mark(voicemail: Voicemail, *, status: VoicemailStatus, by: User) -> None:
    """Move a voicemail along; who has done with one that nobody took, took it.

    Raises Impossible for a move that the table does not have; standing there already is none.
    """
    origins = [old for old, reached in VOICEMAIL_MOVES.items() if status in reached]
    movable = Voicemail.objects.filter(pk=voicemail.pk, status__in=[*origins, status])
    taker = {"taken_by": Coalesce("taken_by", by.pk)} if status is VoicemailStatus.DONE else {}
    if not movable.update(status=status, **taker):
        raise Impossible


def note_play(recording: Recording, *, by: User, address: str | None, at: datetime) -> None:
    """Log a listening, once for all the pieces that a player asks for; it makes a new voicemail a heard one."""
    with transaction.atomic():
        Recording.objects.select_for_update(no_key=True).get(pk=recording.pk)  # pieces are asked for at the same time
        if Play.objects.filter(recording=recording, user=by, at__gt=at - ONE_LISTENING).exists():
            return
        Play.objects.create(recording=recording, user=by, address=address, at=at)
        if by.has_perm("recordings.change_voicemail"):
            Voicemail.objects.filter(recording=recording, status=VoicemailStatus.NEW).update(
                status=VoicemailStatus.HEARD
            )


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


def _locked(sid: str, *, call: UUID | None, at: datetime) -> Recording:
    rows = Recording.objects.select_for_update(no_key=True)
    if recording := rows.filter(sid=sid).first():
        return recording
    try:
        with transaction.atomic():
            return Recording.objects.create(sid=sid, call_id=call, announced_at=at)
    except IntegrityError:  # another request was first
        return rows.get(sid=sid)


def _learned(recording: Recording, news: RecordingCallback, call: UUID | None) -> dict[str, Any]:
    plausible_channels = news.channels if news.channels in (1, 2) else None
    changes = _empty(
        recording,
        {
            "call_id": call,
            "channels": plausible_channels,
            "url": news.url[:1024],
            "error_code": "" if news.error_code == "0" else news.error_code[:16],
            "recorded_at": news.started_at,
        },
    )
    if news.source:
        changes["source"] = news.source[:32]
    if news.seconds is not None and news.status == "completed":
        changes["seconds"] = news.seconds
    return {name: value for name, value in changes.items() if getattr(recording, name) != value}


def _empty(recording: Recording, values: dict[str, Any]) -> dict[str, Any]:
    """Leave of the values those that say something where the row says nothing."""
    return {
        name: value
        for name, value in values.items()
        if value not in (None, "") and getattr(recording, name) in (None, "")
    }


def _change(recording: Recording, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(recording, name, value)
    if changes:
        recording.save(update_fields=list(changes))


def _settle(recording: Recording, changes: dict[str, Any], *, at: datetime) -> bool:
    was = recording.state
    with transaction.atomic():
        held = Recording.objects.filter(
            pk=recording.pk, leased_until=recording.leased_until, state__in=[State.READY, State.FAILED]
        )
        if not held.update(leased_until=None, **changes):
            return False
        recording.refresh_from_db()
        if changes["state"] != was:
            _tell(recording, at=at)
    return True


def _tell(recording: Recording, *, at: datetime) -> None:
    """Put the recording's new state into the history of its call."""
    if recording.call_id is None:
        return
    data: dict[str, Any] = {
        "recording": str(recording.pk),
        "status": str(recording.state),
        "seconds": recording.seconds,
    }
    if recording.state == State.FAILED:
        data["detail"] = recording.failure
    record_events(recording.call_id, [(EventKind.RECORDING, data)], at=at)


def _withdraw_voicemail(recording: Recording, *, at: datetime) -> None:
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
