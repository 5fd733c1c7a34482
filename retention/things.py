"""The kinds of things that an erasure finds, in the order in which it works on them. Pure."""

from enum import StrEnum


class Thing(StrEnum):
    RECORDING = "recording"  # ours: files, copies, transcripts, and the audio at Twilio
    CALL = "call"  # a conversation of the person, with all that hangs on it
    LEG = "leg"  # the person's part in somebody else's conversation
    CALLBACK = "callback"
    CONTACT = "contact"  # a contact with the number: that number, and all of it with the last one
    OPT_OUT = "opt-out"
    TEXT = "text"  # all texts with the person from one number of ours
    EVENT = "event"  # what programs were told of a contact that goes, with each try to tell it
    ORDER = "order"  # a wish to call the person
    ATTEMPT = "attempt"  # an entry of the ledger of who was dialed
    MENTION = "mention"  # a row about others in which the number stands
    DELIVERY = "delivery"
    HOLD = "hold"  # a legal hold that names the number
    TWILIO_CALL = "twilio-call"
    TWILIO_RECORDING = "twilio-recording"  # one that we do not know
    TWILIO_MESSAGE = "twilio-message"


ORDER = {thing: place for place, thing in enumerate(Thing)}
AT_TWILIO = frozenset({Thing.TWILIO_CALL, Thing.TWILIO_RECORDING, Thing.TWILIO_MESSAGE})
