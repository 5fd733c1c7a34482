"""Queues in the API, as they stand; who waits in them; and who is to be called back."""

from queues.api.callbacks import Callbacks
from queues.api.queues import QueueRef, Queues
from queues.api.waiting import Waiting

__all__ = ["Callbacks", "QueueRef", "Queues", "Waiting"]
