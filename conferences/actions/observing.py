"""What Twilio says of conferences and legs, taken into the rows whatever its order and number."""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from calls import actions as calls
from calls.models import Call
from calls.observations import of_callback, of_request
from calls.states import FINAL, Status
from compliance.actions import consent
from compliance.reading import Owed
from compliance.states import Answer, Direction, Party
from conferences import notices, verbs
from conferences.actions import rooms
from conferences.actions.steering import Conversation, conversation, of_participant
from conferences.models import Participant
from conferences.reading import who as name_of
from conferences.room import Joined, Role, Took
from conferences.states import LegState, Outcome, climbs
from dialing import actions as dialing
from telephony.payloads import ConferenceEvent, GatherResult, StatusCallback, VoiceRequest
from telephony.twiml import Hangup, Verb

logger = logging.getLogger(__name__)

_IN = (LegState.TAKEN, LegState.JOINED)
_STATES = {Status.RINGING: LegState.RINGING, Status.IN_PROGRESS: LegState.ANSWERED}
_OUTCOMES = {
    Status.BUSY: Outcome.BUSY,
    Status.FAILED: Outcome.FAILED,
    Status.NO_ANSWER: Outcome.NO_ANSWER,
    Status.CANCELED: Outcome.NO_ANSWER,
}


def answer(participant_id: UUID, request: VoiceRequest, *, at: datetime) -> Sequence[Verb]:
    """Give the verbs for a leg that asks what to do: into the room, to press 1 first, onward, or hang up."""
    with transaction.atomic():
        found = _asking(participant_id, request, at=at)
        if found is None:
            return (Hangup(),)
        talk, row = found
        if row.state == LegState.LEFT or not row.wants_in:
            return _not_wanted(talk, row, at=at)
        if row.state not in _IN and row.screening:
            row.state = LegState.ANSWERED
            talk.settle(at=at)
            return verbs.screening(row)
        return _taken(talk, row, at=at)


def accept(participant_id: UUID, result: GatherResult, *, at: datetime) -> Sequence[Verb]:
    """Take in the key of somebody who picked up: 1 leads into the room, anything else is no acceptance."""
    with transaction.atomic():
        found = _asking(participant_id, result.call, at=at)
        if found is None:
            return (Hangup(),)
        talk, row = found
        if row.state == LegState.LEFT or not row.wants_in:
            return _not_wanted(talk, row, at=at)
        if row.state in _IN or result.digits == verbs.ACCEPT_KEY:
            return _taken(talk, row, at=at)
        talk.leave(row, Outcome.NOT_ACCEPTED)
        talk.settle(at=at)
        return (Hangup(),)


def hear(participant_id: UUID, policy_id: int, tries: int, result: GatherResult, *, at: datetime) -> Sequence[Verb]:
    """Take in what somebody made of a notice about recording, and give the next one, or the room.

    Without an answer the question comes once more. The call goes on whatever the answer is.
    """
    with transaction.atomic():
        found = _asking(participant_id, result.call, at=at)
        if found is None:
            return (Hangup(),)
        talk, row = found
        if row.state == LegState.LEFT or not row.wants_in:
            return _not_wanted(talk, row, at=at)
        items = notices.owed(talk.conference, row)
        item = next((one for one in items if one.policy.pk == policy_id), None)
        if item is not None:
            answer = _answered(item, result)
            if answer is Answer.SILENT and tries + 1 < notices.TRIES:
                row.noticed_at = at
                talk.settle(at=at)
                return notices.verbs(row, item, tries=tries + 1)
            _write_down(talk, row, item, answer, key=result.digits, at=at)
        left = [one for one in notices.owed(talk.conference, row) if one.policy.pk > policy_id]
        return _into(talk, row, left, at=at)


def observe(event: ConferenceEvent, *, at: datetime) -> None:
    """Take in news of a conference or of somebody in it."""
    try:
        conference_id = UUID(hex=event.name)
    except ValueError:
        return
    with transaction.atomic():
        # a call's row is locked before a conference's
        call = calls.known(event.call_sid, at=at) if event.event == "participant-join" and event.call_sid else None
        talk = conversation(conference_id)
        if talk is None:
            return
        _observe_conference(talk, event, at)
        row = _named(talk, event)
        if event.event == "conference-end" and event.sid == talk.conference.sid:
            for one in talk.rows.values():
                if one.state == LegState.JOINED:
                    talk.leave(one, _why_out(one))
        elif row is not None:
            _observe_participant(talk, row, event, call)
        if talk.conference.room_id is not None and event.event in ("participant-leave", "conference-end"):
            talk.settle(at=at)
            rooms.settle(talk.conference, at=at)
            return
        talk.settle(at=at)


def observe_leg(participant_id: UUID, news: StatusCallback, *, at: datetime) -> None:
    """Take in news of a leg that we rang, for the participant and for the call's own row."""
    if not news.call.call_sid:
        return
    with transaction.atomic():
        call = calls.observe(of_callback(news), at=at)
        found = _linked(participant_id, call)
        if found is None:
            return
        talk, row = found
        if news.status in FINAL:
            talk.leave(row, outcome_of(row, news.status))
        elif (state := _STATES.get(Status(news.status)) if news.status in set(Status) else None) is not None:
            row.state = state if climbs(row.state, state) else row.state
        talk.settle(at=at)


def leg_ended(call: Call, *, at: datetime) -> None:
    """Take in that a call is over, whoever said so: its participant is out, though no conference has told."""
    rows = Participant.objects.live().filter(call_sid=call.sid).values_list("pk", flat=True)
    for participant_id in list(rows):
        found = of_participant(participant_id)
        if found is None:
            continue
        talk, row = found
        talk.leave(row, outcome_of(row, call.status))
        talk.settle(at=at)
        if talk.conference.room_id is not None:
            rooms.settle(talk.conference, at=at)


def note_quality(participant_id: UUID, warnings: Sequence[str], *, at: datetime) -> Participant:
    """Keep which warnings the browser phone shows now; each with since when and, once over, until when."""
    with transaction.atomic():
        row = Participant.objects.select_for_update(no_key=True).get(pk=participant_id)
        now = set(warnings)
        shown = {one["name"] for one in row.quality if not one["until"]}
        over = [
            one | {"until": at.isoformat()} if not one["until"] and one["name"] not in now else one
            for one in row.quality
        ]
        new = [{"name": name[:40], "since": at.isoformat(), "until": ""} for name in sorted(now - shown)]
        if new or over != row.quality:
            row.quality = over + new
            row.save(update_fields=["quality"])
    return row


def outcome_of(row: Participant, status: str) -> Outcome:
    """Say why a leg is over whose call has this final status."""
    if not row.wants_in or row.state in _IN:
        return _why_out(row)
    if status == Status.COMPLETED:
        return Outcome.NOT_ACCEPTED if row.screening else Outcome.HUNG_UP
    found = _OUTCOMES.get(Status(status), Outcome.LOST)
    # a browser phone has no other way to say no
    return Outcome.DECLINED if found is Outcome.BUSY and row.breaks else found


def link(row: Participant, talk: Conversation, call: Call) -> None:
    """Tie a participant to its call. The customer's is the one whose history tells of the conversation."""
    if row.call_id is None:
        row.call, row.call_sid = call, call.sid
        if row.attempt_id is not None:
            dialing.note_call(row.attempt_id, call.pk)
    if row.role == Role.CUSTOMER and talk.conference.customer_id is None:
        talk.conference.customer = call
        _begin_rules(talk, row, call)


def _begin_rules(talk: Conversation, row: Participant, call: Call) -> None:
    """Let the policies count for a customer whom we rang, and write down which colleagues were told before."""
    conference = talk.conference
    facts = notices.facts_of(conference)
    consent.begin_scope(
        call.pk,
        number=facts.number or conference.caller_id,
        caller=row.address,
        direction=Direction.OUTBOUND,
        queue=facts.queue,
    )
    for one in talk.rows.values():
        if one.told_at is not None and notices.party_of(one) is Party.COLLEAGUE:
            for item in notices.owed(conference, one):
                consent.note(call.pk, item, speaker(one), Answer.TOLD, at=one.told_at)


def _asking(participant_id: UUID, request: VoiceRequest, *, at: datetime) -> tuple[Conversation, Participant] | None:
    """Find who asks for a document. A leg that is not the participant's own is nobody's."""
    if not request.call_sid:
        return None
    found = _linked(participant_id, calls.observe(of_request(request), at=at, note=None))
    if found is None or found[1].call_sid != request.call_sid:
        return None
    return found


def _linked(participant_id: UUID, call: Call) -> tuple[Conversation, Participant] | None:
    found = of_participant(participant_id)
    if found is not None:
        talk, row = found
        link(row, talk, call)
    return found


def _not_wanted(talk: Conversation, row: Participant, *, at: datetime) -> Sequence[Verb]:
    talk.leave(row, _why_out(row), on_purpose=True)
    talk.settle(at=at)
    return verbs.onward(row)


def _taken(talk: Conversation, row: Participant, *, at: datetime) -> Sequence[Verb]:
    talk.happen(Took(row.label))
    return _into(talk, row, notices.owed(talk.conference, row), at=at)


def _into(talk: Conversation, row: Participant, items: Sequence[Owed], *, at: datetime) -> Sequence[Verb]:
    """Give the first notice that is owed, or else the room."""
    if items:
        row.noticed_at = at
    talk.settle(at=at)
    if not row.wants_in:  # somebody else was faster
        return verbs.onward(row)
    return notices.verbs(row, items[0]) if items else verbs.into(talk.conference, row)


def _answered(item: Owed, result: GatherResult) -> Answer:
    if not item.asks:
        return Answer.TOLD
    match result.digits:
        case consent.YES:
            return Answer.AGREED
        case consent.NO:
            return Answer.REFUSED
        case _:
            return Answer.SILENT


def _write_down(
    talk: Conversation, row: Participant, item: Owed, answer: Answer, *, key: str = "", at: datetime
) -> None:
    """Write the answer into the ledger. Where there is no customer yet, it waits for the customer's call."""
    customer = talk.conference.customer_id
    if customer is None:
        row.told_at = at
        return
    consent.note(customer, item, speaker(row), answer, key=key, at=at)


def speaker(row: Participant) -> consent.Speaker:
    party = notices.party_of(row)
    if party is Party.CUSTOMER:
        return consent.customer(row.address, leg=row.call_sid)
    who = row.agent_id if row.agent_id is not None else row.pk
    return consent.Speaker(party, name_of(row), who, row.call_sid)


def _observe_conference(talk: Conversation, event: ConferenceEvent, at: datetime) -> None:
    conference, moment = talk.conference, event.reported_at or at
    begins = event.event in ("participant-join", "conference-start")
    if begins and event.sid and event.sid != conference.sid:
        # the name is free again after an end, and the next who comes makes another conference of it
        if conference.sid:
            for one in talk.rows.values():
                one.sequence = 0  # each conference counts from its own beginning
        conference.sid, conference.started_at, conference.ended_at = event.sid, None, None
    if event.event == "conference-start" and event.sid == conference.sid:
        conference.started_at = moment
    if event.event == "conference-end" and conference.sid in ("", event.sid):
        conference.sid = event.sid
        conference.ended_at, conference.ended_because = moment, event.ended_because[:80]


def _named(talk: Conversation, event: ConferenceEvent) -> Participant | None:
    if event.label in talk.rows:
        return talk.rows[event.label]
    return next((one for one in talk.rows.values() if event.call_sid and one.call_sid == event.call_sid), None)


def _observe_participant(talk: Conversation, row: Participant, event: ConferenceEvent, call: Call | None) -> None:
    if call is not None:
        link(row, talk, call)
    if event.event == "participant-leave":
        talk.leave(row, Outcome.FAILED if event.left_because == "participant_add_failed" else _why_out(row))
        return
    if talk.conference.sid in ("", event.sid):  # late news of one that had the name before tell nothing of this one
        observe_flags(row, event)
    if event.event == "participant-join":
        talk.happen(Joined(row.label))
        if talk.conference.ended_at is not None:  # news of the end was faster
            talk.leave(row, _why_out(row))


def observe_flags(row: Participant, event: ConferenceEvent) -> None:
    """Keep hold, mute and coaching as the event with the highest number says; one without a number is the newest.

    What an event does not tell stays as it was.
    """
    if event.sequence is not None and event.sequence <= row.sequence:
        return
    before = (row.held, row.muted, row.coaching)
    told = zip((event.held, event.muted, event.coaching), before, strict=True)
    flags = tuple(was if now is None else now for now, was in told)
    if flags != before:
        row.steered_at = None  # what was asked for is done: the next step may be asked for at once
    row.sequence = event.sequence or row.sequence
    row.held, row.muted, row.coaching = flags


def _why_out(row: Participant) -> Outcome:
    if not row.wants_in:
        return Outcome.RELEASED if row.joined_at else Outcome.WITHDRAWN
    return Outcome.LOST if row.breaks and row.role != Role.CUSTOMER else Outcome.HUNG_UP
