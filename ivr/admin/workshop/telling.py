"""A trial in words: what is heard and done, where the caller ends, and what they may do now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ivr.kinds.base import Step
from ivr.prompts import ssml
from ivr.scenarios.words import exit_label, find_step
from ivr.trial.conditions import Conditions
from ivr.trial.told import Expects, Moment, Reached, Sent, Stay, Trial
from ivr.trial.world import World
from telephony import numbers

#: rows of a transcript; of a longer one the middle is left out
MOST_ROWS = 120

RUNG = {
    "busy": lazy("Busy."),
    "no-answer": lazy("Nobody answers."),
    "failed": lazy("Cannot be rung."),
    "declined": lazy("The call is refused."),
    "answered": lazy("Somebody answers."),
}
CALL_BACKS = {
    "stored": lazy("The wish to be called back is kept."),
    "present": lazy("The caller is to be called back already."),
    "refused": lazy("That number is not called back."),
    "failed": lazy("The wish to be called back could not be kept."),
}
CONSENTS = {
    "told": lazy("The caller was told of the recording."),
    "agreed": lazy("The caller agrees to be recorded."),
    "refused": lazy("The caller does not want to be recorded."),
    "silent": lazy("The caller does not say whether they may be recorded."),
}
REASONS = {
    "completed": lazy("The flow ends the call."),
    "closed": lazy("The flow ends the call, because it is closed."),
    "abuse": lazy("The flow ends the call, because of abuse."),
    "other": lazy("The flow ends the call."),
    "busy": lazy("The call is refused: the caller hears that it is busy."),
    "rejected": lazy("The call is refused before it is answered."),
    "failed": lazy("The flow could not go on: the caller hears the emergency text of the line."),
    "caller hung up": lazy("The caller hangs up."),
    "sent away": lazy("The call is handled elsewhere from here on."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A moment in words. `says` is what a voice reads, `sound` the hash of a sound; `by` tells whose it is."""

    clock: str
    text: str
    by: str = "call"  # caller, flow, rung or call
    says: str = ""
    language: str = ""
    sound: str = ""
    step: str = ""
    flow: str = ""
    name: str = ""
    is_new: bool = False


def in_short(conditions: Conditions) -> str:
    """Tell what is supposed of a call, in a few words."""
    at = conditions.at.astimezone(ZoneInfo(conditions.zone))
    who = _("hidden number") if numbers.is_withheld(conditions.caller) else numbers.show(conditions.caller)
    return f"{date_format(at, 'D j M Y, H:i')}, {who}"


def clock(second: float) -> str:
    """Write a second of the call as people do, 1:05."""
    minutes, seconds = divmod(int(second), 60)
    return f"{minutes}:{seconds:02}"


def rows(trial: Trial, world: World, *, known: int) -> Iterator[Row | None]:
    """Give a trial's moments, None where some are left out; the first `known` were there before."""
    names = names_of(world)
    last: tuple[str, str] | None = None
    count = len(trial.moments)
    for index, moment in enumerate(trial.moments):
        if count > MOST_ROWS and MOST_ROWS // 2 <= index < count - MOST_ROWS // 2:
            if index == MOST_ROWS // 2:
                yield None
            continue
        here = (moment.flow, moment.step)
        yield _row(moment, names.get(here, "") if here != last else "", is_new=index >= known)
        last = here


def known_before(trial: Trial, before: Trial | None) -> int:
    """Count the moments at the beginning that both trials share."""
    moments = before.moments if before else ()
    same = takewhile(lambda pair: pair[0] == pair[1], zip(trial.moments, moments, strict=False))
    return sum(1 for _pair in same)


def names_of(world: World) -> Mapping[tuple[str, str], str]:
    """Give the names of all steps, with that of their flow where it is another one."""
    return {
        (one.flow, step.id): step.name if one is world.document else f"{one.flow_name}: {step.name}"
        for one in world.documents
        for step in one.steps.values()
    }


def _row(moment: Moment, name: str, *, is_new: bool) -> Row:
    by, text = _words(moment)
    spoken = moment.what in ("heard", "whispered")
    return Row(
        clock(moment.second),
        text,
        by,
        says=moment.text if spoken else "",
        language=moment.language,
        sound=moment.audio,
        step=moment.step,
        flow=moment.flow,
        name=name,
        is_new=is_new,
    )


def _words(moment: Moment) -> tuple[str, str]:
    """Give whose moment it is, and what happens."""
    text = moment.text
    match moment.what:
        case "heard":
            return "flow", " ".join((ssml.bare(text) if ssml.is_markup(text) else text).split())
        case "sound":
            return "flow", _("A sound is played.") if moment.audio else _("Music plays.")
        case "pause":
            return "call", _("Silence, %(seconds)d seconds.") % {"seconds": round(moment.seconds)}
        case "pressed":
            return "caller", _("Presses %(keys)s.") % {"keys": text}
        case "said":
            return "caller", _("Says “%(words)s”.") % {"words": text}
        case "silent":
            return "caller", _("Does nothing for %(seconds)d seconds.") % {"seconds": round(moment.seconds)}
        case "speaks":
            return "caller", _("Speaks for %(seconds)d seconds.") % {"seconds": round(moment.seconds)}
        case "hung up":
            return "caller", _("Hangs up.")
        case "rings":
            return "call", _("It rings: %(whom)s.") % {"whom": text}
        case "whispered":
            return "rung", _("Who is rung hears: “%(words)s”") % {"words": text}
        case "rung":
            return "rung", str(RUNG.get(text, text))
        case "joined":
            return "call", _("Waits in the queue “%(queue)s”.") % {"queue": text}
        case "left":
            return "call", _("Leaves the queue “%(queue)s”.") % {"queue": text}
        case "talks":
            return "call", _("Talks with somebody: %(whom)s.") % {"whom": text}
        case "meets":
            return "call", _("Is in the room “%(room)s”.") % {"room": text}
        case "asked":
            return "call", _("“%(source)s” is asked.") % {"source": text}
        case "answers":
            return "call", _("“%(source)s” answers.") % {"source": text}
        case "unanswered":
            return "call", _("No usable answer in time.")
        case "texted":
            return "call", _("A text message is sent: “%(words)s”") % {"words": text}
        case "not texted":
            return "call", _("No text message is sent.")
        case "called back":
            return "call", str(CALL_BACKS.get(text, text))
        case "consent":
            return "call", str(CONSENTS.get(text, text))
        case "message":
            return "call", _("The message goes to the mailbox “%(mailbox)s”.") % {"mailbox": text}
        case "missed":
            return "call", _("No message for the mailbox “%(mailbox)s”.") % {"mailbox": text}
        case "sent away":
            return "call", _("Is sent to %(address)s.") % {"address": text}
        case "failed":
            return "call", _("The flow cannot go on. %(why)s") % {"why": text}
        case "ended":
            return "call", str(REASONS.get(text, text))
        case "waits":
            return "caller", _("Waits.")


def end(reached: Reached, trial: Trial) -> str:
    """Tell where the caller comes to."""
    at = {"name": reached.name, "clock": clock(reached.second)}
    match reached.kind:
        case "person":
            said = _("The caller reaches a person after %(clock)s: %(name)s.") % at
        case "mailbox":
            said = _("The caller reaches the mailbox “%(name)s” after %(clock)s.") % at
        case "room":
            said = _("The caller reaches the conference room “%(name)s” after %(clock)s.") % at
        case "callback":
            said = _("The caller is to be called back, by the queue “%(name)s”, after %(clock)s.") % at
        case "away":
            said = _("The call is sent to %(name)s after %(clock)s.") % at
        case "waiting":
            said = (
                _("The caller waits in “%(name)s” and nothing ever happens: nobody comes, and no limit ends it.") % at
            )
        case "ended":
            return _("%(reason)s That is after %(clock)s, and the caller has reached nobody.") % {
                "reason": REASONS.get(trial.ending, trial.ending),
                "clock": clock(trial.seconds),
            }
        case "open":
            return _("The call goes on.")
    return f"{said} {REASONS.get(trial.ending, trial.ending)}" if trial.ending else said


def now(expects: Expects) -> str:
    """Tell what the caller may do now."""
    match expects.may:
        case "answer":
            if expects.words and expects.presses:
                return _("The flow waits for a key or for words.")
            return _("The flow waits for words.") if expects.words else _("The flow waits for keys.")
        case "message":
            return _("After the beep the caller may leave a message.")
        case "wait":
            return _("The caller waits in a queue.")
        case "talk":
            return _("The caller talks with somebody.")
        case "meet":
            return _("The caller is in the room.")
        case "nothing":
            return _("The call is over.")


@dataclass(frozen=True, slots=True)
class Spent:
    """How long the call was in a step."""

    step: str
    flow: str
    name: str
    exit: str
    seconds: int
    at: str


def times(trial: Trial, world: World) -> list[Spent]:
    names = names_of(world)
    return [_spent(stay, names, find_step(world, stay.step)) for stay in trial.stays]


def _spent(stay: Stay, names: Mapping[tuple[str, str], str], step: Step | None) -> Spent:
    return Spent(
        step=stay.step,
        flow=stay.flow,
        name=names.get((stay.flow, stay.step), stay.name),
        exit=exit_label(step, stay.exit) if step else stay.exit,
        seconds=int(stay.second + stay.seconds) - int(stay.second),
        at=clock(stay.second),
    )


@dataclass(frozen=True, slots=True)
class Document:
    clock: str
    text: str
    to_rung: bool


def documents(sent: tuple[Sent, ...]) -> list[Document]:
    """Give the TwiML documents, written so that people can read them; of very many the first ones."""
    return [Document(clock(one.second), _indented(one.twiml), one.to == "rung") for one in sent[:MOST_ROWS]]


def _indented(document: str) -> str:
    tree = ET.fromstring(document)  # noqa: S314 (our own document)
    ET.indent(tree)
    return ET.tostring(tree, encoding="unicode")
