"""What several events tell of: a call, an agent, a queue. Pure."""

from crm.catalogue.schemas import group, moment, number, perhaps, text, uuid, whole

CALL_ID = "6a1f6f0e-7a0b-4a55-9d52-1d0c0b4a8f11"
OTHER_CALL_ID = "9b7a4c52-3f0e-4f5c-8a77-50a0c7f1d2e3"
SECOND = "2026-03-02T09:15:04.120Z"

CALL = group(
    "One leg. A conversation has several: the caller's, and one of each person who is rung.",
    id=uuid(CALL_ID),
    sid=text("CA0a1b2c3d4e5f60718293a4b5c6d7e8f9", "Twilio's id of the leg."),
    direction=text("inbound", "As Twilio names it: inbound, outbound-api, outbound-dial."),
    from_number=number("+12025550142"),
    to_number=number("+12025550100"),
    status=text("in-progress", "Twilio's status, the furthest that was seen."),
    parent=perhaps(uuid(OTHER_CALL_ID, "The leg that dialed this one."), empty=True),
    started_at=moment("2026-03-02T09:15:00.000Z"),
    answered_at=perhaps(moment(SECOND)),
    ended_at=perhaps(moment("2026-03-02T09:21:40.000Z"), empty=True),
    seconds=perhaps(whole(396, "As billed by Twilio."), empty=True),
)
AGENT = group(id=uuid("0f8f5a3a-54c9-4b0c-a3f2-1f5f6f0f7f01"), name=text("Ada"))
QUEUE = group(id=whole(3), name=text("Orders"))
MAILBOX = group(id=whole(2), name=text("Orders, after hours"))
FLOW = group(id=whole(7), name=text("Main menu"))
RECORDING = group(
    id=uuid("3f1a9d7e-2b6c-4e0a-8f65-6d1c2b3a4f50"),
    sid=text("RE0a1b2c3d4e5f60718293a4b5c6d7e8f9", "Twilio's id."),
    call=perhaps(uuid(CALL_ID)),
    subject=text("conversation", "conversation, agent or voicemail."),
    seconds=perhaps(whole(392)),
    channels=perhaps(whole(2)),
)
