"""The longest way that passes no place twice."""

import random

import pytest

from ivr.proofs import longest
from ivr.proofs.longest import Edge, Paths


def graph(ways, weights=None):
    return Paths(
        [[Edge(begin, end, (weights or {}).get((begin, end), 1.0)) for end in ends] for begin, ends in enumerate(ways)]
    )


def found(ways, weights=None):
    way = graph(ways, weights).longest(lambda edge: edge.mark)
    return way and (way.weight, [edge.begin for edge in way.edges])


def tried(ways, weights):
    """Try every way there is."""
    best = None
    todo = [(0, (0,), 0.0)]
    while todo:
        place, passed, weight = todo.pop()
        for end in ways[place]:
            more = weight + weights.get((place, end), 1.0)
            if end is None:
                best = more if best is None else max(best, more)
            elif end not in passed:
                todo.append((end, (*passed, end), more))
    return best


def test_the_longer_of_two_ways_is_found():
    assert found([[1, 3], [2], [3], [None]]) == (4, [0, 1, 2, 3])


def test_weights_count_and_not_the_number_of_places():
    assert found([[1, 3], [2], [3], [None]], {(0, 3): 9}) == (10, [0, 3])


def test_a_way_back_is_never_taken():
    ways = [[1], [2, None], [1, 0, None]]

    assert found(ways) == (3, [0, 1, 2])
    assert {(edge.begin, edge.end) for edge in graph(ways).rounds} == {(2, 1), (2, 0)}


def test_two_places_that_lead_to_each_other_are_both_passed():
    assert found([[1, 2], [2, None], [1, None]])[0] == 3


def test_what_never_ends_has_no_longest_way():
    assert found([[1], [0]]) is None


def test_an_edge_that_does_not_count_is_left_out():
    way = graph([[1, None], [None]]).longest(lambda edge: None if edge.end == 1 else 1.0)

    assert way.weight == 1


@pytest.mark.parametrize("seed", range(60))
def test_no_way_is_longer_than_the_one_that_is_found(seed):
    chance = random.Random(seed)
    count = chance.randint(2, 8)
    ways = [
        [*chance.sample(range(count), chance.randint(0, min(3, count))), *([None] if chance.random() < 0.4 else [])]
        for _ in range(count)
    ]
    weights = {(begin, end): chance.randint(0, 9) for begin, ends in enumerate(ways) for end in ends}

    way = graph(ways, weights).longest(lambda edge: edge.mark)

    assert (way and way.weight) == tried(ways, weights)
    if way:
        begins = [edge.begin for edge in way.edges]
        assert len(set(begins)) == len(begins)
        assert [edge.end for edge in way.edges] == [*begins[1:], None]
        assert sum(edge.mark for edge in way.edges) == way.weight


def test_too_many_ways_give_a_bound_and_say_so(monkeypatch):
    monkeypatch.setattr(longest, "MOST_TRIES", 10)
    # ten places, of which each leads to each, entered at two of them
    ways = [[1, 2]] + [[other for other in range(1, 11) if other != place] + [None] for place in range(1, 11)]

    way = graph(ways).longest(lambda edge: edge.mark)

    assert not way.is_exact
    assert 2 <= way.weight <= 11


def test_a_long_chain_is_followed_to_its_end():
    assert found([*([place + 1] for place in range(5000)), [None]])[0] == 5001
