"""Callbacks that did not come about: somebody looks after each of them, and the supervisors are told."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import User
from queues.actions.callbacks import NotNow, keep_place, locked, tell
from queues.models import Callback
from queues.states import CALLBACK_MOVES, CallbackState, move

TELLING_LEASE = timedelta(minutes=2)


class Taken(Exception):
    """Somebody else looks after it."""


def claim(callback_id: UUID, *, by: User, at: datetime) -> None:
    """Look after a callback that did not come about. Raises Taken, NotNow."""
    with transaction.atomic():
        callback = _owed(callback_id, by)
        if callback.owner_id is None:
            callback.owner = by
            callback.save(update_fields=["owner"])
            tell(callback, _("taken on by %(who)s") % {"who": by}, at=at)


def finish(callback_id: UUID, *, by: User, at: datetime) -> None:
    """Mark it as dealt with in some other way. Raises Taken, NotNow."""
    with transaction.atomic():
        callback = _owed(callback_id, by)
        callback.owner = by
        callback.state = move(CALLBACK_MOVES, callback.state, CallbackState.DONE)
        callback.save(update_fields=["owner", "state"])
        tell(callback, _("done, says %(who)s") % {"who": by}, at=at)


def call_again(callback_id: UUID, *, by: User, at: datetime) -> None:
    """Put it back into its line, as old as it was, with all its tries. Raises Taken, NotNow, AlreadyAsked."""
    with transaction.atomic():
        callback = _owed(callback_id, by)
        aged_from = callback.entries.order_by("-joined_at").values_list("aged_from", flat=True).first()
        callback.state = move(CALLBACK_MOVES, callback.state, CallbackState.WAITING)
        callback.owner, callback.tries, callback.ended_at = by, 0, None
        callback.expires_at = at + timedelta(hours=callback.queue.callback_hours)
        callback.told_at = None
        keep_place(callback, aged_from=aged_from or callback.asked_at, priority=0, at=at)
        tell(callback, _("to be called again, says %(who)s") % {"who": by}, at=at)


def claim_telling(callback_id: UUID, *, at: datetime) -> bool:
    """Claim the e-mail about an expired callback; False where it was sent, is being sent, or nobody wants it."""
    return Callback.objects.untold(at=at).filter(pk=callback_id).update(telling_until=at + TELLING_LEASE) == 1


def note_told(callback_id: UUID, *, at: datetime) -> None:
    Callback.objects.filter(pk=callback_id).update(told_at=at, telling_until=None)


def _owed(callback_id: UUID, by: User) -> Callback:
    callback = locked(callback_id)
    if callback.state != CallbackState.EXPIRED:
        raise NotNow(_("Nobody has to look after it."))
    if callback.owner_id not in (None, by.pk):
        raise Taken
    return callback
