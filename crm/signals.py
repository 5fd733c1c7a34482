"""News of events. Sent inside the transaction that made them true."""

from django.dispatch import Signal

event_noted = Signal()
"""An event is written down and waits for its place in the feed. No arguments."""

deliveries_due = Signal()
"""Somebody is to be told of events now. No arguments."""
