"""Documents, and calls that walk them: each answer is checked against the schema as it is given."""

from dataclasses import replace
from typing import Any

from ivr import document as documents
from ivr import engine
from ivr.document import Document
from ivr.engine import Facts, Outcome
from ivr.kinds.base import Dialed, Heard, Keys, Queued, Recorded, Silence, Speech, Urls
from telephony.twiml import Gather, Play, Say, Verb, render
from tests.telephony.schema import violations

URLS = Urls(
    resume="https://contact.example.com/voice/visits/1/2",
    wait="https://contact.example.com/voice/visits/1/2/wait/1",
    screen="https://contact.example.com/voice/visits/1/screen",
    music="https://contact.example.com/static/audio/hold.wav",
    media="https://contact.example.com/voice/media/",
    child_status="https://contact.example.com/webhooks/voice/status",
    recording="https://contact.example.com/webhooks/recording",
)

ENGLISH = ("en-US", "Polly.Joanna-Neural")
SPANISH = ("es-US", "Polly.Lupe-Neural")


def wordings(english: str = "Hello.", spanish: str = "Hola.", **more: dict[str, str]) -> dict[str, dict[str, str]]:
    return {"en-US": {"text": english}, "es-US": {"text": spanish}, **more}


def make_step(kind: str, *, exits: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "exits": exits or {}, **more}


def option(name: str, keys: str = "", *words: str, language: str = "") -> dict[str, Any]:
    return {"exit": name, "keys": keys, "words": list(words), "language": language}


def make_json(
    steps: dict[str, dict[str, Any]],
    *,
    texts: dict[str, dict[str, dict[str, str]]] | None = None,
    languages: tuple[tuple[str, str], ...] = (ENGLISH, SPANISH),
    first: str | None = None,
    flow: int = 1,
) -> dict[str, Any]:
    """Make a document of the steps by id, named by their ids; each prompt that is not told says its own id."""
    said = {prompt for step in steps.values() for prompt in step.get("prompts", {}).values()}
    said |= {item["prompt"] for step in steps.values() for item in step.get("wait", []) if item["prompt"]}
    prompts = {prompt: wordings(f"{prompt} in English.", f"{prompt} in Spanish.") for prompt in sorted(said)} | (
        texts or {}
    )
    return {
        "format": 1,
        "flow": {"id": flow, "name": f"Flow {flow}"},
        "languages": [list(pair) for pair in languages],
        "first": next(iter(steps), "") if first is None else first,
        "prompts": {key: {"name": key, "wordings": value} for key, value in prompts.items()},
        "steps": {key: {"name": key, **step} for key, step in steps.items()},
    }


def make_document(steps: dict[str, dict[str, Any]], **more: Any) -> Document:
    return documents.parse(make_json(steps, **more))


END = make_step("hang_up")


class Walk:
    """A call in the engine. The methods tell what is heard; the rest is what the last answer held."""

    def __init__(self, document: Document, **facts: Any) -> None:
        self.facts = Facts(**facts)
        self._take(engine.begin(document, facts=self.facts, urls=URLS))

    def hear(self, heard: Heard, **facts: Any) -> "Walk":
        self.facts = replace(self.facts, **facts)
        self._take(engine.step(self.document, self.position, heard, facts=self.facts, urls=URLS))
        return self

    def press(self, digits: str) -> "Walk":
        return self.hear(Keys(digits))

    def speak(self, text: str, confidence: float | None = None) -> "Walk":
        return self.hear(Speech(text, confidence))

    def be_silent(self) -> "Walk":
        return self.hear(Silence())

    def dialed(self, status: str = "no-answer", *, bridged: bool | None = False) -> "Walk":
        return self.hear(Dialed(status, bridged))

    def record(self, seconds: int = 10, *, sid: str = "RE1", hung_up: bool = False) -> "Walk":
        return self.hear(Recorded(sid, seconds, hung_up))

    def queued(self, result: str = "leave", **facts: Any) -> "Walk":
        return self.hear(Queued(result), **facts)

    def wait(self, loop: int = 0, heard: Heard | None = None, **facts: Any) -> engine.Waiting:
        """Ask for what the caller hears while waiting; what is noted counts from then on."""
        self.facts = replace(self.facts, **facts)
        waiting = engine.wait(self.document, self.position, heard or Silence(), loop, facts=self.facts, urls=URLS)
        self.position = engine.Position.from_json(waiting.position.to_json())
        assert self.position == waiting.position
        assert violations(render(waiting.verbs)) == []
        return waiting

    def _take(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.document = outcome.document
        # what is stored between two requests is JSON
        self.position = engine.Position.from_json(outcome.position.to_json())
        assert self.position == outcome.position
        assert self.position.flow == self.document.flow
        assert violations(render(outcome.verbs)) == []

    @property
    def verbs(self) -> tuple[Verb, ...]:
        return self.outcome.verbs

    @property
    def step(self) -> str:
        return self.position.step

    @property
    def ending(self) -> str:
        return self.outcome.ending

    @property
    def said(self) -> list[str]:
        """What the caller heard in the last answer."""
        found = [prompt for verb in self.verbs for prompt in (verb.prompts if isinstance(verb, Gather) else [verb])]
        return [
            verb.text if isinstance(verb, Say) else verb.url or "" for verb in found if isinstance(verb, Say | Play)
        ]

    @property
    def gather(self) -> Gather:
        return next(verb for verb in self.verbs if isinstance(verb, Gather))

    @property
    def left_by(self) -> list[str]:
        return [data["exit"] for kind, data in self.outcome.events if kind == "left"]

    def events(self, kind: str) -> list[dict[str, Any]]:
        return [data for name, data in self.outcome.events if name == kind]
