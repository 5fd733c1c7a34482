"""Keys of the API and the answers kept for them; events, and who receives them."""

from crm.models.answers import KeptAnswer
from crm.models.events import Closing, Event, Numbering
from crm.models.keys import Key
from crm.models.subscriptions import Delivery, Subscription, Try

__all__ = ["Closing", "Delivery", "Event", "KeptAnswer", "Key", "Numbering", "Subscription", "Try"]
