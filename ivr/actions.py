"""Every write to visits and versions: a call begins, advances and ends; a draft is published, a version restored."""

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

import calls.actions
import recordings.actions
from agents.models import User
from calls.models import Call, EventKind
from calls.states import FINAL, Status, climbs
from ivr import documents, emergency, engine, facts, lines
from ivr.document import Document, parse
from ivr.drafts import compile_draft
from ivr.kinds.base import Heard, Keys, NoteMissed, Problem, Recorded, Request, Silence, Step, TakeVoicemail, Urls
from ivr.kinds.settings import Broken
from ivr.kinds.voicemail import Voicemail
from ivr.models import Flow, Line, Version, Visit
from ivr.problems import Knowledge, problems
from ivr.references import gone
from recordings.models import Recording
from telephony import callbacks, twiml
from telephony.models import PhoneNumber
from telephony.payloads import VoiceRequest

logger = logging.getLogger(__name__)


class HasErrors(Exception):
    """The document may not be published."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.text for problem in problems if problem.severity == "error"))
        self.problems = problems


CALLER_HUNG_UP = "caller hung up"
RECORD_VERB = "RecordVerb"  # `RecordingSource` of what a voicemail step records
Entry = tuple[str, dict[str, Any]]


class _Line(NamedTuple):
    id: int
    name: str
    flow: str | None
    version: int | None
    number: int | None


class _Standing(NamedTuple):
    """A visit as it stands, locked together with its call; `position` and `screened` are JSON."""

    call: UUID
    sid: str
    status: str
    version: int
    turn: int
    position: str
    answer: str
    screened: str
    ended_at: datetime | None


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
    visit = uuid4()
    reading = _read(document, document.first, request, at=at, arriving=True)
    outcome = engine.begin(document, facts=reading.facts, urls=_urls(visit, 1))
    answer = twiml.render(outcome.verbs)
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
                json.dumps(outcome.position.to_json()),
                answer,
                at,
                at if outcome.ending else None,
                outcome.ending,
            ],
        )
    began: Entry = (EventKind.BEGAN, {"line": line.name, "flow": line.flow, "version": line.number})
    calls.actions.record_events(call, [began, *outcome.events, _answered(answer)], at=at)
    _carry_out(outcome.requests, call, at=at)
    return answer


def advance(visit: UUID, turn: int, request: VoiceRequest, heard: Heard, *, at: datetime) -> str:
    """Take what was heard into the visit, and return the TwiML that follows.

    A request for another turn than the present one, or of another call, moves nothing and gets the present answer.
    """
    standing = _lock(visit)
    if standing is None:
        logger.warning("A request for a visit that does not exist")
        return twiml.render(emergency.answer(request))
    if turn != standing.turn or request.call_sid != standing.sid:
        return standing.answer
    if standing.ended_at and not isinstance(heard, Recorded):  # a message is news even after its caller hung up
        return standing.answer
    if request.status in FINAL and not isinstance(heard, Recorded):  # an action told after the caller has hung up
        _close(visit, standing.call, at=at)
        return twiml.render((twiml.Hangup(),))
    if request.status == Status.IN_PROGRESS and climbs(standing.status, Status.IN_PROGRESS):
        calls.actions.note_answered(standing.call, at=at)
    try:
        document = documents.frozen(standing.version)
        position = engine.Position.from_json(json.loads(standing.position))
    except Broken as broken:
        why = f"version {standing.version}, in which the call stands, cannot be walked: {broken}"
        return _apologize(standing.call, request, why, at=at)
    accepted = json.loads(standing.screened).get("turn") == turn
    reading = _read(document, position.step, request, at=at, accepted=accepted)
    outcome = engine.step(document, position, heard, facts=reading.facts, urls=_urls(visit, turn + 1))
    answer = twiml.render(outcome.verbs)
    # by the document, not by the flow's name: who comes back to a flow meets what is published by now
    version = standing.version if outcome.document is document else reading.versions[outcome.position.flow]
    ended_at = standing.ended_at or (at if outcome.ending else None)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ivr_visit SET version_id = %s, turn = %s, position = %s, answer = %s, ended_at = %s,"
            " ending = CASE WHEN ending = '' THEN %s ELSE ending END WHERE id = %s",
            [version, turn + 1, json.dumps(outcome.position.to_json()), answer, ended_at, outcome.ending, visit],
        )
    # of a visit that the hang-up has ended, the history knows that already
    news = [event for event in outcome.events if not (standing.ended_at and event[0] == EventKind.ENDED)]
    calls.actions.record_events(standing.call, [*news, _answered(answer)], at=at)
    _carry_out(outcome.requests, standing.call, at=at)
    return answer


def screen(visit: UUID, turn: int, request: VoiceRequest, heard: Keys | Silence | None, *, at: datetime) -> str:
    """Ask somebody whom the visit rings whether to take the call; `heard` is None when the phone was just picked up.

    Only a turn that still rings can be accepted; who comes too late is hung up on.
    """
    standing = _lock(visit)
    if standing is None or turn != standing.turn or standing.ended_at:
        return twiml.render((twiml.Hangup(),))
    try:
        document = documents.frozen(standing.version)
        position = engine.Position.from_json(json.loads(standing.position))
    except Broken:
        return twiml.render((twiml.Hangup(),))  # the caller's own request tells why
    screening = engine.screen(document, position, heard, urls=_urls(visit, turn))
    if screening.accepted:
        Visit.objects.filter(pk=visit).update(screened={"turn": turn, "leg": request.call_sid})
        calls.actions.record_events(standing.call, [(EventKind.SCREENED, {"leg": request.call_sid})], at=at)
    return twiml.render(screening.verbs)


def fall_back(request: VoiceRequest, *, at: datetime) -> str:
    """Answer a call whose document failed at Twilio with the line's emergency text, and note what Twilio says of it."""
    if not request.call_sid:
        return twiml.render(emergency.answer(request))
    call, _is_new = calls.actions.arrive(request, at=at)
    return _apologize(call, request, f"Twilio reports error {request.error_code or 'unknown'}", at=at)


def end_visit(call: Call, *, at: datetime) -> None:
    """Close the visit of a call that is over; one that the flow has ended stays as it is."""
    visit = Visit.objects.filter(call=call, ended_at__isnull=True).first()
    if visit is None:
        return
    _close(visit.pk, call.pk, at=at)
    standing = _step_of(visit)
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
        outcome = engine.step(document, position, heard, facts=engine.Facts(), urls=_urls(visit.pk, visit.turn))
        taken = [request for request in outcome.requests if isinstance(request, TakeVoicemail)]
        _carry_out(taken, recording.call_id, at=at)


def _step_of(visit: Visit) -> Step | None:
    """Give the step in which a call stands; None where its walk is over, or what is kept of it cannot be read."""
    try:
        position = engine.Position.from_json(visit.position)
        return documents.frozen(visit.version_id).steps.get(position.step)
    except Broken:
        return None


def _close(visit: UUID, call: UUID, *, at: datetime) -> None:
    """Note that the caller has hung up, unless the flow has ended the call. The call is locked."""
    if Visit.objects.filter(pk=visit, ended_at__isnull=True).update(ended_at=at, ending=CALLER_HUNG_UP):
        calls.actions.record_events(call, [(EventKind.ENDED, {"reason": CALLER_HUNG_UP})], at=at)


def publish(flow: Flow, *, by: User | None, note: str, at: datetime) -> Version:
    """Freeze the draft as the next version and let callers meet it. Raises HasErrors; calls under way keep theirs."""
    with transaction.atomic():
        locked = Flow.objects.select_for_update().get(pk=flow.pk)
        frozen = compile_draft(locked)
        found = check(frozen)
        if any(problem.severity == "error" for problem in found):
            raise HasErrors(found)
        return _freeze(locked, frozen, by=by, note=note, at=at)


def restore(version: Version, *, by: User | None, note: str, at: datetime) -> Version:
    """Publish an old version's document again, as a new version. The draft stays as it is. Raises HasErrors."""
    with transaction.atomic():
        locked = Flow.objects.select_for_update().get(pk=version.flow_id)
        found = check(version.document)
        if any(problem.severity == "error" for problem in found):
            raise HasErrors(found)
        return _freeze(locked, version.document, by=by, note=note, at=at, restored_from=version)


def check(document: dict[str, Any]) -> tuple[Problem, ...]:
    """Find the problems of a document with all that is known here: our numbers, and which flows are published."""
    try:
        parsed = parse(document)
    except Broken as broken:
        return (Problem("broken", "error", "", f"The flow cannot be read: {broken}"),)
    own = frozenset(PhoneNumber.objects.filter(is_gone=False).values_list("number", flat=True))
    flows = Flow.objects.filter(published__isnull=False).values_list("pk", flat=True)
    if own and settings.TWILIO_CALLER_ID:
        own |= {settings.TWILIO_CALLER_ID}  # may be one that is only verified
    # before the first synchronization nothing is known of our numbers
    knowledge = Knowledge(numbers=own or None, published=frozenset(map(str, flows)))
    return (*gone(parsed), *problems(parsed, knowledge=knowledge))


def remember_emergencies() -> None:
    """Write all lines' emergency texts where they can be read without a database."""
    emergency.remember(
        {
            line.address: emergency.Emergency(
                text=line.emergency_text,
                language=line.emergency_language,
                voice=line.emergency_voice,
                forward_to=line.forward_to,
            )
            for line in Line.objects.all()
        }
    )


def _freeze(
    flow: Flow,
    document: dict[str, Any],
    *,
    by: User | None,
    note: str,
    at: datetime,
    restored_from: Version | None = None,
) -> Version:
    last = flow.versions.aggregate(last=Max("number"))["last"] or 0
    version = Version.objects.create(
        flow=flow,
        number=last + 1,
        document=document,
        note=note,
        published_at=at,
        published_by=by,
        restored_from=restored_from,
    )
    flow.published = version
    flow.save(update_fields=["published"])
    logger.info("Flow %s version %s is published", flow.pk, version.number)
    return version


def _find_line(address: str) -> _Line | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line.id, line.name, flow.name, flow.published_id, version.number FROM ivr_line line"
            " LEFT JOIN ivr_flow flow ON flow.id = line.flow_id"
            " LEFT JOIN ivr_version version ON version.id = flow.published_id"
            " WHERE line.address IN (%s, %s) ORDER BY line.address = %s LIMIT 1",
            [lines.address(address), emergency.EVERYTHING_ELSE, emergency.EVERYTHING_ELSE],
        )
        row = cursor.fetchone()
    return _Line(*row) if row else None


def _lock(visit: UUID) -> _Standing | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT call.id, call.sid, call.status, visit.version_id, visit.turn, visit.position::text, visit.answer,"
            " visit.screened::text, visit.ended_at FROM ivr_visit visit JOIN calls_call call ON call.id = visit.call_id"
            " WHERE visit.id = %s FOR NO KEY UPDATE OF call, visit",  # in this order everywhere: the call first
            [visit],
        )
        row = cursor.fetchone()
    return _Standing(*row) if row else None


def _read(
    document: Document,
    step: str,
    request: VoiceRequest,
    *,
    at: datetime,
    arriving: bool = False,
    accepted: bool = False,
) -> facts.Reading:
    return facts.read(
        document,
        step,
        at=at,
        caller=request.from_number,
        called=request.to_number,
        arriving=arriving,
        accepted=accepted,
        apology=emergency.answer(request),
    )


def _urls(visit: UUID, turn: int) -> Urls:
    return Urls(
        resume=callbacks.document("voice-visit", visit=visit, turn=turn),
        screen=callbacks.document("voice-screen", visit=visit, turn=turn),
        media=f"{settings.PUBLIC_BASE_URL}/prompts/",
        child_status=callbacks.news("voice-status"),
        recording=callbacks.news("recording"),
    )


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


def _carry_out(requests: Sequence[Request], call: UUID, *, at: datetime) -> None:
    for request in requests:
        match request:
            case TakeVoicemail():
                recordings.actions.take_voicemail(
                    request.mailbox, call, request.recording, seconds=request.seconds, language=request.language, at=at
                )
            case NoteMissed():
                recordings.actions.note_missed(request.mailbox, call, at=at)
