"""How resources look in JSON: every field, unknown ones as null, dates RFC 2822, durations as strings."""

from datetime import datetime
from typing import Any

from simulator.legs import Leg, rfc2822
from simulator.numbers import Application, Number, formatted, is_e164
from simulator.prices import CURRENCY
from simulator.queues import Member, Queue
from simulator.recordings import Recording
from simulator.room import Conference, Participant
from simulator.switchboard import Switchboard
from simulator.texting.messages import Medium, Message

Json = dict[str, Any]

API = "2010-04-01"
CALL_PARTS = (
    "events", "notifications", "payments", "recordings", "siprec", "streams", "transcriptions", "twiml_sessions",
    "user_defined_message_subscriptions", "user_defined_messages",
)  # fmt: skip


def account_uri(board: Switchboard) -> str:
    """Return the path that every resource's path begins with."""
    return f"/{API}/Accounts/{board.account_sid}"


def _date(moment: datetime | None) -> str | None:
    return rfc2822(moment) if moment else None


def _parts(base: str, names: tuple[str, ...]) -> dict[str, str]:
    return {name: f"{base}/{''.join(word.title() for word in name.split('_'))}.json" for name in names}


def call(board: Switchboard, leg: Leg) -> Json:
    """Return a Call."""
    base = f"{account_uri(board)}/Calls/{leg.sid}"
    return {
        "sid": leg.sid,
        "date_created": _date(leg.created),
        "date_updated": _date(leg.updated or leg.created),
        "parent_call_sid": leg.parent.sid if leg.parent else None,
        "account_sid": board.account_sid,
        "to": leg.to,
        "to_formatted": formatted(leg.to),
        "from": leg.from_,
        "from_formatted": formatted(leg.from_),
        "phone_number_sid": leg.number.sid if leg.number else None,
        "status": leg.status,
        "start_time": _date(leg.answered or leg.started),
        "end_time": _date(leg.ended),
        "duration": str(leg.duration) if leg.ended else None,
        "price": leg.price,
        "price_unit": CURRENCY,
        "direction": leg.direction,
        "answered_by": leg.answered_by or None,
        "annotation": None,
        "api_version": API,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": str(leg.queue_ms),
        "trunk_sid": None,
        "uri": f"{base}.json",
        "subresource_uris": _parts(base, CALL_PARTS),
    }


def recording(board: Switchboard, item: Recording, *, under_call: bool = False) -> Json:
    """Return a Recording; under a call it also names its track."""
    base = f"{account_uri(board)}/Recordings/{item.sid}"
    own = f"{account_uri(board)}/Calls/{item.leg.sid}/Recordings/{item.sid}" if under_call else base
    shape: Json = {
        "sid": item.sid,
        "account_sid": board.account_sid,
        "call_sid": item.leg.sid,
        "conference_sid": item.conference_sid or None,
        "start_time": _date(item.started),
        "duration": str(item.duration) if item.duration is not None else None,
        "channels": item.wish.channels,
        "source": item.wish.source,
        "status": item.status,
        "error_code": item.error_code,
        "price": None,
        "price_unit": "USD",
        "api_version": API,
        "date_created": _date(item.created),
        "date_updated": _date(item.updated),
        "encryption_details": None,
        "uri": f"{own}.json",
    }
    if under_call:
        return shape | {"track": item.wish.track}
    return shape | {
        "media_url": board.recorder.url(item),
        "subresource_uris": _parts(base, ("add_on_results", "transcriptions")),
    }


def _routing(item: Number | Application) -> Json:
    """Return where calls and texts go, and news of them: the same of a number and of an application."""
    return {
        "voice_url": item.setting("VoiceUrl") or None,
        "voice_method": item.setting("VoiceMethod") or "POST",
        "voice_fallback_url": item.setting("VoiceFallbackUrl") or None,
        "voice_fallback_method": item.setting("VoiceFallbackMethod") or "POST",
        "voice_caller_id_lookup": item.setting("VoiceCallerIdLookup") == "true",
        "status_callback": item.setting("StatusCallback") or None,
        "status_callback_method": item.setting("StatusCallbackMethod") or "POST",
        "sms_url": item.setting("SmsUrl") or None,
        "sms_method": item.setting("SmsMethod") or "POST",
        "sms_fallback_url": item.setting("SmsFallbackUrl") or None,
        "sms_fallback_method": item.setting("SmsFallbackMethod") or "POST",
    }


def number(board: Switchboard, item: Number) -> Json:
    """Return an IncomingPhoneNumber."""
    base = f"{account_uri(board)}/IncomingPhoneNumbers/{item.sid}"
    return {
        "sid": item.sid,
        "account_sid": board.account_sid,
        "friendly_name": item.friendly_name,
        "phone_number": item.number,
        **_routing(item),
        "voice_application_sid": item.setting("VoiceApplicationSid") or None,
        "voice_receive_mode": item.setting("VoiceReceiveMode") or "voice",
        "sms_application_sid": item.setting("SmsApplicationSid") or None,
        "trunk_sid": None,
        "address_sid": None,
        "address_requirements": "none",
        "bundle_sid": None,
        "identity_sid": None,
        "emergency_status": "Inactive",
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "beta": False,
        "origin": "twilio",
        "status": "in-use",
        "type": "local" if is_e164(item.number) else None,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "api_version": API,
        "date_created": _date(item.created),
        "date_updated": _date(item.updated),
        "uri": f"{base}.json",
        "subresource_uris": _parts(base, ("assigned_add_ons",)),
    }


def application(board: Switchboard, item: Application) -> Json:
    """Return an Application."""
    return {
        "sid": item.sid,
        "account_sid": board.account_sid,
        "friendly_name": item.friendly_name,
        "api_version": API,
        **_routing(item),
        "sms_status_callback": item.setting("SmsStatusCallback") or None,
        "message_status_callback": item.setting("MessageStatusCallback") or None,
        "public_application_connect_enabled": item.setting("PublicApplicationConnectEnabled") == "true",
        "date_created": _date(item.created),
        "date_updated": _date(item.updated),
        "uri": f"{account_uri(board)}/Applications/{item.sid}.json",
    }


def conference(board: Switchboard, item: Conference) -> Json:
    """Return a Conference."""
    base = f"{account_uri(board)}/Conferences/{item.sid}"
    return {
        "sid": item.sid,
        "account_sid": board.account_sid,
        "friendly_name": item.friendly_name,
        "status": item.status,
        "region": item.wishes.region,
        "api_version": API,
        "date_created": _date(item.created),
        "date_updated": _date(item.updated),
        "reason_conference_ended": item.reason,
        "call_sid_ending_conference": item.ended_by,
        "uri": f"{base}.json",
        "subresource_uris": _parts(base, ("participants", "recordings")),
    }


def participant(board: Switchboard, seat: Participant) -> Json:
    """Return a Participant."""
    return {
        "account_sid": board.account_sid,
        "call_sid": seat.sid,
        "label": seat.label or None,
        "call_sid_to_coach": seat.coach or None,
        "coaching": bool(seat.coach),
        "conference_sid": seat.room.sid,
        "date_created": _date(seat.created),
        "date_updated": _date(seat.updated),
        "end_conference_on_exit": seat.ends,
        "muted": seat.muted,
        "hold": seat.held,
        "start_conference_on_enter": seat.starts,
        "status": seat.status,
        "queue_time": None,
        "uri": f"{account_uri(board)}/Conferences/{seat.room.sid}/Participants/{seat.sid}.json",
    }


def queue(board: Switchboard, item: Queue) -> Json:
    """Return a Queue."""
    base = f"{account_uri(board)}/Queues/{item.sid}"
    return {
        "sid": item.sid,
        "account_sid": board.account_sid,
        "friendly_name": item.friendly_name,
        "current_size": len(item.members),
        "max_size": item.max_size,
        "average_wait_time": item.average_seconds(board.clock.now()),
        "date_created": _date(item.created),
        "date_updated": _date(item.updated),
        "uri": f"{base}.json",
        "subresource_uris": _parts(base, ("members",)),
    }


def member(board: Switchboard, item: Member, position: int) -> Json:
    """Return a Member of a queue."""
    return {
        "account_sid": board.account_sid,
        "call_sid": item.sid,
        "queue_sid": item.queue.sid,
        "date_enqueued": _date(item.since),
        "position": position,
        "wait_time": item.seconds(board.clock.now()),
        "uri": f"{account_uri(board)}/Queues/{item.queue.sid}/Members/{item.sid}.json",
    }


def message(board: Switchboard, item: Message) -> Json:
    """Return a Message."""
    base = f"{account_uri(board)}/Messages/{item.sid}"
    return {
        "sid": item.sid,
        "account_sid": board.account_sid,
        "messaging_service_sid": item.service_sid or None,
        "to": item.to,
        "from": item.from_ or None,
        "body": item.body,
        "status": item.status,
        "num_segments": str(item.segments),
        "num_media": str(max(len(item.media), len(item.media_urls))),
        "direction": item.direction,
        "api_version": API,
        "price": item.price,
        "price_unit": CURRENCY if item.price else None,
        "error_code": item.error_code,
        "error_message": item.error_message,
        "date_created": _date(item.created),
        "date_updated": _date(item.updated),
        "date_sent": _date(item.sent),
        "uri": f"{base}.json",
        "subresource_uris": _parts(base, ("media",)),
    }


def medium(board: Switchboard, message: Message, item: Medium) -> Json:
    """Return a Media: what hangs on a message."""
    return {
        "sid": item.sid,
        "account_sid": board.account_sid,
        "parent_sid": message.sid,
        "content_type": item.content_type,
        "date_created": _date(item.created),
        "date_updated": _date(item.created),
        "uri": f"{account_uri(board)}/Messages/{message.sid}/Media/{item.sid}.json",
    }
