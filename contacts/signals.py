"""News of contacts for the packages above. Sent inside the transaction that made them true."""

from django.dispatch import Signal

contact_changed = Signal()
"""A contact is new or different. `contact`: the Contact, `what`: a word of `states.What`, `at`: now.

Of one that was deleted, or merged into another, the row is gone: the object still has its last values and its id.
"""

opt_out_changed = Signal()
"""Somebody opted out or in. `number`: E.164, `channel`, `is_out`, `how`: words of `states`, `at`: now."""
