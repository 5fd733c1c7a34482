"""News of flows for the packages above. Sent inside the transaction that made them true."""

from django.dispatch import Signal

flow_published = Signal()
"""Callers meet a new version. `version`: the Version with its flow, `at`: now."""
