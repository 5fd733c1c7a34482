"""The words of rules and evidence. Pure."""

from enum import StrEnum


class Subject(StrEnum):
    """What a policy is about."""

    CONVERSATION = "conversation"  # the customer's leg: the customer, and everybody whom the customer hears
    AGENT = "agent"  # each agent's leg: the agent, and everybody whom the agent hears, consultations too
    VOICEMAIL = "voicemail"  # what a caller says after the beep


class Direction(StrEnum):
    ANY = ""
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Begins(StrEnum):
    """From when something is recorded, once whoever must agree has agreed."""

    CALL = "call"  # in the flow already
    TALK = "talk"  # as soon as customer and agent talk
    PRESS = "press"  # when the agent says so


class Mode(StrEnum):
    """Whom a policy asks before anything is recorded."""

    NONE = "none"
    ANNOUNCE = "announce"  # the customer is told
    ASK_ONE = "ask-one"  # the customer is asked
    ASK_EVERY = "ask-every"  # everybody from outside is asked, colleagues are told; who is added later, too


class Party(StrEnum):
    CUSTOMER = "customer"
    OUTSIDE = "outside"  # somebody else who is no agent
    COLLEAGUE = "colleague"


class Answer(StrEnum):
    """What a party has made of a notice. The last one of a party counts."""

    TOLD = "told"  # heard the announcement
    AGREED = "agreed"
    REFUSED = "refused"
    SILENT = "silent"  # was asked, and did not answer: no consent
    WITHDRAWN = "withdrawn"


class Withdrawal(StrEnum):
    """What becomes of a recording whose consent is taken back."""

    STOP = "stop"
    DELETE = "delete"


class Access(StrEnum):
    """What somebody did with something that is kept."""

    PLAYED = "played"  # asked for sound; `detail` has the range
    HEARD = "heard"  # so much of it was sent
    DOWNLOADED = "downloaded"
    READ = "read"  # a transcript
    READ_ORIGINAL = "read-original"  # what the redaction hides
    HEARD_ORIGINAL = "heard-original"
    SHARED = "shared"
    UNSHARED = "unshared"
    SEARCHED = "searched"
    EXPORTED = "exported"
    DELETED = "deleted"
    HELD = "held"
    RELEASED = "released"
    ERASED = "erased"
    LOOKED = "looked"  # at a picture or file that somebody has texted


class Kept(StrEnum):
    """What has an end, by a rule."""

    VOICEMAIL = "voicemail"
    RECORDING = "recording"
    REDACTED = "redacted"  # the copy in which something is silent
    TRANSCRIPT = "transcript"
    CALL = "call"
    DELIVERY = "delivery"
    EVENT = "event"  # the entries of a call's history
    TOLD = "told"  # what other systems were told of, or may ask for: `crm.Event`
    SENT = "sent"  # what was sent to them, with each try
    TEXT = "text"  # a text message, with its pictures
