"""Filters of lists: each resource names its own; what is not among them is refused by the page."""

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend, FilterSet

from rest.fields import MomentFilter


class Filters(FilterSet):
    """The base of what a list can be filtered by. Filters of moments ask for the zone."""

    @classmethod
    def filter_for_lookup(cls, field: Any, lookup_type: str) -> tuple[Any, dict[str, Any]]:
        kind, options = super().filter_for_lookup(field, lookup_type)
        return (MomentFilter if field.get_internal_type() == "DateTimeField" else kind), options


class Backend(DjangoFilterBackend):
    """Reads the filters of a page from its address; only lists have some."""

    def get_filterset_class(self, view: Any, queryset: Any = None) -> Any:
        return super().get_filterset_class(view, queryset) if view.action == "list" else None
