"""How sure it is that one way is better: known figures, and the words."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.fairness import Part, difference, interval, sentences


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    # as in Newcombe's comparison of seven methods (1998), table I
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_range_of_a_part_is_as_published(count, of, low, high):
    found = interval(Part("a", count, of))

    assert found == pytest.approx((low, high), abs=0.0001)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    # as in Newcombe's comparison of eleven methods (1998), table II, method 10
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 10), 0.6075, 1.0)],
)
def test_the_range_of_a_difference_is_as_published(one, other, low, high):
    found = difference(Part("a", *one), Part("b", *other))

    assert found == pytest.approx((low, high), abs=0.0001)


def test_nothing_is_known_of_no_calls():
    assert interval(Part("a", 0, 0)) == (0.0, 1.0)
    assert Part("a", 0, 0).share == 0


@given(st.integers(0, 200), st.integers(1, 200))
def test_a_range_holds_what_was_seen_and_lies_between_none_and_all(count, more):
    part = Part("a", count, count + more)

    low, high = interval(part)

    assert 0 <= low <= part.share <= high <= 1


def test_two_ways_that_are_the_same_are_seldom_said_to_differ():
    draw = random.Random(7)
    said = 0
    for _ in range(400):
        parts = [Part(name, sum(draw.random() < 0.3 for _ in range(150)), 150) for name in "ab"]
        said += "more than chance" in sentences(parts, "give up")[0]

    assert said <= 32  # one in twenty, and what chance makes of that


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([Part("Old", 3, 9)], []),
        (
            [Part("Old", 3, 9), Part("New", 50, 100)],
            ["“New” and “Old”: too few calls to say anything. Each way needs 10 calls at the least, better hundreds."],
        ),
        (
            [Part("Old", 48, 80), Part("New", 56, 70)],
            ["More callers give up by “New” than by “Old”: 5 to 33 more of 100. That is more than chance."],
        ),
        (
            [Part("Old", 56, 70), Part("New", 48, 80)],
            ["Fewer callers give up by “New” than by “Old”: 5 to 33 fewer of 100. That is more than chance."],
        ),
        (
            [Part("Old", 30, 100), Part("New", 33, 100)],
            [
                (
                    "“New” and “Old”: what differs may be chance. In truth 10 fewer to 16 more of 100 callers give up"
                    " by “New”."
                )
            ],
        ),
    ],
)
def test_what_is_known_is_told_in_words(parts, told):
    assert sentences(parts, "give up") == told


def test_each_of_several_comparisons_is_stricter():
    two = [Part("Old", 48, 80), Part("New", 56, 70)]
    many = [*two, *(Part(f"Way {number}", 30, 70) for number in range(6))]

    assert "more than chance" in sentences(two, "give up")[0]
    assert "may be chance" in sentences(many, "give up")[0]
