"""The ledger of who wants no texts or no calls: an entry is made, and it ends."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from contacts.models import OptOut
from contacts.signals import opt_outs_changed
from contacts.states import Channel, How
from telephony import numbers

LONGEST_NOTE = 200


class NoNumber(Exception):
    """This is no number that could be rung."""


def opt_out(
    number: str, channel: Channel, *, how: How, by: AbstractBaseUser | None = None, note: str = "", at: datetime
) -> OptOut:
    """Note that a number (E.164) wants no texts, or no calls; who has said so before keeps the first entry.

    Raises NoNumber. Sends `opt_outs_changed` where the entry is new.
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
            opt_outs_changed.send(sender=OptOut, numbers=[number], channel=channel, is_out=True, how=how, at=at)
    return entry


def opt_all_out(
    wanted: Collection[str], channel: Channel, *, how: How, by: AbstractBaseUser | None = None, at: datetime
) -> set[str]:
    """Note of many numbers (E.164) what `opt_out` notes of one, in two statements; returns those of which it is new.

    Sends `opt_outs_changed` for these.
    """
    by_id = by.pk if by else None
    entries = [OptOut(number=number, channel=channel, at=at, how=how, by_id=by_id) for number in sorted(set(wanted))]
    if not entries:
        return set()
    with transaction.atomic():
        OptOut.objects.bulk_create(entries, ignore_conflicts=True)
        made = OptOut.objects.filter(pk__in=[entry.pk for entry in entries])
        new = set(made.values_list("number", flat=True))
        if new:
            opt_outs_changed.send(sender=OptOut, numbers=sorted(new), channel=channel, is_out=True, how=how, at=at)
    return new


def opt_in(
    number: str, channel: Channel, *, how: How, by: AbstractBaseUser | None = None, note: str = "", at: datetime
) -> bool:
    """Note that a number takes texts, or calls, again; False where it had never said otherwise.

    Sends `opt_outs_changed` where an entry ends.
    """
    return bool(opt_all_in([number], channel, how=how, by=by, note=note, at=at))


def opt_all_in(
    wanted: Collection[str],
    channel: Channel,
    *,
    how: How,
    by: AbstractBaseUser | None = None,
    note: str = "",
    at: datetime,
) -> set[str]:
    """Note of many numbers what `opt_in` notes of one, in two statements; returns those whose entry ends.

    Sends `opt_outs_changed` for these.
    """
    if not wanted:
        return set()
    with transaction.atomic():
        ended = OptOut.objects.active(channel).filter(number__in=wanted, at__lte=at)
        found = dict(ended.order_by("number").select_for_update(no_key=True).values_list("pk", "number"))
        if not found:
            return set()
        OptOut.objects.filter(pk__in=found).update(
            ended_at=at, ended_how=how, ended_by_id=by.pk if by else None, ended_note=_noted(note)
        )
        opt_outs_changed.send(
            sender=OptOut, numbers=sorted(found.values()), channel=channel, is_out=False, how=how, at=at
        )
    return set(found.values())


def _noted(note: str) -> str:
    return numbers.mask(note)[:LONGEST_NOTE]
