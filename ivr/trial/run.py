"""Run a call of a trial from its beginning: the same world, conditions and inputs always give the same. Pure."""

from collections.abc import Sequence

from ivr import engine
from ivr.carried import concluded
from ivr.document import Document
from ivr.engine import Outcome, Position
from ivr.kinds import consenting
from ivr.kinds.base import Dialed, Heard, Keys, Silence, Step
from ivr.kinds.call_back import CONFIRMING as CONFIRMING_NUMBER
from ivr.kinds.call_back import CallBack
from ivr.kinds.look_up import LookUp
from ivr.kinds.menu import CONFIRMING
from ivr.kinds.queue import Queue
from ivr.kinds.ring import Ring
from ivr.kinds.send_away import SENT_AWAY, SIP, SendAway
from ivr.kinds.sent import Referred, Unreached
from ivr.trial.conditions import Conditions, Input
from ivr.trial.phone import HungUp, Phone, Stopped
from ivr.trial.requesting import note_request
from ivr.trial.supposed import Supposed
from ivr.trial.told import Expects, Reached, Trial
from ivr.trial.waiting import Waiting
from ivr.trial.world import Addresses, World
from telephony import markup, twiml
from telephony.twiml import Dial, Enqueue, Gather, Hangup, Record, Redirect, Refer, Reject, Verb, Written, render

CALLER_HUNG_UP = "caller hung up"
#: seconds until a phone is picked up, found busy, or found not to be there
PICKED_UP, BUSY, FAILED = 4.0, 2.0, 1.0
#: what Twilio tells of ringing, by what is supposed
ENDED = {"busy": "busy", "no-answer": "no-answer", "failed": "failed"}
#: turns of a call; no flow comes near, as the engine counts its steps
MOST_TURNS = 3000


def run(world: World, conditions: Conditions, inputs: Sequence[Input], *, urls: Addresses) -> Trial:
    """Let a caller walk through `world.document`, doing one input after the other, and tell all that happens.

    Without an input where the caller would have to do something the trial stops there, and tells what is expected.
    """
    call = _Call(world, conditions, inputs, urls)
    expects = Expects("nothing")
    try:
        call.go()
    except Stopped as stopped:
        expects = stopped.expects
    except HungUp:
        call.phone.diary.note("hung up")
        call.ending = CALLER_HUNG_UP
    return call.trial(expects)


class _Call:
    """A call in the making."""

    def __init__(self, world: World, conditions: Conditions, inputs: Sequence[Input], urls: Addresses) -> None:
        self.urls = urls
        self.supposed = Supposed(world, conditions)
        self.phone = Phone(inputs, sounds=world.sounds, media=urls(1, 0).media, talk=conditions.talk)
        self.document: Document = world.document
        self.position: Position | None = None
        self.turn = 1
        self.ending = ""
        self.accepted = False
        self._owner = 0

    def go(self) -> None:
        """Ask for the first answer, and then for one after the other, as Twilio does."""
        facts = self.supposed.facts(self.document, None, None, 0.0)
        heard = self._take(engine.begin(self.document, facts=facts, urls=self.urls(1, 0)))
        for _turn in range(MOST_TURNS):
            if self.ending or heard is None:
                break
            heard = self._step(heard)
        self.ending = self.ending or CALLER_HUNG_UP  # a document that is over without more ends the call

    def trial(self, expects: Expects) -> Trial:
        diary = self.phone.diary
        diary.close()
        position = self.position
        reached = diary.reached or Reached("ended" if self.ending else "open", name=self.ending, second=diary.second)
        return Trial(
            moments=tuple(sorted(diary.moments, key=lambda one: one.second)),
            path=tuple(diary.path),
            stays=tuple(diary.stays),
            reached=reached,
            variables=position.variables if position else {},
            language=position.language if position else "",
            ending=self.ending,
            expects=expects,
            documents=tuple(diary.documents),
            used=self.phone.used,
            seconds=round(diary.second, 2),
        )

    def _step(self, heard: Heard) -> Heard | None:
        assert self.position is not None
        position, here = self.position, self.document.steps.get(self.position.step)
        facts = self.supposed.facts(self.document, position, heard, self.phone.diary.second, accepted=self.accepted)
        if isinstance(here, LookUp) and facts.asked is not None and facts.asked.answer is not None:
            self.phone.diary.note("answers", self.supposed.world.sources.get(here.reference, here.name))
        outcome = engine.step(
            self.document,
            position,
            heard,
            facts=facts,
            urls=self.urls(self.turn + 1, 0),
            here=self.urls(self.turn, 0),
        )
        if not outcome.stays:
            self.turn += 1
            self.accepted = False
        return self._take(outcome)

    def _take(self, outcome: Outcome) -> Heard | None:
        """Let the caller hear an answer, and give what the next request brings; None where there is none."""
        diary = self.phone.diary
        before = (diary.flow, diary.step)
        carried = self.supposed.carry_out(outcome.requests, diary.second)
        verbs, self.position = concluded(outcome, carried)
        self.document = outcome.document
        self.phone.sent(self.turn, render(verbs))
        for request in outcome.requests:
            note_request(diary, self.supposed, request, before, is_left=True)
        owners = outcome.owners + (outcome.position.steps,) * len(carried.verbs)
        todo = list(zip(verbs, owners, strict=True))
        for kind, data in outcome.events:
            match kind:
                case "entered":
                    self._owner += 1
                    diary.enter(str(data["flow"]), str(data["step"]), str(data["name"]), str(data["kind"]))
                case "left":
                    while todo and todo[0][1] <= self._owner:
                        self._perform(todo.pop(0)[0])
                    diary.leave(str(data["exit"]))
                case "failed":
                    diary.note("failed", f"{data['what']}: {data['detail']}")
        for request in outcome.requests:
            note_request(diary, self.supposed, request, (diary.flow, diary.step), is_left=False)
        heard: Heard | None = None
        for verb, _owner in todo:
            heard = self._perform(verb)
            if heard is not None or self.ending:
                break
        if outcome.ending:
            self.ending = outcome.ending
            diary.note("hung up" if outcome.ending == CALLER_HUNG_UP else "ended", outcome.ending)
            return None
        return heard

    def _perform(self, verb: Verb) -> Heard | None:
        """Do what Twilio does with a verb; None where it goes on with the next one."""
        match verb:
            case twiml.Say() | twiml.Play() | twiml.Pause():
                self.phone.hear(verb)
            case Gather(prompts=prompts):
                for prompt in prompts:
                    self.phone.hear(prompt)
                return self.phone.gather(verb, self._expects(verb))
            case Record():
                diary, step = self.phone.diary, self._here()
                if step is not None:
                    diary.reach("mailbox", self.supposed.world.mailboxes.get(step.reference, step.name))
                return self.phone.record(verb, Expects("message", diary.flow, diary.step))
            case Enqueue():
                return self._wait()
            case Dial(nouns=nouns):
                if any(isinstance(noun, twiml.Conference) for noun in nouns):
                    return self._meet()
                return self._ring(verb)
            case Written(xml=xml):
                return self._written(xml)
            case Redirect(url=url):
                step = self._here()
                return self._send_away(step) if isinstance(step, SendAway) and url == step.address else Silence()
            case Refer():
                return self._send_away(self._here())
            case Hangup() | Reject() | twiml.Leave():
                pass
        return None

    def _here(self) -> Step | None:
        return self.document.steps.get(self.position.step) if self.position else None

    def _expects(self, gather: Gather) -> Expects:
        """Tell what the caller may answer to a question."""
        diary, step = self.phone.diary, self._here()
        phase = self.position.progress.phase if self.position else ""
        keys: tuple[tuple[str, str], ...] = ()
        if phase == consenting.ASKING:
            keys = ((consenting.YES, "yes"), (consenting.NO, "no"))
        elif isinstance(step, CallBack) and phase == CONFIRMING_NUMBER:
            keys = (("1", "yes"), ("2", "another number"))
        elif phase == CONFIRMING:
            keys = (("1", "yes"),)
        elif step is not None:
            keys = tuple((option.keys, option.exit) for option in step.options if option.keys)
        return Expects(
            "answer",
            diary.flow,
            diary.step,
            keys,
            gather.num_digits or 0,
            presses="dtmf" in gather.input,
            words="speech" in gather.input,
            seconds=5 if gather.timeout is None else gather.timeout,
        )

    # people

    def _wait(self) -> Heard | None:
        assert self.position is not None
        if not isinstance(self._here(), Queue):
            return None
        waiting = Waiting(self.phone, self.supposed, self.document, self.position, self.turn, self.urls)
        try:
            return waiting.go()
        finally:
            self.position = waiting.position

    def _meet(self) -> Heard:
        diary, step = self.phone.diary, self._here()
        known = self.supposed.world.rooms.get(step.reference) if step else None
        diary.reach("room", known.name if known else "")
        diary.note("meets", known.name if known else "")
        seconds = self.phone.talk(Expects("meet", diary.flow, diary.step))
        return Dialed("answered", bridged=True, seconds=int(seconds))

    def _written(self, xml: str) -> Heard | None:
        """Do what somebody has written. What leads to an address of others is not known to come back."""
        for verb in markup.verbs(xml):
            match verb:
                case Redirect(url=url) if url != self.urls(self.turn, 0).resume:
                    self.phone.diary.note("sent away", url)
                    self.phone.diary.reach("away", url)
                    self.ending = SENT_AWAY
                    return None
                case Dial(action=action):
                    dialed = self._dial(verb)
                    heard = dialed if action else None
                case _:
                    heard = self._perform(verb)
            if heard is not None or self.ending:
                return heard
        return None

    def _dial(self, dial: Dial) -> Heard:
        """Ring people as the conditions say, without asking them anything."""
        diary, step = self.phone.diary, self._here()
        names = ", ".join(map(_target, dial.nouns))
        word = self.supposed.rung(step.id if step else "", 0)
        if word != "answered":
            diary.note("rings", names, seconds=float(dial.timeout or 30) if word == "no-answer" else BUSY)
            diary.note("rung", word)
            return Dialed(ENDED.get(word, "busy"), bridged=False)
        diary.note("rings", names, seconds=PICKED_UP)
        diary.note("rung", "answered")
        return Dialed("completed", bridged=True, seconds=self._talk(names))

    def _talk(self, names: str) -> int:
        diary = self.phone.diary
        diary.reach("person", names)
        diary.note("talks", names)
        return int(self.phone.talk(Expects("talk", diary.flow, diary.step)))

    def _send_away(self, step: Step | None) -> Heard | None:
        """Give what is told of a call that is to go on elsewhere; None where it does."""
        if not isinstance(step, SendAway):
            return None
        diary = self.phone.diary
        diary.note("sent away", step.address)
        match self.supposed.conditions.away.get(step.id, "taken"):
            case "taken":
                diary.reach("away", step.address)
                self.ending = SENT_AWAY
                return None
            case "refused":
                return Referred("failed", "603")
            case _:
                return Referred("failed", "") if step.to == SIP else Unreached("")

    def _ring(self, dial: Dial) -> Heard | None:
        """Ring people as the conditions say; None where it is the last that a call does that has failed."""
        diary, step = self.phone.diary, self._here()
        names = ", ".join(map(_target, dial.nouns))
        if not isinstance(step, Ring) or self.position is None:
            diary.note("rings", names, seconds=PICKED_UP)
            return None
        in_turn = step.order == "in_turn"
        word = self.supposed.rung(step.id, self.position.progress.index if in_turn else 0)
        if word == "declined" and not step.screening:
            word = "busy"  # as a phone is that refuses a call
        if word in ("answered", "declined"):
            diary.note("rings", names, seconds=PICKED_UP)
            return self._pick_up(step, names, takes=word == "answered")
        seconds = {"busy": BUSY, "failed": FAILED}.get(word, float(dial.timeout or 30))
        diary.note("rings", names, seconds=seconds)
        diary.note("rung", word)
        return Dialed(ENDED.get(word, "no-answer"), bridged=False)

    def _pick_up(self, step: Ring, names: str, *, takes: bool) -> Heard:
        diary = self.phone.diary
        if step.screening or step.prompts.get("whisper"):
            self._screen(None)
        if step.screening:
            self._screen(Keys("1") if takes else Keys("2"))
        if not takes:
            diary.note("rung", "declined")
            return Dialed("completed", bridged=False)
        diary.note("rung", "answered")
        self.accepted = step.screening
        return Dialed("completed", bridged=True, seconds=self._talk(names))

    def _screen(self, heard: Keys | None) -> None:
        """Let somebody who is rung hear what is asked of them."""
        assert self.position is not None
        screening = engine.screen(self.document, self.position, heard, urls=self.urls(self.turn, 0))
        self.phone.sent(self.turn, render(screening.verbs), to="rung")
        for verb in screening.verbs:
            for said in verb.prompts if isinstance(verb, Gather) else (verb,):
                if isinstance(said, twiml.Say | twiml.Play):
                    text = said.text if isinstance(said, twiml.Say) else said.url or ""
                    self.phone.diary.note("whispered", text, seconds=self.phone.length(said))


def _target(noun: object) -> str:
    match noun:
        case twiml.Number(number=number):
            return number
        case twiml.Client(identity=identity):
            return f"client:{identity}"
        case twiml.Sip(uri=uri):
            return uri
        case _:
            return ""
