"""Holds and rules as rows, and a conversation of which something stands in every table that a hold binds."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from django.db import connection

from agents.models import User
from calls.models import Call, CallEvent, EventKind
from compliance.models import Consent, Hold, Policy, RetentionRule, Scope
from compliance.states import Answer, Kept, Mode, Party
from conferences.models import Conference, Participant
from conferences.room import Role
from ivr.models import Flow, Version, Visit
from queues.models import Callback, Entry, Handling, Queue
from recordings.models import Copy, Mailbox, Recorder, Recording, Transcript, Voicemail
from recordings.recorder import RecorderWish
from recordings.states import CopyKind, State
from telephony.models import Delivery
from tests.agents.factories import agent, user
from tests.calls.factories import AT, make_call, new_sid

CALLER, OURS = "+14155550123", "+15005550100"
_numbers = count(1)


def make_hold(**fields: Any) -> Hold:
    """A hold of everything of CALLER, unless it says otherwise."""
    by = fields.pop("by", None) or user()
    if not {"caller", "number", "call", "queue", "since", "until"} & set(fields):
        fields["caller"] = CALLER
    defaults = {
        "name": f"Case {next(_numbers)}",
        "reason": "The court asked for it.",
        "owner": by,
        "review_at": (AT + timedelta(days=90)).date(),
        "placed_at": AT,
        "placed_by": by,
    }
    return Hold.objects.create(**(defaults | fields))


def lift(hold: Hold) -> None:
    Hold.objects.filter(pk=hold.pk).update(lifted_at=AT, lifted_by=hold.owner)


def make_rule(kind: Kept = Kept.RECORDING, days: int | None = 30, **scope: Any) -> RetentionRule:
    return RetentionRule.objects.create(**({"kind": kind, "days": days, "changed_at": AT} | scope))


def make_queue(**fields: Any) -> Queue:
    return Queue.objects.create(**({"name": f"Queue of keeping {next(_numbers)}"} | fields))


def make_version() -> Version:
    flow = Flow.objects.create(name=f"Flow of keeping {next(_numbers)}")
    return Version.objects.create(flow=flow, number=1, document={}, published_at=AT)


def make_policy() -> Policy:
    return Policy.objects.create(name=f"Policy of keeping {next(_numbers)}")


@dataclass(frozen=True, slots=True)
class Conversation:
    """A customer's call, an agent's leg of it, and a row in each table that speaks of them."""

    customer: Call
    leg: Call
    rows: dict[str, Any]

    def ids(self) -> dict[str, Any]:
        return {table: row.pk for table, row in self.rows.items()}


def conversation(
    *, caller: str = CALLER, ours: str = OURS, queue: Queue | None = None, by: User | None = None, after: float = 0
) -> Conversation:
    at = AT + timedelta(seconds=after)
    queue = queue or make_queue()
    customer = make_call(from_number=caller, to_number=ours, status="completed", started_at=at, ended_at=at)
    leg = make_call(
        from_number=ours, to_number="client:agent_1", direction="outbound-api", status="completed", started_at=at
    )
    room = Conference.objects.create(customer=customer, opened_at=at, phase="closed", ended_at=at)
    beside = Participant.objects.create(
        conference=room,
        role=Role.OWNER,
        endpoint="browser",
        address="client:agent_1",
        call=leg,
        call_sid=leg.sid,
        state="left",
        wanted_at=at,
    )
    recording = Recording.objects.create(sid=new_sid("RE"), call=customer, announced_at=at, state=State.READY)
    policy = make_policy()
    callback = Callback.objects.create(
        queue=queue, number=caller, call=customer, asked_at=at, expires_at=at, state="done"
    )
    entry = Entry.objects.create(queue=queue, call=customer, state="answered", joined_at=at, aged_from=at)
    rows = {
        "calls_callevent": CallEvent.objects.create(call=customer, at=at, kind=EventKind.SPOKE, data={"text": "Hello"}),
        "compliance_scope": Scope.objects.create(
            call=customer, number=ours, caller=caller, direction="inbound", queue=queue, queues=[queue.pk]
        ),
        "compliance_consent": Consent.objects.create(
            call=customer, policy=policy, mode=Mode.ASK_ONE, party=Party.CUSTOMER, answer=Answer.AGREED, at=at
        ),
        "queues_handling": Handling.objects.create(
            entry=entry, agent=agent(), conference=room, began_at=at, done_at=at, notes="Called about a bill."
        ),
        "queues_entry": entry,
        "queues_callback": callback,
        "recordings_copy": Copy.objects.create(
            recording=recording,
            kind=CopyKind.ORIGINAL,
            name=f"{recording.pk}.wav",
            size=1,
            sha256="ab" * 32,
            made_at=at,
        ),
        "recordings_transcript": Transcript.objects.create(
            recording=recording, provider="fake", made_at=at, recorded_at=at, text="Hello"
        ),
        "recordings_voicemail": Voicemail.objects.create(
            mailbox=Mailbox.objects.create(name=f"Mailbox of keeping {next(_numbers)}"),
            recording=recording,
            call=customer,
            left_at=at,
        ),
        "recordings_recorder": Recorder.objects.create(
            customer=customer, call_sid=leg.sid, policy=policy, channels=2, wants=RecorderWish.STOPPED, wanted_at=at
        ),
        "recordings_recording": recording,
        "ivr_visit": Visit.objects.create(
            call=customer, version=make_version(), position={}, answer="<Response/>", began_at=at
        ),
        "telephony_delivery": Delivery.objects.create(
            identity=new_sid("ID"), path="/voice/inbound", call_sid=customer.sid, form={"From": caller}, received_at=at
        ),
        "conferences_participant": beside,
        "conferences_conference": room,
        "calls_call": customer,
    }
    return Conversation(customer, leg, rows)


def delete_by_sql(table: str, key: Any) -> int:
    """Delete as somebody would who sits at the database."""
    column = "call_id" if table == "compliance_scope" else "id"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('compliance.erasing', 'on', true)")
        cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [key])
        return cursor.rowcount
