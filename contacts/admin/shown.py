"""Numbers as a person may see them, moments as they are written, and who asks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from contacts.models import Contact
from telephony import numbers
from telephony.fields import sees_numbers


def shown_to(user: Any) -> Callable[[str], str]:
    """Give the way in which a number is written for this person: whole, or with its middle hidden."""
    return numbers.show if sees_numbers(user) else lambda raw: numbers.mask(numbers.show(raw))


def person(request: HttpRequest) -> AbstractBaseUser:
    """Who asks: these pages are for those who have logged in."""
    assert isinstance(request.user, AbstractBaseUser)
    return request.user


def written(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else "-"


def flags_of(contact: Contact, *, do_not_call: bool, at: datetime) -> list[str]:
    """Tell in words what is particular about a contact."""
    flags = []
    if contact.is_vip:
        flags.append(str(_("VIP")))
    if contact.is_blocked(at):
        flags.append(str(_("blocked")))
    if do_not_call:
        flags.append(str(_("do not call")))
    return flags
