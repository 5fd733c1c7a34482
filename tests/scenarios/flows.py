"""Flows as people draft them, written down in a few lines and published the way the admin does it.

A flow is a dict of steps by name, the first one first. Exits and options name the step they lead to. What is said is a
text in English, or a pair of English and Spanish.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, TypeAlias

from conferences.models import Room
from ivr import actions
from ivr.models import (
    DatedException,
    Exit,
    Flow,
    FlowLanguage,
    Interval,
    Line,
    Prompt,
    Schedule,
    Source,
    Step,
    StepPrompt,
    Version,
    WaitItem,
    Wording,
)
from queues.models import Queue
from recordings.models import Mailbox
from tests.scenarios.desk import committing

Text: TypeAlias = str | tuple[str, str]

LANGUAGES = (("en-US", "Polly.Joanna-Neural"), ("es-US", "Polly.Lupe-Neural"))
SORRY = "Our telephones are out of order."


@dataclass(frozen=True)
class Choice:
    to: str
    keys: str = ""
    words: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Wanted:
    """A step to be drafted."""

    kind: str
    says: dict[str, Text] = field(default_factory=dict)
    exits: dict[str, str] = field(default_factory=dict)
    choices: dict[str, Choice] = field(default_factory=dict)
    takes: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    items: "tuple[Item, ...]" = ()


#: what is heard while waiting: a kind with its text, or with the seconds of a pause
Item: TypeAlias = "tuple[str, Text | int]"
MUSIC: Item = ("music", "La la la la la la.")

Steps: TypeAlias = dict[str, Wanted]


def message(text: Text, *, then: str) -> Wanted:
    return Wanted("message", {"message": text}, {"next": then})


def menu(
    greeting: Text,
    choices: dict[str, Choice],
    *,
    no_input: str,
    wrong_input: str,
    says: dict[str, Text] | None = None,
    **settings: Any,
) -> Wanted:
    exits = {"no_input": no_input, "wrong_input": wrong_input}
    return Wanted("menu", {"greeting": greeting} | (says or {}), exits, choices, settings=settings)


def collect(
    question: Text,
    *,
    collected: str,
    no_input: str,
    wrong_input: str,
    says: dict[str, Text] | None = None,
    **settings: Any,
) -> Wanted:
    exits = {"collected": collected, "no_input": no_input, "wrong_input": wrong_input}
    return Wanted("collect", {"question": question} | (says or {}), exits, settings=settings)


def hours(schedule: Schedule, *, opened: str, closed: str, holiday: str) -> Wanted:
    return Wanted("hours", exits={"open": opened, "closed": closed, "holiday": holiday}, takes={"schedule": schedule})


def language(greeting: Text, choices: dict[str, Choice], *, no_choice: str, **settings: Any) -> Wanted:
    return Wanted("language", {"greeting": greeting}, {"no_choice": no_choice}, choices, settings=settings)


def ring(
    *targets: str, answered: str, nobody: str, busy: str = "", failed: str = "", whisper: Text = "", **settings: Any
) -> Wanted:
    exits = {"answered": answered, "nobody": nobody, "busy": busy or nobody, "failed": failed or nobody}
    return Wanted(
        "ring", {"whisper": whisper} if whisper else {}, exits, settings={"targets": list(targets)} | settings
    )


def voicemail(greeting: Text, mailbox: Mailbox, *, recorded: str, empty: str, **settings: Any) -> Wanted:
    exits = {"recorded": recorded, "empty": empty}
    return Wanted("voicemail", {"greeting": greeting}, exits, takes={"mailbox": mailbox}, settings=settings)


def queue(
    queue: Queue,
    *items: Item,
    answered: str,
    timed_out: str,
    full: str = "",
    alone: str = "",
    choices: dict[str, Choice] | None = None,
    **settings: Any,
) -> Wanted:
    """Wait for somebody. `alone` is the way out when nobody is staffed; `unstaffed` says when to take it."""
    exits = {"answered": answered, "timed_out": timed_out, "full": full or timed_out}
    exits["unstaffed"] = alone or timed_out
    takes = {"queue": queue}
    return Wanted("queue", {}, exits, choices or {}, takes, settings, items or (MUSIC,))


def call_back(
    queue: Queue, *, stored: str, refused: str, failed: str, says: dict[str, Text] | None = None, **settings: Any
) -> Wanted:
    exits = {"stored": stored, "refused": refused, "failed": failed}
    said: dict[str, Text] = {
        "confirm": "We call {number}. Press 1, or 2 for another number.",
        "key_in": "Key your number, then the pound key.",
        "stored": "We will call you back.",
        "present": "You will be called back already.",
        "wrong": "That number cannot be called.",
    }
    return Wanted("call_back", said | (says or {}), exits, takes={"queue": queue}, settings=settings)


def conference_room(
    room: Room, *, left: str, wrong_pin: str, ended: str = "", full: str = "", **settings: Any
) -> Wanted:
    exits = {"left": left, "ended": ended or left, "wrong_pin": wrong_pin, "full": full or wrong_pin}
    said: dict[str, Text] = {"pin": "Your PIN, then the pound key.", "wrong": "That PIN is wrong."}
    return Wanted("conference_room", said, exits, takes={"room": room}, settings=settings)


def look_up(
    source: Source,
    *,
    message: Text = "One moment.",
    found: str,
    default: str,
    choices: dict[str, Choice] | None = None,
    **settings: Any,
) -> Wanted:
    exits = {"found": found, "default": default}
    return Wanted("look_up", {"message": message}, exits, choices or {}, {"source": source}, settings)


def caller(
    *,
    known: str,
    unknown: str,
    vip: str = "",
    blocked: str = "",
    choices: dict[str, Choice] | None = None,
    **settings: Any,
) -> Wanted:
    exits = {"known": known, "unknown": unknown, "vip": vip, "blocked": blocked}
    told = {name: target for name, target in exits.items() if target}
    return Wanted("caller", exits=told, choices=choices or {}, settings=settings)


def go_to(flow: Flow, *, unavailable: str = "") -> Wanted:
    return Wanted("go_to", exits={"unavailable": unavailable} if unavailable else {}, takes={"to_flow": flow})


def hang_up(goodbye: Text = "", reason: str = "completed") -> Wanted:
    return Wanted("hang_up", {"goodbye": goodbye} if goodbye else {}, settings={"reason": reason})


def reject(reason: str = "rejected") -> Wanted:
    return Wanted("reject", settings={"reason": reason})


def draft(name: str, steps: Steps) -> Flow:
    """Write the rows of a draft, in place of what the flow of this name had."""
    flow, is_new = Flow.objects.get_or_create(name=name)
    for position, (code, voice) in enumerate(LANGUAGES if is_new else ()):
        FlowLanguage.objects.create(flow=flow, language=code, voice=voice, position=position)
    Flow.objects.filter(pk=flow.pk).update(first=None)
    Exit.objects.filter(step__flow=flow).delete()
    flow.steps.all().delete()
    rows = [
        Step(flow=flow, name=key, kind=step.kind, settings=step.settings, **step.takes) for key, step in steps.items()
    ]
    made = dict(zip(steps, Step.objects.bulk_create(rows), strict=True))
    _says(flow, made, steps)
    _items(flow, made, steps)
    Exit.objects.bulk_create(_exits(made, steps))
    flow.first = next(iter(made.values()), None)
    flow.save(update_fields=["first"])
    return flow


def publish(name: str, steps: Steps, *, at: datetime) -> Flow:
    """Draft a flow and let callers meet it."""
    flow = draft(name, steps)
    version = actions.publish(flow, by=None, note="", at=at)
    assert isinstance(version, Version)
    flow.refresh_from_db()
    return flow


def line(address: str, flow: Flow | None, *, forward_to: str = "", emergency_text: str = SORRY) -> Line:
    with committing():
        made, _ = Line.objects.update_or_create(
            address=address,
            defaults={
                "name": f"Line {address}",
                "flow": flow,
                "emergency_text": emergency_text,
                "forward_to": forward_to,
            },
        )
    return made


def office_hours(time_zone: str = "America/New_York", opens: int = 9, closes: int = 17) -> Schedule:
    """Open on all seven days."""
    schedule = Schedule.objects.create(name=f"Office in {time_zone}", time_zone=time_zone)
    for weekday in range(7):
        Interval.objects.create(schedule=schedule, weekday=weekday, opens=time(opens), closes=time(closes))
    return schedule


def holiday(schedule: Schedule, day: date, name: str) -> None:
    DatedException.objects.create(schedule=schedule, date=day, name=name)


def _says(flow: Flow, made: dict[str, Step], steps: Steps) -> None:
    wanted = [(made[key], role, text) for key, step in steps.items() for role, text in step.says.items()]
    names = [f"{flow} {step.name} {role} {step.pk}"[:80] for step, role, _text in wanted]
    prompts = Prompt.objects.bulk_create(Prompt(name=name) for name in names)
    said = list(zip(prompts, wanted, strict=True))
    StepPrompt.objects.bulk_create(
        StepPrompt(step=step, role=role, prompt=prompt) for prompt, (step, role, _text) in said
    )
    Wording.objects.bulk_create(
        Wording(prompt=prompt, language=code, text=wording)
        for prompt, (_step, _role, text) in said
        for (code, _voice), wording in zip(LANGUAGES, (text, text) if isinstance(text, str) else text, strict=True)
    )


def _items(flow: Flow, made: dict[str, Step], steps: Steps) -> None:
    for key, step in steps.items():
        for position, (kind, what) in enumerate(step.items):
            row = WaitItem(step=made[key], position=position, kind=kind)
            if isinstance(what, int):
                row.seconds = what
            else:
                row.prompt = Prompt.objects.create(name=f"{flow} {key} item {position} {made[key].pk}"[:80])
                for (code, _voice), wording in zip(
                    LANGUAGES, (what, what) if isinstance(what, str) else what, strict=True
                ):
                    Wording.objects.create(prompt=row.prompt, language=code, text=wording)
            row.save()


def _exits(made: dict[str, Step], steps: Steps) -> list[Exit]:
    return [
        Exit(step=made[key], name=name, target=made[target], position=position)
        for key, step in steps.items()
        for position, (name, target) in enumerate(step.exits.items())
    ] + [
        Exit(
            step=made[key],
            name=name,
            target=made[choice.to],
            position=position,
            is_option=True,
            keys=choice.keys,
            words="\n".join(choice.words),
            language=choice.language,
        )
        for key, step in steps.items()
        for position, (name, choice) in enumerate(step.choices.items())
    ]
