"""What options of a branch ask, read from lines, told in words, and whether they are ever taken."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.kinds.comparing import Comparison, When, comparison, never_taken, number, when
from ivr.kinds.settings import Broken


@pytest.mark.parametrize(
    ("lines", "fitting", "others"),
    [
        (["is: Gold", "is: silver"], ["gold", "GÓLD", " Silver "], ["", "golden", "bronze"]),
        (["is not: gold", "is not: silver"], ["", "bronze"], ["gold", "Silver"]),
        (["contains: bike"], ["a bike shop", "Bike"], ["", "bik e"]),
        (["begins with: +1415", "begins with: AB-"], ["1415 555", "+14155550100", "ab 12"], ["", "0 1415"]),
        (["at least: 10.5"], ["10.5", "10,5", "11", " 1 000 "], ["", "10.4", "ten", "-11"]),
        (["at most: 3"], ["3", "-4", "2.99"], ["", "3.01", "x"]),
        (["empty"], ["", "  "], ["0", "empty"]),
        (["is: -"], ["-"], ["", "x"]),
    ],
)
def test_a_value_fits_or_not(lines, fitting, others):
    test = comparison(lines)

    assert [value for value in fitting if not test.fits(value)] == []
    assert [value for value in others if test.fits(value)] == []
    assert list(test.lines()) == lines


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "it says nothing to compare with"),
        (["gold"], "“gold” is none of"),
        (["is: "], "“is: ” is none of"),
        (["was: gold"], "“was: gold” is none of"),
        (["at least: many"], "“many” is no number"),
        (["is: gold", "contains: x"], "it compares in more than one way"),
        (["is: gold", "empty"], "“empty” is none of"),
        ([f"is: {n}" for n in range(101)], "more than 100 values"),
        (["is: " + "x" * 201], "is none of"),
    ],
)
def test_what_compares_nothing_is_refused_in_words(lines, words):
    with pytest.raises(Broken, match=words):
        comparison(lines)


@pytest.mark.parametrize(
    ("text", "value"), [("7", "7"), ("-1,5", "-1.5"), ("1 000", "1000"), ("1.000,5", None), ("٣", None), ("", None)]
)
def test_numbers_are_read_as_people_write_them(text, value):
    found = number(text)

    assert (found if found is None else str(found)) == value


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time on the wall in December 2026, whose 7th is a Monday."""
    return datetime(2026, 12, day, hour, minute)


@pytest.mark.parametrize(
    ("lines", "fitting", "others"),
    [
        (["days: Monday, Tuesday"], [at(7, 0), at(8, 23, 59)], [at(6, 23, 59), at(9, 0)]),
        (["time: 09:00 to 17:00"], [at(7, 9), at(6, 16, 59)], [at(7, 8, 59), at(7, 17)]),
        (["time: 22:00 to 06:00"], [at(7, 22), at(7, 5, 59)], [at(7, 6), at(7, 21, 59)]),
        (["time: 00:00 to 00:00"], [at(7, 0), at(7, 23, 59)], []),
        (["dates: 2026-12-24 to 2026-12-26"], [at(24, 0), at(26, 23, 59)], [at(23, 23, 59), at(27, 0)]),
        (["dates: 2026-12-24 to"], [at(24, 0), at(31, 0)], [at(23, 23)]),
        (["dates: to 2026-12-24"], [at(24, 23), at(1, 0)], [at(25, 0)]),
        (["days: Monday", "time: 22:00 to 06:00"], [at(7, 22), at(8, 5)], [at(7, 5), at(8, 22)]),
    ],
)
def test_a_time_fits_or_not_and_a_night_belongs_to_the_day_it_began(lines, fitting, others):
    test = when(lines)

    assert [moment for moment in fitting if not test.fits(moment)] == []
    assert [moment for moment in others if test.fits(moment)] == []
    assert list(test.lines()) == lines


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "names no days"),
        (["on Mondays"], "is not days, a time or dates"),
        (["days: Monday", "days: Friday"], "each once"),
        (["days: Someday"], "are not days of the week"),
        (["time: 9 to 5"], "no time of day"),
        (["time: 25:00 to 26:00"], "no time of day"),
        (["dates: to"], "are no dates"),
        (["dates: 2026-12-32 to 2027-01-01"], "are no dates"),
        (["dates: 2026-12-26 to 2026-12-24"], "end before they begin"),
        (["dates: 9999-12-26 to 9999-12-31"], "not in this century"),
    ],
)
def test_what_is_no_time_is_refused_in_words(lines, words):
    with pytest.raises(Broken, match=words):
        when(lines)


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (Comparison("is", ("gold", "silver")), "plan is gold or silver"),
        (Comparison("is not", ("gold", "silver", "tin")), "plan is not gold, silver nor tin"),
        (Comparison("at least", ("10",)), "plan is at least 10"),
        (Comparison("empty"), "plan is empty"),
    ],
)
def test_comparisons_are_told_in_words(test, words):
    assert test.in_words("plan") == words


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (When(frozenset({5, 6})), "Saturday and Sunday"),
        (When(frozenset({0}), time(9), time(17)), "Monday, from 09:00 to 17:00"),
        (When(first=date(2026, 12, 24), last=date(2026, 12, 24)), "on 24 December 2026"),
        (
            When(first=date(2026, 12, 24), last=date(2026, 12, 26)),
            "from 24 December 2026 to 26 December 2026",
        ),
        (When(first=date(2026, 12, 24)), "from 24 December 2026 on"),
        (When(last=date(2026, 12, 24)), "until 24 December 2026"),
    ],
)
def test_times_are_told_in_words(test, words):
    assert test.in_words() == words


def values(*lines: str) -> list[Comparison]:
    return [comparison(line.split("|")) for line in lines]


@pytest.mark.parametrize(
    ("tests", "hidden"),
    [
        (values("is: gold", "is: silver"), []),
        (values("is: gold|is: silver", "is: Góld"), [(1, 0)]),
        (values("is: gold", "is: gold|is: tin"), []),
        (values("contains: bike", "begins with: bike shop"), [(1, 0)]),
        (values("begins with: bike shop", "contains: bike"), []),
        (values("at least: 5", "at least: 10"), [(1, 0)]),
        (values("at least: 10", "at least: 5"), []),
        (values("at most: 10", "at least: 5", "is: 7"), [(2, 0)]),
        (values("is not: gold", "is: silver", "is: gold"), [(1, 0)]),
        (values("is not: gold", "empty"), [(1, 0)]),
        (values("empty", "is not: gold"), []),
        (values("at least: 5", "begins with: 5"), []),
        ([None, *values("is: gold")], []),
        ([when(["days: Monday, Friday"]), when(["days: Friday"])], [(1, 0)]),
        ([when(["days: Friday"]), when(["days: Monday, Friday"])], []),
        ([when(["time: 08:00 to 12:00"]), when(["time: 12:00 to 18:00"]), when(["time: 10:00 to 16:00"])], [(2, 0)]),
        ([when(["time: 22:00 to 06:00"]), when(["time: 23:00 to 05:00", "days: Sunday"])], [(1, 0)]),
        ([when(["dates: 2026-12-01 to 2026-12-31"]), when(["dates: 2026-12-24 to 2026-12-26"])], [(1, 0)]),
        ([when(["dates: 2026-12-24 to 2026-12-26"]), when(["dates: 2026-12-01 to 2026-12-31"])], []),
        (
            [when(["dates: 2026-12-07 to 2026-12-08"]), when(["days: Monday", "dates: 2026-12-01 to 2026-12-13"])],
            [(1, 0)],
        ),
        ([when(["dates: 2026-12-07 to 2026-12-08"]), when(["days: Monday", "dates: 2026-12-01 to 2026-12-14"])], []),
    ],
)
def test_what_is_never_the_first_to_fit_is_found(tests, hidden):
    assert list(never_taken(tests)) == hidden


moments = st.builds(
    When,
    st.frozensets(st.integers(0, 6), max_size=3),
    *[st.none()] * 2,
    st.none() | st.dates(date(2026, 12, 1), date(2026, 12, 10)),
    st.none() | st.dates(date(2026, 12, 11), date(2026, 12, 20)),
) | st.builds(
    When, st.frozensets(st.integers(0, 6), max_size=3), *[st.times().map(lambda one: one.replace(second=0))] * 2
)


@given(st.lists(moments, min_size=2, max_size=4), st.datetimes(datetime(2026, 11, 20), datetime(2027, 1, 5)))
def test_no_time_is_taken_by_what_is_said_to_be_never_taken(tests, moment):
    first = next((index for index, test in enumerate(tests) if test.fits(moment)), None)

    assert first not in {hidden for hidden, _before in never_taken(tests)}


def test_a_moment_with_a_zone_is_taken_by_its_wall():
    assert when(["time: 09:00 to 17:00"]).fits(datetime(2026, 12, 7, 9, tzinfo=UTC))
