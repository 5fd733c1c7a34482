"""Where legs are made, rung, answered, bridged and ended. Everything that changes a leg's state goes through here."""

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from simulator.callbacks import Callbacks
from simulator.clock import Clock
from simulator.conferences import Conferences
from simulator.edge import Edge
from simulator.exchanges import Exchanges, violation
from simulator.faults import Faults
from simulator.fields import status_fields
from simulator.hearing import Hearing
from simulator.legs import (
    NO_CALLBACK,
    Callback,
    Decision,
    Direction,
    Event,
    Heard,
    HeardKind,
    Key,
    Leg,
    Source,
    Speech,
    Status,
    Utterance,
    speaking_seconds,
)
from simulator.numbers import Application, Number, Phone
from simulator.prices import call_price
from simulator.process import HungUp, Process, Replaced, Steps, Wait
from simulator.queues import Queues
from simulator.recordings import Recorder, Recording, Voice
from simulator.sounds import Sound
from simulator.texting.documents import answer_text
from simulator.texting.texting import Texting
from simulator.webhooks import Webhooks

MAX_CALL_SECONDS = 14_400.0
SECONDS_TO_RATE = 60.0

RunDocuments = Callable[["Switchboard", Leg, Source], Steps[None]]
RunAside = Callable[["Switchboard", Leg, Source, frozenset[str]], Steps[int]]


class Switchboard:
    """The account's legs, numbers and phones, and the moves between their states."""

    def __init__(
        self,
        *,
        account_sid: str,
        clock: Clock,
        webhooks: Webhooks,
        callbacks: Callbacks,
        exchanges: Exchanges,
        faults: Faults,
        voice: Voice,
        keys: Mapping[str, str],
        dice: random.Random,
        fault_dice: random.Random,
        run: RunDocuments,
        run_aside: RunAside,
        changed: Callable[[], None],
        rest_base_url: str,
        calls_per_second: float,
        recording_delay: float,
    ) -> None:
        self.account_sid = account_sid
        self.clock = clock
        self.webhooks = webhooks
        self.callbacks = callbacks
        self.exchanges = exchanges
        self.faults = faults
        self.keys = keys
        self.dice = dice
        self.fault_dice = fault_dice
        self.run = run
        self._run_aside = run_aside
        self._tell_of_change = changed
        self.rest_base_url = rest_base_url
        self.legs: dict[str, Leg] = {}
        self.phones: dict[str, Phone] = {}
        self.numbers: dict[str, Number] = {}
        self.applications: dict[str, Application] = {}
        self.verified: set[str] = set()
        self.conferences = Conferences(self)
        self.edge = Edge(self)
        self.queues = Queues(clock, self.new_sid, self.changed)
        self.texting = Texting(self, answer_text)
        self.recorder = Recorder(
            account_sid=account_sid,
            clock=clock,
            callbacks=callbacks,
            voice=voice,
            new_sid=self.new_sid,
            base_url=rest_base_url,
            delay=recording_delay,
            changed=changed,
        )
        self.hearing = Hearing(clock, self.recorder)
        self._calls_per_second = calls_per_second
        self._next_slot = clock.now()

    @property
    def recordings(self) -> dict[str, Recording]:
        """All recordings by sid, oldest first."""
        return self.recorder.recordings

    def changed(self) -> None:
        """Let those who look know of a change, and those who hear each other hear no more than they should."""
        self.hearing.follow()
        self._tell_of_change()

    def new_sid(self, prefix: str) -> str:
        """Return a new id with Twilio's two-letter prefix."""
        return f"{prefix}{self.dice.getrandbits(128):032x}"

    def number(self, address: str) -> Number | None:
        """Return the account's number or SIP address with this address."""
        return next((number for number in self.numbers.values() if number.number == address), None)

    def may_call_from(self, address: str) -> bool:
        """Return whether the account may show this as caller ID: its own numbers and verified ones."""
        return address in self.verified or self.number(address) is not None

    # Making legs

    def new_leg(
        self,
        from_: str,
        to: str,
        direction: Direction,
        *,
        phone: str = "",
        parent: Leg | None = None,
        number: Number | None = None,
        callback: Callback = NO_CALLBACK,
        parameters: Mapping[str, str] | None = None,
        fallback: Source | None = None,
    ) -> Leg:
        """Add a leg that does nothing yet."""
        leg = Leg(
            sid=self.new_sid("CA"),
            from_=from_,
            to=to,
            direction=direction,
            created=self.clock.now(),
            phone=phone,
            parent=parent,
            number=number,
            callback=callback,
            parameters=parameters or {},
            fallback=fallback,
        )
        self.legs[leg.sid] = leg
        self.changed()
        return leg

    def receive(
        self, from_: str, number: Number, *, parameters: Mapping[str, str] | None = None, far: Leg | None = None
    ) -> Leg:
        """Let a call come in to one of the account's numbers; its voice URL is asked while it rings."""
        application = self.applications.get(number.setting("VoiceApplicationSid"))
        # An application's URLs count in place of the number's own.
        setting = application.setting if application else number.setting
        routed = {"ApplicationSid": application.sid} if application else {}
        fallback_url = setting("VoiceFallbackUrl")
        leg = self.new_leg(
            from_,
            number.number,
            "inbound",
            phone="" if far else from_,
            number=number,
            callback=Callback(setting("StatusCallback"), setting("StatusCallbackMethod") or "POST"),
            parameters={**(parameters or {}), **routed},
            fallback=Source(fallback_url, setting("VoiceFallbackMethod") or "POST") if fallback_url else None,
        )
        leg.far, leg.status, leg.started = far, "ringing", self.clock.now()
        self.hear(leg, "ring", "")
        voice_url = setting("VoiceUrl")
        if not voice_url:
            # Twilio ends such calls at once, without a word to anybody.
            self.exchanges.note(leg.sid, violation(0, "error", f"{number.number} has no voice URL: the call fails"))
            self.end(leg, "failed")
            return leg
        self.start(leg, self.run(self, leg, Source(voice_url, setting("VoiceMethod") or "POST")))
        return leg

    def take_slot(self, leg: Leg) -> None:
        """Give a call asked for by REST its turn: the account places only so many each second."""
        now = self.clock.now()
        slot = max(now, self._next_slot)
        self._next_slot = slot + timedelta(seconds=1 / self._calls_per_second)
        leg.queue_ms = round((slot - now).total_seconds() * 1000)

    def aside(self, leg: Leg, source: Source, verbs: frozenset[str]) -> Steps[int]:
        """Run documents of these verbs beside or inside a leg's own; return 0, or the error that ended them."""
        return self._run_aside(self, leg, source, verbs)

    def start(self, leg: Leg, steps: Steps[None]) -> None:
        """Give a leg something to do, instead of what it did."""
        leg.process = Process(self.clock, steps)

    def limit(self, leg: Leg, seconds: float) -> None:
        """End a leg after some seconds."""
        self.clock.call_later(seconds, lambda: self.end(leg), background=True)

    # Ringing

    def begin(self, leg: Leg) -> None:
        """Let an outgoing leg leave the queue."""
        leg.started = self.clock.now()
        self.emit(leg, "initiated")
        leg.doing = "connecting"

    def ring(self, leg: Leg) -> None:
        """Let an outgoing leg ring."""
        self._set_status(leg, "ringing", doing="ringing")
        self.emit(leg, "ringing")
        if leg.phone and self.number(leg.to) is None:
            self.hear(leg, "ring", "")

    def decide(self, leg: Leg, decision: Decision) -> None:
        """Tell a ringing leg what its phone does; without effect when it no longer rings."""
        if leg.decision is not None:
            leg.decision.put(decision)

    def answer(self, leg: Leg) -> None:
        """Answer a leg that is not answered yet."""
        if leg.status not in ("queued", "ringing"):
            return
        leg.answered = self.clock.now()
        self._set_status(leg, "in-progress", doing="connected")
        self.limit(leg, MAX_CALL_SECONDS)
        self.recorder.leg_answered(leg)
        if leg.direction != "inbound":
            self.emit(leg, "answered")
        elif leg.far is not None:
            self.decide(leg.far, "answer")

    # Ending

    def end(self, leg: Leg, status: Status = "completed", sip_code: int | None = None) -> None:
        """End a leg that has not ended yet: news, recordings, its partner and its verbs follow."""
        if not leg.live:
            return
        leg.ended = self.clock.now()
        leg.sip_code = sip_code or leg.sip_code
        self._set_status(leg, status, doing="")
        leg.decision = None
        self.recorder.leg_ended(leg)
        self.clock.call_later(SECONDS_TO_RATE, lambda: self._rate(leg), background=True)
        self.unbridge(leg)
        leg.withdraw("hung up")
        # A call that never left the queue makes no callback.
        if leg.started is not None:
            self.emit(leg, "completed")
        if leg.watcher is not None:
            leg.watcher.put(leg)
        if leg.process is not None:
            leg.process.interrupt(HungUp())
        if leg.far is not None:
            self._end_far(leg.far, leg)

    def _rate(self, leg: Leg) -> None:
        if leg.duration:
            leg.price, leg.updated = call_price(leg.to, leg.direction, leg.duration), self.clock.now()

    def _end_far(self, far: Leg, ended: Leg) -> None:
        if far.direction == "inbound":
            self.hang_up(far)
        elif far.status == "in-progress":
            self.end(far)
        else:
            decisions: dict[Status, Decision] = {"busy": "busy", "no-answer": "no-answer"}
            self.decide(far, decisions.get(ended.status, "failed"))

    def hang_up(self, leg: Leg) -> None:
        """Let the person on a leg put the phone down."""
        self.end(leg, "completed" if leg.status == "in-progress" else "no-answer")

    def replace(self, leg: Leg, source: Source) -> None:
        """Drop what a leg does and run another document on it; a bridge it was in ends, a conference it leaves."""
        if leg.watcher is not None:
            watcher, leg.watcher = leg.watcher, None
            watcher.put(leg)
        self.unbridge(leg)
        leg.withdraw("updated")
        leg.whispering = False
        if leg.process is not None:
            leg.process.interrupt(Replaced())
        self.start(leg, self.run(self, leg, source))

    # Talking

    def bridge(self, one: Leg, other: Leg) -> None:
        """Let two legs hear each other."""
        one.bridged, other.bridged = other, one
        just_now = self.clock.now() - timedelta(seconds=1)
        for leg, partner in ((one, other), (other, one)):
            leg.doing = f"bridged with {partner.phone or partner.to}"
            self.hear(leg, "note", f"Connected with {partner.phone or partner.to}")
            if partner.far is not None:
                # One of our own numbers begins to speak with its answer, a moment before the bridge.
                leg.heard += [heard for heard in partner.far.heard if heard.kind != "ring" and heard.at >= just_now]

    def unbridge(self, leg: Leg) -> None:
        """Take a leg and its partner apart."""
        if leg.bridged is not None:
            leg.bridged.bridged, leg.bridged = None, None
            self.changed()

    def hear(
        self, leg: Leg, kind: HeardKind, text: str, *, language: str = "", voice: str = "", url: str = ""
    ) -> Heard:
        """Let the person on a leg hear something; over two own numbers it travels to whoever is bridged there."""
        heard = Heard(at=self.clock.now(), kind=kind, text=text, language=language, voice=voice, url=url)
        leg.heard.append(heard)
        for other in leg.overhearers:
            other.heard.append(heard)
        self.changed()
        return heard

    def say(self, leg: Leg, utterance: Utterance, speech: Speech) -> None:
        """Let the person on a leg say something that has just begun."""
        leg.said.append(utterance)
        self.hearing.begin(leg, utterance)
        self._deliver(leg, speech)
        if leg.place is not None:
            leg.place.said(leg, utterance)
        for partner in leg.listeners:
            self.hear(partner, "person", speech.text)
            if partner.far is not None:
                self.say(partner.far, utterance, speech)

    def press(self, leg: Leg, digit: str) -> None:
        """Let the person on a leg press a key."""
        self._deliver(leg, Key(digit))
        for partner in leg.listeners:
            if partner.live:
                self.hear(partner, "note", "A key tone")
                if partner.far is not None:
                    self.press(partner.far, digit)

    def tones(self, leg: Leg, digits: str) -> Steps[None]:
        """Play key tones to a leg, with the pauses that w and W stand for."""
        self.hear(leg, "note", "Key tones")
        for digit in digits:
            if digit in "wW":
                yield Wait(0.5 if digit == "w" else 1.0)
            else:
                if leg.far is not None:
                    self._deliver(leg.far, Key(digit))
                yield Wait(0.2)

    @staticmethod
    def _deliver(leg: Leg, item: Key | Speech) -> None:
        if leg.inbox is not None and type(item) in leg.listens_for:
            leg.inbox.put(item)

    def speak_on(self, leg: Leg, text: str, voice: str = "", language: str = "") -> tuple[Heard, float]:
        """Let Twilio's voice begin a sentence on a leg; return what is heard and how long it takes."""
        heard, seconds = self.hear(leg, "say", text, language=language, voice=voice), speaking_seconds(text)
        heard.sound = self.sound_on(leg, lambda: self.recorder.voice.speech(text), seconds)
        return heard, seconds

    def sound_on(self, leg: Leg, make: Callable[[], bytes], seconds: float) -> Sound:
        """Let a leg's document begin to play something, heard by whoever hears the document."""
        sound = Sound(self.clock.now(), make, seconds)
        if leg.playing is not None:
            # A real voice may take longer than the simulated one: it stops where the next one begins.
            leg.playing.stop(sound.at)
        leg.playing = sound
        for other in (leg, *leg.overhearers):
            self.recorder.note(other, sound)
        return sound

    # News

    def emit(self, leg: Leg, event: Event) -> None:
        """Tell the application about an event of a leg, if it asked for that."""
        if leg.direction == "inbound" and event != "completed":
            return
        sequence, leg.sequence = leg.sequence, leg.sequence + 1
        if not leg.callback.wants(event):
            return
        fields = status_fields(self.account_sid, leg, event, sequence, self.clock.now())
        self.callbacks.send(leg, url=leg.callback.url, method=leg.callback.method, fields=fields)

    def _set_status(self, leg: Leg, status: Status, *, doing: str) -> None:
        leg.status, leg.doing, leg.updated = status, doing, self.clock.now()
        self.edge.follow(leg)
        self.changed()

    def do(self, leg: Leg, doing: str) -> None:
        """Say in a few words what a leg does now."""
        leg.doing = doing
        self.changed()

    def seconds_until(self, moment: datetime) -> float:
        """Return the seconds from now to a moment; 0 when it has passed."""
        return max(0.0, (moment - self.clock.now()).total_seconds())
