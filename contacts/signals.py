"""News of contacts for the packages above. Sent inside the transaction that made them true."""

from django.dispatch import Signal

contacts_changed = Signal()
"""Contacts are new or different. `contacts`: a list of Contact, `what`: a word of `states.What`, `at`: now.

Of those that are deleted, or merged into another (`into`), the rows are still there.
"""

opt_outs_changed = Signal()
"""Numbers opted out or in. `numbers`: a list in E.164, `channel`, `is_out`, `how`: words of `states`, `at`: now."""
