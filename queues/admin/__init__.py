"""Queues to set up, and callbacks to look after."""

from queues.admin.callbacks import CallbackAdmin

__all__ = ["CallbackAdmin"]
