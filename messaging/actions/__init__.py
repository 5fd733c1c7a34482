"""Every write to texts: received, wanted, asked for, observed, fetched, and deleted."""

from messaging.actions.sending import NotSent, send

__all__ = ["NotSent", "send"]
