"""Asking a source of the owner about a caller: wanted by a step, taken up by a worker, ended by either.

Nobody asks twice: the row is claimed before the request, and one whose worker dies stays claimed. The caller's step
waits until `expires_at` and goes on without an answer, whoever has died meanwhile.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from celery import signature
from django.db import transaction
from kombu.exceptions import OperationalError

from calls.actions import record_events
from calls.models import EventKind
from contacts.reading import matches
from ivr import documents
from ivr.kinds.requests import AskSource
from ivr.kinds.settings import Broken
from ivr.looking_up import Known, Question
from ivr.models import LookUp, Source, Visit
from ivr.states import OPEN, LookUpState

logger = logging.getLogger(__name__)


class Claimed(NamedTuple):
    """What a worker needs to ask: whom, what, and for how many seconds."""

    address: str
    secret: str
    question: Question
    keep: tuple[str, ...]
    seconds: float


def want(request: AskSource, call: UUID, *, at: datetime) -> None:
    """Note the question, for a worker to take up after the commit."""
    known = request.source.isdecimal() and Source.objects.filter(pk=int(request.source)).exists()
    row = LookUp.objects.create(
        call_id=call,
        source_id=int(request.source) if known else None,
        step=request.step,
        language=request.language,
        sent=dict(request.sent),
        keep=list(request.keep),
        wanted_at=at,
        expires_at=at + timedelta(seconds=request.seconds),
    )
    transaction.on_commit(partial(_begin, str(row.pk)))


def claim(look_up: UUID, *, at: datetime) -> Claimed | None:
    """Take a question up; None where its time is over, another worker has it, or the caller has gone on."""
    wanted = LookUp.objects.filter(pk=look_up, state=LookUpState.WANTED, expires_at__gt=at)
    if not wanted.update(state=LookUpState.ASKING):
        return None
    row = LookUp.objects.select_related("call", "source").get(pk=look_up)
    if row.source is None:
        fail(look_up, "The source was deleted.", milliseconds=0, at=at)
        return None
    question = Question(
        id=str(row.pk),
        at=at.isoformat(),
        step=_name(row),
        call=str(row.call_id),
        conversation=str(row.call.conversation),
        caller=row.call.other_end,
        called=row.call.our_end,
        language=row.language,
        contact=_known(row.call.other_end),
        variables=row.sent,
    )
    left = (row.expires_at - at).total_seconds()
    return Claimed(row.source.address, row.source.secret, question, tuple(row.keep), left)


def note(look_up: UUID, answer: Mapping[str, str], *, milliseconds: int, at: datetime) -> None:
    """Keep an answer; whoever waits for it finds it at the next look."""
    _end(look_up, LookUpState.ANSWERED, at=at, answer=dict(answer), milliseconds=milliseconds)


def fail(look_up: UUID, trouble: str, *, milliseconds: int, at: datetime) -> None:
    """Note that there is no usable answer, and why, in a sentence that holds nothing of it."""
    logger.warning("A look-up failed: %s", trouble)
    _end(look_up, LookUpState.FAILED, at=at, trouble=trouble[:200], milliseconds=milliseconds)


def give_up(call: UUID, step: str, *, at: datetime) -> None:
    """End what a step has asked and waits for no longer; what was ended by an answer or a failure stays."""
    for look_up in LookUp.objects.filter(call=call, step=step, state__in=OPEN).values_list("pk", flat=True):
        _end(look_up, LookUpState.GIVEN_UP, at=at, trouble="Nothing came in time.")


@transaction.atomic
def _end(look_up: UUID, state: LookUpState, *, at: datetime, **fields: object) -> None:
    # whoever is first: an answer, or the caller who has gone on
    if not LookUp.objects.filter(pk=look_up, state__in=OPEN).update(state=state, **fields):
        return
    row = LookUp.objects.select_related("source").get(pk=look_up)
    data = {
        "step": row.step,
        "source": row.source.name if row.source else "",
        "outcome": row.state,
        "milliseconds": row.milliseconds,
        "trouble": row.trouble,
    }
    record_events(row.call_id, [(EventKind.LOOKED_UP, data)], at=at)


def _name(row: LookUp) -> str:
    """Give the name of the step that asks, as it was published."""
    version = Visit.objects.filter(call=row.call_id).values_list("version", flat=True).first()
    try:
        step = documents.frozen(version).steps.get(row.step) if version else None
    except Broken:
        step = None
    return step.name if step else ""


def _known(number: str) -> Known | None:
    """Give whom the number is taken for, with the ids by which other systems know them."""
    found = matches(number)[:1]
    if not found:
        return None
    ids = found[0].external_ids.values_list("system__name", "value")
    return Known(str(found[0].pk), found[0].name, dict(ids))


def _begin(look_up: str) -> None:
    # by name, because tasks call actions, and not the other way round
    try:
        signature("ivr.tasks.ask_source", args=[look_up]).apply_async()
    except OperationalError as error:  # the caller goes on without an answer
        logger.warning("A look-up could not be announced: %s", type(error).__name__)
