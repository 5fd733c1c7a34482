"""Queues in the API, as they stand; who waits in them, who is to be called back; and agents' parts in conversations."""

from queues.api.callbacks import Callbacks
from queues.api.handlings import Dispositions, Handlings
from queues.api.queues import QueueRef, Queues
from queues.api.waiting import Waiting

__all__ = ["Callbacks", "Dispositions", "Handlings", "QueueRef", "Queues", "Waiting"]
