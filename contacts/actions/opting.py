"""The ledger of who wants no texts or no calls: an entry is made, and it ends."""

from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from contacts.models import OptOut
from contacts.signals import opt_out_changed
from contacts.states import Channel, How
from telephony import numbers

LONGEST_NOTE = 200


class NoNumber(Exception):
    """This is no number that could be rung."""


def opt_out(
    number: str, channel: Channel, *, how: How, by: AbstractBaseUser | None = None, note: str = "", at: datetime
) -> OptOut:
    """Note that a number (E.164) wants no texts, or no calls; who has said so before keeps the first entry.

    Raises NoNumber. Sends `opt_out_changed` where the entry is new.
    """
    if not numbers.is_e164(number):
        raise NoNumber
    with transaction.atomic():
        entry, is_new = OptOut.objects.get_or_create(
            number=number,
            channel=channel,
            ended_at=None,
            defaults={"at": at, "how": how, "by_id": by.pk if by else None, "note": _noted(note)},
        )
        if is_new:
            opt_out_changed.send(sender=OptOut, number=number, channel=channel, is_out=True, how=how, at=at)
    return entry


def opt_in(
    number: str, channel: Channel, *, how: How, by: AbstractBaseUser | None = None, note: str = "", at: datetime
) -> bool:
    """Note that a number takes texts, or calls, again; False where it had never said otherwise.

    Sends `opt_out_changed` where an entry ends.
    """
    with transaction.atomic():
        ended = OptOut.objects.active(channel).filter(number=number, at__lte=at)
        changes = {
            "ended_how": how,
            "ended_by_id": by.pk if by else None,
            "ended_note": numbers.mask(note)[:LONGEST_NOTE],
        }
        if not ended.update(ended_at=at, **changes):
            return False
        opt_out_changed.send(sender=OptOut, number=number, channel=channel, is_out=False, how=how, at=at)
    return True


def _noted(note: str) -> str:
    return numbers.mask(note)[:LONGEST_NOTE]
