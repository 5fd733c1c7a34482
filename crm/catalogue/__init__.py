"""The types of events that the world outside is told of: name, version, schema, example. Pure.

`docs/events.md` is made from this. A version changes when a field is taken away or means something else; fields may
be added to a version at any time.
"""

from collections.abc import Callable, Mapping
from typing import Any

from crm.catalogue import record, telephone
from crm.catalogue.schemas import EventType, masked

TYPES: Mapping[str, EventType] = {one.name: one for one in (*telephone.TYPES, *record.TYPES)}


def with_numbers_hidden(event_type: str, data: Mapping[str, Any], hide: Callable[[str], str]) -> Any:
    """Give an event's data with each telephone number passed through `hide`."""
    return masked(TYPES[event_type].schema, data, hide)
