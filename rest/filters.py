"""Filters of lists: each resource names its own; what is not among them is refused by the page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django_filters import filters
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from drf_spectacular.utils import extend_schema_field

from rest.fields import ONE_OF, MomentFilter

MOST = 2**63 - 1  # what a column of ids can hold


class Filters(FilterSet):
    """The base of what a list can be filtered by. Filters of moments ask for the zone."""

    @classmethod
    def filter_for_lookup(cls, field: Any, lookup_type: str) -> tuple[Any, dict[str, Any]]:
        kind, options = super().filter_for_lookup(field, lookup_type)
        return (MomentFilter if field.get_internal_type() == "DateTimeField" else kind), options


class WordFilter(filters.ChoiceFilter):
    """A filter by one of a few words, which it names to who writes another."""

    def __init__(self, words: Iterable[str], *names: Any, **options: Any) -> None:
        words = [str(word) for word in words]
        told = {"invalid_choice": format_lazy(ONE_OF, words=", ".join(words))}
        super().__init__(*names, choices=[(word, word) for word in words], error_messages=told, **options)


class IdFilter(filters.NumberFilter):
    """A filter by an id that is a number; one that no row can have is refused."""

    field_class = forms.IntegerField

    def __init__(self, *names: Any, **options: Any) -> None:
        super().__init__(*names, **{"min_value": 1, "max_value": MOST} | options)
        extend_schema_field({"type": "integer", "format": "int64", "minimum": 1, "description": options["label"]})(self)


class Backend(DjangoFilterBackend):
    """Reads the filters of a page from its address; only lists have some."""

    def get_filterset_class(self, view: Any, queryset: Any = None) -> Any:
        return super().get_filterset_class(view, queryset) if view.action == "list" else None
