"""Reads what lies before and behind a draft, and tells for each line that leads to it what is certain of its calls."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isinf

from ivr import knowing
from ivr.document import Document
from ivr.kinds.queue import Queue as QueueStep
from ivr.models import Audio, Flow
from ivr.problems.knowledge import KnownLine
from ivr.proofs.proof import Ground, Proof, Round, Taken, Way, prove
from queues.models import Queue
from telephony import numbers


@dataclass(frozen=True, slots=True)
class Passed:
    """A step on a way, in words. `here`: it is one of the flow that is looked at. `is_raw`: nobody knows its time."""

    flow: str
    step: str
    name: str
    exit: str
    exit_label: str
    here: bool
    is_raw: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A way in words: the figure that it is the longest by, its steps, and what the picture shows of it."""

    figure: str
    is_most: bool
    passed: tuple[Passed, ...]

    @property
    def is_vague(self) -> bool:
        """Whether it passes TwiML that somebody has written, which takes a time of its own."""
        return any(one.is_raw for one in self.passed)

    @property
    def picture(self) -> dict[str, list[object]]:
        own = [one for one in self.passed if one.here]
        return {
            "steps": list(dict.fromkeys(one.step for one in own)),
            "exits": [[one.step, one.exit] for one in own if one.exit],
        }


@dataclass(frozen=True, slots=True)
class Line:
    """What is certain of the calls of a line; without a proof its flow is not published. No name: the flow itself."""

    name: str
    address: str
    flow: str
    proof: Proof | None
    open: tuple[str, ...] = ()
    longest: Told | None = None
    most_prompts: Told | None = None
    before: Told | None = None
    at_once: str = ""
    rounds: tuple[tuple[Told, Round], ...] = ()


def lines(document: Document) -> list[Line]:
    """Tell of each line that leads to a draft; where none does, of calls that would begin in it."""
    flow = document.flow
    ways = knowing.leading(flow)
    entered = {str(begin): _ground(document, str(begin)) for begin in {begin for _line, begin in ways}}
    if not ways:
        entered = {flow: _ground(document, flow)}
    sounds, waits = _sounds(entered.values()), _waits(entered.values())
    names = {str(key): name for key, name in Flow.objects.filter(pk__in=entered).values_list("pk", "name")}
    proofs = {
        begin: prove(begin, Ground(flows, sounds, waits)) if begin in flows else None
        for begin, flows in entered.items()
    }
    if not ways:
        return [_line(None, flow, names.get(flow, document.flow_name), proofs[flow], entered[flow], flow)]
    return [
        _line(line, str(begin), names[str(begin)], proofs[str(begin)], entered[str(begin)], flow)
        for line, begin in ways
    ]


def _ground(document: Document, begin: str) -> dict[str, Document]:
    """Give what calls walk that begin in a flow: the draft in place of what is published of it."""
    if begin == document.flow:
        return {**knowing.ahead(document), document.flow: document}
    found = knowing.published([begin])
    if begin not in found:
        return {}
    return {**knowing.ahead(found[begin]), **found, **knowing.ahead(document), document.flow: document}


def _line(
    line: KnownLine | None, begin: str, name: str, proof: Proof | None, flows: Mapping[str, Document], here: str
) -> Line:
    address = "" if line is None or line.address == "*" else numbers.show(line.address)
    if proof is None:
        return Line(line.name if line else "", address, name, None)
    words = _Words(flows, here)
    return Line(
        name=line.name if line else "",
        address=address,
        flow=name if begin != here else "",
        proof=proof,
        open=tuple(words.open(proof)),
        longest=words.way(proof.longest, f"{proof.longest.steps}" if proof.longest else ""),
        most_prompts=words.way(proof.most_prompts, f"{proof.most_prompts.prompts}" if proof.most_prompts else ""),
        before=words.way(proof.before, clock(proof.before.seconds) if proof.before else ""),
        at_once=clock(proof.before.at_once) if proof.before else "",
        rounds=tuple((words.round(one), one) for one in proof.rounds),
    )


def clock(seconds: float) -> str:
    """Tell a time as people read it: 0:45, 12:30, 1:05:00; "no limit" for one without an end."""
    if isinf(seconds):
        return "no limit"
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


class _Words:
    def __init__(self, flows: Mapping[str, Document], here: str) -> None:
        self.flows, self.here = flows, here

    def way(self, way: Way | None, figure: str) -> Told | None:
        return None if way is None else Told(figure, way.is_most, tuple(map(self._passed, way.taken)))

    def round(self, one: Round) -> Told:
        return Told(str(one.most), True, tuple(map(self._passed, one.taken)))

    def open(self, proof: Proof) -> Iterator[str]:
        for one in proof.open:
            step = self.flows[one.flow].steps[one.step]
            where = f"“{step.name}”" if one.flow == self.here else f"“{step.name}” of flow “{self._flow(one.flow)}”"
            match one.why:
                case "nowhere":
                    label = next(row.label for row in step.exit_names() if row.name == one.exit)
                    yield f"Exit “{label}” of step {where} leads nowhere."
                case "unpublished":
                    yield f"Step {where} goes to a flow that is not published."
                case "endless":
                    yield f"From step {where} no way leads to an end of the call."

    def _passed(self, taken: Taken) -> Passed:
        step = self.flows[taken.flow].steps[taken.step]
        label = next((row.label for row in step.exit_names() if row.name == taken.exit), "")
        here = taken.flow == self.here
        return Passed(
            "" if here else self._flow(taken.flow), taken.step, step.name, taken.exit, label, here, step.IS_RAW
        )

    def _flow(self, key: str) -> str:
        return self.flows[key].flow_name


def _sounds(grounds: Iterable[Mapping[str, Document]]) -> dict[str, float]:
    wanted = {
        wording.audio
        for flows in grounds
        for document in flows.values()
        for prompt in document.script.prompts.values()
        for wording in prompt.wordings.values()
    } - {""}
    return dict(Audio.objects.filter(sha256__in=wanted).values_list("sha256", "seconds")) if wanted else {}


def _waits(grounds: Iterable[Mapping[str, Document]]) -> dict[str, int | None]:
    steps = [step for flows in grounds for document in flows.values() for step in document.steps.values()]
    wanted = {int(step.reference) for step in steps if isinstance(step, QueueStep) and step.reference.isdecimal()}
    rows = Queue.objects.filter(pk__in=wanted).values_list("pk", "longest_wait") if wanted else ()
    return {str(key): longest for key, longest in rows}
