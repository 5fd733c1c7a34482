"""The longest way through a graph on which no place is passed twice. Pure.

An edge back to a place that every way to its beginning passes can be on no such way. Without these edges most flows
have no rounds left, and the longest way is found in one pass. Where two places lead to each other and each can be
reached without the other, all ways among them are tried, up to a limit; beyond that the answer is a lower bound.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

#: tries among places that lead to one another
MOST_TRIES = 20_000

E = TypeVar("E")


class Edge(NamedTuple, Generic[E]):
    """A way from a place to another one, by number; to None where the walk is over. `mark` is the asker's own."""

    begin: int
    end: int | None
    mark: E


@dataclass(frozen=True, slots=True)
class Longest(Generic[E]):
    """The weight of the longest way, and its edges; `is_exact`: there is none that is longer."""

    weight: float
    edges: tuple[Edge[E], ...]
    is_exact: bool = True


#: a way, the first edge first; shared by all ways that end alike
Chain = tuple[Edge[E], "Chain[E]"] | None


class Paths(Generic[E]):
    """The places that are reached from the first one (number 0), in an order in which ways lead only forward."""

    def __init__(self, ways: Sequence[Sequence[Edge[E]]]) -> None:
        self.ways = ways
        above = _dominators([[edge.end for edge in row if edge.end is not None] for row in ways])
        self.rounds = [
            edge for row in ways for edge in row if edge.end is not None and _is_above(edge.end, edge.begin, above)
        ]
        back = {id(edge) for edge in self.rounds}
        self.forward = [[edge for edge in row if id(edge) not in back] for row in ways]
        self.knots = _knots([[edge.end for edge in row if edge.end is not None] for row in self.forward], start=0)

    def longest(self, weight: Callable[[Edge[E]], float | None]) -> Longest[E] | None:
        """Give the longest way from the first place to an end; None where no way ends.

        `weight` is that of an edge; None: this edge is none of those that are looked at.
        """
        best: dict[int, tuple[float, Chain[E]]] = {}
        exact = True
        left = MOST_TRIES
        for knot in self.knots:  # the last ones first
            if len(knot) == 1:
                found = self._step(knot[0], weight, best)
                if found is not None:
                    best[knot[0]] = found
                continue
            inside = frozenset(knot)
            fresh: dict[int, tuple[float, Chain[E]]] = {}
            for begin in knot:
                search = _Search(self, weight, best, inside, left)
                found = search.from_(begin)
                left = search.left
                exact = exact and left > 0
                if found is not None:
                    fresh[begin] = found
            best |= fresh
        if 0 not in best:
            return None
        total, chain = best[0]
        return Longest(total, tuple(_unrolled(chain)), exact)

    def _step(
        self, place: int, weight: Callable[[Edge[E]], float | None], best: Mapping[int, tuple[float, Chain[E]]]
    ) -> tuple[float, Chain[E]] | None:
        found: tuple[float, Chain[E]] | None = None
        for edge in self.forward[place]:
            own = weight(edge)
            after = (0.0, None) if edge.end is None else best.get(edge.end)
            if own is not None and after is not None and (found is None or own + after[0] > found[0]):
                found = (own + after[0], (edge, after[1]))
        return found


class _Search(Generic[E]):
    """All ways among places that lead to one another, from one of them out."""

    def __init__(
        self,
        paths: Paths[E],
        weight: Callable[[Edge[E]], float | None],
        best: Mapping[int, tuple[float, Chain[E]]],
        inside: frozenset[int],
        left: int,
    ) -> None:
        self.paths, self.weight, self.best, self.inside, self.left = paths, weight, best, inside, left

    def from_(self, begin: int) -> tuple[float, Chain[E]] | None:
        found: tuple[float, Chain[E]] | None = None
        on_it = {begin}
        way: list[Edge[E]] = []
        walked = 0.0
        todo: list[Iterator[Edge[E]]] = [iter(self.paths.forward[begin])]
        spent: list[float] = []
        while todo:
            edge = next(todo[-1], None)
            if edge is None:
                todo.pop()
                if way:
                    gone = way.pop()
                    on_it.discard(gone.end if gone.end is not None else -1)
                    walked -= spent.pop()
                continue
            own = self.weight(edge)
            if own is None:
                continue
            if edge.end is not None and edge.end in self.inside:
                # the first way is always walked to its end, so that there is an answer
                if edge.end in on_it or (self.left <= 0 and found is not None):
                    continue
                self.left -= 1
                on_it.add(edge.end)
                way.append(edge)
                spent.append(own)
                walked += own
                todo.append(iter(self.paths.forward[edge.end]))
                continue
            after = (0.0, None) if edge.end is None else self.best.get(edge.end)
            if after is not None and (found is None or walked + own + after[0] > found[0]):
                chain: Chain[E] = (edge, after[1])
                for before in reversed(way):
                    chain = (before, chain)
                found = (walked + own + after[0], chain)
        return found


def _unrolled(chain: Chain[E]) -> Iterator[Edge[E]]:
    while chain is not None:
        edge, chain = chain
        yield edge


def _dominators(ways: Sequence[Sequence[int]]) -> list[int]:
    """Give for each place the closest one that every way to it passes; -1 for the first and for what is not reached.

    As Cooper, Harvey and Kennedy do it: in rounds, until nothing moves.
    """
    order = _postorder(ways)
    number = {place: index for index, place in enumerate(order)}
    above = [-1] * len(ways)
    above[0] = 0
    before: list[list[int]] = [[] for _ in ways]
    for place in order:
        for end in ways[place]:
            before[end].append(place)
    moved = True
    while moved:
        moved = False
        for place in reversed(order):
            if place == 0:
                continue
            fresh = -1
            for one in before[place]:
                if above[one] < 0:
                    continue
                fresh = one if fresh < 0 else _meeting(fresh, one, above, number)
            if fresh != above[place]:
                above[place] = fresh
                moved = True
    above[0] = -1
    return above


def _meeting(one: int, other: int, above: list[int], number: Mapping[int, int]) -> int:
    while one != other:
        while number[one] < number[other]:
            one = above[one]
        while number[other] < number[one]:
            other = above[other]
    return one


def _is_above(place: int, below: int, above: Sequence[int]) -> bool:
    while below >= 0:
        if below == place:
            return True
        below = above[below]
    return False


def _postorder(ways: Sequence[Sequence[int]]) -> list[int]:
    order: list[int] = []
    seen = {0}
    todo = [(0, iter(ways[0]))] if ways else []
    while todo:
        place, rest = todo[-1]
        following = next((end for end in rest if end not in seen), None)
        if following is None:
            todo.pop()
            order.append(place)
        else:
            seen.add(following)
            todo.append((following, iter(ways[following])))
    return order


def _knots(ways: Sequence[Sequence[int]], *, start: int) -> list[list[int]]:
    """Give the sets of places that lead to one another (mostly one place each), those at the end first (Tarjan)."""
    if not ways:
        return []
    found: list[list[int]] = []
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    todo = [(start, iter(ways[start]))]
    index[start] = low[start] = 0
    stack.append(start)
    on_stack.add(start)
    while todo:
        place, rest = todo[-1]
        for end in rest:
            if end not in index:
                index[end] = low[end] = len(index)
                stack.append(end)
                on_stack.add(end)
                todo.append((end, iter(ways[end])))
                break
            if end in on_stack:
                low[place] = min(low[place], index[end])
        else:
            todo.pop()
            if todo:
                low[todo[-1][0]] = min(low[todo[-1][0]], low[place])
            if low[place] == index[place]:
                knot = []
                while True:
                    one = stack.pop()
                    on_stack.discard(one)
                    knot.append(one)
                    if one == place:
                        break
                found.append(knot)
    return found
