"""Writes the demo company's rows, once: only where there is no flow yet, so that nobody's work is ever touched."""

import array
import io
import math
import wave
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from agents import roles
from agents.models import User
from dialing.models import Limits
from ivr import actions
from ivr.actions import sounds
from ivr.demo import content, floor
from ivr.kinds import KINDS
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
    WaitItem,
    Wording,
)
from ivr.prompts import audio
from messaging.models import Keyword, Sender
from recordings.models import Mailbox
from rest import outgoing

PASSWORD = "ride-a-bike"  # noqa: S105  known to everybody, so `load_demo` sets it only beside the simulator


def username(role: str) -> str:
    return role.lower().replace(" ", "-")


@transaction.atomic
def load(*, at: datetime, people: bool = True) -> bool:
    """Load the demo company where there is no flow yet, with its log-ins if wanted; tell whether it was loaded."""
    if Flow.objects.exists():
        return False
    mailboxes = {name: Mailbox.objects.create(name=name, addressees=to) for name, to in content.MAILBOXES}
    flows, prompts = _flows(), _prompts(at)
    things: dict[str, dict[str, Any]] = {
        "queue": floor.queues(),
        "room": {content.ROOM: floor.room()},
        "mailbox": mailboxes,
        "schedule": _schedules(at.date(), new_year=prompts[content.NEW_YEAR]),
        "to_flow": flows,
        "source": _sources(),
    }
    floor.policies(things["queue"], at=at)
    floor.contacts(at=at)
    # the numbers of its telephones lie in every time zone of America at once: the hours of all would never come
    Limits.objects.update_or_create(pk=1, defaults={"opens": time(0), "closes": time(0)})
    if people:
        _people(mailboxes)
        floor.staff(PASSWORD, at=at)
    for name, steps in content.FLOWS.items():
        _steps(flows[name], steps, prompts, things)
    # what others go on to comes first, so that each is published when it is referred to
    for name in (content.SERVICE, content.CLOSED_LINE, content.MAIN):
        actions.publish(flows[name], by=None, note="Demo content", at=at)
    for name, address, flow, sentence in content.LINES:
        Line.objects.create(name=name, address=address, flow=flows[flow], emergency_text=sentence)
    _texts()
    return True


def _texts() -> None:
    """Let the first number text, and answer a word."""
    Sender.objects.get_or_create(number=content.LINES[0][1], defaults={"is_default": True})
    Keyword.objects.get_or_create(word=content.WORD[0], defaults={"reply": content.WORD[1]})


def _sources() -> dict[str, Source]:
    secret = outgoing.new_secret()
    return {
        content.ORDERS: Source.objects.create(name=content.ORDERS, address=content.ORDERS_ADDRESS, secret=secret),
    }


def _schedules(today: date, *, new_year: Prompt) -> dict[str, Schedule]:
    always = Schedule.objects.create(name=content.ROUND_THE_CLOCK, time_zone="America/New_York")
    office = Schedule.objects.create(name=content.OFFICE, time_zone="America/New_York")
    for day in range(7):
        Interval.objects.create(schedule=always, weekday=day, opens=time(0), closes=time(0))
    for day in range(5):
        Interval.objects.create(schedule=office, weekday=day, opens=time(9), closes=time(18))
    for year in (today.year + 1, today.year + 2):
        for schedule in (always, office):
            DatedException.objects.create(
                schedule=schedule, date=date(year, 1, 1), name="New Year's Day", prompt=new_year
            )
        DatedException.objects.create(
            schedule=office, date=date(year, 1, 2), name="Stocktaking", opens=time(13), closes=time(18)
        )
    return {schedule.name: schedule for schedule in (always, office)}


def _flows() -> dict[str, Flow]:
    flows = {name: Flow.objects.create(name=name, description=text) for name, text in content.DESCRIPTIONS.items()}
    for flow in flows.values():
        for position, (language, voice) in enumerate(content.LANGUAGES, start=1):
            FlowLanguage.objects.create(flow=flow, language=language, voice=voice, position=position)
    return flows


def _prompts(at: datetime) -> dict[str, Prompt]:
    prompts = {name: Prompt.objects.create(name=name) for name in (*content.PROMPTS, content.CHIME)}
    codes = [language for language, _voice in content.LANGUAGES]
    for name, texts in content.PROMPTS.items():
        for language, text in zip(codes, texts, strict=True):
            Wording.objects.create(prompt=prompts[name], language=language, text=text)
    sound = sounds.keep(audio.telephone(_chime()), name="Chime", at=at)
    for language in codes:
        Wording.objects.create(prompt=prompts[content.CHIME], language=language, audio=sound)
    return prompts


def _chime() -> io.BytesIO:
    """Make two falling tones that fade away."""
    rate, tones = audio.RATE, (880.0, 660.0)
    samples = array.array("h")
    for tone in tones:
        samples.extend(
            int(12000 * math.exp(-5 * n / rate) * math.sin(2 * math.pi * tone * n / rate)) for n in range(rate * 2 // 5)
        )
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(samples.tobytes())
    file.seek(0)
    return file


def _steps(
    flow: Flow, wanted: dict[str, dict[str, Any]], prompts: dict[str, Prompt], things: dict[str, dict[str, Any]]
) -> None:
    made: dict[str, Step] = {}
    for name, step in wanted.items():
        references = {key: things[key][step[key]] for key in things if key in step}
        settings = step.get("settings", {})
        made[name] = Step.objects.create(flow=flow, name=name, kind=step["kind"], settings=settings, **references)
        for role, prompt in step.get("prompts", {}).items():
            StepPrompt.objects.create(step=made[name], role=role, prompt=prompts[prompt])
        for position, (kind, prompt) in enumerate(step.get("wait", ()), start=1):
            WaitItem.objects.create(step=made[name], position=position, kind=kind, prompt=prompts.get(prompt))
    for name, step in wanted.items():
        _exits(made[name], step, made)
    flow.first = next(iter(made.values()))
    flow.save(update_fields=["first"])


def _exits(step: Step, wanted: dict[str, Any], made: dict[str, Step]) -> None:
    order = [exit_name.name for exit_name in KINDS[step.kind].EXITS]
    for name, target in wanted.get("exits", {}).items():
        Exit.objects.create(step=step, name=name, target=made[target], position=order.index(name))
    for position, (name, (keys, words, target, language)) in enumerate(wanted.get("options", {}).items()):
        Exit.objects.create(
            step=step,
            name=name,
            target=made[target],
            position=position,
            is_option=True,
            keys=keys,
            words=words,
            language=language,
        )


def _people(mailboxes: dict[str, Mailbox]) -> None:
    for role in roles.ROLES:
        user, is_new = User.objects.get_or_create(username=username(role), defaults={"is_staff": True})
        if not is_new:
            continue
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
        user.groups.add(Group.objects.get(name=role))
        if role == roles.AGENT:
            user.mailboxes.set(mailboxes.values())


def lock_people() -> int:
    """Close the log-ins whose password everybody knows, where calls are real; return how many were open."""
    open_ones = [user for user in _demo_people() if user.check_password(PASSWORD)]
    for user in open_ones:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return len(open_ones)


def unlock_people() -> None:
    """Open the log-ins again that `lock_people` has closed, beside the simulator."""
    for user in _demo_people():
        if not user.has_usable_password():
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])


def _demo_people() -> list[User]:
    names = {*(username(role) for role in roles.ROLES), *content.AGENTS}
    return list(User.objects.filter(username__in=names).order_by("username"))
