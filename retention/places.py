"""Where in our tables a person may be named: what goes with their calls, what is searched, and where nobody is.

Each field that holds text stands in exactly one of these lists; a test reads the models and fails for one that is
in none.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ITS_CALL = "row.call_id"
OF_ENTRY = "(SELECT entry.call_id FROM queues_entry AS entry WHERE entry.id = row.entry_id)"
OF_ROOM = "(SELECT room.customer_id FROM conferences_conference AS room WHERE room.id = row.conference_id)"
OF_RECORDING = "(SELECT recording.call_id FROM recordings_recording AS recording WHERE recording.id = row.recording_id)"
OF_TRY = (
    "(SELECT event.call FROM crm_delivery AS delivery JOIN crm_event AS event ON event.id = delivery.event_id"
    " WHERE delivery.id = row.delivery_id)"
)
NO_CALL = "NULL::uuid"

SET_UP = "It is set-up of this company, changed by hand where it is set."
OBJECTION = "The law asks to leave alone who has objected: for that the entry keeps the number, and how it was said."
NEVER_CHANGES = "The log of access never changes; it names nobody by itself."


@dataclass(frozen=True, slots=True)
class Place:
    """Text of a row that may name somebody besides the person whose call it is of.

    `call` gives the row's call in SQL: rows of calls that go anyway are not looked at. `stays` says why the row is left
    as it is; else the number is hidden in it or, where half of it would be of no use, `emptied`.
    """

    model: str
    fields: tuple[str, ...]
    call: str = NO_CALL
    stays: str = ""
    emptied: bool = False


PLACES = (
    Place("calls.CallEvent", ("data",), ITS_CALL),
    Place("compliance.Hold", ("name", "reason", "lifted_because")),
    Place("compliance.AccessEntry", ("reason", "detail"), stays=NEVER_CHANGES),
    Place(
        "conferences.Participant", ("name", "address", "caller_id", "screening"), f"coalesce(row.call_id, {OF_ROOM})"
    ),
    Place("conferences.Conference", ("facts", "caller_id", "destination", "ended_because"), "row.customer_id"),
    Place("crm.KeptAnswer", ("body",)),
    Place("conferences.Announcement", ("text", "digits"), OF_ROOM),
    Place("queues.Handling", ("notes",), OF_ENTRY),
    Place("queues.Offer", ("why",), OF_ENTRY),
    Place("recordings.Recording", ("speakers", "failure"), ITS_CALL),
    Place("recordings.Recorder", ("speakers", "failure"), "row.customer_id"),
    Place("recordings.Return", ("number",), ITS_CALL),
    Place("recordings.ShareLink", ("reason",), OF_RECORDING),
    Place("recordings.GivenReason", ("reason",), OF_RECORDING),
    Place("recordings.Transcript", ("text", "segments"), OF_RECORDING),
    Place("ivr.LookUp", ("sent", "answer"), ITS_CALL),
    Place("crm.Event", ("data", "reference"), "row.call"),
    Place("crm.Try", ("request_body", "answer_body", "answer_headers", "failure"), OF_TRY),
    Place("ivr.Visit", ("position", "answer", "screened"), ITS_CALL),
    # made up by those who write flows; a real caller's number that was typed all the same is found and hidden
    Place("ivr.Scenario", ("name", "conditions", "inputs", "expected", "names")),
    Place("messaging.Message", ("body", "detail")),
    Place("messaging.Media", ("failure",)),
    Place("messaging.Removal", ("failure",)),
    Place("retention.Finding", ("note",)),
    Place("admin.LogEntry", ("object_repr", "change_message")),
    Place("dialing.Rate", ("sample",), emptied=True),
    Place("contacts.Contact", ("name", "attributes", "blocked_because")),
    # a person who is rung by a flow, or has an agent's telephone
    Place("agents.Endpoint", ("address",), stays=SET_UP),
    Place("ivr.Line", ("address", "forward_to", "emergency_text"), stays=SET_UP),
    Place("ivr.Step", ("settings",), stays=SET_UP),
    Place("ivr.Replay", ("document",), stays=SET_UP),
    Place("ivr.Version", ("document",), stays=SET_UP),
    Place("ivr.Release", ("document",), stays=SET_UP),
    Place("ivr.Wording", ("text",), stays=SET_UP),
    Place("ivr.Flow", ("description",), stays=SET_UP),
    Place("ivr.Source", ("name", "address"), stays=SET_UP),
    Place("ivr.Edit", ("changes",), stays=SET_UP),  # steps as they were: telephones that are rung
    Place("messaging.FallbackRule", ("body",), stays=SET_UP),
    Place("messaging.Keyword", ("word", "reply", "media_url", "redirect_url"), stays=SET_UP),
    Place("queues.Queue", ("caller_id", "callback_text"), stays=SET_UP),
    Place("telephony.PhoneNumber", ("number", "friendly_name"), stays=SET_UP),
)

# Fields by which a person is found, or that go with what was found by them.
GOES: Mapping[str, tuple[str, ...]] = {
    "calls.Call": ("from_number", "to_number", "forwarded_from", "caller_name"),
    "compliance.Scope": ("caller",),
    "dialing.Attempt": ("number",),
    "outbound.Order": ("number", "reference"),
    "contacts.Contact": ("language", "country"),
    "contacts.ContactNumber": ("number", "label"),
    "contacts.ExternalId": ("value",),
    "contacts.Choice": ("number",),
    "contacts.Change": ("detail",),
    "contacts.OptOut": ("number", "note", "ended_note"),
    "compliance.Consent": ("name", "wording", "key"),
    "compliance.Hold": ("caller",),
    "messaging.LineType": ("number",),
    "messaging.Media": ("name", "sha256", "key_id", "sealed_key"),
    "messaging.Message": ("media_urls",),
    "messaging.Removal": ("name",),
    "messaging.Thread": ("number",),
    "queues.Callback": ("number", "last_outcome"),
    "recordings.Copy": ("name", "sha256", "key_id", "sealed_key", "waves"),
    "recordings.Discard": ("name", "failure"),
    "recordings.Transcript": ("original", "original_key", "search", "findings"),
    "telephony.Delivery": ("form", "answer", "error", "path"),
    "retention.Erasure": ("number", "reason"),
}

OF_TWILIO = "Twilio's own ids and words"
OF_PEOPLE_HERE = "of somebody who works here, or a name that is set up"
OF_MACHINES = "numbers and words of our own, about no person"
NOBODY: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    OF_TWILIO: {
        "calls.Call": ("sid", "account_sid", "direction", "status", "answered_by", "sip_response_code"),
        "compliance.Consent": ("leg", "language"),
        "compliance.Scope": ("number", "queues", "language"),
        "conferences.Conference": ("sid", "subject"),
        "dialing.Attempt": ("country", "currency"),
        "dialing.Rate": ("country", "currency"),
        "outbound.Order": ("language", "caller_id", "answered_by"),
        "conferences.Participant": ("call_sid", "onward", "quality"),
        "messaging.LineType": ("kind",),
        "messaging.Media": ("sid", "content_type"),
        "messaging.Message": ("sid", "status", "language", "error_code", "country", "currency"),
        "messaging.Removal": ("sid",),
        "messaging.Sender": ("number", "service_sid"),
        "messaging.Thread": ("language",),
        "queues.Entry": ("language", "onward"),
        "queues.Callback": ("language",),
        "recordings.Recording": ("sid", "source", "number", "language", "url", "error_code", "transcriber"),
        "recordings.Recorder": ("call_sid",),
        "recordings.Voicemail": ("language",),
        "retention.Finding": ("call_sid",),
        "recordings.Transcript": ("provider", "version", "language", "currency", "subject", "request_id"),
        "telephony.Delivery": ("identity", "call_sid"),
        "telephony.PhoneNumber": (
            *("sid", "voice_url", "voice_method", "voice_fallback_url", "status_callback"),
            *("voice_application_sid", "trunk_sid", "capabilities"),
            *("sms_url", "sms_fallback_url", "sms_application_sid"),
        ),
    },
    OF_PEOPLE_HERE: {
        "agents.User": ("password", "username", "first_name", "last_name", "email"),
        "agents.Team": ("name",),
        "agents.Skill": ("name",),
        "agents.Reason": ("name",),
        "agents.Agent": ("name", "languages"),
        "agents.PresenceChange": ("chosen", "reason", "cause"),
        "auth.Group": ("name",),
        "compliance.AccessEntry": ("who", "address", "subject", "subject_id", "previous", "hash"),
        "compliance.Notice": ("language", "text"),
        "compliance.Policy": ("name", "number"),
        "compliance.Hold": ("number",),
        "compliance.RetentionRule": ("number",),
        "dialing.Limits": ("countries",),
        "conferences.Room": ("name", "host_pin", "guest_pin"),
        "crm.Key": ("name", "beginning", "sha256", "scopes", "addresses"),
        "crm.Subscription": ("name", "url", "secret", "old_secret", "disabled_because"),
        "contacts.System": ("name", "url_template"),
        "ivr.Audio": ("sha256", "name", "file"),
        "ivr.Closure": ("reason", "message", "language"),
        "ivr.DatedException": ("name",),
        "ivr.Edit": ("words",),
        "ivr.Exit": ("name", "keys", "words", "language"),
        "ivr.Flow": ("name",),
        "ivr.FlowLanguage": ("language", "voice"),
        "ivr.Line": ("name", "emergency_language", "emergency_voice"),
        "ivr.HolidayYear": ("country", "region"),
        "ivr.Prompt": ("name",),
        "ivr.PublicHoliday": ("name",),
        "ivr.Schedule": ("name", "time_zone", "country", "region"),
        "ivr.Step": ("name",),
        "ivr.StepPrompt": ("role",),
        "ivr.Version": ("note", "despite"),
        "ivr.Release": ("note", "despite", "ended_because"),
        "ivr.Wording": ("language", "voice"),
        "ivr.YearlyDate": ("name",),
        "messaging.FallbackRule": ("name", "language"),
        "messaging.Keyword": ("language",),
        "queues.Disposition": ("name",),
        "queues.Queue": ("name", "transcription"),
        "recordings.Mailbox": ("name", "addressees"),
        "sessions.Session": ("session_key", "session_data"),
    },
    OF_MACHINES: {
        "admin.LogEntry": ("object_id",),
        "auth.Permission": ("name", "codename"),
        "crm.Event": ("type",),
        "crm.Subscription": ("types",),
        "crm.Try": ("request_headers",),
        "contenttypes.ContentType": ("app_label", "model"),
        "ivr.LookUp": ("step", "language", "keep", "trouble"),
        "ivr.OpenPage": ("step",),
        "ivr.StepCount": ("step", "exit"),
        "ivr.Replay": ("digest", "lines", "figures", "trouble"),
        "ivr.ReplayedVisit": ("was", "would", "why", "step"),
        "ivr.Source": ("secret",),
        "crm.KeptAnswer": ("credential", "idempotency_key", "request", "content_type", "headers"),
        "ivr.Release": ("fingerprint", "told_state"),
        "ivr.Visit": ("ending",),
        "recordings.Recording": ("deleted_for",),
        "retention.Comparison": ("trouble",),
        "retention.Erasure": ("masked", "salt", "digest", "trouble", "certificate", "sha256"),
        "retention.ErasureItem": ("key", "why", "went"),
        "retention.Finding": ("name",),
        "retention.Run": ("words", "fingerprint", "cursor"),
        "telephony.Pace": ("name",),
    },
}


def place_of(model: str) -> Place:
    return next(place for place in PLACES if place.model == model)
