"""What is wrong with a document, told in words before it is published. Pure.

What leaves a caller with nothing, or breaks a rule of the company, is an error and stops publishing: a way that leads
nowhere or never ends, something missing that a step cannot do without, a text that cannot be said, a number that may
not be rung. What callers get through although not as meant is a warning: somebody looks at it and decides.
"""

from collections.abc import Iterator

from ivr.document import Document
from ivr.kinds.base import Problem
from ivr.problems import across, calling, holidays, references, secrets, staffing, ways, wording
from ivr.problems.knowledge import Knowledge as Knowledge


def problems(document: Document, *, knowledge: Knowledge) -> tuple[Problem, ...]:
    """Find all that is wrong with `document`. Errors stop it from being published; they come before warnings."""
    return tuple(sorted(_found(document, knowledge), key=lambda problem: problem.severity))


def _found(document: Document, knowledge: Knowledge) -> Iterator[Problem]:
    yield from wording.of_flow(document)
    yield from wording.of_prompts(document)
    yield from ways.found(document)
    yield from across.found(document, knowledge)
    yield from wording.of_variables(document)
    for step in document.steps.values():
        yield from wording.of_step(document, step)
        yield from step.problems()
        yield from references.found(document, step, knowledge)
        yield from wording.of_wait(document, step, knowledge)
        yield from calling.found(step, knowledge)
    yield from calling.of_lines(knowledge)
    yield from staffing.found(document, knowledge)
    yield from secrets.found(document, knowledge)
    yield from holidays.found(document, knowledge)
