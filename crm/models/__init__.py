"""Events, and who receives them."""

from crm.models.events import Closing, Event, Numbering
from crm.models.subscriptions import Delivery, Subscription, Try

__all__ = ["Closing", "Delivery", "Event", "Numbering", "Subscription", "Try"]
