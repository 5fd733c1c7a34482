"""Public holidays by country, region and year."""

from datetime import date

import pytest

from ivr.hours.public import Change, PublicDay, changes, countries, days, place, regions


def test_countries_and_regions_are_named():
    assert ("DE", "Germany") in countries()
    assert ("BA", "Bosnia and Herzegovina") in countries()
    assert ("BY", "Bayern") in regions("DE")
    assert place("DE", "BY") == "Germany, Bayern"
    assert place("NZ", "") == "New Zealand"
    assert regions("XX") == ()


@pytest.mark.parametrize(("year", "easter"), [(2026, date(2026, 4, 6)), (2027, date(2027, 3, 29))])
def test_feasts_move_from_year_to_year(year, easter):
    assert PublicDay(easter, "Easter Monday") in days("DE", "BY", year)


def test_regions_have_days_of_their_own():
    names = {day.name for day in days("DE", "BY", 2027)}

    assert "Epiphany" in names
    assert "Epiphany" not in {day.name for day in days("DE", "", 2027)}


def test_days_are_in_order_and_of_the_year():
    found = [day.date for day in days("US", "CA", 2027)]

    assert found == sorted(found)
    assert {day.year for day in found} == {2027}


def test_nothing_is_known_of_a_country_or_region_that_does_not_exist():
    assert days("XX", "", 2027) == days("DE", "Atlantis", 2027) == ()


def test_a_year_is_compared_with_the_one_before():
    before = [
        PublicDay(date(2026, 1, 1), "New Year"),
        PublicDay(date(2026, 4, 6), "Easter"),
        PublicDay(date(2026, 6, 1), "Once only"),
    ]
    now = [
        PublicDay(date(2027, 1, 1), "New Year"),
        PublicDay(date(2027, 3, 29), "Easter"),
        PublicDay(date(2027, 5, 5), "New feast"),
    ]

    compared, gone = changes(now, before)

    assert compared == (
        Change(now[0], date(2026, 1, 1)),
        Change(now[1], date(2026, 4, 6)),
        Change(now[2], None),
    )
    assert [(one.has_moved, one.is_new) for one in compared] == [(False, False), (True, False), (False, True)]
    assert gone == (before[2],)


def test_a_feast_of_two_days_is_compared_day_by_day():
    before = [PublicDay(date(2026, 3, 20), "Eid"), PublicDay(date(2026, 3, 21), "Eid")]

    compared, gone = changes([PublicDay(date(2027, 3, 9), "Eid")], before)

    assert (compared[0].was, gone) == (date(2026, 3, 20), (before[1],))
