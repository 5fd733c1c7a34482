"""Recorded calls as rows: a flow with its versions, and calls that walked one of them through the webhooks' actions."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from ivr import actions
from ivr.kinds.base import Heard, Keys, Recorded
from ivr.models import Flow, Visit
from recordings.models import Mailbox
from telephony.payloads import VoiceRequest
from tests.ivr import rows
from tests.ivr.rows import AT

CALLED = "+15005550100"


def menu_flow(name: str = "Main", *, called: str = CALLED) -> Flow:
    """A published menu: 1 leads to the mailbox Main, 2 to the end; its line is `called`."""
    flow = rows.flow(name)
    end = rows.step(flow, "The end")
    mailbox, _ = Mailbox.objects.get_or_create(name="Main")
    mail = rows.says(
        rows.step(flow, "Leave word", "voicemail", mailbox=mailbox, exits={"recorded": end, "empty": end}),
        "greeting",
        rows.prompt("Leave", "Leave a message."),
    )
    exits = {"no_input": end, "wrong_input": end}
    menu = rows.says(rows.step(flow, "Choose", "menu", exits=exits), "greeting", rows.prompt("Choose", "Press 1."))
    menu.exits.create(name="mail", keys="1", is_option=True, target=mail, position=1)
    menu.exits.create(name="out", keys="2", is_option=True, target=end, position=2)
    flow.first = menu
    flow.save()
    rows.line(f"Line of {name}", called, flow)
    return rows.publish(flow)


def call(*heard: Heard, at: datetime = AT, called: str = CALLED, caller: str = "+14155550123") -> Visit:
    """Let somebody call who does these things, and then hangs up."""
    sid = f"CA{uuid4().hex}"

    def request(**more: Any) -> VoiceRequest:
        given = {"call_sid": sid, "from_number": caller, "to_number": called, "status": "in-progress"}
        return VoiceRequest(**{**given, "direction": "inbound", **more})

    actions.begin(request(status="ringing"), at=at)
    visit = Visit.objects.get(call__sid=sid)
    for place, one in enumerate(heard, start=1):
        actions.advance(visit.pk, place, request(), one, at=at + timedelta(seconds=10 * place))
    actions.end_visit(visit.call, at=at + timedelta(minutes=5))
    return Visit.objects.get(pk=visit.pk)


def message(**more: Any) -> Visit:
    """Let somebody call who presses 1 and leaves no message."""
    return call(Keys("1"), Recorded("", 0), **more)


def swap(flow: Flow) -> None:
    """Let 1 lead to the end in the draft, and 2 to the mailbox."""
    assert flow.first is not None
    one, two = flow.first.exits.get(name="mail"), flow.first.exits.get(name="out")
    one.target, two.target = two.target, one.target
    one.save()
    two.save()
