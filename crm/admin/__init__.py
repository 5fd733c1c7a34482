"""Subscriptions to events, made and looked after by those whom they belong to."""

from crm.admin.deliveries import DeliveryAdmin
from crm.admin.subscriptions import SubscriptionAdmin

__all__ = ["DeliveryAdmin", "SubscriptionAdmin"]
