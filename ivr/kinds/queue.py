"""Let the caller wait in a queue until somebody takes the call."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ivr.kinds.asking import by_keys, key_limits, option_problems
from ivr.kinds.base import (
    End,
    ExitName,
    GoTo,
    Heard,
    Keys,
    Leave,
    Move,
    Place,
    Problem,
    Progress,
    Queued,
    Stay,
    Step,
    Told,
    Turn,
    Wait,
)
from ivr.kinds.requests import JoinQueue, LeaveQueue
from ivr.kinds.settings import choice, whole
from ivr.kinds.wait_items import WaitItem
from ivr.script import fill
from queues.states import EntryState
from telephony.twiml import Enqueue, Gather, Pause, Play, Prompting, Redirect, Verb

#: looks, one after the other, at which nobody is staffed before somebody who waits is sent on: desks may reload
UNSTAFFED_LOOKS = 2
#: requests, about a second apart, until news of how a conversation ended must have come
MOST_LOOKS_BACK = 20
NOTHING_TO_PLAY = 10  # seconds of silence where a list has nothing to say

WAITING = frozenset({EntryState.WAITING, EntryState.OFFERED})


@dataclass(frozen=True, slots=True)
class Queue(Step):
    longest: int = whole(
        0,
        "Longest wait in seconds",
        minimum=0,
        maximum=14_400,
        help_text="Then the caller goes on by “Timed out”. 0: the queue's own.",
    )
    unstaffed: str = choice(
        "always",
        "When nobody is staffed",
        (
            ("always", "Go on by “Nobody staffed”, also from the middle of the wait"),
            ("arriving", "Go on by “Nobody staffed” on arrival; who waits already stays"),
            ("never", "Wait all the same"),
        ),
    )
    priority: int = whole(
        0,
        "Points of these callers",
        minimum=-1000,
        maximum=1000,
        help_text="Who has more points is served first. Each minute of waiting adds some, as the queue says.",
    )

    KIND = "queue"
    LABEL = "Queue"
    EXITS = (
        ExitName("answered", "Answered and ended", by_caller=True),
        ExitName("timed_out", "Timed out"),
        ExitName("full", "Queue is full"),
        ExitName("unstaffed", "Nobody staffed"),
    )
    HAS_OPTIONS = True
    HAS_WAIT = True
    TAKES = "queue"
    WAITS = True

    def exit_names(self) -> Iterator[ExitName]:
        for row in Step.exit_names(self):
            yield row._replace(required=False) if row.name == "unstaffed" and self.unstaffed == "never" else row

    def enter(self, turn: Turn) -> Move:
        status = turn.queues.get(self.reference)
        if status is None or (not status.staffed and self.unstaffed != "never"):
            return Leave("unstaffed")
        if status.full:
            return Leave("full")
        join = JoinQueue(self.reference, turn.language, self.priority, turn.urls.resume)
        return Wait((self._enqueue(turn.urls.resume, turn.urls.wait),), requests=(join,))

    def resume(self, turn: Turn, heard: Heard) -> Move:
        match heard:
            case Queued("hangup"):
                return End("caller hung up", ())
            case Queued("queue-full"):  # at Twilio
                return Leave("full", requests=(LeaveQueue("the queue is full"),))
            case Queued("error" | "system-error") if turn.progress.silences:
                return Leave("timed_out", requests=(LeaveQueue("Twilio could not let the caller wait"),))
            case Queued("error" | "system-error"):
                return self._again(turn, replace(turn.progress, silences=1))
        if turn.progress.noted:
            return Leave(turn.progress.noted)
        return self._look_back(turn, turn.place)

    def wait(self, turn: Turn, heard: Heard, loop: int) -> Wait | Leave:
        """Answer somebody who waits: a piece of the list, or out of the queue by an exit.

        The exit is "" where the call is to ask for its step, which knows how it goes on.
        """
        place, progress = turn.place, turn.progress
        if place is None or progress.noted:
            return Leave("")
        if place.state == EntryState.TALKING:  # on the way into the conversation
            return self._play(turn, progress, loop, may_choose=False)
        if place.state not in WAITING:
            return Leave("")
        chosen = by_keys(self.options, heard.digits) if isinstance(heard, Keys) else None
        if chosen is not None:
            name = self.options[chosen].exit
            return Leave(name, requests=(LeaveQueue(f"chose “{name}”"),))
        if place.state == EntryState.WAITING and self.longest and place.waited >= self.longest:
            return Leave("timed_out", requests=(LeaveQueue("waited long enough", timed_out=True),))
        status = turn.queues.get(place.queue)
        is_alone = self.unstaffed == "always" and (status is None or not status.staffed)
        progress = replace(progress, mistakes=progress.mistakes + 1 if is_alone else 0)
        if progress.mistakes >= UNSTAFFED_LOOKS:
            return Leave("unstaffed", requests=(LeaveQueue("nobody staffed"),))
        return self._play(turn, progress, loop, may_choose=True)

    def tells(self, loop: int) -> bool:
        """Whether the item of `loop` speaks of the place in line or of the time to wait."""
        count = len(self.wait_items)
        return count > 0 and self.wait_items[loop % count].kind in ("position", "estimate")

    def problems(self) -> Iterator[Problem]:
        if self.options:
            yield from option_problems(self, timeout=self._pause())
        for option in self.options:
            if option.words:
                yield self.error(
                    "words_while_waiting",
                    f"Option “{option.exit}” of step “{self.name}” has words; while they wait callers choose by key.",
                )
        if not any(item.prompt or item.kind in ("music", "pause") for item in self.wait_items):
            yield self.error("empty_wait", f"Callers hear nothing while they wait in step “{self.name}”.")

    def _look_back(self, turn: Turn, place: Place | None) -> Move:
        """Go by what became of the place in line, as after a conversation."""
        match place:
            case Place(state=EntryState.WAITING | EntryState.OFFERED):
                return self._again(turn, Progress(silences=turn.progress.silences))
            case Place(state=EntryState.TALKING) if turn.progress.index < MOST_LOOKS_BACK:
                # the conversation's end is told by other requests, which may be behind this one
                looked = Progress(phase="looking back", index=turn.progress.index + 1)
                return Stay((Pause(1), Redirect(_numbered(turn.here.resume, looked.index))), looked)
            case Place(state=EntryState.TIMED_OUT):
                return Leave("timed_out")
            case Place(destination=destination) if destination.startswith("step:"):
                _, flow, step = (*destination.split(":"), "", "")[:3]
                return GoTo(flow, step)
            case None:  # the last free place was taken by another at the same moment
                return Leave("full")
            case _:
                return Leave("answered")

    def _again(self, turn: Turn, progress: Progress) -> Move:
        return Stay((self._enqueue(turn.here.resume, turn.here.wait),), progress)

    def _enqueue(self, action: str, wait_url: str) -> Enqueue:
        return Enqueue(f"queue-{self.reference}", action, wait_url)

    def _play(self, turn: Turn, progress: Progress, loop: int, *, may_choose: bool) -> Wait:
        """Give the first item from `loop` on that has something to say now."""
        count = len(self.wait_items)
        said = (self._item(turn, self.wait_items[index % count]) for index in range(loop, loop + count))
        prompts = next(filter(None, said), (Pause(NOTHING_TO_PLAY),))
        verbs: tuple[Verb, ...] = prompts
        if may_choose and self.options:
            num_digits, finish_on_key = key_limits(self.options)
            gather = Gather(turn.urls.wait, prompts, "dtmf", self._pause(), finish_on_key, num_digits)
            verbs = (gather,)
        return Wait((*verbs, Redirect(turn.urls.wait)), progress)

    def _item(self, turn: Turn, item: WaitItem) -> tuple[Prompting, ...]:
        match item.kind, turn.told:
            case "pause", _:
                return (Pause(max(item.seconds, 1)),)
            case "position", Told(position=int(position)):
                return fill(turn.say(item.prompt), position=str(position))
            case "estimate", Told(minutes=(low, high)):
                return fill(turn.say(item.prompt), low=str(low), high=str(high))
            case "music", _:
                return turn.say(item.prompt) or (Play(turn.urls.music),)
            case "message", _:
                return turn.say(item.prompt)
            case _:
                return ()

    def _pause(self) -> int:
        """Seconds that a caller has for the next key: each is silence at the end of an item."""
        return 3 if any(len(option.keys) > 1 for option in self.options) else 1


def _numbered(address: str, look: int) -> str:
    """Make looks of one turn differ: the same request to the same address would be taken for a repeat of the first."""
    bare, mark, overrides = address.partition("#")
    return f"{bare}?look={look}{mark}{overrides}"
