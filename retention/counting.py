"""What became of an erasure's items, counted by the database."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Max

from retention.certificate import Section
from retention.models import Erasure
from retention.states import ItemState
from retention.things import Thing

ERASED = (ItemState.DONE, ItemState.CHECKED)


def sections(erasure: Erasure) -> list[Section]:
    """Give a section for each kind of which something was found, in their order."""
    items = erasure.items.order_by()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    last: dict[str, datetime | None] = {}
    for row in items.values("kind", "state").annotate(count=Count("pk"), last=Max("done_at")):
        counts[row["kind"]][row["state"]] += row["count"]
        last[row["kind"]] = max(filter(None, (last.get(row["kind"]), row["last"])), default=None)
    kept: dict[str, Counter[str]] = defaultdict(Counter)
    for left in items.filter(state=ItemState.KEPT).values("kind", "why").annotate(count=Count("pk")):
        kept[left["kind"]][left["why"]] += left["count"]
    went: dict[str, Counter[str]] = defaultdict(Counter)
    for kind, numbers in _went(erasure):
        went[kind].update(numbers)
    return [
        Section(
            thing,
            found=counts[thing].total(),
            erased=sum(counts[thing][state] for state in ERASED),
            checked=counts[thing][ItemState.CHECKED],
            kept=dict(kept[thing]),
            went=dict(went[thing]),
            last_at=last[thing],
        )
        for thing in Thing
        if thing in counts
    ]


def _went(erasure: Erasure) -> Iterator[tuple[str, dict[str, int]]]:
    rows = erasure.items.exclude(went={}).values_list("kind", "went")
    yield from rows.iterator(chunk_size=500)
