"""What time changes, and what is to be asked again because no news has come."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from conferences.actions.steering import Conversation, afterwards, conversation
from conferences.asking import ask_for, ends
from conferences.models import Announcement, Conference, Participant
from conferences.room import Joined, Phase, TimeIsUp
from conferences.states import LegState

SWEPT_AT_ONCE = 500
AGAIN = timedelta(seconds=8)  # what was asked, and is still not so, is asked again
SLACK = timedelta(seconds=15)  # beyond the ring time: Twilio itself rings five seconds longer
COMES_IN = timedelta(seconds=8)  # from having accepted, or being moved, to being in
SCREENED = timedelta(seconds=40)
NOTICED = timedelta(seconds=60)  # a notice about recording is heard, and perhaps asked twice, before somebody is in
LOOK_EACH = timedelta(seconds=60)
DIGITS_KEPT = timedelta(minutes=1)


class Found(NamedTuple):
    """A conference of ours as Twilio lists it."""

    sid: str
    is_over: bool
    because: str


class Seen(NamedTuple):
    """Somebody in a conference as Twilio lists them."""

    call_sid: str
    label: str
    held: bool
    muted: bool
    coaching: bool


class Errand(NamedTuple):
    """A task to be done: its name, and about which row."""

    task: str
    about: UUID


def sweep(*, at: datetime) -> list[Errand]:
    """Give what is overdue in open conversations, in two queries where nothing is. Forgets keys that were played."""
    Announcement.objects.filter(at__lt=at - DIGITS_KEPT).exclude(digits="").update(digits="")
    found = Conference.objects.unsettled().prefetch_related("participants").order_by("opened_at")[:SWEPT_AT_ONCE]
    return [errand for conference in found for errand in overdue(conference, list(conference.participants.all()), at)]


def sid_of(conference_id: UUID) -> str:
    """Give the sid of the conference that Twilio runs now; empty where we know of none."""
    return Conference.objects.filter(pk=conference_id).values_list("sid", flat=True).first() or ""


def call_sid_of(participant_id: UUID) -> str:
    """Give the sid of somebody's call, unless it is known to be over."""
    return Participant.objects.live().filter(pk=participant_id).values_list("call_sid", flat=True).first() or ""


def time_is_up(conference_id: UUID, *, at: datetime) -> None:
    """End the wait for somebody to come back, if it is over and nobody does."""
    with transaction.atomic():
        talk = conversation(conference_id)
        if talk is None or talk.conference.due_at is None or talk.conference.due_at > at:
            return
        talk.happen(TimeIsUp())
        talk.settle(at=at)


def overdue(conference: Conference, rows: Sequence[Participant], at: datetime) -> Iterator[Errand]:
    """Tell what is overdue in one conversation."""
    people = {row.pk: row for row in rows}
    if conference.due_at is not None and conference.due_at <= at:
        yield Errand("time_is_up", conference.pk)
    if conference.phase == Phase.RETURNING and conference.due_at is not None:
        yield Errand("return_to_sender", conference.pk)
    if ends(conference, people) and _past(conference.end_asked_at or conference.closed_at, AGAIN, at):
        # whether the first request was carried out, only a look tells
        yield Errand("look" if conference.end_asked_at else "end", conference.pk)
    in_it = [row for row in rows if row.state in (LegState.TAKEN, LegState.JOINED)]
    looked_at = conference.checked_at or conference.opened_at
    moves = any(row.is_moved and row.state == LegState.ASKED and _past(row.asked_at, COMES_IN, at) for row in rows)
    late = any(row.state == LegState.TAKEN and _is_late(row, at) for row in rows)
    if (in_it or moves) and _past(looked_at, AGAIN if late or moves else LOOK_EACH, at):
        yield Errand("list_people" if conference.sid else "look", conference.pk)
    for row in rows:
        yield from _overdue_leg(row, conference, people, at)


def _overdue_leg(
    row: Participant, conference: Conference, people: dict[UUID, Participant], at: datetime
) -> Iterator[Errand]:
    if row.state == LegState.LEFT:
        return
    ring = timedelta(seconds=row.ring_seconds) + SLACK
    if not row.is_moved and row.state == LegState.WANTED and _past(row.wanted_at, ring, at):
        yield Errand("give_up", row.pk)
        return
    ask = ask_for(row, conference, people)
    if ask is not None and _past(row.steered_at or row.wanted_at, AGAIN, at):
        yield Errand(ask, row.pk)
    if row.is_moved:
        return
    rings = row.state in (LegState.ASKED, LegState.RINGING) and _past(row.asked_at, ring, at)
    screens = row.state == LegState.ANSWERED and _past(row.asked_at, ring + SCREENED, at)
    if rings or screens:
        yield Errand("look_at_leg" if row.call_sid else "give_up", row.pk)


def note_conferences(conference_id: UUID, found: Sequence[Found], *, at: datetime) -> None:
    """Take in the conferences that Twilio knows by this name, the newest first."""
    with transaction.atomic():
        talk = conversation(conference_id)
        if talk is None:
            return
        conference = talk.conference
        conference.checked_at = at
        live = next((one for one in found if not one.is_over), None)
        if live is not None:
            conference.sid, conference.ended_at, conference.end_asked_at = live.sid, None, None
        elif found:
            conference.sid = conference.sid or found[0].sid
            conference.ended_at = conference.ended_at or at
            conference.ended_because = conference.ended_because or found[0].because[:80]
        if live is None:
            _look_for(row for row in talk.rows.values() if _should_be_there(row, at))
        talk.settle(at=at)


def note_people(conference_id: UUID, sid: str, listed: Sequence[Seen], *, at: datetime) -> None:
    """Take in who Twilio says is in a conference. Who should be there and is not, is looked at by the call."""
    with transaction.atomic():
        talk = conversation(conference_id)
        if talk is None or talk.conference.sid != sid:
            return
        talk.conference.checked_at = at
        by_key = {key: one for one in listed for key in (one.call_sid, one.label) if key}
        missing = []
        for row in talk.rows.values():
            seen = by_key.get(row.call_sid) or by_key.get(row.label)
            if seen is not None:
                _note_seen(talk, row, seen)
            elif _should_be_there(row, at):
                missing.append(row)
        _look_for(missing)
        talk.settle(at=at)


def _note_seen(talk: Conversation, row: Participant, seen: Seen) -> None:
    if row.state == LegState.LEFT:  # we gave them up too soon
        afterwards("take_out" if row.is_moved else "let_go", row.pk)
        return
    row.call_sid = row.call_sid or seen.call_sid
    row.held, row.muted, row.coaching = seen.held, seen.muted, seen.coaching
    talk.happen(Joined(row.label))


def _should_be_there(row: Participant, at: datetime) -> bool:
    match LegState(row.state):
        case LegState.JOINED:
            return _past(row.joined_at, COMES_IN, at)
        case LegState.TAKEN:
            return _is_late(row, at)
        case LegState.ASKED if row.is_moved:
            return _past(row.asked_at, COMES_IN, at)
        case _:
            return False


def _is_late(row: Participant, at: datetime) -> bool:
    """Tell whether somebody who has accepted should be in by now, and not be hearing a notice any more."""
    if row.noticed_at is not None and not _past(row.noticed_at, NOTICED, at):
        return False
    return _past(row.answered_at, COMES_IN, at)


def _look_for(rows: Iterable[Participant]) -> None:
    for row in rows:
        afterwards("look_at_leg", row.pk, True)


def _past(since: datetime | None, patience: timedelta, at: datetime) -> bool:
    return since is not None and at - since >= patience
