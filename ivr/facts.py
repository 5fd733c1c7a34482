"""Reads what a document asks about, so that the engine gets plain data."""

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings

import queues.actions
import queues.facts
from compliance import reading as consent
from compliance.models import Notice as PolicyNotice
from compliance.models import Policy
from compliance.policies import Present
from compliance.states import Mode, Party, Subject
from conferences.actions import rooms
from conferences.models import Conference
from conferences.room import Phase
from contacts import reading as contacts
from ivr import documents
from ivr.document import Ahead, Document
from ivr.engine import Facts
from ivr.hours.opening import Opening, opening
from ivr.hours.timetables import announcements, timetables
from ivr.kinds.base import Asked, Consents, Heard, Keys, Place, QueueStatus, Told
from ivr.kinds.conference_room import ConferenceRoom
from ivr.kinds.known import KnownCaller
from ivr.kinds.look_up import LookUp
from ivr.kinds.queue import Queue
from ivr.kinds.requests import Notice, Wording
from ivr.kinds.settings import Broken
from ivr.models import LookUp as Question
from ivr.script import Prompt
from ivr.states import OPEN
from telephony.twiml import Verb

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts, and which version each flow that may be entered would be entered in."""

    facts: Facts
    versions: Mapping[str, int]


def read(
    document: Document,
    step: str,
    *,
    at: datetime,
    caller: str,
    called: str,
    call: UUID | None = None,
    new: UUID | None = None,
    asks: bool = True,
    overheard: bool = False,
    heard: Heard | None = None,
    accepted: bool = False,
    apology: tuple[Verb, ...] = (),
    by_sip: bool = False,
) -> Reading:
    """Read all that may be asked from `step` on before the caller is heard again; nothing where nothing may.

    `call` is None and nothing was heard of a call that arrives at `step`; then `new` is its id. Unless somebody `asks`
    for consent by a policy, what is owed is not looked for.
    """
    schedules, asked, versions, flows = set[str](), set[str](), dict[str, int](), dict[str, Document]()
    consents, callers = set[str](), False
    here = None if call is None else document.steps.get(step)
    place = _place(call, at=at) if call and isinstance(here, Queue) else None
    waiting = [document.ahead(step, arriving=call is None)]
    if place and place.destination:
        waiting.append(Ahead(flows=frozenset(place.destination.split(":")[1:2])))
    while waiting:
        ahead = waiting.pop()
        schedules |= ahead.schedules
        asked |= ahead.queues
        consents |= ahead.consents
        callers |= ahead.callers
        for flow, version, entered in _published(ahead.flows - flows.keys()):
            versions[flow], flows[flow] = version, entered
            waiting.append(entered.ahead(entered.first, arriving=True))
    open_now, announced = openings(schedules, at=at) if schedules else ({}, {})
    facts = Facts(
        openings=open_now,
        announcements=announced,
        flows=flows,
        queues=_queues(asked, at=at) if asked else {},
        accepted=accepted,
        place=place,
        caller=caller,
        own_number=called if called.startswith("+") else settings.TWILIO_CALLER_ID,
        consents=_consents(consents if asks else (), call or new),
        asked=_asked(call, step, at=at) if call and isinstance(here, LookUp) else None,
        known=known(caller, at=at) if callers else None,
        now=at,
        called=called,
        seed=str(call or new or ""),
        by_sip=by_sip,
        overheard=overheard,
        apology=apology,
    )
    if isinstance(here, ConferenceRoom) and here.reference.isdecimal():
        facts = _of_room(facts, int(here.reference), heard)
    return Reading(facts, versions)


def read_wait(document: Document, step: str, loop: int, *, call: UUID, at: datetime) -> Facts:
    """Read what somebody who waits may be told, and remember it where it is; what lies ahead is not asked for."""
    here = document.steps.get(step)
    place = _place(call, at=at) if isinstance(here, Queue) else None
    if place is None or not isinstance(here, Queue):
        return Facts()
    told = _told(call, at=at) if here.tells(loop) else Told()
    return Facts(queues=_queues({place.queue}, at=at), place=place, told=told)


def _consents(keys: Collection[str], call: UUID | None) -> dict[str, Consents]:
    """Tell what the caller is to hear about recording: `voicemail`, or `talk:` with the queue whose policy is asked."""
    if not keys or call is None:
        return {}
    found = {}
    for key in keys:
        what, _colon, queue = key.partition(":")
        subjects = (Subject.VOICEMAIL,) if what == "voicemail" else consent.RECORDS_TALKS
        policies, notices, refused = consent.owing(
            call, Present(Party.CUSTOMER), subjects, queue=int(queue) if queue else None
        )
        found[key] = Consents(tuple(_notice(policy, notices[policy.pk]) for policy in policies), refused)
    return found


def _notice(policy: Policy, versions: list[PolicyNotice]) -> Notice:
    worded = [Wording(one.text, one.language, one.pk) for one in versions]
    standard = Wording(consent.standard(policy), consent.DEFAULT_LANGUAGE)
    return Notice(policy.pk, policy.consent != Mode.ANNOUNCE, tuple(worded or [standard]))


def known(caller: str, *, at: datetime) -> KnownCaller | None:
    """Tell what flows may know of who calls from this number."""
    found = contacts.known(caller, at=at)
    if found is None:
        return None
    return KnownCaller(
        contact=str(found.contact),
        name=found.name,
        language=found.language,
        is_vip=found.is_vip,
        is_blocked=found.is_blocked,
        attributes=found.attributes,
        matches=found.matches,
    )


def _asked(call: UUID, step: str, *, at: datetime) -> Asked | None:
    found = (
        Question.objects.filter(call=call, step=step)
        .order_by("-wanted_at")
        .values_list("state", "answer", "expires_at")
        .first()
    )
    if found is None:
        return None
    state, answer, expires_at = found
    return Asked(answer, is_over=state not in OPEN or at >= expires_at)


def _place(call: UUID, *, at: datetime) -> Place | None:
    found = queues.facts.standing_of(call, at=at)
    if found is None:
        return None
    return Place(found.state, str(found.queue_id), found.waited.total_seconds(), found.destination)


def _queues(keys: Collection[str], *, at: datetime) -> dict[str, QueueStatus]:
    found = queues.facts.status([int(key) for key in keys if key.isdecimal()], at=at)
    return {str(key): QueueStatus(staffed=status.staffed > 0, full=status.is_full) for key, status in found.items()}


def _told(call: UUID, *, at: datetime) -> Told:
    told = queues.actions.tell_wait(call, at=at)
    return Told(told.position, told.minutes and (told.minutes.low, told.minutes.high))


def _of_room(facts: Facts, room: int, heard: Heard | None) -> Facts:
    """Tell as what the pressed PIN lets the caller in, or, where none was pressed, whether the room is still open."""
    if isinstance(heard, Keys):
        return replace(facts, admitted=rooms.admit(room, heard.digits) or "")
    return replace(facts, meeting=Conference.objects.filter(room=room).exclude(phase=Phase.CLOSED).exists())


def _published(flows: Collection[str]) -> Iterator[tuple[str, int, Document]]:
    """Give what callers of these flows meet; a version that cannot be walked is as good as none."""
    for flow, version in documents.published(flows).items() if flows else ():
        try:
            yield flow, version, documents.frozen(version)
        except Broken as broken:
            logger.error("version %s of flow %s cannot be walked: %s", version, flow, broken)


def openings(schedules: Collection[str], *, at: datetime) -> tuple[dict[str, Opening], dict[str, Prompt]]:
    """Tell of each schedule whether it is open at `at`, and what callers hear where it is not."""
    read = timetables(schedules, since=at, until=at)
    found = {key: opening(table.week, at) for key, table in read.items()}
    return found, announcements(found.values(), read.values())
