"""One Dial while it lasts: whom it rings, who is connected, what is recorded, and how it went."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator import detection
from simulator.legs import NO_CALLBACK, Key, Leg, Source
from simulator.process import Inbox, Steps, Wait
from simulator.recordings import Recording, Wish
from simulator.ringing import place
from simulator.twiml import Verb
from simulator.verbs.nouns import Target
from simulator.verbs.record import recording_callback
from simulator.verbs.running import Running

DEFAULT_TIMEOUT, MIN_TIMEOUT, MAX_TIMEOUT = 30, 5, 600
DEFAULT_TIME_LIMIT = 14_400


@dataclass(frozen=True, slots=True)
class Answered:
    """A child leg was answered."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class Ready:
    """A child leg has heard its whisper and may be connected."""

    leg: Leg


@dataclass(slots=True)
class Outcome:
    """How a Dial went."""

    child: Leg | None = None
    failed: bool = False
    bridged: bool = False
    recording: Recording | None = None


def outcome_fields(running: Running, outcome: Outcome) -> dict[str, str]:
    """Return what a Dial's action is told."""
    child = outcome.child
    fields = {"DialBridged": "true" if outcome.bridged else "false"}
    if child is None:
        # Nothing was rung, or the caller left before the first ring.
        return fields | {"DialCallStatus": "failed" if outcome.failed else "canceled"}
    fields["DialCallSid"] = child.sid
    # A child that a REST request took away is no longer this Dial's: completed, and without a duration.
    fields["DialCallStatus"] = "completed" if child.live else child.status
    if child.answered is not None and not child.live:
        fields["DialCallDuration"] = str(child.duration)
    if child.to.startswith("sip:"):
        fields |= {"DialSipCallId": child.sid[2:18], "DialSipResponseCode": str(child.sip_code or 200)}
    if outcome.recording is not None:
        fields |= running.board.recorder.verb_fields(outcome.recording)
    return fields


class Attempt:
    """One Dial while it lasts."""

    def __init__(
        self,
        running: Running,
        verb: Verb,
        outcome: Outcome,
        *,
        caller_id: str = "",
        let_go: Callable[[Leg], None] | None = None,
    ) -> None:
        """`let_go` is how the other one is parted with at a star or the time limit; else by ending that leg."""
        self._running = running
        self._board = running.board
        self._leg = running.leg
        self._verb = verb
        self._caller_id = caller_id
        self._outcome = outcome
        self._let_go = let_go or running.board.end
        self._children: list[Leg] = []
        self._stars = verb.flag("hangupOnStar", False)

    def run(self, rung: list[Target]) -> Steps[None]:
        """Ring all together, or one after the other, until two legs were connected or nobody is left."""
        self._outcome.failed = not rung
        groups = [[target] for target in rung] if self._verb.flag("sequential", False) else [rung] if rung else []
        if self._record_setting().startswith("record-from-ringing"):
            self._start_recording(None)
        for group in groups:
            with self._running.listening(Key) as inbox:
                ready = yield from self._ring(group, inbox)
                if ready is not None:
                    yield from self.connect(ready, inbox)
            if self._outcome.bridged:
                break
        self._stop_recording()

    def abandon(self) -> None:
        """End whoever still rings or talks, because the caller's leg is gone or has other things to do."""
        live = [child for child in self._children if child.live]
        if live and not self._outcome.bridged:
            # The action names the one that was given up, not who had declined before.
            self._outcome.child = live[-1]
        self._cancel(self._children)
        self._stop_recording()

    def _ring(self, group: list[Target], inbox: Inbox) -> Steps[Leg | None]:
        """Return the child that may be connected, or None when nobody came through."""
        pending = [self._call(target, inbox) for target in group]
        self._children += pending
        self._board.hear(self._leg, "ring", "")
        self._board.do(self._leg, f"ringing {', '.join(child.to for child in pending)}")
        while pending:
            match (yield Wait(inbox=inbox)):
                case Key(digit="*") if self._stars:
                    self._cancel(pending)
                case Answered(leg=winner):
                    self._outcome.child = winner
                    self._cancel([child for child in pending if child is not winner])
                    pending = [winner]
                case Ready(leg=leg) if leg.live:
                    return leg
                case Leg() as over if over in pending:
                    pending.remove(over)
                    self._outcome.child = over
        return None

    def _cancel(self, children: list[Leg]) -> None:
        for child in children:
            if child.answered:
                self._board.end(child)
            else:
                self._board.end(child, "canceled", 487)

    def _call(self, target: Target, inbox: Inbox) -> Leg:
        child = self._board.new_leg(
            self._caller_id,
            target.address,
            "outbound-dial",
            phone=target.address,
            parent=self._leg,
            callback=target.callback,
        )
        child.shown, child.watcher, child.status = target.shown, inbox, "ringing"
        self._board.start(child, self._child(child, target, inbox))
        return child

    def _child(self, child: Leg, target: Target, inbox: Inbox) -> Steps[None]:
        answered = yield from place(self._board, child, self._timeout())
        if not answered:
            return
        inbox.put(Answered(child))
        if target.detect is not None:
            detection.begin(self._board, child, target.detect)
        if target.digits:
            yield from self._board.tones(child, target.digits)
        if target.url:
            child.whispering = True
            yield from self._board.run(self._board, child, Source(target.url, target.method))
            if not child.live:
                return
            child.whispering = False
        inbox.put(Ready(child))

    def connect(self, child: Leg, inbox: Inbox) -> Steps[None]:
        """Let the two hear each other until one has gone, and record that as the Dial says."""
        board = self._board
        self._running.answer()
        self._outcome.child, self._outcome.bridged = child, True
        self._start_recording(child)
        board.bridge(self._leg, child)
        limit = board.clock.now().timestamp() + self._verb.number("timeLimit", DEFAULT_TIME_LIMIT)
        while child.live and child.bridged is self._leg:
            left = max(0.0, limit - board.clock.now().timestamp())
            match (yield Wait(left, inbox, background=True)):
                case None:
                    self._let_go(child)
                case Key(digit="*") if self._stars:
                    self._let_go(child)
        board.unbridge(self._leg)

    def _timeout(self) -> int:
        timeout = self._verb.number("timeout", DEFAULT_TIMEOUT)
        if not MIN_TIMEOUT <= timeout <= MAX_TIMEOUT:
            self._running.warn(13212, f'timeout="{timeout}", {MIN_TIMEOUT} to {MAX_TIMEOUT}')
        return max(MIN_TIMEOUT, min(MAX_TIMEOUT, timeout))

    # Recording

    def _record_setting(self) -> str:
        setting = self._verb.get("record", "do-not-record")
        return {"true": "record-from-answer", "false": "do-not-record"}.get(setting, setting)

    def _start_recording(self, child: Leg | None) -> None:
        setting, recording = self._record_setting(), self._outcome.recording
        if recording is not None:
            recording.other = child
        elif setting != "do-not-record":
            track = self._verb.get("recordingTrack", "both")
            wish = Wish(
                source="DialVerb",
                channels=2 if setting.endswith("-dual") else 1,
                track="inbound" if track == "inbound" else "outbound" if track == "outbound" else "both",
                trim=self._verb.get("trim") == "trim-silence",
                callback=recording_callback(self._running, self._verb)
                if self._verb.get("recordingStatusCallback")
                else NO_CALLBACK,
            )
            self._outcome.recording = self._board.recorder.start(self._leg, wish, other=child)

    def _stop_recording(self) -> None:
        if self._outcome.recording is not None:
            self._board.recorder.finish(self._outcome.recording)
