"""By which way somebody wants to hear nothing, how they said so, and what can happen to a contact. Pure."""

from enum import StrEnum


class Channel(StrEnum):
    """What an opt-out is of."""

    TEXTS = "texts"
    CALLS = "calls"


class How(StrEnum):
    """How an opt-out was said, or taken back."""

    TEXT = "text"  # a text with a word such as STOP or START
    CALL = "call"  # a key, or a word, in a call
    SAID = "said"  # to somebody who works here
    API = "api"
    FILE = "file"
    TWILIO = "twilio"  # Twilio holds it: a text was refused for it
    ERASURE = "erasure"  # the person asked to be forgotten


class What(StrEnum):
    """What has become of a contact."""

    CREATED = "created"
    CHANGED = "changed"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    CHOSEN = "chosen"
    MERGED = "merged"
    SPLIT = "split"
    DELETED = "deleted"
