"""Erasures: asked for, looked at and confirmed by a person, carried on by workers, and closed with a certificate."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Min, QuerySet

from agents.models import User
from compliance.actions import access
from compliance.states import Access
from contacts.models import ContactNumber
from retention import certificate
from retention.counting import sections
from retention.models import Erasure
from retention.states import ERASURE_MOVES, ErasureState, origins
from telephony import numbers

LEASE = timedelta(minutes=3)
FIRST_PAUSE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=1)
SETTLES = timedelta(minutes=2)  # a list of Twilio's may lag behind a deletion by moments
SUBJECT = "erasure"


class NoNumber(Exception):
    """What was typed is no number that could be rung."""


class AlreadyAsked(Exception):
    """An erasure of this number is open."""


class OtherNumber(Exception):
    """What was typed to confirm is not the number that was asked for."""


class NotNow(Exception):
    """The erasure is not where this could be done with it any more."""


def ask(typed: str, *, reason: str, by: User, address: str | None, at: datetime) -> Erasure:
    """Ask for the erasure of a number, however it is written. First it is only looked for: nothing goes yet.

    Raises NoNumber and AlreadyAsked.
    """
    number = numbers.parse(typed, country=settings.DEFAULT_COUNTRY)
    if number is None:
        raise NoNumber
    salt = secrets.token_hex(16)
    try:
        with transaction.atomic():
            erasure = Erasure.objects.create(
                number=number,
                masked=numbers.mask(number),
                salt=salt,
                digest=digest_of(number, salt),
                reason=numbers.mask(reason),
                asked_at=at,
                asked_by=by,
            )
            _log(erasure, "asked for", by=by, address=address, at=at)
    except IntegrityError:
        raise AlreadyAsked from None
    return erasure


def ask_for_contact(
    contact_id: UUID, *, reason: str, by: User, address: str | None, at: datetime
) -> tuple[list[Erasure], int]:
    """Ask for the erasure of each number of a contact; with the last one the contact goes.

    Gives the erasures, and how many numbers were being erased already. Raises NoNumber where the contact has none.
    """
    theirs = ContactNumber.objects.filter(contact=contact_id).order_by("pk").values_list("number", flat=True)
    asked, already = [], 0
    for number in theirs:
        try:
            asked.append(ask(number, reason=reason, by=by, address=address, at=at))
        except AlreadyAsked:
            already += 1
    if not theirs:
        raise NoNumber
    return asked, already


def look_again(erasure: Erasure, *, at: datetime) -> None:
    """Look anew before anybody confirms. Raises NotNow."""
    _must(erasure, ErasureState.LOOKING, {"next_at": at, "tries": 0})


def drop(erasure: Erasure, *, by: User, address: str | None, at: datetime) -> None:
    """Give an erasure up of which nothing was erased yet. Raises NotNow."""
    with transaction.atomic():
        _must(erasure, ErasureState.DROPPED, {"number": "", "done_at": at, "next_at": None})
        erasure.items.all().delete()
        _log(erasure, "dropped", by=by, address=address, at=at)


def confirm(erasure: Erasure, *, typed: str, by: User, address: str | None, at: datetime) -> None:
    """Let what was found be erased, by typing the number once more. Raises OtherNumber and NotNow."""
    if erasure.state != ErasureState.FOUND:
        raise NotNow
    if numbers.parse(typed, country=settings.DEFAULT_COUNTRY) != erasure.number:
        raise OtherNumber
    with transaction.atomic():
        _must(erasure, ErasureState.WORKING, {"confirmed_at": at, "confirmed_by": by, "next_at": at})
        _log(erasure, "confirmed", by=by, address=address, at=at, found=erasure.items.count())


def claim(erasure_id: UUID, *, at: datetime) -> Erasure | None:
    """Claim an erasure for this worker; None where another has it, or there is nothing to do now."""
    won = Erasure.objects.due(at=at).filter(pk=erasure_id).update(leased_until=at + LEASE)
    return Erasure.objects.select_related("asked_by", "confirmed_by").get(pk=erasure_id) if won else None


def renew(erasure: Erasure, *, at: datetime) -> bool:
    """Keep a claim; False where it was lost: then stop."""
    won = Erasure.objects.filter(pk=erasure.pk, leased_until=erasure.leased_until).update(leased_until=at + LEASE)
    erasure.leased_until = at + LEASE
    return won == 1


def note_looked(erasure: Erasure) -> None:
    """Note that all places were looked at: first a person has to see what was found, later the checks follow."""
    changes: dict[str, Any] = {"looks": F("looks") + 1, "tries": 0, "trouble": ""}
    if erasure.state == ErasureState.LOOKING:
        _step(erasure, ErasureState.FOUND, changes | {"leased_until": None, "next_at": None})
    else:
        _held(erasure).update(**changes)


def note_trouble(erasure: Erasure, why: str, *, at: datetime) -> None:
    """Note why it does not go on, and when it is tried again: each pause twice as long, up to an hour."""
    pause = min(FIRST_PAUSE * (1 << min(erasure.tries, 10)), LONGEST_PAUSE)
    _held(erasure).update(trouble=why, tries=F("tries") + 1, next_at=at + pause, leased_until=None)


def put_down(erasure: Erasure, *, at: datetime) -> None:
    """Give the claim back: to go on when the next item is due or, where none is open, with the last look."""
    open_items = erasure.items.open()
    if open_items.exists():
        soonest = None if open_items.filter(retry_at=None).exists() else open_items.aggregate(at=Min("retry_at"))["at"]
        _held(erasure).update(leased_until=None, next_at=soonest or at, trouble="")
    else:
        _step(erasure, ErasureState.CHECKING, {"leased_until": None, "next_at": at + SETTLES, "trouble": ""})


def release(erasure: Erasure, *, at: datetime) -> None:
    """Give the claim back in the middle, for the next worker to go on at once."""
    _held(erasure).update(leased_until=None, next_at=at)


def go_back(erasure: Erasure, *, at: datetime) -> None:
    """Go on erasing: the last look has found something."""
    _step(erasure, ErasureState.WORKING, {"leased_until": None, "next_at": at})


def finish(erasure: Erasure, *, at: datetime) -> None:
    """Write the certificate, and forget the number."""
    erasure.refresh_from_db(fields=["looks"])
    content = certificate.content(
        id=str(erasure.pk),
        person=certificate.Person(erasure.masked, erasure.digest, erasure.salt),
        reason=erasure.reason,
        asked_at=erasure.asked_at,
        asked_by=str(erasure.asked_by),
        confirmed_at=erasure.confirmed_at,
        confirmed_by=str(erasure.confirmed_by),
        done_at=at,
        looks=erasure.looks,
        sections=sections(erasure),
    )
    with transaction.atomic():
        changes = {"number": "", "certificate": content, "sha256": certificate.seal(content), "done_at": at}
        if _step(erasure, ErasureState.DONE, changes | {"leased_until": None, "next_at": None}):
            by = erasure.confirmed_by
            _log(erasure, "done", by=by, address=None, at=at, sha256=changes["sha256"])


def digest_of(number: str, salt: str) -> str:
    """Hash a number so that who has it can see that it was this one, and who has not needs long to try them all."""
    hashed = hashlib.scrypt(number.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=32)
    return hashed.hex()


def _held(erasure: Erasure) -> "QuerySet[Erasure]":
    return Erasure.objects.filter(pk=erasure.pk, leased_until=erasure.leased_until, state=erasure.state)


def _step(erasure: Erasure, state: ErasureState, changes: Mapping[str, Any]) -> bool:
    """Step on, as the worker who has the claim; False where it was lost."""
    assert erasure.state in origins(ERASURE_MOVES, state)
    won = bool(_held(erasure).update(state=state, **changes))
    if won:
        erasure.state, erasure.leased_until = state, changes.get("leased_until")
    return won


def _must(erasure: Erasure, state: ErasureState, changes: Mapping[str, Any]) -> None:
    """Step on, as a person says."""
    movable = Erasure.objects.filter(pk=erasure.pk, state__in=origins(ERASURE_MOVES, state))
    if not movable.update(state=state, **changes):
        raise NotNow
    erasure.state = state


def _log(erasure: Erasure, what: str, *, by: User | None, address: str | None, at: datetime, **detail: Any) -> None:
    access.log(
        user=by,
        address=address,
        action=Access.ERASED,
        subject=SUBJECT,
        subject_id=erasure.pk,
        reason=erasure.reason,
        detail={"what": what} | detail,
        at=at,
    )
