"""News from below, each written down for the world outside."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from agents.models import Agent
from agents.signals import presence_changed
from calls.models import Call
from calls.signals import call_answered, call_began, call_ended, call_rang
from compliance.models import Consent
from compliance.signals import consent_noted
from conferences.models import Conference, Participant
from conferences.room import Phase
from conferences.signals import (
    conversation_closed,
    conversation_turned,
    participant_changed,
    participant_joined,
    participant_left,
)
from contacts.models import Contact
from contacts.signals import contacts_changed, opt_outs_changed
from contacts.states import What
from crm import payloads, tasks
from crm.actions import closing
from crm.actions.events import forget_contacts, note, note_many
from crm.actions.whose import exact
from crm.signals import deliveries_due, event_noted
from ivr.models import Version
from ivr.signals import flow_published
from messaging.models import Message
from messaging.signals import message_changed, message_received
from outbound.models import Order
from outbound.signals import order_changed
from queues.models import Callback, Entry, Offer
from queues.signals import callback_changed, entry_joined, entry_left, offer_ended, offer_made
from queues.states import OfferState
from recordings.models import Recording, Transcript, Voicemail
from recordings.signals import recording_stored, transcript_available, voicemail_left

OFFER_ENDS = {
    OfferState.ACCEPTED: "offer.accepted",
    OfferState.MISSED: "offer.missed",
    OfferState.DECLINED: "offer.missed",
    OfferState.FAILED: "offer.missed",
}


@receiver(event_noted)
def give_places(**_: Any) -> None:
    _once_committed(tasks.number.delay)


@receiver(deliveries_due)
def send(**_: Any) -> None:
    _once_committed(tasks.deliver.delay)


def _once_committed(announce: Callable[[], object]) -> None:
    """Announce work after the commit, once for a transaction however much was written in it: each costs a round trip.

    With the broker away the request that changed something is answered all the same, and the clock does the work.
    """
    # what stands there is undone with nothing less than all that is written from here on
    if not any(call == announce for _savepoints, call, _robust in transaction.get_connection().run_on_commit):
        transaction.on_commit(announce, robust=True)


@receiver(call_began)
def tell_call_started(call: Call, at: datetime, **_: Any) -> None:
    note("call.started", call=call.pk, conversation=call.conversation, data={"call": payloads.of_call(call)}, at=at)


@receiver(call_rang)
def tell_call_rang(call: Call, at: datetime, **_: Any) -> None:
    note("call.rang", call=call.pk, conversation=call.conversation, data={"call": payloads.of_call(call)}, at=at)


@receiver(call_answered)
def tell_call_answered(call: Call, at: datetime, **_: Any) -> None:
    note("call.answered", call=call.pk, conversation=call.conversation, data={"call": payloads.of_call(call)}, at=at)


@receiver(call_ended)
def tell_call_ended(call: Call, at: datetime, **_: Any) -> None:
    closing.note_ended(call, at=at)


@receiver(entry_joined)
def tell_queue_entered(entry: Entry, why: str, at: datetime, **_: Any) -> None:
    note("queue.entered", call=entry.call_id, data=payloads.joined(entry, why), at=at)


@receiver(entry_left)
def tell_queue_left(entry: Entry, why: str, at: datetime, **_: Any) -> None:
    note("queue.left", call=entry.call_id, data=payloads.left(entry, why, at), at=at)


@receiver(offer_made)
def tell_offer_made(offer: Offer, at: datetime, **_: Any) -> None:
    note("offer.made", call=offer.entry.call_id, data=payloads.offered(offer, OfferState.RINGING), at=at)


@receiver(offer_ended)
def tell_offer_ended(offer: Offer, state: OfferState, at: datetime, **_: Any) -> None:
    told = OFFER_ENDS.get(state, "offer.withdrawn")
    note(told, call=offer.entry.call_id, data=payloads.offered(offer, state), at=at)


@receiver(callback_changed)
def tell_callback(callback: Callback, what: str, at: datetime, **_: Any) -> None:
    note("callback.changed", call=callback.call_id, data=payloads.of_callback(callback, what), at=at)


@receiver(conversation_turned)
def tell_conference(conference: Conference, at: datetime, **_: Any) -> None:
    if conference.phase != Phase.CLOSED:
        data = {"conference": payloads.of_conference(conference), "owner": payloads.owner_of(conference)}
        note("conference.changed", conversation=conference.conversation, data=data, at=at)


@receiver(conversation_closed)
def tell_conference_closed(conference: Conference, at: datetime, **_: Any) -> None:
    data = {"conference": payloads.of_conference(conference), "fate": conference.fate}
    note("conference.closed", conversation=conference.conversation, data=data, at=at)


@receiver(participant_joined)
def tell_participant_joined(participant: Participant, at: datetime, **_: Any) -> None:
    conversation = participant.conference.conversation
    note("participant.joined", conversation=conversation, data=payloads.of_participant(participant), at=at)


@receiver(participant_changed)
def tell_participant_changed(participant: Participant, at: datetime, **_: Any) -> None:
    conversation = participant.conference.conversation
    note("participant.changed", conversation=conversation, data=payloads.of_participant(participant), at=at)


@receiver(participant_left)
def tell_participant_left(participant: Participant, at: datetime, **_: Any) -> None:
    conversation = participant.conference.conversation
    note("participant.left", conversation=conversation, data=payloads.of_participant(participant), at=at)


@receiver(presence_changed)
def tell_presence(agent: Agent, at: datetime, **_: Any) -> None:
    note("presence.changed", data=payloads.of_presence(agent, at), at=at)


@receiver(recording_stored)
def tell_recording(recording: Recording, at: datetime, **_: Any) -> None:
    note("recording.available", call=recording.call_id, data=payloads.of_recording(recording), at=at)


@receiver(transcript_available)
def tell_transcript(transcript: Transcript, recording: Recording, at: datetime, **_: Any) -> None:
    data = payloads.of_transcript(transcript, recording)
    note("transcript.available", call=recording.call_id, data=data, at=at)


@receiver(voicemail_left)
def tell_voicemail(voicemail: Voicemail, at: datetime, **_: Any) -> None:
    note("voicemail.left", call=voicemail.call_id, data=payloads.of_voicemail(voicemail), at=at)


@receiver(consent_noted)
def tell_consent(consent: Consent, at: datetime, **_: Any) -> None:
    note("consent.noted", call=consent.call_id, data=payloads.of_consent(consent), at=at)


@receiver(contacts_changed)
def tell_contacts(contacts: Sequence[Contact], what: str, at: datetime, **_: Any) -> None:
    if what == What.DELETED:
        forget_contacts([contact.pk for contact in contacts])
    note_many("contact.changed", payloads.of_contacts(contacts, what), at=at)


@receiver(opt_outs_changed)
def tell_opt_outs(numbers: Sequence[str], channel: str, is_out: bool, how: str, at: datetime, **_: Any) -> None:
    told = [(None, payloads.of_opt_out(number, channel, is_out=is_out, how=how)) for number in numbers]
    note_many("opt_out.changed", told, at=at)


@receiver(message_received)
def tell_message_received(message: Message, at: datetime, **_: Any) -> None:
    _tell_message("message.received", message, at)


@receiver(message_changed)
def tell_message_changed(message: Message, at: datetime, **_: Any) -> None:
    _tell_message("message.changed", message, at)


def _tell_message(name: str, message: Message, at: datetime) -> None:
    number = message.thread.number if message.thread is not None else ""
    contact = exact([number]).get(number)
    note(name, call=message.call_id, contact=contact, data=payloads.of_message(message), at=at)


@receiver(order_changed)
def tell_order(order: Order, at: datetime, **_: Any) -> None:
    note("order.changed", conversation=order.conversation, data=payloads.of_order(order), at=at)


@receiver(flow_published)
def tell_flow(version: Version, at: datetime, **_: Any) -> None:
    note("flow.published", data=payloads.of_version(version), at=at)
