"""Telephone numbers in the API: E.164, read however they are written, and masked for who may not see them whole."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from rest_framework import serializers

from telephony import numbers

SEES_NUMBERS = "calls.view_numbers"


def sees_numbers(user: object) -> bool:
    """Tell whether a person may see telephone numbers whole."""
    return isinstance(user, PermissionsMixin) and user.has_perm(SEES_NUMBERS)


class _SoughtNumber(forms.CharField):
    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if text and not numbers.looks_like_one(text):
            raise forms.ValidationError(_("Give a telephone number, or at least three of its digits."))
        return text


class NumberFilter(filters.CharFilter):  # type: ignore[misc]  # django-filter has no types
    """A filter by a number, or by a part of one; what can be neither is refused."""

    field_class = _SoughtNumber


class Number(serializers.CharField):
    """A number in E.164, `+14155550123`; its middle is hidden where the key's owner may not see whole numbers.

    A body may write it in any way; without its country's code it is one of DEFAULT_COUNTRY. In an answer it may also be
    the end of a call that is none: `client:`, `sip:` or a word.
    """

    default_error_messages = {"number": _("Give a telephone number with its country's code, such as +14155550123.")}

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 40)
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> str:
        number = numbers.parse(super().to_internal_value(data), country=settings.DEFAULT_COUNTRY)
        if number is None:
            self.fail("number")
        return number

    def to_representation(self, value: Any) -> str:
        request = self.context.get("request")
        user = getattr(request, "user", AnonymousUser())
        return str(value) if sees_numbers(user) else numbers.mask(str(value))
