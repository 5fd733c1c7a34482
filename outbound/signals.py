"""News of orders for the packages above. Sent inside the transaction that made them true."""

from django.dispatch import Signal

order_changed = Signal()
"""An order was made, or stands differently. `order`: the Order, `at`: now."""
