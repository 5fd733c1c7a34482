"""Options by value."""

from ivr.kinds.base import Option
from ivr.kinds.values import way


def test_capitals_and_accents_do_not_count_and_nothing_is_no_value():
    options = (Option("gold", words=("Gold",)), Option("empty", words=("",)))

    assert way(options, "GÓLD", otherwise="known") == "gold"
    assert way(options, "", otherwise="known") == "known"
    assert way((), "gold", otherwise="known") == "known"
