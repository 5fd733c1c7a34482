"""The states of an event's delivery to a subscription. Pure."""

from enum import StrEnum


class DeliveryState(StrEnum):
    WAITING = "waiting"  # to be sent, or to be sent again
    DELIVERED = "delivered"  # answered with 2xx
    GIVEN_UP = "given-up"  # after the last try
