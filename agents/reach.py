"""How a list finds what somebody may see, where several ways lead to it: by the agents in it, or by its queue.

The database can begin with what is theirs, or go through all rows from the newest on and look at each. The one is fast
where few rows are theirs, the other where many of the newest are. Of alternatives it cannot tell which it is, so a
list has that counted here, up to a bound.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import IsNull

Rows = TypeVar("Rows", bound=QuerySet[Any])

#: to sort so many takes as long as to look at as many as hold one page of them among a million
FEW = 10_000
#: among so many of the newest there is to be a page of theirs, or it would be looked for in vain for too long
NEWEST, PAGE = 2_000, 50


def listed(rows: Rows, ways: list[QuerySet[Any]], *, otherwise: Q, by: str) -> Rows:
    """Narrow a list to the rows to whose ids the ways lead; `otherwise` says of each row whether one of them does.

    `by` is the moment by which the rows are listed, the newest first.
    """
    if not are_few(ways) and are_among_newest(rows.model._default_manager.all(), otherwise, by):
        return rows.filter(otherwise)
    first, *others = ways
    # An array is read first and then looked up by the key. A subquery the database may turn around: it guesses how
    # many rows are behind it, and where it expects many it looks through all rows there ever were for a page of them.
    ids = ArraySubquery(first.union(*others))
    among = Func(F("pk"), ids, template="(%(expressions)s))", arg_joiner=" = ANY(", output_field=BooleanField())
    return rows.filter(among)


def are_few(ways: Iterable[QuerySet[Any]]) -> bool:
    """Tell whether all ways together lead to few rows; no more than that are counted."""
    left = FEW
    for found in ways:
        left -= found[: left + 1].count()
        if left < 0:
            return False
    return True


def are_among_newest(rows: QuerySet[Any], theirs: Q, by: str) -> bool:
    """Tell whether a page of theirs is among the newest rows: who has none there is of a team that was dissolved."""
    newest = rows.order_by(f"-{by}").values("pk")[:NEWEST]
    return rows.filter(theirs, pk__in=newest)[:PAGE].count() == PAGE


def named(rows: QuerySet[Any]) -> list[Any]:
    """Read the ids of a few rows, such as somebody's queues: of what is named to it the database knows the shares."""
    return list(rows.values_list("pk", flat=True))


def leads(rows: QuerySet[Any], to: str) -> Q:
    """Give the condition that one of `rows` names the row that is asked about, in its column `to`.

    Looked up for each row: an EXISTS beside another the database reads as a whole before it begins with the list.
    """
    found = rows.filter(**{to: OuterRef("pk")}).annotate(there=Value(1)).values("there")[:1]
    return Q(IsNull(Subquery(found), False))
