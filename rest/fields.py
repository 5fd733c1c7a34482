"""Moments, as the API reads and writes them: always with their zone, always written in UTC."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django_filters import filters
from rest_framework import serializers

ONE_OF = _("Give one of: {words}.")
ZONE = _("Give a moment with its zone, such as 2026-03-02T15:00:00Z.")
ZONE_IN_ADDRESS = _("Give a moment with its zone, such as 2026-03-02T15:00:00Z. A + is written %(plus)s here.")


class Moment(serializers.DateTimeField):
    """A moment as ISO 8601 has it. One without a zone is refused: nobody could know which was meant."""

    default_error_messages = {"invalid": ZONE}

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)

    def to_internal_value(self, value: Any) -> datetime:
        moment = read(value)
        if moment is None:
            self.fail("invalid")
        return moment


class _MomentOfForm(forms.Field):
    def to_python(self, value: Any) -> datetime | None:
        if not value:
            return None
        moment = read(value)
        if moment is None:
            raise forms.ValidationError(ZONE_IN_ADDRESS, params={"plus": "%2B"})
        return moment


class MomentFilter(filters.IsoDateTimeFilter):
    """A filter by a moment, read as above."""

    field_class = _MomentOfForm


def read(value: Any) -> datetime | None:
    """Read a moment with its zone; None if it is none."""
    if isinstance(value, datetime):
        moment: datetime | None = value
    else:
        try:
            moment = parse_datetime(value) if isinstance(value, str) else None
        except ValueError:
            return None
    if moment is None or moment.tzinfo is None:
        return None
    try:
        return moment.astimezone(UTC)
    except OverflowError:  # the first and the last day that there is, in another zone
        return None
