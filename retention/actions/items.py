"""The items of an erasure: taken one by one, deleted in our tables, refused, held, kept, checked."""

import re
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.db.models import F

from calls.models import Call
from calls.states import FINAL
from compliance import holds
from compliance.models import Hold
from conferences.models import Conference
from contacts.actions import forgetting as contacts
from contacts.models import OptOut
from crm.models import Event
from dialing import actions as dialing
from messaging.actions.keeping import delete_thread
from messaging.models import Message
from messaging.states import State as TextState
from outbound import actions as outbound
from outbound.models import Order
from queues.actions import callbacks
from queues.models import Callback
from queues.states import CallbackState
from recordings.actions.deleting import delete_recordings
from recordings.actions.transcribing import index_anew
from recordings.models import MissedCall, Recording, Transcript, Voicemail
from recordings.states import State
from retention.actions.conversations import delete_calls, delete_conversations, with_legs
from retention.models import Erasure, ErasureItem
from retention.places import OBJECTION, Place, place_of
from retention.states import ITEM_MOVES, ItemState, origins
from retention.things import ORDER, Thing
from retention.traces import hidden_in, pattern
from telephony import numbers
from telephony.models import Delivery

AT_ONCE = 200
FIRST_PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=12)
HELD_PAUSE = timedelta(hours=1)
# Twilio may refuse to delete a call for 14 days after its end; a day more, and what it still refuses stays.
ASKED_FOR = timedelta(days=15)


MAILS = "mails"  # as the certificate calls what was sent


class NotYet(Exception):
    """It cannot go now, but later it can. The message is for a person."""


class Behind(NotYet):
    """Something of the same erasure goes first, however long that takes."""


class Stays(Exception):
    """It is left as it is. The message says why, for the certificate."""


def due(erasure: Erasure, *, at: datetime) -> list[ErasureItem]:
    """Give the next items to work on: kind after kind, so that what was recorded goes before the call it was on."""
    rows = list(erasure.items.due(at=at).order_by("kind", "pk")[: AT_ONCE * len(Thing)])
    return sorted(rows, key=lambda item: (ORDER[Thing(item.kind)], item.pk))[:AT_ONCE]


def begin(item: ErasureItem, *, at: datetime) -> None:
    """Note that it is being deleted, before it is: who finds it so after a kill does it again, which does no harm."""
    changes = {"tries": F("tries") + 1, "retry_at": None, "hold": None}
    _move(item, ItemState.ASKED, changes | ({} if item.asked_at else {"asked_at": at}))
    item.refresh_from_db()


def note_done(item: ErasureItem, *, went: Mapping[str, int] | None = None, at: datetime) -> None:
    counts = Counter(item.went) + Counter(went or {})
    _move(item, ItemState.DONE, {"done_at": at, "why": "", "retry_at": None, "went": dict(counts)})


def note_went(item: ErasureItem, went: Mapping[str, int]) -> None:
    """Note what has gone with an item that is not done yet."""
    if went:
        item.went = dict(Counter(item.went) + Counter(went))
        item.save(update_fields=["went"])


def note_refused(item: ErasureItem, why: str, *, at: datetime) -> None:
    """Note why it cannot go yet; it is tried again, each pause twice as long, for as long as that may help."""
    why = numbers.mask(why)
    if at - (item.asked_at or at) >= ASKED_FOR:
        _move(item, ItemState.KEPT, {"why": why, "retry_at": None})
        return
    _move(item, ItemState.REFUSED, {"why": why, "retry_at": at + _pause(item)})


def note_behind(item: ErasureItem, why: str, *, at: datetime) -> None:
    """Note what goes first. Only then does the time begin for which it is tried."""
    _move(item, ItemState.REFUSED, {"why": why, "retry_at": at + _pause(item), "asked_at": None})


def _pause(item: ErasureItem) -> timedelta:
    return min(FIRST_PAUSE * (1 << min(max(item.tries, 1) - 1, 12)), LONGEST_PAUSE)


def note_held(item: ErasureItem, hold: Hold, *, at: datetime) -> None:
    """Note which legal hold keeps it; it waits for that, however long, and only then does its time begin."""
    anew = {"asked_at": None, "tries": 0}
    _move(item, ItemState.HELD, anew | {"why": str(holds.Held(hold)), "hold": hold, "retry_at": at + HELD_PAUSE})


def note_kept(item: ErasureItem, why: str) -> None:
    _move(item, ItemState.KEPT, {"why": why, "retry_at": None})


def note_checked(item: ErasureItem, *, at: datetime) -> None:
    """Note that it was looked for again, and is gone."""
    _move(item, ItemState.CHECKED, {"checked_at": at, "why": ""})


def note_found_again(item: ErasureItem, why: str) -> None:
    """Note that it is there, though it should be gone."""
    _move(item, ItemState.FOUND, {"done_at": None, "why": why, "retry_at": None, "asked_at": None, "tries": 0})


def unchecked(erasure: Erasure) -> list[ErasureItem]:
    return list(erasure.items.filter(state=ItemState.DONE).order_by("pk")[:AT_ONCE])


def erase_here(item: ErasureItem, *, at: datetime) -> Counter[str]:
    """Delete what an item names in our tables, and tell how much went of each. What is gone already is as good.

    Raises `holds.Held`, NotYet and Stays; then nothing of it is deleted.
    """
    erasure = item.erasure
    with holds.refusing():
        _must_not_be_named(item)
        match Thing(item.kind):
            case Thing.RECORDING:
                return _recording(item, at=at)
            case Thing.CALL:
                calls = with_legs([_id(item)])
                _must_be_over(calls, at=at)
                _must_be_checked(item, calls)
                mails = _mails(calls)
                return mails + delete_conversations([_id(item)], deleted_for=f"erasure {erasure.pk}", at=at)
            case Thing.LEG:
                _must_be_over({_id(item)}, at=at)
                _must_be_checked(item, {_id(item)})
                none = Conference.objects.none()
                return delete_calls([_id(item)], rooms=none, deleted_for=f"erasure {erasure.pk}", at=at)
            case Thing.CALLBACK:
                return _callback(item, at=at)
            case Thing.CONTACT:
                return _contact(item, at=at)
            case Thing.EVENT:
                return Counter(Event.objects.filter(pk=item.key).delete()[1])
            case Thing.OPT_OUT:
                return _opt_out(item)
            case Thing.TEXT:
                return _texts(item, at=at)
            case Thing.ORDER:
                return _order(item, at=at)
            case Thing.ATTEMPT:
                return dialing.forget(item.key)
            case Thing.DELIVERY:
                return Counter(Delivery.objects.filter(pk=item.key).delete()[1])
            case Thing.HOLD:
                return _hold(item)
            case Thing.MENTION:
                return _mention(item)
            case kind:
                raise AssertionError(kind)


def keep_for_hold(item: ErasureItem) -> None:
    """See that no hold keeps what lies at Twilio under this id. Raises `holds.Held`; Behind while its row is here."""
    kind, key = Thing(item.kind), item.key
    if kind is Thing.TWILIO_CALL and (call := Call.objects.filter(sid=key).first()) is not None:
        _goes_first(holds.covering(call.pk))
    if kind is Thing.TWILIO_MESSAGE and (message := Message.objects.filter(sid=key).first()) is not None:
        _goes_first(holds.covering_text(message.pk))
    _must_not_be_named(item)


def _goes_first(holding: list[Hold]) -> NoReturn:
    """Have what lies at Twilio wait for our own row of it. Raises `holds.Held` where that is held, else Behind."""
    if holding:
        raise holds.Held(holding[0])
    raise Behind("Its row in our own tables goes first.")


def _must_not_be_named(item: ErasureItem) -> None:
    """Raise `holds.Held` where a hold names the number: then all that is known of it stays, wherever it stands."""
    named = Hold.objects.active().filter(caller=item.erasure.number).order_by("placed_at").first()
    if named is not None:
        raise holds.Held(named)


def _recording(item: ErasureItem, *, at: datetime) -> Counter[str]:
    recording = Recording.objects.filter(pk=item.key).first()
    if recording is None or recording.state == State.DELETED:
        return Counter()
    voicemails = Voicemail.objects.filter(recording=recording)
    if voicemails.filter(telling_until__gt=at).exists():
        raise NotYet("An e-mail about it is being sent.")
    went = Counter(
        {
            "recordings.Copy": recording.copies.count(),
            "recordings.Transcript": recording.transcripts.count(),
            "recordings.Voicemail": voicemails.count(),
            MAILS: voicemails.filter(told_at__isnull=False).count(),
        }
    )
    delete_recordings([recording.pk], deleted_for=f"erasure {item.erasure_id}", at=at)
    return +went


def _mails(calls: set[Any]) -> Counter[str]:
    """Count the e-mails that have been sent about these calls."""
    told = (model.objects.filter(call__in=calls, told_at__isnull=False) for model in (Voicemail, MissedCall, Callback))
    return +Counter({MAILS: sum(rows.count() for rows in told)})


def _must_be_over(calls: set[Any], *, at: datetime) -> None:
    if Call.objects.filter(pk__in=calls).exclude(status__in=FINAL).exists():
        raise NotYet("The call goes on.")
    for model in (Voicemail, MissedCall, Callback):
        if model.objects.filter(call__in=calls, telling_until__gt=at).exists():
            raise NotYet("An e-mail about it is being sent.")


def _must_be_checked(item: ErasureItem, calls: set[Any]) -> None:
    """Let it be checked first that purged recordings are gone: with the calls go the rows by which that is asked."""
    purged = Recording.objects.filter(call__in=calls, purged_at__isnull=False)
    sounds = map(str, purged.values_list("pk", flat=True))
    first = item.erasure.items.open().filter(kind=Thing.RECORDING, key__in=list(sounds))
    if first.exclude(state=ItemState.HELD).exists():
        raise Behind("It is still to be seen that its recordings are gone.")


def _callback(item: ErasureItem, *, at: datetime) -> Counter[str]:
    callback = Callback.objects.filter(pk=item.key).first()
    if callback is None:
        return Counter()
    if callback.state == CallbackState.WAITING:
        with suppress(callbacks.NotNow):
            callbacks.cancel(callback.pk, by=item.erasure.confirmed_by, why="erased", at=at)
        callback.refresh_from_db()
    if callback.state == CallbackState.DIALING:
        raise NotYet("The person is being called back just now.")
    return Counter(Callback.objects.filter(pk=callback.pk).delete()[1])


def _contact(item: ErasureItem, *, at: datetime) -> Counter[str]:
    """Take the number from a contact, and the contact with its last one."""
    return contacts.forget(_id(item), item.erasure.number, by=item.erasure.confirmed_by, at=at)


def _opt_out(item: ErasureItem) -> Counter[str]:
    """Let an entry go that has ended. One in force stays: without the number nobody could leave the person alone."""
    if OptOut.objects.active().filter(pk=item.key).exists():
        raise Stays(OBJECTION)
    return contacts.forget_opt_out(_id(item))


def _texts(item: ErasureItem, *, at: datetime) -> Counter[str]:
    """Delete a thread; a text that Twilio is just being asked for is waited for."""
    if Message.objects.filter(thread=UUID(item.key), state=TextState.ASKING).exists():
        raise NotYet("A text is being sent to the person just now.")
    return delete_thread(UUID(item.key), at=at)


def _order(item: ErasureItem, *, at: datetime) -> Counter[str]:
    with suppress(outbound.NotNow):
        outbound.cancel(_id(item), at=at)
    if Order.objects.live().filter(pk=item.key).exists():
        raise NotYet("The person is being called just now.")
    return Counter(Order.objects.filter(pk=item.key).delete()[1])


def _hold(item: ErasureItem) -> Counter[str]:
    hold = Hold.objects.filter(pk=item.key).first()
    if hold is None or not hold.caller:
        return Counter()
    if hold.lifted_at is None:
        raise holds.Held(hold)
    Hold.objects.filter(pk=hold.pk).update(caller="")
    return Counter({"compliance.Hold": 1})


def _mention(item: ErasureItem) -> Counter[str]:
    """Hide the number in a row about others."""
    label, _colon, key = item.key.partition(":")
    place = place_of(label)
    if place.stays:
        raise Stays(place.stays)
    model = apps.get_model(label)
    row = model._default_manager.select_for_update(no_key=True).filter(pk=key).first()
    if row is None:
        return Counter()
    if getattr(row, "is_live", False):
        raise NotYet("The person is being called just now.")
    if (holding := _holding(place, row)) is not None:
        raise holds.Held(holding)
    found = re.compile(pattern(item.erasure.number))
    hidden = "" if place.emptied else item.erasure.masked
    changes = {name: hidden_in(getattr(row, name), found, hidden) for name in place.fields}
    changes = {name: value for name, value in changes.items() if value != getattr(row, name)}
    if changes:
        model._default_manager.filter(pk=key).update(**changes)
    if isinstance(row, Transcript):
        index_anew(row.pk)
    return Counter({label: 1}) if changes else Counter()


def _holding(place: Place, row: Any) -> Hold | None:
    """Give an active hold for whose sake a row stays as it is: it is one, or covers the call of which the row is."""
    if isinstance(row, Hold):
        return row if row.lifted_at is None else None
    if not Hold.objects.active().exists():
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {place.call} FROM {row._meta.db_table} AS row WHERE row.id = %s", [row.pk])  # noqa: S608  our names
        (call,) = cursor.fetchone()
    return next(iter(holds.covering(call)), None) if call is not None else None


def _id(item: ErasureItem) -> Any:
    return Call._meta.pk.to_python(item.key)


def _move(item: ErasureItem, state: ItemState, changes: Mapping[str, Any]) -> None:
    with transaction.atomic():
        movable = ErasureItem.objects.filter(pk=item.pk, state__in=origins(ITEM_MOVES, state))
        if movable.update(state=state, **changes):
            item.state = state
