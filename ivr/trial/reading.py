"""Reads from the database, once, what a trial has to know of it; nothing is written."""

import logging
import wave
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from uuid import UUID

from django.conf import settings
from django.contrib.staticfiles import finders

from compliance import reading as consent
from compliance.models import Policy
from compliance.states import Mode
from conferences.models import Room
from conferences.verbs import OURS, music
from ivr import documents
from ivr.actions import standing
from ivr.document import Document, parse
from ivr.drafting.drafts import compile_draft
from ivr.hours.opening import Closure, DatedException, Opening, Week, YearlyDate
from ivr.hours.timetables import announcements, timetables
from ivr.kinds.base import Urls
from ivr.kinds.requests import Notice, Wording
from ivr.kinds.settings import Broken
from ivr.models import Audio, Flow, Line, Source
from ivr.script import Prompt
from ivr.trial.world import LineOf, PolicyOf, QueueOf, RoomOf, World
from queues.models import Queue
from recordings.models import Mailbox
from telephony import callbacks

logger = logging.getLogger(__name__)

#: stands in the addresses of trials where live calls have their visit's
VISIT = UUID(int=0)
#: trials may be of any day that flows could have been tried on
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
#: seconds of the music for whoever waits, where it is not ours
FOREIGN_MUSIC = 60.0


def draft(flow: Flow) -> Document:
    """Give what callers would meet if the flow were published as it is. Raises Broken."""
    return parse(compile_draft(flow))


@lru_cache(maxsize=1024)
def addresses(turn: int, loop: int) -> Urls:
    return standing.urls(VISIT, turn, loop=loop)


def read(document: Document) -> World:
    """Read what callers of `document` can come upon, in the flows that it leads to as well."""
    flows = _flows(document)
    every = [document, *(one for key, one in flows.items() if key != document.flow)]
    tables = timetables(_keys(every, "schedule"), since=LONG_AGO)
    announced = announcements([one for table in tables.values() for one in _announced(table.week)], tables.values())
    lines = list(Line.objects.order_by("name"))
    return World(
        document=document,
        flows=flows,
        weeks={key: one.week for key, one in tables.items()},
        schedules={key: one.name for key, one in tables.items()},
        announcements=announced,
        queues={
            str(row.pk): QueueOf(row.name, row.longest_wait)
            for row in Queue.objects.filter(pk__in=_keys(every, "queue"))
        },
        rooms={str(row.pk): RoomOf(row.name, row.most) for row in Room.objects.filter(pk__in=_keys(every, "room"))},
        mailboxes=_names(Mailbox, _keys(every, "mailbox")),
        sources=_names(Source, _keys(every, "source")),
        sounds=_sounds([*(prompt for one in every for prompt in one.script.prompts.values()), *announced.values()]),
        policies=tuple(_policies()) if any(step.consents for one in every for step in one.steps.values()) else (),
        lines=tuple(LineOf(row.address, row.name, str(row.flow_id or "")) for row in lines),
        emergencies={row.address: row.emergency for row in lines},
        standard_ask=Wording(consent.DEFAULT_TEXTS[Mode.ASK_ONE], consent.DEFAULT_LANGUAGE),
        standard_tell=Wording(consent.DEFAULT_TEXTS[Mode.ANNOUNCE], consent.DEFAULT_LANGUAGE),
        caller_id=settings.TWILIO_CALLER_ID,
        hold=callbacks.document("voice-hold"),
        conference_news=callbacks.news("conference-events"),
    )


def _flows(document: Document) -> dict[str, Document]:
    """Give what callers of all flows meet that can be come to; who comes back to this one meets `document` again."""
    flows, waiting = {document.flow: document}, [document]
    while waiting:
        wanted = {step.reference for step in waiting.pop().steps.values() if step.TAKES == "to_flow"} - flows.keys()
        for flow, version in documents.published({key for key in wanted if key.isdecimal()}).items():
            try:
                flows[flow] = documents.frozen(version)
            except Broken:  # as good as none, as live calls have it
                logger.warning("version %s of flow %s cannot be walked", version, flow)
                continue
            waiting.append(flows[flow])
    return flows


def _keys(every: Iterable[Document], takes: str) -> set[int]:
    return {
        int(step.reference)
        for one in every
        for step in one.steps.values()
        if takes == step.TAKES and step.reference.isdecimal()
    }


def _names(model: type[Mailbox] | type[Source], keys: set[int]) -> dict[str, str]:
    return {str(key): name for key, name in model._default_manager.filter(pk__in=keys).values_list("pk", "name")}


def _announced(week: Week) -> Iterator[Opening]:
    """Give all that hours may ever let callers hear."""
    layers: tuple[Iterable[DatedException | YearlyDate | Closure], ...] = (
        *(week.exceptions, week.yearly),
        *(week.holidays, week.closures),
    )
    for row in chain.from_iterable(layers):
        if row.prompt:
            yield Opening("closed", row.name, prompt=row.prompt)


def _sounds(prompts: Iterable[Prompt]) -> dict[str, float]:
    hashes = {wording.audio for prompt in prompts for wording in prompt.wordings.values() if wording.audio}
    found = Audio.objects.filter(sha256__in=hashes).values_list("sha256", "seconds") if hashes else ()
    return {**dict(found), music(): FOREIGN_MUSIC if settings.HOLD_MUSIC_URL else _our_music()}


@lru_cache(maxsize=1)
def _our_music() -> float:
    """Measure what is played to whoever waits."""
    path = finders.find(OURS)
    if path is None:
        return FOREIGN_MUSIC
    with wave.open(str(path)) as sound:
        return float(sound.getnframes() / sound.getframerate())


def _policies() -> Iterator[PolicyOf]:
    """Give all policies that are active, also those that ask nobody: they may count in place of others."""
    found = list(Policy.objects.filter(is_active=True))
    notices = consent.notices_of(found) if found else {}
    for policy in found:
        worded = notices[policy.pk]
        wordings = tuple(Wording(one.text, one.language, one.pk) for one in worded)
        standard = Wording(consent.standard(policy), consent.DEFAULT_LANGUAGE)
        notice = Notice(policy.pk, policy.consent != Mode.ANNOUNCE, wordings or (standard,))
        yield PolicyOf(consent.rule_of(policy), consent.asking_of(policy, worded), notice)
