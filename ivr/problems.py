"""What is wrong with a document, told before it is published. Pure."""

from ivr.document import Document
from ivr.kinds.base import Knowledge, Problem


def problems(document: Document, *, knowledge: Knowledge) -> tuple[Problem, ...]:
    """Give all problems of `document`, in the order of its steps; errors stop it from being published."""
    return tuple(problem for step in document.steps.values() for problem in step.problems(knowledge))
