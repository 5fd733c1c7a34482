"""News of texts for the packages above. Sent inside the transaction that made them true."""

from django.dispatch import Signal

message_received = Signal()
"""Somebody has texted us. `message`: the Message with its thread, `at`: now."""

message_changed = Signal()
"""A text of ours is wanted, sent, not sent, or its status has climbed. `message`: the Message, `at`: now."""
