"""What a document refers to, and whether that can do what is asked of it. Pure."""

from collections.abc import Iterator

from ivr.document import Document
from ivr.kinds.base import Problem, Step
from ivr.kinds.call_back import CallBack
from ivr.kinds.go_to import GoToFlow
from ivr.kinds.language import Language
from ivr.kinds.ring import Ring
from ivr.problems import ways
from ivr.problems.knowledge import Knowledge

_REFERENCES = {
    "schedule": "opening hours",
    "mailbox": "mailbox",
    "to_flow": "flow to go to",
    "queue": "queue",
    "room": "conference room",
    "source": "source to ask",
}


def found(document: Document, step: Step, knowledge: Knowledge) -> Iterator[Problem]:
    if step.TAKES and step.TAKES_REQUIRED and not step.reference:
        yield step.error(f"missing_{step.TAKES}", f"Step “{step.name}” has no {_REFERENCES[step.TAKES]}.")
    match step:
        case Ring(caller_id=number) if number and knowledge.numbers is not None and number not in knowledge.numbers:
            text = f"Step “{step.name}” shows the number {number}, which is not one of ours."
            yield step.error("unknown_caller_id", text)
        case GoToFlow(reference=flow) if flow and flow != document.flow:
            if knowledge.published is not None and flow not in knowledge.published:
                text = f"Step “{step.name}” goes to a flow that is not published."
                severity = step.warning if "unavailable" in step.exits else step.error
                yield severity("unpublished_flow", text)
        case CallBack(reference=queue) if queue and not ways.waited_before(document, step):
            text = f"No way leads from its queue to step “{step.name}”, so that callers begin at the end of the line."
            yield step.warning("no_queue_before", text)
        case Language():
            for option in step.options:
                if option.language and option.language not in document.script.languages:
                    text = (
                        f"Option “{option.exit}” of step “{step.name}” sets {option.language}, no language of the flow."
                    )
                    yield step.error("missing_language", text)
