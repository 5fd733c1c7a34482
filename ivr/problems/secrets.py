"""Secret digits in calls that are recorded from their beginning. Pure.

A recorder is paused for them: the question is held back until Twilio has confirmed that, for so long as a caller can be
kept waiting (`engine.MOST_HUSHING`). A pause ends by itself after the policy's limit.
"""

from collections.abc import Iterator

from ivr.document import Document
from ivr.engine import MOST_HUSHING
from ivr.kinds.base import Problem
from ivr.problems.knowledge import Knowledge
from ivr.problems.ways import reached_in
from ivr.proofs.staying import Lengths, asking


def found(document: Document, knowledge: Knowledge) -> Iterator[Problem]:
    """Say what becomes of secret digits where a policy records from the beginning of the call."""
    if not knowledge.recordings:
        return
    lengths = Lengths(document.script, knowledge.sounds)
    for id_ in reached_in(document):
        step = document.steps[id_]
        if not step.hides_input:
            continue
        names = " and ".join(f"“{one.policy}”" for one in knowledge.recordings)
        text = (
            f"Step “{step.name}” asks for digits that nobody may keep, while {names} records from the beginning of the"
            f" call. Recording is paused meanwhile. Where Twilio does not confirm that within {MOST_HUSHING} seconds,"
            " the caller is asked all the same, and the keys are in the recording."
        )
        yield step.warning("secret_recorded", text)
        longest = round(asking(step, lengths))
        for one in knowledge.recordings:
            if longest > one.pause:
                text = (
                    f"Step “{step.name}” may ask for secret digits for {longest} seconds, but by “{one.policy}” a pause"
                    f" ends by itself after {one.pause}: what is pressed later is in the recording."
                )
                yield step.error("pause_too_short", text)
