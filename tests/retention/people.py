"""A person of whom something stands in every place, and others beside."""

from datetime import timedelta
from typing import Any

from calls.models import Call, CallEvent, EventKind
from conferences.models import Announcement, Conference, Participant
from queues.models import Callback
from recordings.models import MissedCall, Recording
from recordings.states import State
from telephony.models import Delivery
from tests.calls.factories import AT, make_call, new_sid
from tests.compliance.keepers import Conversation, conversation, make_queue
from tests.recordings.factories import make_copy, make_mailbox
from tests.retention.account import Account

ANN = "+14155550123"
BEN = "+14155550199"
OURS = "+15005550100"


def customer(account: Account, number: str = ANN, **fields: Any) -> Conversation:
    """A conversation of somebody who called, recorded and with everything that can hang on it, here and at Twilio."""
    talk = conversation(caller=number, **fields)
    talk.rows.pop("recordings_copy").delete()
    recording = talk.rows["recordings_recording"]
    Recording.objects.filter(pk=recording.pk).update(state=State.STORED, stage="", speakers=["Agent", number])
    recording.refresh_from_db()
    talk.rows["recordings_copy"] = make_copy(recording, b"sound")
    account.recording(recording.sid, call_sid=talk.customer.sid)
    account.call(talk.customer.sid, caller=number, called=OURS)
    account.call(talk.leg.sid, caller=OURS, called="client:agent_1")
    return talk


def asked_in(talk: Conversation, number: str = ANN, *, answered: bool = True) -> Call:
    """Somebody who is rung into the conversation of somebody else, and of whom its history tells."""
    at = AT + timedelta(seconds=30)
    leg = make_call(
        from_number=OURS,
        to_number=number,
        direction="outbound-api",
        status="completed" if answered else "no-answer",
        started_at=at,
        answered_at=at if answered else None,
    )
    room: Conference = talk.rows["conferences_conference"]
    Participant.objects.create(
        conference=room,
        role="target",
        endpoint="phone",
        address=number,
        name="The expert",
        call=leg,
        call_sid=leg.sid,
        state="left",
        wanted_at=at,
    )
    CallEvent.objects.create(call=talk.customer, at=at, kind=EventKind.RANG, data={"targets": [number]})
    return leg


def rung_in_vain(talk: Conversation, number: str = ANN) -> Participant:
    """Somebody who was to be rung, and never was: of them there is no call."""
    return Participant.objects.create(
        conference=talk.rows["conferences_conference"],
        role="target",
        endpoint="phone",
        address=number,
        state="left",
        wanted_at=AT,
    )


def missed(number: str = ANN) -> MissedCall:
    call = make_call(from_number=number, to_number=OURS, status="completed")
    return MissedCall.objects.create(mailbox=make_mailbox(f"Mailbox {new_sid()}"), call=call, at=AT, told_at=AT)


def wants_callback(number: str = ANN, **fields: Any) -> Callback:
    defaults = {"queue": make_queue(), "asked_at": AT, "expires_at": AT + timedelta(days=1), "state": "expired"}
    return Callback.objects.create(number=number, **(defaults | fields))


def request_about(number: str = ANN) -> Delivery:
    form = {"From": number, "To": OURS}
    return Delivery.objects.create(identity=new_sid("ID"), path="/voice/inbound", form=form, received_at=AT)


def announced(talk: Conversation, text: str) -> Announcement:
    return Announcement.objects.create(conference=talk.rows["conferences_conference"], text=text, at=AT)
