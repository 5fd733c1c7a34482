"""What is told to a source of the owner, and what counts as its answer. Pure."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

#: bytes of an answer, and letters of a value in it
MOST_BYTES = 8192
MOST_LETTERS = 200


class Wrong(Exception):
    """An answer that is none. The message is a sentence for a person, and holds nothing of what was said."""


@dataclass(frozen=True, slots=True)
class Known:
    """The contact that a caller is taken for; `external_ids` are by the name of the other system."""

    id: str
    name: str
    external_ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """What a source is told. Numbers are as Twilio wrote them, mostly E.164; `at` is ISO 8601 with its zone."""

    id: str
    at: str
    step: str
    call: str
    conversation: str
    caller: str
    called: str
    language: str
    contact: Known | None
    variables: Mapping[str, str]

    def body(self) -> bytes:
        return json.dumps({"type": "look_up", **asdict(self)}, ensure_ascii=False).encode()


def answer(status: int, body: bytes, *, keep: Collection[str]) -> dict[str, str]:
    """Read an answer: an object of texts, of which the names in `keep` count. Raises Wrong."""
    if not 200 <= status < 300:
        raise Wrong(f"The status is {status}.")
    if len(body) > MOST_BYTES:
        raise Wrong(f"The answer has more than {MOST_BYTES} bytes.")
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Wrong("The answer is not JSON.") from error
    if not isinstance(told, dict):
        raise Wrong("The answer is not an object.")
    return {name: _text(name, told[name]) for name in keep if name in told}


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise Wrong(f"“{name}” is not a text.")
    value = " ".join(value.split())
    if len(value) > MOST_LETTERS or not value.isprintable():
        raise Wrong(f"“{name}” is not a text of at most {MOST_LETTERS} letters.")
    return value
