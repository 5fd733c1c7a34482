"""A published flow as data: what it is made of, and how it is read from JSON. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ivr.kinds import KINDS
from ivr.kinds.base import Step
from ivr.kinds.go_to import GoToFlow
from ivr.kinds.hours import Hours
from ivr.kinds.queue import Queue
from ivr.kinds.settings import Broken
from ivr.script import Prompt, Script, Wording

FORMAT = 1

#: from each older format to the next
UPGRADES: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


class Ahead(NamedTuple):
    """What may be asked for before the caller is heard again: ids of schedules, of flows and of queues.

    `consents` are what callers are asked about recording there; `callers`: it is asked which contact calls.
    """

    schedules: frozenset[str] = frozenset()
    flows: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    consents: frozenset[str] = frozenset()
    callers: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """`flow` and `first` are ids; `first` is "" in a draft without a first step."""

    flow: str
    flow_name: str
    first: str
    steps: Mapping[str, Step]
    script: Script
    _ahead: dict[tuple[str, bool], Ahead] = field(default_factory=dict, repr=False, compare=False)
    _variables: list[frozenset[str]] = field(default_factory=list, repr=False, compare=False)

    @property
    def variables(self) -> frozenset[str]:
        """The names under which its steps keep something of a call."""
        if not self._variables:  # each turn of a call asks
            self._variables.append(frozenset(name for step in self.steps.values() for name in step.brings()))
        return self._variables[0]

    def ahead(self, step: str, *, arriving: bool = False) -> Ahead:
        """Tell what an answer to a call may ask for that stands in `step`, or is `arriving` there."""
        found = self._ahead.get((step, arriving))
        if found is None:
            found = self._ahead[step, arriving] = self._look_ahead(step, arriving)
        return found

    def _look_ahead(self, start: str, arriving: bool) -> Ahead:
        schedules: set[str] = set()
        flows: set[str] = set()
        queues: set[str] = set()
        consents: set[str] = set()
        callers = False
        seen = {start}
        todo = [start]
        while todo:
            step = self.steps.get(todo.pop())
            if isinstance(step, Hours):
                schedules.add(step.reference)
            elif isinstance(step, GoToFlow):
                flows.add(step.reference)
            elif isinstance(step, Queue) and (arriving or step.id != start):
                queues.add(step.reference)
            if step:
                consents.add(step.consents)
                callers |= step.asks_who_calls
            # a call that arrives at a step that waits stays there; one that stands there may leave it
            if step and (not step.WAITS or (step.id == start and not arriving)):
                following = set(step.exits.values()) - seen
                seen |= following
                todo.extend(following)
        keys = [frozenset(found) - {""} for found in (schedules, flows, queues, consents)]
        return Ahead(keys[0], keys[1], keys[2], keys[3], callers)


def parse(data: object) -> Document:
    """Read a document's JSON, of this format or an older one. Raises Broken with a sentence."""
    if not isinstance(data, dict):
        raise Broken("A document must be an object.")
    while data.get("format") in UPGRADES:
        data = UPGRADES[data["format"]](data)
    if data.get("format") != FORMAT:
        raise Broken(f"The format {data.get('format')!r} is not known.")
    flow = data.get("flow")
    if not isinstance(flow, dict) or not flow.get("id"):
        raise Broken("The document does not name its flow.")
    steps = _steps(data.get("steps"))
    first = data.get("first") or ""
    if first and first not in steps:
        raise Broken(f"The first step {first!r} is not in the document.")
    script = Script(_languages(data.get("languages")), _prompts(data.get("prompts")))
    _check_references(steps, script)
    return Document(str(flow["id"]), str(flow.get("name", "")), first, steps, script)


def _steps(data: object) -> Mapping[str, Step]:
    if not isinstance(data, dict):
        raise Broken("The steps are missing.")
    steps: dict[str, Step] = {}
    for id_, step in data.items():
        kind = KINDS.get(str(step.get("kind"))) if isinstance(step, dict) else None
        if kind is None:
            raise Broken(f"Step {id_} has a kind that is not known.")
        try:
            steps[id_] = kind.parse(id_, step)
        except Broken as broken:
            raise Broken(f"Step “{step.get('name') or id_}”: {broken}.") from broken
    return steps


def _languages(data: object) -> Mapping[str, str]:
    if not isinstance(data, list):
        raise Broken("The languages are missing.")
    languages: dict[str, str] = {}
    for row in data:
        match row:
            case [str(language), str(voice)]:
                languages[language] = voice
            case _:
                raise Broken(f"{row!r} is not a language with its voice.")
    return languages


def _prompts(data: object) -> Mapping[str, Prompt]:
    if not isinstance(data, dict):
        raise Broken("The prompts are missing.")
    prompts: dict[str, Prompt] = {}
    for id_, prompt in data.items():
        match prompt:
            case {"name": str(name), "wordings": dict(wordings)}:
                prompts[id_] = Prompt(
                    name, {language: _wording(name, wording) for language, wording in wordings.items()}
                )
            case _:
                raise Broken(f"Prompt {id_} has no name or no wordings.")
    return prompts


def _wording(name: str, data: object) -> Wording:
    if (
        not isinstance(data, dict)
        or data.keys() - {"text", "voice", "audio"}
        or not all(isinstance(text, str) for text in data.values())
    ):
        raise Broken(f"A wording of prompt “{name}” is not text, voice and audio.")
    return Wording(**data)


def _check_references(steps: Mapping[str, Step], script: Script) -> None:
    for step in steps.values():
        for target in step.exits.values():
            if target not in steps:
                raise Broken(f"Step “{step.name}” leads to step {target!r}, which is not in the document.")
        for prompt in step.said():
            if prompt not in script.prompts:
                raise Broken(f"Step “{step.name}” says prompt {prompt!r}, which is not in the document.")
