"""A conversation of which every package tells something."""

from datetime import timedelta
from typing import Any

from agents.models import Agent, User
from calls.models import Call, CallEvent, EventKind
from contacts.models import OptOut
from messaging.models import Thread
from queues.models import Callback, Disposition, Handling, Queue
from tests.agents.factories import ready_agent
from tests.calls.factories import AT, make_call, make_event
from tests.contacts import factories as contacts
from tests.messaging.factories import make_received, make_thread
from tests.outbound.factories import make_order
from tests.queues.factories import make_entry, make_queue
from tests.recordings.factories import make_mailbox, make_recording, make_user, make_voicemail

CALLER, LINE = "+14155550123", "+15005550100"
EVERYTHING = (
    *("calls.view_call", "calls.view_numbers", "contacts.view_contact", "contacts.view_optout"),
    *("messaging.view_message", "queues.view_callback", "outbound.view_order"),
    *("agents.see_every_team", "recordings.listen", "recordings.listen_everywhere"),
)


def reader(*permissions: str) -> User:
    return make_user(f"reader{User.objects.count()}", *permissions)


def after(seconds: float) -> Any:
    return AT + timedelta(seconds=seconds)


def conversation(number: str = CALLER) -> Call:
    """A caller who is looked up, waits, talks, is handed over, leaves notes behind, and is texted and called back."""
    call = make_call(from_number=number, to_number=LINE, status="completed", seconds=95, ended_at=after(95))
    make_event(call, EventKind.BEGAN, 0, line="Main line", flow="Reception", version=4)
    make_event(call, EventKind.ENTERED, 1, step="3", name="Account", kind="collect", flow="1")
    make_event(call, EventKind.PRESSED, 6, step="3", digits="4711")
    make_event(call, EventKind.LOOKED_UP, 8, step="4", source="CRM", outcome="answered", milliseconds=120)
    make_event(call, EventKind.CONSENT, 9, party="customer", who="", answer="agreed", policy="Sales")
    make_event(call, EventKind.QUEUED, 10, queue="Sales", position=1, why="")
    make_event(call, EventKind.JOINED, 20, who="Ann", role="owner")
    CallEvent.objects.create(call=call, kind=EventKind.TURNED, at=after(60), data={"who": "Ann", "what": "hand-over"})
    make_event(call, EventKind.STATUS, 95, status="completed", sequence=3)
    agent = Agent.objects.filter(name="Ann").first() or ready_agent("Ann")
    leg = {"to_number": "client:ann", "direction": "outbound-dial", "parent": call, "status": "completed"}
    make_call(from_number=LINE, conversation=call.conversation, started_at=after(15), **leg)
    queue = Queue.objects.filter(name="Sales").first() or make_queue("Sales")
    entry = make_entry(queue, call=call)
    Handling.objects.create(
        entry=entry, agent=agent, began_at=after(20), ended_at=after(95), done_at=after(120),
        notes=f"Wants a bicycle, call {number}.", disposition=Disposition.objects.get_or_create(name="Sold")[0],
    )  # fmt: skip
    make_recording(call=call, queue=queue, announced_at=after(96), seconds=70)
    thread = Thread.objects.filter(number=number).first() or make_thread(number=number)
    make_received(thread, "And a bell, please", call=call, at=after(200))
    Callback.objects.create(
        queue=queue, number=number, call=call, asked_at=after(300), expires_at=after(9000), state="done", tries=1
    )
    make_order(number=number, conversation=call.conversation, made_at=after(-30), agent=agent, reference="deal-7")
    return call


def with_contact(call: Call) -> Any:
    known = contacts.contact("Ms Adams", call.from_number)
    OptOut.objects.create(number=call.from_number, channel="texts", at=after(400), how="text")
    make_voicemail(make_mailbox("Front desk"), make_recording(call=call, announced_at=after(500)))
    return known
