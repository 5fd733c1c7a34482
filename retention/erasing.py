"""One stretch of work on an erasure: look, erase item by item, check, and finish. The body of a task."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from compliance.holds import Held
from messaging import fetching
from messaging.models import Removal
from recordings import files, purging
from recordings.models import Recording
from recordings.states import CopyKind
from retention.actions import erasures, items, looking
from retention.models import Erasure, ErasureItem
from retention.states import ErasureState
from retention.things import AT_TWILIO, Thing
from telephony import archive, client, recorders

logger = logging.getLogger(__name__)

Goes = Callable[[], bool]


def work(erasure: Erasure, *, seconds: float) -> None:
    """Go on with a claimed erasure for about so long, and give the claim back."""
    until = time.monotonic() + seconds

    def goes_on() -> bool:
        return time.monotonic() < until and erasures.renew(erasure, at=timezone.now())

    try:
        match ErasureState(erasure.state):
            case ErasureState.LOOKING:
                _look(erasure)
                erasures.note_looked(erasure)
            case ErasureState.WORKING:
                _erase(erasure, goes_on)
                erasures.put_down(erasure, at=timezone.now())
            case ErasureState.CHECKING:
                _check(erasure, goes_on)
            case state:
                raise AssertionError(state)
    except (client.Refused, client.Unreachable) as error:
        logger.warning("Erasure %s does not go on: %s", erasure.pk, error)
        erasures.note_trouble(erasure, f"Twilio could not be asked: {error}", at=timezone.now())


def _look(erasure: Erasure) -> None:
    """Look at Twilio and in our tables; to be killed in between does no harm: it begins again."""
    at = timezone.now()
    calls = [call.sid for call in archive.list_calls(erasure.number)]
    looking.note_found(erasure, Thing.TWILIO_CALL, calls, at=at)
    messages = (message.sid for message in archive.list_messages(erasure.number))
    looking.note_found(erasure, Thing.TWILIO_MESSAGE, messages, at=at)
    looking.look_here(erasure, sids=calls, at=at)  # of some calls Twilio alone knows whose they were


def _erase(erasure: Erasure, goes_on: Goes) -> None:
    while due := items.due(erasure, at=timezone.now()):
        for item in due:
            if not goes_on():
                return
            _erase_one(item, at=timezone.now())


def _erase_one(item: ErasureItem, *, at: datetime) -> None:
    items.begin(item, at=at)
    try:
        if Thing(item.kind) in AT_TWILIO:
            _erase_at_twilio(item, at=at)
        else:
            _erase_here(item, at=at)
    except Held as held:
        items.note_held(item, held.hold, at=at)
    except items.Stays as reason:
        items.note_kept(item, str(reason))
    except items.Behind as reason:
        items.note_behind(item, str(reason), at=at)
    except (items.NotYet, files.StorageFailed) as reason:
        items.note_refused(item, str(reason), at=at)
    except (client.Refused, client.Unreachable) as error:
        items.note_refused(item, f"Twilio: {error}", at=at)


def _erase_here(item: ErasureItem, *, at: datetime) -> None:
    with transaction.atomic():
        went = items.erase_here(item, at=at)
        if Thing(item.kind) in (Thing.RECORDING, Thing.TEXT):
            items.note_went(item, went)
        else:
            items.note_done(item, went=went, at=at)
    match Thing(item.kind):
        case Thing.RECORDING:
            _purge(item)
        case Thing.TEXT:
            _remove_texts(item)


def _purge(item: ErasureItem) -> None:
    """See a deleted recording to its end: its files, and Twilio's audio; and look whether they are gone."""
    recording = Recording.objects.filter(pk=item.key).first()
    if recording is not None and recording.purged_at is None:
        while purging.purge([recording.pk]):
            pass
        recording.refresh_from_db()
    if recording is not None:
        if recording.purged_at is None:
            discard = recording.discards.exclude(failure="").first()
            raise items.NotYet(recording.failure or (discard.failure if discard else "Its files are being deleted."))
        if any(files.exists(files.name_of(recording, kind)) for kind in CopyKind):
            raise items.NotYet("The storage still has a file of it.")
        if not client.recording_is_gone(recording.sid):
            raise items.NotYet("Twilio has deleted the audio, and still tells of it.")
    items.note_done(item, at=timezone.now())
    items.note_checked(item, at=timezone.now())


def _remove_texts(item: ErasureItem) -> None:
    """See to it that nothing is left of deleted texts: files in our storage, and Twilio's copies."""
    for removal in Removal.objects.filter(thread=item.key):
        fetching.remove(removal)
    left = Removal.objects.filter(thread=item.key).exclude(failure="").first()
    if left is not None:
        raise items.NotYet(left.failure)
    items.note_done(item, at=timezone.now())


def _erase_at_twilio(item: ErasureItem, *, at: datetime) -> None:
    items.keep_for_hold(item)
    match Thing(item.kind):
        case Thing.TWILIO_CALL:
            _note_recordings(item, at=at)
            client.delete_call(item.key)
        case Thing.TWILIO_RECORDING:
            client.delete_recording(item.key)
        case _:
            archive.delete_message(item.key)
    items.note_done(item, at=timezone.now())


def _note_recordings(item: ErasureItem, *, at: datetime) -> None:
    """Find what Twilio keeps of a call's sound and we do not know, before the call is gone there."""
    try:
        sids = [recording.sid for recording in recorders.list_of_call(item.key) if recording.status != "deleted"]
    except client.Refused as refusal:
        if refusal.status != client.GONE:
            raise
        return
    known = Recording.objects.filter(sid__in=sids).values_list("sid", flat=True)
    looking.note_found(item.erasure, Thing.TWILIO_RECORDING, sorted(set(sids) - set(known)), at=at)


def _check(erasure: Erasure, goes_on: Goes) -> None:
    """Look once more everywhere; ask Twilio for each thing that is thought gone; then finish, or go on erasing."""
    _look(erasure)
    erasures.note_looked(erasure)
    while unchecked := items.unchecked(erasure):
        for item in unchecked:
            if not goes_on():
                return erasures.release(erasure, at=timezone.now())
            _check_one(item)
    if erasure.items.open().exists():
        return erasures.go_back(erasure, at=timezone.now())
    return erasures.finish(erasure, at=timezone.now())


def _check_one(item: ErasureItem) -> None:
    match Thing(item.kind):
        case Thing.TWILIO_CALL if not _call_is_gone(item.key):
            items.note_found_again(item, "Twilio still knows the call.")
        case Thing.TWILIO_RECORDING if not client.recording_is_gone(item.key):
            items.note_found_again(item, "Twilio still has the audio.")
        case _:  # the look itself would have found it again
            items.note_checked(item, at=timezone.now())


def _call_is_gone(sid: str) -> bool:
    try:
        client.fetch_call(sid)
    except client.Refused as refusal:
        if refusal.status != client.GONE:
            raise
        return True
    return False
