"""Twilio's form fields as frozen dataclasses. Pure.

A parser never raises: an absent field is empty or None, a number or date that does not parse is None, and a word that
we do not know stays the word it is. What callers key in, say and write is left out of every `repr`, because those end
in logs.
"""

from telephony.payloads.news import (
    ConferenceEvent,
    MachineDetection,
    RecordingCallback,
    StatusCallback,
    conference_event,
    machine_detection,
    recording_callback,
    status_callback,
)
from telephony.payloads.reading import PRIVATE_FIELDS, SID_LIMIT, Form, Place, decimal, moment, truth, whole
from telephony.payloads.texts import IncomingMedia, IncomingMessage, MessageStatus, incoming_message, message_status
from telephony.payloads.voice import (
    KNOWN_FIELDS,
    ActionResult,
    DialResult,
    GatherResult,
    QueueResult,
    RecordResult,
    ReferResult,
    VoiceRequest,
    action_result,
    dial_result,
    gather_result,
    record_result,
    voice_request,
)

__all__ = [
    "KNOWN_FIELDS", "PRIVATE_FIELDS", "SID_LIMIT", "ActionResult", "ConferenceEvent", "DialResult", "Form",
    "GatherResult", "IncomingMedia", "IncomingMessage", "MachineDetection", "MessageStatus", "Place", "QueueResult",
    "RecordResult", "RecordingCallback", "ReferResult", "StatusCallback", "VoiceRequest", "action_result",
    "conference_event", "decimal", "dial_result", "gather_result", "incoming_message", "machine_detection",
    "message_status", "moment", "record_result", "recording_callback", "status_callback", "truth",
    "voice_request", "whole",
]  # fmt: skip
