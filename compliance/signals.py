"""News of rules and evidence for the packages above. Sent inside the transaction that made them true."""

from django.dispatch import Signal

consent_noted = Signal()
"""The ledger has a new entry. `consent`: the Consent, `at`: now."""

scope_changed = Signal()
"""A call has come under other rules, perhaps: its flow or queue has changed. `call_id`: the customer's, `at`: now."""
