"""Rows of dates that do not follow the week."""

from datetime import time

import pytest

from ivr.forms.dates import DatedExceptionForm, YearlyDateForm
from ivr.models import DatedException, YearlyDate

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({}, ("closed", None, None)),
        ({"opens": time(9), "closes": time(12)}, ("open", time(9), time(12))),
        ({"closed_from": time(14)}, ("part", time(14), None)),
    ],
)
def test_a_row_is_shown_as_one_choice_with_two_times(row, shown):
    initial = DatedExceptionForm(instance=DatedException(name="Eve", **row)).initial

    assert (initial["how"], initial["since"], initial["until"]) == shown


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"how": "closed"}, (None, None, None, None)),
        ({"how": ""}, (None, None, None, None)),
        ({"how": "", "since": "09:00", "until": "12:00"}, (time(9), time(12), None, None)),
        ({"how": "open", "since": "09:00", "until": "12:00"}, (time(9), time(12), None, None)),
        ({"how": "part", "since": "14:00"}, (None, None, time(14), None)),
        ({"how": "part", "since": "14:00", "until": "16:00"}, (None, None, time(14), time(16))),
    ],
)
def test_a_choice_and_two_times_become_a_row(sent, kept):
    before = DatedException(name="Eve", opens=time(1), closes=time(2))
    form = DatedExceptionForm({"date": "2026-12-24", "name": "Eve", **sent}, instance=before)

    assert form.is_valid(), form.errors
    row = form.instance
    assert (row.opens, row.closes, row.closed_from, row.closed_until) == kept


@pytest.mark.parametrize(("day", "month", "fits"), [(29, 2, True), (30, 2, False), (31, 4, False), (31, 12, True)])
def test_a_date_of_each_year_is_one(day, month, fits):
    form = YearlyDateForm({"day": day, "month": month, "name": "Feast", "how": "closed"}, instance=YearlyDate())

    assert form.is_valid() == fits
    assert ("This month has no such day." in str(form.errors)) != fits


@pytest.mark.parametrize(("sent", "is_one"), [({}, False), ({"how": "part"}, False), ({"name": "Eve"}, True)])
def test_an_untouched_row_is_no_row(sent, is_one):
    assert DatedExceptionForm({"how": "closed", **sent}, instance=DatedException()).has_changed() == is_one
