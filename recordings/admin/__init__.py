"""Mailboxes to set up, voicemails to work on, and what was recorded, to hear and to share."""

from recordings.admin.mailboxes import MailboxAdmin, MissedCallAdmin
from recordings.admin.recordings import RecordingAdmin
from recordings.admin.voicemails import VoicemailAdmin

__all__ = ["MailboxAdmin", "MissedCallAdmin", "RecordingAdmin", "VoicemailAdmin"]
