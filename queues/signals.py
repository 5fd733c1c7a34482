"""News of queues. Sent inside the transaction that made them true."""

from django.dispatch import Signal

entry_joined = Signal()
"""Somebody waits in a queue now, or does again. `entry`: the Entry, `why`: in words, `at`: now."""

entry_left = Signal()
"""A wait is over: taken, gone, or sent elsewhere. `entry`: the Entry, its `state`; `why`: in words, `at`: now."""

offer_made = Signal()
"""An agent is asked to take somebody. `offer`: the Offer, `at`: now."""

offer_ended = Signal()
"""An offer rings no more. `offer`: the Offer, `state`: what it has become, `at`: now."""

callback_changed = Signal()
"""Somebody is to be called back, or that stands differently. `callback`: the Callback, `what`: in words, `at`: now."""

line_changed = Signal()
"""Somebody came, is free again, or may be asked sooner: whom to ask next is to be decided anew. No arguments."""
