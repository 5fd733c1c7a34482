"""What people who write programs look after: their keys of the API, and their subscriptions to events."""

from crm.admin.deliveries import DeliveryAdmin
from crm.admin.keys import KeyAdmin
from crm.admin.subscriptions import SubscriptionAdmin

__all__ = ["DeliveryAdmin", "KeyAdmin", "SubscriptionAdmin"]
