"""News of agents for the packages above. Sent inside the transaction that made them true."""

from django.dispatch import Signal

presence_changed = Signal()
"""An agent stands differently: chose, was rung, talks, is free, fell silent. `agent`: the Agent, `at`: now."""
