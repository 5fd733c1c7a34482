"""A REST API that answers as told, for what a test needs to say exactly. It keeps what it was asked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Canned:
    """An answer: its status and the object in it, or its bytes."""

    status: int
    content: Mapping[str, Any] | bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else json.dumps(self.content).encode()


class Canteen:
    """Gives its answers in turn, the last one for ever."""

    def __init__(self, *answers: Canned) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, dict[str, str], list[tuple[str, str]]]] = []

    def rest(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]],
        form: Sequence[tuple[str, str]],
        authorization: str,
    ) -> Canned:
        self.asked.append((method, path, dict(query), list(form)))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
