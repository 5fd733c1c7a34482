"""Choose the way by opening hours; who comes on a holiday hears its prompt first."""

from dataclasses import dataclass, replace

from ivr.kinds.base import ExitName, Leave, Move, Step, Turn


@dataclass(frozen=True, slots=True)
class Hours(Step):
    KIND = "hours"
    LABEL = "Opening hours"
    EXITS = (ExitName("open", "Open"), ExitName("closed", "Closed"), ExitName("holiday", "Holiday"))
    TAKES = "schedule"
    SPEAKS = False

    def enter(self, turn: Turn) -> Move:
        found = turn.openings.get(self.reference)
        if found is None:  # a schedule that nobody looked up must not end the call: nobody there is the safe answer
            return Leave("closed")
        # no document holds what is written for a day: it is said in the flow's voices, as a prompt of its own would be
        script = replace(turn.script, prompts=turn.announcements)
        return Leave(found.state, script.say(found.prompt, turn.language, media=turn.urls.media, words=turn.variables))
