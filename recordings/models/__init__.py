"""Recordings and their recorders, transcripts, mailboxes, and who listened."""

from recordings.models.mailbox import Mailbox, Message, MissedCall, Notice, Voicemail, validate_addressees
from recordings.models.play import Play
from recordings.models.recorder import Pause, Recorder
from recordings.models.recording import Recording
from recordings.models.returning import Return
from recordings.models.share import ShareLink
from recordings.models.transcript import Transcript

__all__ = [
    "Mailbox",
    "Message",
    "MissedCall",
    "Notice",
    "Pause",
    "Play",
    "Recorder",
    "Recording",
    "Return",
    "ShareLink",
    "Transcript",
    "Voicemail",
    "validate_addressees",
]
