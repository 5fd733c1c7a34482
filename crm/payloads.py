"""What events tell of rows, in the shape that the catalogue describes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from agents import presence
from agents.models import Agent
from calls.models import Call
from compliance.models import Consent
from conferences.models import Conference, Participant
from conferences.room import Role
from contacts.models import Contact, ContactNumber, ExternalId
from contacts.states import What
from ivr.models import Version
from messaging.models import Message
from outbound.models import Order
from queues.models import Callback, Entry, Handling, Offer, Queue
from recordings.models import Mailbox, Recording, Transcript, Voicemail

Data = dict[str, Any]


def moment(at: datetime | None) -> str | None:
    """Write a moment as events tell it: UTC, with milliseconds and a Z."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def of_call(call: Call) -> Data:
    return {
        "id": str(call.pk),
        "sid": call.sid,
        "direction": call.direction,
        "from_number": call.from_number,
        "to_number": call.to_number,
        "status": call.status,
        "parent": _id(call.parent_id),
        "started_at": moment(call.started_at),
        "answered_at": moment(call.answered_at),
        "ended_at": moment(call.ended_at),
        "seconds": call.seconds,
    }


def of_agent(agent: Agent | None) -> Data | None:
    return None if agent is None else {"id": str(agent.pk), "name": agent.name}


def of_queue(queue: Queue | None) -> Data | None:
    return None if queue is None else {"id": queue.pk, "name": queue.name}


def of_mailbox(mailbox: Mailbox) -> Data:
    return {"id": mailbox.pk, "name": mailbox.name}


def joined(entry: Entry, why: str) -> Data:
    return {
        "entry": str(entry.pk),
        "queue": of_queue(entry.queue),
        "call": _id(entry.call_id),
        "callback": _id(entry.callback_id),
        "position": entry.position,
        "why": why,
    }


def left(entry: Entry, why: str, at: datetime) -> Data:
    return {
        "entry": str(entry.pk),
        "queue": of_queue(entry.queue),
        "call": _id(entry.call_id),
        "callback": _id(entry.callback_id),
        "state": entry.state,
        "agent": of_agent(entry.agent),
        "why": why,
        "seconds": _seconds(entry.joined_at, at),
    }


def offered(offer: Offer, state: str) -> Data:
    return {
        "offer": str(offer.pk),
        "entry": str(offer.entry_id),
        "queue": of_queue(offer.entry.queue),
        "agent": of_agent(offer.agent),
        "call": _id(offer.entry.call_id),
        "state": state,
        "why": offer.why,
    }


def of_callback(callback: Callback, what: str) -> Data:
    return {
        "callback": str(callback.pk),
        "queue": of_queue(callback.queue),
        "number": callback.number,
        "state": callback.state,
        "what": what,
        "tries": callback.tries,
        "expires_at": moment(callback.expires_at),
    }


def of_conference(conference: Conference) -> Data:
    return {
        "id": str(conference.pk),
        "phase": conference.phase,
        "held": conference.held,
        "subject": conference.subject,
    }


def owner_of(conference: Conference) -> Data | None:
    there = conference.participants.live().filter(role=Role.OWNER, agent__isnull=False).select_related("agent")
    owner = there.order_by("-wanted_at").first()
    return of_agent(owner.agent) if owner is not None else None


def of_participant(participant: Participant) -> Data:
    return {
        "conference": str(participant.conference_id),
        "participant": {
            "id": str(participant.pk),
            "role": participant.role,
            "agent": of_agent(participant.agent),
            "call": _id(participant.call_id),
            "state": participant.state,
            "outcome": participant.outcome,
            "held": participant.held,
            "muted": participant.muted,
            "coaching": participant.coaching,
        },
    }


def of_presence(agent: Agent, at: datetime) -> Data:
    seen = agent.seen()
    return {
        "agent": of_agent(agent),
        "standing": presence.standing(seen, at),
        "chosen": agent.chosen,
        "reason": seen.reason,
        "since": moment(at),
    }


def of_recording(recording: Recording) -> Data:
    return {
        "recording": {
            "id": str(recording.pk),
            "sid": recording.sid,
            "call": _id(recording.call_id),
            "subject": recording.subject,
            "seconds": recording.seconds,
            "channels": recording.channels,
        },
        "queue": of_queue(recording.queue),
    }


def of_transcript(transcript: Transcript, recording: Recording) -> Data:
    return {
        "recording": str(recording.pk),
        "transcript": str(transcript.pk),
        "call": _id(recording.call_id),
        "language": transcript.language,
        "queue": of_queue(recording.queue),
    }


def of_voicemail(voicemail: Voicemail) -> Data:
    return {
        "voicemail": str(voicemail.pk),
        "mailbox": of_mailbox(voicemail.mailbox),
        "recording": str(voicemail.recording_id),
        "call": _id(voicemail.call_id),
        "language": voicemail.language,
    }


def of_consent(consent: Consent) -> Data:
    return {
        "call": str(consent.call_id),
        "party": consent.party,
        "answer": consent.answer,
        "language": consent.language,
    }


def of_contacts(contacts: Sequence[Contact], what: str) -> list[tuple[UUID, Data]]:
    """Tell of contacts, in two statements for all; of those that are deleted no more than that."""
    told: dict[UUID, Data] = {}
    for contact in contacts:
        name = "" if what == What.DELETED else contact.name
        told[contact.pk] = {
            "contact": str(contact.pk), "what": str(what), "name": name, "numbers": [], "external_ids": [],
        }  # fmt: skip
    if what != What.DELETED:
        theirs = ContactNumber.objects.filter(contact__in=told).order_by("number")
        for contact_id, number in theirs.values_list("contact", "number"):
            told[contact_id]["numbers"].append(number)
        elsewhere = ExternalId.objects.filter(contact__in=told).order_by("pk")
        for contact_id, system, value in elsewhere.values_list("contact", "system__name", "value"):
            told[contact_id]["external_ids"].append({"system": system, "value": value})
    return list(told.items())


def of_opt_out(number: str, channel: str, *, is_out: bool, how: str) -> Data:
    return {"number": number, "channel": str(channel), "is_out": is_out, "how": str(how)}


def of_message(message: Message) -> Data:
    thread = message.thread
    return {
        "message": {
            "id": str(message.pk),
            "thread": _id(message.thread_id),
            "sid": message.sid,
            "direction": message.direction,
            "number": thread.number if thread is not None else "",
            "sender": str(thread.sender) if thread is not None else "",
            "body": message.body,
            "media": len(message.media_urls),
            "state": message.state,
            "status": message.status,
            "rule": message.rule,
            "error_code": message.error_code,
            "why": message.why,
        },
        "queue": of_queue(thread.queue) if thread is not None else None,
    }


def of_order(order: Order) -> Data:
    return {
        "order": str(order.pk),
        "kind": order.kind,
        "state": order.state,
        "outcome": order.outcome,
        "tries": order.tries,
        "agent": of_agent(order.agent),
        "queue": of_queue(order.queue),
        "number": order.number,
        "reference": order.reference,
        "refused_by": order.refused_by,
        "answered_by": order.answered_by,
        "not_before": moment(order.not_before),
    }


def of_version(version: Version) -> Data:
    return {
        "flow": {"id": version.flow_id, "name": version.flow.name},
        "version": version.number,
        "note": version.note,
    }


def completed(
    *,
    settled: bool,
    call: Call,
    legs: Iterable[Call],
    visits: Iterable[Entry],
    handlings: Iterable[Handling],
    recordings: Iterable[Recording],
    voicemails: Iterable[Any],
    transcribed: frozenset[Any],
) -> Data:
    legs = list(legs)
    ended = [leg.ended_at for leg in legs if leg.ended_at is not None]
    return {
        "settled": settled,
        "call": of_call(call),
        "legs": [of_call(leg) for leg in legs],
        "visits": [_visit(entry) for entry in visits],
        "handlings": [_handling(handling) for handling in handlings],
        "recordings": [
            {
                "id": str(recording.pk),
                "state": recording.state,
                "seconds": recording.seconds,
                "transcribed": recording.pk in transcribed,
            }
            for recording in recordings
        ],
        "voicemails": [str(voicemail) for voicemail in voicemails],
        "seconds": _seconds(min(leg.started_at for leg in legs), max(ended)) if ended else 0,
    }


def _visit(entry: Entry) -> Data:
    until = entry.answered_at or entry.ended_at
    return {
        "id": str(entry.pk),
        "queue": of_queue(entry.queue),
        "state": entry.state,
        "agent": of_agent(entry.agent),
        "joined_at": moment(entry.joined_at),
        "answered_at": moment(entry.answered_at),
        "ended_at": moment(entry.ended_at),
        "seconds_waited": 0 if until is None else _seconds(entry.joined_at, until),
    }


def _handling(handling: Handling) -> Mapping[str, Any]:
    return {
        "agent": of_agent(handling.agent),
        "began_at": moment(handling.began_at),
        "ended_at": moment(handling.ended_at),
        "done_at": moment(handling.done_at),
        "disposition": handling.disposition.name if handling.disposition else None,
    }


def _seconds(since: datetime, until: datetime) -> int:
    return max(0, round((until - since).total_seconds()))


def _id(value: Any) -> str | None:
    return None if value is None else str(value)
