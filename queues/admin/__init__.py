"""Queues to set up, who waited in them, and callbacks to look after."""

from queues.admin.callbacks import CallbackAdmin
from queues.admin.entries import EntryAdmin
from queues.admin.queues import DispositionAdmin, QueueAdmin

__all__ = ["CallbackAdmin", "DispositionAdmin", "EntryAdmin", "QueueAdmin"]
