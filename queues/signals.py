"""News of queues. Sent inside the transaction that made them true."""

from django.dispatch import Signal

line_changed = Signal()
"""Somebody came, is free again, or may be asked sooner: whom to ask next is to be decided anew. No arguments."""
