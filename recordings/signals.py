"""News of recordings for the packages above. Sent inside the transaction that made them true."""

from django.dispatch import Signal

recording_completed = Signal()
"""Twilio says that a recording's audio is there, once per recording. `recording`: the Recording, `at`: now."""
