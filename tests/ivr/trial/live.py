"""The same script at the live webhooks: signed requests, made as each document of ours asks for them.

What is asked for next is read from the TwiML alone, and not from how a trial goes on; only the clock is the trial's:
each request comes at the second at which the trial has sent its answer.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from math import inf
from typing import TypeAlias
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from django.test import Client

from conferences.models import Conference
from conferences.room import Phase
from ivr.actions import look_ups
from ivr.models import LookUp, Visit
from ivr.states import OPEN
from ivr.trial.conditions import Conditions, HangUp, Input, Press, Say, Speak, StaySilent, Wait
from ivr.trial.told import Trial
from queues.models import Entry
from queues.states import EntryState
from recordings.models import Recorder
from recordings.recorder import RecorderState, RecorderWish
from tests.ivr.trial.house import ELSEWHERE
from tests.telephony.signing import post, sid

Form: TypeAlias = dict[str, str]
#: an address with the fields of the request to it; None where Twilio asks no more
Next: TypeAlias = tuple[str, Form] | None


class Over(Exception):
    """There is no input left, or the caller has hung up."""


class Caller:
    """Somebody who calls for real, as a trial does."""

    def __init__(
        self, trial: Trial, conditions: Conditions, inputs: Sequence[Input], *, clock: Callable[[datetime], None]
    ) -> None:
        self.client = Client(raise_request_exception=False)
        self.sid = sid()
        self.conditions = conditions
        self.inputs = list(inputs)
        self.seconds = [sent.second for sent in trial.documents]
        self.clock = clock
        self.documents: list[str] = []
        self.begun = 0.0

    def calls(self) -> list[str]:
        """Call, do all that is to be done, and give the documents that came back."""
        following: Next = ("/voice/inbound", {"CallStatus": "ringing"})
        try:
            while following is not None and len(self.documents) < 200:
                following = self._after(self._ask(*following))
        except Over:
            pass
        return self.documents

    @property
    def visit(self) -> Visit:
        return Visit.objects.get(call__sid=self.sid)

    # requests

    def _ask(self, address: str, fields: Form, *, leg: str = "") -> ET.Element:
        self._set_clock(self._next_second())
        parts = urlsplit(address)
        form = {
            "CallSid": leg or self.sid,
            "From": self.conditions.caller,
            "To": self.conditions.number,
            "Direction": "inbound",
            "CallStatus": "in-progress",
            **fields,
        }
        response = post(self.client, parts.path, form)
        assert response.status_code == 200, response.content
        self.documents.append(response.content.decode())
        self._outside()
        return ET.fromstring(response.content)

    def _next_second(self) -> float:
        return self.seconds[min(len(self.documents), len(self.seconds) - 1)]

    def _set_clock(self, second: float) -> None:
        self.clock(self.conditions.at + timedelta(seconds=second))

    def _outside(self) -> None:
        """Let happen what others would do after an answer: sources answer, recorders are paused."""
        for row in LookUp.objects.filter(call__sid=self.sid, state__in=OPEN):
            told = self.conditions.looked_up.get(str(row.source_id))
            if told is not None:
                kept = {name: told[name] for name in row.keep if name in told}
                look_ups.note(row.pk, kept, milliseconds=5, at=row.wanted_at)
        for recorder in Recorder.objects.filter(customer__sid=self.sid):
            paused = recorder.wants == RecorderWish.PAUSED
            Recorder.objects.filter(pk=recorder.pk).update(
                state=RecorderState.PAUSED if paused else RecorderState.RUNNING
            )

    def _input(self) -> Input:
        if not self.inputs:
            raise Over
        given = self.inputs.pop(0)
        if isinstance(given, HangUp):
            raise Over
        return given

    # documents

    def _after(self, document: ET.Element) -> Next:
        """Give what Twilio would ask for next."""
        for verb in document:
            match verb.tag:
                case "Gather":
                    found = self._gather(verb)
                    if found is not None:
                        return found
                case "Redirect" if verb.text == ELSEWHERE:
                    failed = "failed" in self.conditions.away.values()
                    return ("/voice/fallback", {"ErrorCode": "11200"}) if failed else None
                case "Redirect":
                    return verb.text or "", {}
                case "Dial":
                    return self._dial(verb)
                case "Record":
                    return self._record(verb)
                case "Enqueue":
                    return self._wait(verb)
                case "Hangup" | "Reject":
                    return None
        return None

    def _gather(self, gather: ET.Element) -> Next:
        kinds = gather.get("input", "dtmf").split()
        match self._input():
            case Press(keys) if "dtmf" in kinds:
                return self._keys(gather, keys)
            case Say(words, confidence) if "speech" in kinds and words:
                sure = {} if confidence is None else {"Confidence": str(confidence)}
                return gather.get("action", ""), {"SpeechResult": words, **sure}
        return None

    def _keys(self, gather: ET.Element, keys: str) -> Next:
        end = gather.get("finishOnKey", "#")
        digits, most = "", int(gather.get("numDigits", "0"))
        for key in keys:
            if key == end or (most and len(digits) == most):
                break
            digits += key
        return (gather.get("action", ""), {"Digits": digits}) if digits else None

    def _record(self, record: ET.Element) -> Next:
        """Hanging up is an action too, after which nobody hears the answer."""
        address, given = record.get("action", ""), self.inputs.pop(0) if self.inputs else None
        longest = int(record.get("maxLength", "3600"))
        match given:
            case None:
                raise Over
            case HangUp():
                return address, {"CallStatus": "completed", "RecordingUrl": "", "Digits": "hangup"}
            case Speak(seconds, hangs_up) if seconds:
                told = {"RecordingSid": "RE" + "0" * 32, "RecordingDuration": str(min(seconds, longest))}
                if hangs_up and seconds <= longest:
                    return address, {**told, "CallStatus": "completed", "Digits": "hangup"}
                return address, told
        return address, {"RecordingUrl": ""}

    def _dial(self, dial: ET.Element) -> Next:
        address = dial.get("action", "")
        if dial.find("Conference") is not None:
            self._talk()
            if self.conditions.rooms and next(iter(self.conditions.rooms.values())).closed:
                Conference.objects.update(phase=Phase.CLOSED)
            return address, {"DialCallStatus": "answered"}
        if not address:
            return None
        progress = self.visit.position
        words = self.conditions.rung.get(progress["step"], "").split() or ["answered"]
        word = words[min(progress["progress"]["index"], len(words) - 1)] if len(dial) == 1 else words[0]
        screen = dial[0].get("url")
        if word in ("answered", "declined"):
            if screen:
                leg = sid()
                asked = self._ask(screen, {}, leg=leg)
                gather = asked.find("Gather")
                if gather is not None:
                    self._ask(gather.get("action", ""), {"Digits": "1" if word == "answered" else "2"}, leg=leg)
            elif word == "declined":
                return address, {"DialCallStatus": "busy", "DialBridged": "false"}
            if word == "answered":
                self._talk()
            bridged = "true" if word == "answered" else "false"
            return address, {"DialCallStatus": "completed", "DialBridged": bridged}
        return address, {"DialCallStatus": word, "DialBridged": "false"}

    def _talk(self) -> None:
        while not isinstance(self._input(), StaySilent):
            pass

    def _wait(self, enqueue: ET.Element) -> Next:
        """Wait until somebody takes the call, or the document lets the caller go."""
        action, following = enqueue.get("action", ""), (enqueue.get("waitUrl", ""), Form())
        began, until = self.seconds[len(self.documents) - 1], self._next_second()
        queue = self.conditions.queues.get(enqueue.text.removeprefix("queue-") if enqueue.text else "")
        after = 20 if queue is None else queue.answered_after
        answered_at = inf if after is None else began + after
        while True:
            document = self._ask(*following)
            if document.find("Leave") is not None:
                return action, {"QueueResult": "leave"}
            redirect, gather = document.find("Redirect"), document.find("Gather")
            assert redirect is not None
            following = (redirect.text or "", {})
            ends = self._next_second() if len(self.documents) < len(self.seconds) else inf
            pressed: Next = None
            while pressed is None and until <= min(ends, answered_at) and until < answered_at:
                if until == ends and not isinstance(self.inputs[0] if self.inputs else None, Press):
                    break
                match self._input():
                    case StaySilent():
                        until = inf
                    case Wait(seconds):
                        until += seconds
                    case Press(keys) if gather is not None:
                        pressed = self._keys(gather, keys)
            if pressed is not None:
                following = pressed
            elif ends > answered_at or (ends == answered_at):
                Entry.objects.filter(call__sid=self.sid, state=EntryState.WAITING).update(state=EntryState.TALKING)
                self._talk()
                Entry.objects.filter(call__sid=self.sid, state=EntryState.TALKING).update(
                    state=EntryState.ANSWERED, ended_at=self.conditions.at
                )
                return action, {"DialCallStatus": "completed"}
