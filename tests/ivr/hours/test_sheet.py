"""Single dates as a file."""

from datetime import date, time

import pytest

from ivr.hours import sheet
from ivr.hours.sheet import Row
from sheets.table import Unreadable


def test_a_file_says_dates_that_are_closed_open_or_closed_for_a_part():
    text = (
        "Date;Name;State;From;To\n2026-12-24;Eve;closed;14:00;\n2026-12-19;Fair;open;10:00;14:00\n"
        "2026-12-31;Year's end;;;\n2026-12-30;Lunch;closed;12:00;13:30\n"
    )

    rows, problems = sheet.read(text.encode())

    assert problems == ()
    assert rows == (
        Row(2, date(2026, 12, 24), "Eve", closed_from=time(14)),
        Row(3, date(2026, 12, 19), "Fair", opens=time(10), closes=time(14)),
        Row(4, date(2026, 12, 31), "Year's end"),
        Row(5, date(2026, 12, 30), "Lunch", closed_from=time(12), closed_until=time(13, 30)),
    )
    assert [row.words for row in rows] == [
        "closed from 14:00 for the rest of the day",
        "open only from 10:00 to 14:00",
        "closed all day",
        "closed from 12:00 to 13:30",
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("24.12.2026,Eve,,,", "“24.12.2026” is no date such as 2026-12-24"),
        ("2026-12-24,,,,", "has no name"),
        ("2026-12-24,Eve,open,9:00,", "is open, so it needs “from” and “to”"),
        ("2026-12-24,Eve,closed,,9:00", "has a “to” without a “from”"),
        ("2026-12-24,Eve,closed,noon,", "“noon” is no time such as 14:00"),
        ("2026-12-24,Eve,half,,", "“half” is neither open nor closed"),
        ("2026-12-01,Again,closed,,", "says the same of its date as row 2"),
    ],
)
def test_a_row_that_says_nothing_useful_is_told(line, problem):
    rows, problems = sheet.read(f"date,name,state,from,to\n2026-12-01,Fine,,,\n{line}\n".encode())

    assert len(rows) == 1
    assert [(one.row, one.text) for one in problems] == [(3, problem)]


def test_a_file_without_dates_is_none():
    with pytest.raises(Unreadable, match="“date” is missing"):
        sheet.read(b"name\nEve\n")
    with pytest.raises(Unreadable, match="Unknown columns: when"):
        sheet.read(b"date,when\n2026-12-24,x\n")


def test_what_is_written_is_read_back():
    rows = (
        Row(2, date(2026, 12, 24), "=Eve", closed_from=time(14)),
        Row(3, date(2026, 12, 19), "Fair", opens=time(10), closes=time(14)),
    )

    assert sheet.read(sheet.write(rows).encode())[0] == rows
