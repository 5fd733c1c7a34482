"""The simulator as one object: set it up, be the people on the phones, look at what happened, answer REST."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from simulator.audio_tracks import read_wav
from simulator.callbacks import Callbacks
from simulator.clock import Clock, RealClock, VirtualClock
from simulator.edge import Edge
from simulator.exchanges import Exchanges, Violation
from simulator.faults import Faults
from simulator.legs import Leg, Speech, Utterance
from simulator.numbers import Habit, Number, Phone, Texts, formatted, is_e164
from simulator.planting import plant
from simulator.recordings import Recording, Voice
from simulator.rest import NoAnswer, RestResponse
from simulator.rest.api import Api
from simulator.session import run_aside, run_documents
from simulator.showing import people, snapshot
from simulator.switchboard import Switchboard
from simulator.texting.messages import Message
from simulator.texting.people import CannotWrite, write
from simulator.texting.services import Service
from simulator.transport import (
    ConnectFailed,
    HttpReply,
    HttpRequest,
    ReadTimedOut,
    RequestsTransport,
    Transport,
)
from simulator.webhooks import Webhooks

__all__ = [
    "Clock", "ConnectFailed", "Faults", "Habit", "HttpReply", "HttpRequest", "Leg", "NoAnswer", "ReadTimedOut",
    "RealClock", "RequestsTransport", "RestResponse", "Service", "Simulator", "SimulatorError", "Transport",
    "VirtualClock", "Voice",
]  # fmt: skip

KEYS = frozenset("0123456789*#")
WAITS = {"w": 0.5, "W": 1.0}
ASKS = Habit()
LONGEST_RECORDING = 86_400


class SimulatorError(Exception):
    """Raise when people ask for what cannot be done; the text is one clear sentence for them."""


class Simulator:
    """A small Twilio. Every method may be called from any thread when the clock is a `RealClock`."""

    def __init__(
        self,
        *,
        account_sid: str,
        auth_token: str,
        transport: Transport,
        clock: Clock,
        voice: Voice,
        seed: int = 0,
        api_keys: Mapping[str, str] | None = None,
        faults: Faults | None = None,
        rest_base_url: str = "https://api.twilio.com",
        calls_per_second: float = 1.0,
        recording_delay: float = 2.0,
    ) -> None:
        """`rest_base_url` is where this simulator's REST API is reached: it stands in every RecordingUrl."""
        self.faults = faults or Faults()
        self.clock = clock
        self._voice = voice
        self._subscribers: list[Callable[[], None]] = []
        # Faults have dice of their own, so that they can be thrown again alike while SIDs stay new.
        dice, self._fault_dice = random.Random(seed), random.Random(seed)
        self.exchanges = Exchanges(clock.now, self._changed)
        webhooks = Webhooks(
            auth_token=auth_token, transport=transport, clock=clock, exchanges=self.exchanges, dice=dice
        )
        callbacks = Callbacks(
            webhooks=webhooks, clock=clock, exchanges=self.exchanges, faults=self.faults, dice=self._fault_dice
        )
        self._board = Switchboard(
            account_sid=account_sid,
            clock=clock,
            webhooks=webhooks,
            callbacks=callbacks,
            exchanges=self.exchanges,
            faults=self.faults,
            voice=voice,
            keys=api_keys or {},
            dice=dice,
            fault_dice=self._fault_dice,
            run=run_documents,
            run_aside=run_aside,
            changed=self._changed,
            rest_base_url=rest_base_url,
            calls_per_second=calls_per_second,
            recording_delay=recording_delay,
        )
        self._api = Api(
            self._board, auth_token=auth_token, api_keys=api_keys or {}, faults=self.faults, dice=self._fault_dice
        )

    # Setting up

    def add_number(
        self,
        number: str,
        *,
        voice_url: str = "",
        voice_fallback_url: str = "",
        status_callback: str = "",
        sms_url: str = "",
        sms_fallback_url: str = "",
        friendly_name: str = "",
    ) -> str:
        """Give the account a number (or a "sip:" address) and return its PN sid."""
        if not is_e164(number) and not number.startswith("sip:"):
            raise SimulatorError(f"{number} is neither a number in E.164 form nor a sip: address.")
        if voice_fallback_url and not voice_url:
            raise SimulatorError("A fallback URL needs a voice URL beside it.")
        with self.clock.lock:
            now = self.clock.now()
            known = self._board.number(number)
            item = Number(
                sid=known.sid if known else self._board.new_sid("PN"),
                number=number,
                created=known.created if known else now,
                updated=now,
                friendly_name=friendly_name or formatted(number),
                settings={
                    "VoiceUrl": voice_url,
                    "VoiceFallbackUrl": voice_fallback_url,
                    "StatusCallback": status_callback,
                    "SmsUrl": sms_url,
                    "SmsFallbackUrl": sms_fallback_url,
                },
            )
            self._board.numbers[item.sid] = item
            self._changed()
            return item.sid

    def add_phone(self, address: str, *, name: str = "", habit: Habit = ASKS, texts: Texts = "delivered") -> None:
        """Put a phone into somebody's hand; an address that is already there gets the new name and habits."""
        with self.clock.lock:
            if self._board.number(address) is not None:
                raise SimulatorError(f"{address} is one of the account's numbers; nobody can hold it.")
            self._board.phones[address] = Phone(address, name or formatted(address), habit, texts)
            self._board.texting.phone_changed(address)
            self._changed()

    def add_service(self, service: Service) -> None:
        """Give the account a messaging service."""
        with self.clock.lock:
            self._board.texting.services[service.sid] = service

    def add_caller_id(self, number: str) -> None:
        """Let the account show a number that is not its own: a verified caller ID."""
        self._board.verified.add(number)

    def restore(self, recording: Recording) -> None:
        """Put a finished recording of an earlier run back."""
        with self.clock.lock:
            self._board.recordings[recording.sid] = recording
            self._changed()

    def plant(
        self,
        *,
        seconds: float,
        channels: int = 2,
        count: int = 1,
        from_: str = "",
        to: str = "",
        callback: str = "",
    ) -> list[str]:
        """Add finished recordings with made-up sound, each of a call of its own; return their sids, oldest first.

        Their audio is the same each time, needs no memory, and is told of to `callback` as Twilio does.
        """
        if not 0 < seconds <= LONGEST_RECORDING or channels not in (1, 2) or count < 1:
            raise SimulatorError("A recording has one or two channels and lasts up to 24 hours.")
        with self.clock.lock:
            sids = plant(
                self._board, seconds=seconds, channels=channels, count=count, from_=from_, to=to, callback=callback
            )
        self.clock.settle()
        return sids

    def reseed_faults(self, seed: int) -> None:
        """Let the faults from now on be those of a seed."""
        with self.clock.lock:
            self._fault_dice.seed(seed)

    # Being the people

    def dial(self, from_: str, to: str, *, parameters: Mapping[str, str] | None = None, passing: bool = False) -> str:
        """Call one of the account's numbers and return the inbound leg's CallSid.

        A new `from_` becomes a phone that stays, unless the caller is only passing by.
        """
        with self.clock.lock:
            number = self._board.number(to)
            if number is None:
                raise SimulatorError(f"{to} is not one of the account's numbers.")
            if not from_ or self._board.number(from_) is not None:
                raise SimulatorError("The caller needs a phone of their own.")
            if from_ not in self._board.phones and not passing:
                self.add_phone(from_)
            leg = self._board.receive(from_, number, parameters=parameters)
        self.clock.settle()
        return leg.sid

    def press(self, call_sid: str, digits: str) -> None:
        """Press keys, all at once; "w" waits half a second, "W" a second. What nobody listens for is lost."""
        if not digits or not (KEYS | WAITS.keys()).issuperset(digits):
            raise SimulatorError("A phone has the keys 0 to 9, * and #.")
        with self.clock.lock:
            leg = self._on_the_line(call_sid, "press")
            after = 0.0
            for digit in digits:
                if digit in WAITS:
                    after += WAITS[digit]
                else:
                    self.clock.call_later(after, partial(self._board.press, leg, digit))
        self.clock.settle()

    def speak(self, call_sid: str, text: str, *, confidence: float = 0.92) -> None:
        """Say a sentence into the phone; what is still being said is said to the end first."""
        if not text.strip():
            raise SimulatorError("There is nothing to say.")
        pcm = self._voice.speech(text)
        self._say(call_sid, pcm, text, confidence)

    def speak_audio(self, call_sid: str, wav: bytes, text: str = "") -> None:
        """Say what a WAV file holds (8 kHz, mono, 16 bit); `text` is what speech recognition makes of it."""
        try:
            pcm = read_wav(wav)
        except ValueError as error:
            raise SimulatorError(str(error)) from error
        self._say(call_sid, pcm, text, 0.92)

    def _say(self, call_sid: str, pcm: bytes, text: str, confidence: float) -> None:
        with self.clock.lock:
            leg = self._on_the_line(call_sid, "speak")
            now = self.clock.now()
            begin = max([now, *(said.at + timedelta(seconds=said.seconds) for said in leg.said[-1:])])
            utterance = Utterance(begin, pcm)
            speech = Speech(text, confidence, begin + timedelta(seconds=utterance.seconds))

            def start() -> None:
                if leg.live:
                    self._board.say(leg, utterance, speech)

            self.clock.call_later((begin - now).total_seconds(), start)
        self.clock.settle()

    def answer(self, call_sid: str) -> None:
        """Take the call."""
        with self.clock.lock:
            self._board.decide(self._on_the_line(call_sid, "answer"), "answer")
        self.clock.settle()

    def decline(self, call_sid: str) -> None:
        """Refuse the call."""
        with self.clock.lock:
            self._board.decide(self._on_the_line(call_sid, "decline"), "decline")
        self.clock.settle()

    def hang_up(self, call_sid: str) -> None:
        """Put the phone down."""
        with self.clock.lock:
            self._board.hang_up(self._on_the_line(call_sid, "hang_up"))
        self.clock.settle()

    def text(self, from_: str, to: str, body: str = "", media: Sequence[tuple[str, bytes]] = ()) -> str:
        """Write to one of the account's numbers and return the message's sid; media are types and contents."""
        with self.clock.lock:
            number = self._board.number(to)
            if number is None or not is_e164(to):
                raise SimulatorError(f"{to} is not one of the account's numbers.")
            if from_ not in self._board.phones:
                self.add_phone(from_)
            try:
                sid = write(self._board, from_, number, body, media)
            except CannotWrite as error:
                raise SimulatorError(str(error)) from error
        self.clock.settle()
        return sid

    def _on_the_line(self, call_sid: str, what: str) -> Leg:
        leg = self.leg(call_sid)
        if what not in leg.can:
            possible = ", ".join(leg.can).replace("_", " ") or "nothing"
            words = what.replace("_", " ")
            raise SimulatorError(
                f"{leg.phone or leg.to} cannot {words}: the call is {leg.status}, possible is {possible}."
            )
        return leg

    # Looking

    @property
    def edge(self) -> Edge:
        """The browser phones."""
        return self._board.edge

    def leg(self, call_sid: str) -> Leg:
        """Return a leg; its `status`, `heard` and `heard_text` tell how it went."""
        try:
            return self._board.legs[call_sid]
        except KeyError:
            raise SimulatorError(f"There is no call {call_sid}.") from None

    def legs(self, address: str = "") -> list[Leg]:
        """Return all legs, oldest first, or those of the person with this address."""
        return [leg for leg in self._board.legs.values() if address in ("", leg.phone)]

    def ringing(self, address: str) -> str:
        """Return the CallSid of the leg that rings at this phone."""
        found = next((leg for leg in reversed(self.legs(address)) if leg.decision is not None), None)
        if found is None:
            raise SimulatorError(f"{address} does not ring.")
        return found.sid

    @property
    def messages(self) -> list[Message]:
        """All texts, oldest first; Twilio's own answers to STOP and the like too."""
        return list(self._board.texting.messages.values())

    def inbox(self, address: str) -> list[str]:
        """Return what a phone has got by text, oldest first."""
        return [message.body for message in self.messages if message.to == address and message.status == "delivered"]

    @property
    def recordings(self) -> list[Recording]:
        """All recordings, oldest first."""
        return list(self._board.recordings.values())

    @property
    def violations(self) -> list[Violation]:
        """Everything that Twilio would have complained about so far; faults of ours are not among it."""
        found = [entry for exchange in self.exchanges for entry in exchange.violations]
        return [entry for entry in found if not entry.text.startswith("Fault")]

    def snapshot(self, since: int = 0) -> dict[str, Any]:
        """Return everything as JSON-able data; exchanges only with an id above `since`."""
        with self.clock.lock:
            return snapshot(self._board, since)

    def people(self) -> dict[str, Any]:
        """Return what people can know of their own live calls: little enough to be asked for often."""
        with self.clock.lock:
            return people(self._board)

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back, without arguments, after each change; return the function that ends this."""
        self._subscribers.append(callback)

        def unsubscribe() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return unsubscribe

    def _changed(self) -> None:
        for callback in tuple(self._subscribers):
            callback()

    # REST and time

    def rest(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]],
        form: Sequence[tuple[str, str]],
        authorization: str,
    ) -> RestResponse:
        """Answer a REST request; `path` begins with /2010-04-01/. Raise `NoAnswer` when a fault says so.

        On a virtual clock what the request sets going happens at the next `advance` or `run_until_idle`.
        """
        with self.clock.lock:
            return self._api.handle(method, path, query, form, authorization)

    def advance(self, seconds: float) -> None:
        """Move a virtual clock on."""
        self._virtual().advance(seconds)

    def run_until_idle(self, limit: float = 3600) -> None:
        """Let a virtual clock run until only people could change anything (see `VirtualClock.run_until_idle`).

        Time-outs are events too: a Gather that waits and a phone that rings run into theirs. Connected legs are idle.
        """
        self._virtual().run_until_idle(limit)

    def _virtual(self) -> VirtualClock:
        if not isinstance(self.clock, VirtualClock):
            raise SimulatorError("Only a virtual clock can be moved.")
        return self.clock
