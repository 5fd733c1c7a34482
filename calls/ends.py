"""Telephone numbers as a person may see them."""

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from telephony import numbers
from telephony.fields import sees_numbers


def shown_to(user: AbstractBaseUser | AnonymousUser) -> Callable[[str], str]:
    """Give the way in which an end of a call is written for this person: whole, or with its middle hidden."""
    return numbers.show if sees_numbers(user) else hidden


def text_shown_to(user: AbstractBaseUser | AnonymousUser) -> Callable[[str], str]:
    """Give the way in which this person sees a text that may have numbers in it."""
    return str if sees_numbers(user) else numbers.mask


def hidden(raw: str) -> str:
    return numbers.mask(numbers.show(raw))
