"""A call begins, advances and ends."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import connection

import calls.actions
import recordings.actions
from calls.models import Call, EventKind
from calls.states import FINAL, Status, climbs
from compliance.actions import consent as compliance
from compliance.states import Direction
from ivr import apology, documents, emergency, engine, lines
from ivr.actions.requests import carry_out
from ivr.actions.standing import Standing, ends, lock, read, urls
from ivr.carried import Carried, concluded
from ivr.document import Document
from ivr.kinds.base import Heard, Keys, Queued, Recorded, Silence, Step
from ivr.kinds.requests import TakeVoicemail
from ivr.kinds.send_away import ASKED, AWAY, SENT_AWAY, SendAway
from ivr.kinds.sent import Referred, Unreached
from ivr.kinds.settings import Broken
from ivr.kinds.voicemail import Voicemail
from ivr.models import Visit
from recordings.models import Recording
from telephony import twiml
from telephony.payloads import VoiceRequest

logger = logging.getLogger(__name__)

CALLER_HUNG_UP = "caller hung up"
#: `QueueResult` of a caller who is in a conversation, or on the way into one
MOVED_ON = frozenset({"redirected", "redirected-from-bridged", "bridged", "bridging-in-process"})
RECORD_VERB = "RecordVerb"  # `RecordingSource` of what a voicemail step records
Entry = tuple[str, dict[str, Any]]
# whether somebody asks for consent, and whether something records from the start
_POLICIES = (
    "EXISTS (SELECT FROM compliance_policy WHERE is_active AND consent <> 'none'),"
    " EXISTS (SELECT FROM compliance_policy WHERE is_active AND begins = 'call')"
)


class _Line(NamedTuple):
    """What leads to a flow: an address that is called; without id and name, our own wish to call somebody."""

    id: int | None
    name: str
    flow_id: int | None
    flow: str | None
    version: int | None
    number: int | None
    asks: bool
    records: bool


def begin(request: VoiceRequest, *, at: datetime) -> str:
    """Begin the visit of a call that comes in, and return the TwiML that it hears first.

    A call that has begun already gets its present answer. Where no flow can be walked the caller hears the line's
    emergency text, and the call's history says why.
    """
    if not request.call_sid:
        logger.error("A request about no call that could be ours")
        return twiml.render(emergency.answer(request))
    call, is_new = calls.actions.arrive(request, at=at)
    if not is_new:
        present = Visit.objects.filter(call_id=call).values_list("answer", flat=True).first()
        if present is not None:
            return present
    if request.status in FINAL:
        return twiml.render((twiml.Hangup(),))  # nobody is there to hear more
    line = _find_line(request.to_number)
    if line is None or line.version is None:
        return _apologize(call, request, _why_nothing_answers(line), at=at)
    try:
        document = documents.frozen(line.version)
    except Broken as broken:
        return _apologize(call, request, f"version {line.number} of flow {line.flow} cannot be walked: {broken}", at=at)
    compliance.begin_scope(
        call, number=request.to_number, caller=request.from_number, direction=Direction.INBOUND, flow=line.flow_id
    )
    return _enter(call, request, document, line, at=at)


def begin_called(call: UUID, version: int, request: VoiceRequest, *, at: datetime) -> str:
    """Begin the visit of somebody whom we have called and who picked up, and return the TwiML that they hear first.

    `call` is the id of its row, which is locked. One that has begun already gets its present answer.
    """
    present = Visit.objects.filter(call_id=call).values_list("answer", flat=True).first()
    if present is not None:
        return present
    if request.status in FINAL:
        return twiml.render((twiml.Hangup(),))
    flow = _flow_of(version)
    try:
        document = documents.frozen(version)
    except Broken as broken:
        return _apologize(call, request, f"version {flow.number} of flow {flow.flow} cannot be walked: {broken}", at=at)
    ours, theirs = ends(request)
    compliance.begin_scope(call, number=ours, caller=theirs, direction=Direction.OUTBOUND, flow=flow.flow_id)
    return _enter(call, request, document, flow, at=at)


def _enter(call: UUID, request: VoiceRequest, document: Document, line: _Line, *, at: datetime) -> str:
    visit = uuid4()
    reading = read(document, document.first, request, at=at, new=call, asks=line.asks)
    outcome = engine.begin(document, facts=reading.facts, urls=urls(visit, 1))
    began: Entry = (EventKind.BEGAN, {"line": line.name, "flow": line.flow, "version": line.number})
    answer, position = _conclude(outcome, [began, *outcome.events], call, at=at)
    version = line.version if outcome.document is document else reading.versions[outcome.position.flow]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ivr_visit (id, call_id, line_id, version_id, turn, position, answer, screened, began_at,"
            " ended_at, ending) VALUES (%s, %s, %s, %s, 1, %s, %s, '{}', %s, %s, %s)",
            [
                visit,
                call,
                line.id,
                version,
                json.dumps(position.to_json()),
                answer,
                at,
                at if outcome.ending else None,
                outcome.ending,
            ],
        )
    if line.records:
        recordings.actions.recorders.settle(call, at=at)
    return answer


def advance(visit: UUID, turn: int, request: VoiceRequest, heard: Heard, *, at: datetime) -> str:
    """Take what was heard into the visit, and return the TwiML that follows.

    A request for another turn than the present one, or of another call, moves nothing and gets the present answer.
    """
    standing = lock(visit)
    if standing is None:
        logger.warning("A request for a visit that does not exist")
        return twiml.render(emergency.answer(request))
    if turn != standing.turn or request.call_sid != standing.sid:
        return standing.answer
    if standing.ended_at and not isinstance(heard, Recorded):  # a message is news even after its caller hung up
        return standing.answer
    if request.status in FINAL and not isinstance(heard, Recorded | Referred):  # told after the caller has hung up
        _close(visit, standing.call, CALLER_HUNG_UP, at=at)
        return twiml.render((twiml.Hangup(),))
    if isinstance(heard, Queued) and heard.result in MOVED_ON:
        return standing.answer  # another document is played already; this one comes when that is over
    return _go_on(visit, standing, request, heard, at=at)


def _go_on(visit: UUID, standing: Standing, request: VoiceRequest, heard: Heard, *, at: datetime) -> str:
    """Answer what was heard in the present turn."""
    turn = standing.turn
    if request.status == Status.IN_PROGRESS and climbs(standing.status, Status.IN_PROGRESS):
        calls.actions.note_answered(standing.call, at=at)
        recordings.actions.recorders.settle(standing.call, at=at)
    try:
        document = documents.frozen(standing.version)
        position = engine.Position.from_json(json.loads(standing.position))
    except Broken as broken:
        why = f"version {standing.version}, in which the call stands, cannot be walked: {broken}"
        return _apologize(standing.call, request, why, at=at)
    accepted = json.loads(standing.screened).get("turn") == turn
    reading = read(
        document,
        position.step,
        request,
        at=at,
        call=standing.call,
        asks=standing.asks,
        overheard=standing.overheard,
        heard=heard,
        accepted=accepted,
    )
    outcome = engine.step(
        document, position, heard, facts=reading.facts, urls=urls(visit, turn + 1), here=urls(visit, turn)
    )
    # of a visit that the hang-up has ended, the history knows that already
    news = [event for event in outcome.events if not (standing.ended_at and event[0] == EventKind.ENDED)]
    answer, position = _conclude(outcome, news, standing.call, at=at)
    # by the document, not by the flow's name: who comes back to a flow meets what is published by now
    version = standing.version if outcome.document is document else reading.versions[outcome.position.flow]
    ended_at = standing.ended_at or (at if outcome.ending else None)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ivr_visit SET version_id = %s, turn = %s, position = %s, answer = %s, ended_at = %s,"
            " ending = CASE WHEN ending = '' THEN %s ELSE ending END WHERE id = %s",
            [
                *(version, turn if outcome.stays else turn + 1, json.dumps(position.to_json())),
                *(answer, ended_at, outcome.ending, visit),
            ],
        )
    return answer


def screen(visit: UUID, turn: int, request: VoiceRequest, heard: Keys | Silence | None, *, at: datetime) -> str:
    """Ask somebody whom the visit rings whether to take the call; `heard` is None when the phone was just picked up.

    Only a turn that still rings can be accepted; who comes too late is hung up on.
    """
    standing = lock(visit)
    if standing is None or turn != standing.turn or standing.ended_at:
        return twiml.render((twiml.Hangup(),))
    try:
        document = documents.frozen(standing.version)
        position = engine.Position.from_json(json.loads(standing.position))
    except Broken:
        return twiml.render((twiml.Hangup(),))  # the caller's own request tells why
    screening = engine.screen(document, position, heard, urls=urls(visit, turn))
    if screening.accepted:
        Visit.objects.filter(pk=visit).update(screened={"turn": turn, "leg": request.call_sid})
        calls.actions.record_events(standing.call, [(EventKind.SCREENED, {"leg": request.call_sid})], at=at)
    return twiml.render(screening.verbs)


def fall_back(request: VoiceRequest, *, at: datetime) -> str:
    """Answer a call whose document failed at Twilio with the line's emergency text, and note what Twilio says of it.

    Who was sent to another address that failed goes on in their flow, by the way for that.
    """
    if not request.call_sid:
        return twiml.render(emergency.answer(request))
    call, _is_new = calls.actions.arrive(request, at=at)
    sent = Visit.objects.filter(call=call, ended_at__isnull=True, position__progress__phase=AWAY).first()
    if sent is not None and isinstance(_step_of(sent), SendAway) and (standing := lock(sent.pk)):
        return _go_on(sent.pk, standing, request, Unreached(request.error_code), at=at)
    return _apologize(call, request, f"Twilio reports error {request.error_code or 'unknown'}", at=at)


def end_visit(call: Call, *, at: datetime) -> None:
    """Close the visit of a call that is over; one that the flow has ended stays as it is."""
    visit = Visit.objects.filter(call=call, ended_at__isnull=True).first()
    if visit is None:
        return
    standing = _step_of(visit)
    is_away = isinstance(standing, SendAway) and visit.position["progress"]["phase"] in (AWAY, ASKED)
    _close(visit.pk, call.pk, SENT_AWAY if is_away else CALLER_HUNG_UP, at=at)
    if isinstance(standing, Voicemail):
        recordings.actions.presume_missed(standing.reference, call.pk, at=at)


def take_message(recording: Recording, *, at: datetime) -> None:
    """Take the message of a caller who stands in a voicemail step, in case its Record action never comes.

    The step decides whether it is one. The visit stays where it is: if the action comes after all, it finds the message
    taken and moves on. No lock on call or visit, because the recording is locked already.
    """
    if recording.source != RECORD_VERB or recording.call_id is None:
        return
    visit = Visit.objects.filter(call=recording.call_id).first()
    if visit is not None and isinstance(_step_of(visit), Voicemail):
        document, position = documents.frozen(visit.version_id), engine.Position.from_json(visit.position)
        heard = Recorded(recording.sid, recording.seconds or 0, hung_up=True)
        outcome = engine.step(document, position, heard, facts=engine.Facts(), urls=urls(visit.pk, visit.turn))
        taken = [request for request in outcome.requests if isinstance(request, TakeVoicemail)]
        carry_out(taken, recording.call_id, at=at)


def _conclude(
    outcome: engine.Outcome, news: Sequence[Entry], call: UUID, *, at: datetime
) -> tuple[str, engine.Position]:
    """Carry out what an outcome asks for, tell the history, and give the answer with the position that follows."""
    carried = Carried()
    if outcome.requests:
        calls.actions.record_events(call, news, at=at)  # what the requests tell comes after it
        news = ()
        carried = carry_out(outcome.requests, call, at=at)
    verbs, position = concluded(outcome, carried)
    answer = twiml.render(verbs)
    calls.actions.record_events(call, [*news, _answered(answer)], at=at)
    return answer, position


def _step_of(visit: Visit) -> Step | None:
    """Give the step in which a call stands; None where its walk is over, or what is kept of it cannot be read."""
    try:
        position = engine.Position.from_json(visit.position)
        return documents.frozen(visit.version_id).steps.get(position.step)
    except Broken:
        return None


def _close(visit: UUID, call: UUID, ending: str, *, at: datetime) -> None:
    """Note that the call is over, unless the flow has ended it. The call is locked."""
    if Visit.objects.filter(pk=visit, ended_at__isnull=True).update(ended_at=at, ending=ending):
        calls.actions.record_events(call, [(EventKind.ENDED, {"reason": ending})], at=at)


def _find_line(address: str) -> _Line | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line.id, line.name, flow.id, flow.name, flow.published_id, version.number, {_POLICIES}"  # noqa: S608
            " FROM ivr_line line"
            " LEFT JOIN ivr_flow flow ON flow.id = line.flow_id"
            " LEFT JOIN ivr_version version ON version.id = flow.published_id"
            " WHERE line.address IN (%s, %s) ORDER BY line.address = %s LIMIT 1",
            [lines.address(address), apology.EVERYTHING_ELSE, apology.EVERYTHING_ELSE],
        )
        row = cursor.fetchone()
    return _Line(*row) if row else None


def _flow_of(version: int) -> _Line:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT NULL, '', flow.id, flow.name, version.id, version.number, {_POLICIES}"  # noqa: S608
            " FROM ivr_version version JOIN ivr_flow flow ON flow.id = version.flow_id WHERE version.id = %s",
            [version],
        )
        return _Line(*cursor.fetchone())


def _answered(answer: str) -> Entry:
    return (EventKind.ANSWERED, {"twiml": answer})


def _why_nothing_answers(line: _Line | None) -> str:
    if line is None:
        return "no line has this address, and there is no line for all others"
    if line.flow is None:
        return f"line {line.name} leads to no flow"
    return f"flow {line.flow} of line {line.name} has no published version"


def _apologize(call: UUID, request: VoiceRequest, why: str, *, at: datetime) -> str:
    answer = twiml.render(emergency.answer(request))
    logger.error("The caller hears the emergency text: %s", why)
    failed: Entry = (EventKind.FAILED, {"what": "The caller heard the emergency text", "detail": why})
    calls.actions.record_events(call, [failed, _answered(answer)], at=at)
    return answer
