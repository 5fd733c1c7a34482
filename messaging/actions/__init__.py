"""Every write to texts: received, wanted, asked for, observed, fetched, and deleted."""

from messaging.actions.falling_back import fall_back
from messaging.actions.observing import observe
from messaging.actions.receiving import catch_up, receive
from messaging.actions.sending import NotSent, send
from messaging.actions.threads import NotWaiting, finish

__all__ = ["NotSent", "NotWaiting", "catch_up", "fall_back", "finish", "observe", "receive", "send"]
