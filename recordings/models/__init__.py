"""Recordings and their copies, recorders, transcripts, mailboxes, and who hears by what right."""

from recordings.models.copy import Copy
from recordings.models.discard import Discard
from recordings.models.mailbox import Mailbox, Message, MissedCall, Notice, Voicemail, validate_addressees
from recordings.models.reason import GivenReason
from recordings.models.recorder import Pause, Recorder
from recordings.models.recording import Recording
from recordings.models.returning import Return
from recordings.models.share import ShareLink
from recordings.models.transcript import Transcript

__all__ = [
    "Copy",
    "Discard",
    "GivenReason",
    "Mailbox",
    "Message",
    "MissedCall",
    "Notice",
    "Pause",
    "Recorder",
    "Recording",
    "Return",
    "ShareLink",
    "Transcript",
    "Voicemail",
    "validate_addressees",
]
