"""News of calls for the packages above. Sent inside the transaction that made them true."""

from django.dispatch import Signal

call_ended = Signal()
"""A leg has reached a final status, once per leg. `call`: the Call, `at`: now."""

machine_detected = Signal()
"""Twilio has told who answered a call: `call.answered_by`. `call`: the Call, `milliseconds`: it took, `at`: now."""
