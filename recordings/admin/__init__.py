"""Mailboxes to set up, voicemails to work on, and what was recorded and heard, to read."""

from recordings.admin.mailboxes import MailboxAdmin, MissedCallAdmin
from recordings.admin.plays import PlayAdmin
from recordings.admin.recordings import RecordingAdmin
from recordings.admin.voicemails import VoicemailAdmin

__all__ = ["MailboxAdmin", "MissedCallAdmin", "PlayAdmin", "RecordingAdmin", "VoicemailAdmin"]
