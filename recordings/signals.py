"""News of recordings for the packages above. Sent inside the transaction that made them true."""

from django.dispatch import Signal

recording_stored = Signal()
"""A recording's sound is in our storage. `recording`: the Recording, `at`: now."""

transcript_available = Signal()
"""What was said can be read, redacted. `transcript`, its `recording`, `at`: now."""

voicemail_left = Signal()
"""A message lies in a mailbox. `voicemail`: the Voicemail, `at`: now."""

recording_completed = Signal()
"""Twilio says that a recording's audio is there, once per recording. `recording`: the Recording, `at`: now."""
