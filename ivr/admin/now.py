"""What each line does right now, and why; for the lists of lines and the home page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ivr import documents
from ivr.document import Document
from ivr.hours import outlook
from ivr.hours.opening import Week, opening
from ivr.hours.timetables import names_of_prompts, timetables
from ivr.kinds.go_to import GoToFlow
from ivr.kinds.hours import Hours
from ivr.kinds.settings import Broken
from ivr.models import Line
from telephony.callbacks import Where, where
from telephony.models import PhoneNumber


@dataclass(frozen=True, slots=True)
class Now:
    """`sentence`: what callers meet. `trouble`: what is wrong, or "". `leads`: where Twilio sends the number."""

    sentence: str
    trouble: str
    leads: Where | None


def describe(lines: Iterable[Line], *, at: datetime) -> dict[int, Now]:
    """Tell of each line, which comes with its flow, what it does at `at`; in few queries whatever their number."""
    lines = list(lines)
    found = {line.pk: _document(line) for line in lines}
    world = _world([document for document in found.values() if isinstance(document, Document)], at)
    leads = _leads(lines)
    return {line.pk: _now(line, found[line.pk], world, leads.get(line.address), at) for line in lines}


@dataclass(frozen=True, slots=True)
class _World:
    """What callers may come upon: hours with their names, what they let callers hear, and other flows."""

    weeks: Mapping[str, tuple[str, Week]]
    said: Mapping[str, str]
    flows: Mapping[str, Document]


def _document(line: Line) -> Document | Broken | None:
    if line.flow is None or line.flow.published_id is None:
        return None
    try:
        return documents.frozen(line.flow.published_id)
    except Broken as broken:
        return broken


def _world(read: Iterable[Document], at: datetime) -> _World:
    flows = {document.flow: document for document in read}
    left = _targets(flows.values()) - flows.keys()
    asked = set[str]()
    while left - asked:
        asked |= left
        for flow, version in documents.published(left).items():
            try:
                flows[flow] = documents.frozen(version)
            except Broken:
                continue  # whoever comes there hears the emergency text; the flow's own line says so
        left = _targets(flows.values()) - flows.keys()
    keys = {step.reference for one in flows.values() for step in one.steps.values() if isinstance(step, Hours)}
    tables = timetables(keys, since=at)
    openings = [opening(table.week, at) for table in tables.values()]
    weeks = {key: (table.name, table.week) for key, table in tables.items()}
    return _World(weeks, names_of_prompts(openings, tables.values()), flows)


def _targets(read: Iterable[Document]) -> set[str]:
    steps = (step for document in read for step in document.steps.values())
    return {step.reference for step in steps if isinstance(step, GoToFlow)} - {""}


def _leads(lines: Iterable[Line]) -> dict[str, Where]:
    addresses = [line.address for line in lines if line.address.startswith("+")]
    ours = PhoneNumber.objects.filter(number__in=addresses, is_gone=False) if addresses else ()
    return {
        row.number: Where.ELSEWHERE
        if row.voice_application_sid or row.trunk_sid
        else where(row.voice_url, "voice-inbound")
        for row in ours
    }


def _now(
    line: Line,
    document: Document | Broken | None,
    world: _World,
    leads: Where | None,
    at: datetime,
) -> Now:
    trouble, sentence = "", "only the emergency text"
    if line.flow is None:
        trouble = "" if line.address == "*" else "No flow is chosen"
    elif document is None:
        trouble = f"Flow {line.flow} was never published: this line answers nothing"
    elif isinstance(document, Broken):
        trouble = f"The published version cannot be read: {document}"
    else:
        sentence = outlook.answer(document, world.weeks, at, flows=world.flows, said=world.said)
    if not trouble and leads in (Where.ELSEWHERE, Where.NOWHERE):
        trouble = f"Twilio sends calls of this number {leads}, not here"
    return Now(sentence, trouble, leads)
