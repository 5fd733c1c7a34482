"""Rows of drafts, as people would have written them."""

import hashlib
from datetime import UTC, datetime

from django.contrib.auth.models import Group

from agents.models import User
from conferences.models import Room
from ivr import actions
from ivr.models import Exit, Flow, FlowLanguage, Line, Prompt, Schedule, Step, StepPrompt, WaitItem, Wording
from queues.models import Queue
from recordings.models import Mailbox

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)


def person(role: str, *, username: str = "") -> User:
    user = User.objects.create_user(username or role.lower().replace(" ", "-"), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def prompt(name: str = "Hello", text: str = "Hello.") -> Prompt:
    made, _ = Prompt.objects.get_or_create(name=name)
    Wording.objects.get_or_create(prompt=made, language="en-US", defaults={"text": text})
    return made


def flow(name: str = "Main") -> Flow:
    made = Flow.objects.create(name=name)
    FlowLanguage.objects.create(flow=made, language="en-US", voice="Polly.Joanna-Neural")
    return made


def step(flow: Flow, name: str, kind: str = "hang_up", *, exits: dict[str, Step] | None = None, **more: object) -> Step:
    made = Step.objects.create(flow=flow, name=name, kind=kind, **more)
    for exit_name, target in (exits or {}).items():
        Exit.objects.create(step=made, name=exit_name, target=target)
    return made


def says(step: Step, role: str, prompt: Prompt) -> Step:
    StepPrompt.objects.create(step=step, role=role, prompt=prompt)
    return step


def simple_flow(name: str = "Main") -> Flow:
    """A message, then the end; ready to be published."""
    made = flow(name)
    end = step(made, "The end")
    made.first = says(step(made, "Greeting", "message", exits={"next": end}), "message", prompt())
    made.save()
    return made


def hours_flow(name: str, schedule: Schedule) -> Flow:
    """Opening hours that all lead to the end."""
    made = flow(name)
    end = step(made, "The end")
    made.first = step(made, "Open?", "hours", schedule=schedule, exits={"open": end, "closed": end, "holiday": end})
    made.save()
    return made


def voicemail_flow(name: str, mailbox: Mailbox) -> Flow:
    made = flow(name)
    end = step(made, "The end")
    made.first = says(
        step(made, "Message", "voicemail", mailbox=mailbox, exits={"recorded": end, "empty": end}), "greeting", prompt()
    )
    made.save()
    return made


def queue_flow(name: str, queue: Queue) -> Flow:
    made = flow(name)
    end = step(made, "The end")
    ways = dict.fromkeys(("answered", "timed_out", "full", "unstaffed"), end)
    made.first = step(made, "Line", "queue", queue=queue, exits=ways)
    WaitItem.objects.create(step=made.first, kind="music")
    made.save()
    return made


def room_flow(name: str, room: Room) -> Flow:
    made = flow(name)
    end = step(made, "The end")
    ways = dict.fromkeys(("left", "ended", "wrong_pin", "full"), end)
    made.first = says(step(made, "Meeting", "conference_room", room=room, exits=ways), "pin", prompt())
    made.save()
    return made


def publish(flow: Flow) -> Flow:
    actions.publish(flow, by=None, note="", at=AT)
    flow.refresh_from_db()
    return flow


def line(name: str, address: str, flow: Flow | None) -> Line:
    return Line.objects.create(name=name, address=address, flow=flow, emergency_text="Please call again later.")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
