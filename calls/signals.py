"""News of calls for the packages above. Sent inside the transaction that made them true."""

from django.dispatch import Signal

call_began = Signal()
"""A leg exists, and who calls whom is known; once per leg. `call`: the Call, `at`: when it began.

Its conversation may still change in this transaction: of a leg that a conversation rings it is learned a moment later.
"""

call_rang = Signal()
"""It rings at the other end, if Twilio says so before it is answered. `call`: the Call, `at`: when it rang."""

call_answered = Signal()
"""Somebody has picked up, or a document of ours has; once per leg. `call`: the Call, `at`: the moment of the answer."""

call_ended = Signal()
"""A leg has reached a final status, once per leg. `call`: the Call, `at`: now."""

machine_detected = Signal()
"""Twilio has told who answered a call: `call.answered_by`. `call`: the Call, `milliseconds`: it took, `at`: now."""
