"""Published documents, read once by each process: a version never changes, so what was parsed stays right."""

from collections.abc import Collection
from functools import lru_cache

from ivr.document import Document, parse
from ivr.models import Flow, Version

KEPT = 64


@lru_cache(maxsize=KEPT)
def frozen(version: int) -> Document:
    """Give the parsed document of a version. Raises Broken if it cannot be walked, DoesNotExist if there is none."""
    return parse(Version.objects.values_list("document", flat=True).get(pk=version))


def published(flows: Collection[str]) -> dict[str, int]:
    """Give the ids of the versions that callers meet now, by flow id; flows without one are left out."""
    rows = Flow.objects.filter(pk__in=flows, published__isnull=False).values_list("pk", "published_id")
    return {str(flow): version for flow, version in rows if version is not None}
