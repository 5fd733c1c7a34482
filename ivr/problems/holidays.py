"""Holidays ahead: told of by a prompt, and confirmed for the year. Pure."""

from collections.abc import Iterator

from ivr.document import Document
from ivr.kinds.base import Problem
from ivr.kinds.hours import Hours
from ivr.problems.knowledge import Knowledge


def found(document: Document, knowledge: Knowledge) -> Iterator[Problem]:
    """Look at the holidays of all opening hours that the flow asks."""
    for step in document.steps.values():
        if not isinstance(step, Hours):
            continue
        name = knowledge.weeks[step.reference][0] if step.reference in knowledge.weeks else step.name
        for day in knowledge.holidays:
            if day.schedule == step.reference and not day.has_prompt:
                text = (
                    f"“{name}” is closed on {day.on:%A}, {day.on.day} {day.on:%B %Y} ({day.name}), which has no prompt:"
                    f" callers hear only what comes after “Holiday” of step “{step.name}”."
                )
                yield step.warning("holiday_without_prompt", text)
        for year in knowledge.unconfirmed:
            if year.schedule == step.reference:
                text = (
                    f"Nobody has confirmed the public holidays of {year.year} for “{name}”, which step “{step.name}”"
                    " looks at."
                )
                yield step.warning("unconfirmed_holidays", text)
