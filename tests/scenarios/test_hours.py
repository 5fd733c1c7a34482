"""Open, closed, a holiday, and the days on which clocks change."""

from datetime import UTC, date, datetime

import pytest

from tests.scenarios import flows
from tests.scenarios.desk import COMPANY, Desk

SAID = {"open": "We are open.", "closed": "We are closed.", "holiday": "It is a holiday."}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def opened(desk: Desk, time_zone: str) -> Desk:
    schedule = flows.office_hours(time_zone)
    flows.holiday(schedule, date(2026, 7, 3), "Independence Day, observed")
    steps = {
        "Open?": flows.hours(schedule, opened="Open", closed="Closed", holiday="Holiday"),
        "Open": flows.hang_up(SAID["open"]),
        "Closed": flows.hang_up(SAID["closed"], "closed"),
        "Holiday": flows.hang_up(SAID["holiday"], "closed"),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))
    return desk


# The office is open from 9 to 17 on the clock of its own place.
@pytest.mark.parametrize(
    ("time_zone", "moment", "state"),
    [
        pytest.param("America/New_York", "2026-03-03 13:59:50", "closed", id="ten seconds before nine"),
        pytest.param("America/New_York", "2026-03-03 14:00:00", "open", id="nine"),
        pytest.param("America/New_York", "2026-03-03 21:59:50", "open", id="ten seconds before five"),
        pytest.param("America/New_York", "2026-03-03 22:00:00", "closed", id="five"),
        pytest.param("America/New_York", "2026-07-03 15:00:00", "holiday", id="holiday"),
        pytest.param("America/New_York", "2026-07-04 03:00:00", "holiday", id="still the holiday, in New York"),
        pytest.param("America/New_York", "2026-07-04 15:00:00", "open", id="the day after"),
        # clocks go forward on March 8 in New York, three weeks before London
        pytest.param("America/New_York", "2026-03-07 13:30:00", "closed", id="8:30 the day before spring"),
        pytest.param("America/New_York", "2026-03-08 13:30:00", "open", id="9:30 on the day of spring"),
        pytest.param("America/New_York", "2026-03-08 21:30:00", "closed", id="17:30 on the day of spring"),
        pytest.param("Europe/London", "2026-03-28 16:30:00", "open", id="16:30 the day before spring in London"),
        pytest.param("Europe/London", "2026-03-29 16:30:00", "closed", id="17:30 on the day of spring in London"),
        # and back on November 1
        pytest.param("America/New_York", "2026-10-31 13:30:00", "open", id="9:30 the day before autumn"),
        pytest.param("America/New_York", "2026-11-01 13:30:00", "closed", id="8:30 on the day of autumn"),
        pytest.param("America/New_York", "2026-11-01 21:30:00", "open", id="16:30 on the day of autumn"),
        # the south turns the other way: clocks go back on April 5 in Sydney
        pytest.param("Australia/Sydney", "2026-04-03 22:30:00", "open", id="9:30 the day before autumn in Sydney"),
        pytest.param("Australia/Sydney", "2026-04-04 22:30:00", "closed", id="8:30 on the day of autumn in Sydney"),
    ],
)
def test_callers_hear_what_the_clock_on_the_wall_says(desk: Desk, time_zone: str, moment: str, state: str) -> None:
    opened(desk, time_zone)
    desk.wait((at(moment) - desk.clock.now()).total_seconds())

    caller = desk.dial().hears(SAID[state]).is_hung_up_on()

    assert f"left by {state}" in caller.story
    assert [text for text in SAID.values() if not caller.never_heard(text)] == [SAID[state]]


def test_hours_are_looked_up_when_the_caller_gets_there_not_when_the_call_began(desk: Desk) -> None:
    schedule = flows.office_hours()
    steps = {
        "Account": flows.collect(
            "Your account number?", collected="Open?", no_input="Closed", wrong_input="Closed", max_length=4
        ),
        "Open?": flows.hours(schedule, opened="Open", closed="Closed", holiday="Closed"),
        "Open": flows.hang_up(SAID["open"]),
        "Closed": flows.hang_up(SAID["closed"]),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))
    desk.wait((at("2026-03-02 21:59:57") - desk.clock.now()).total_seconds())

    caller = desk.dial().hears("Your account number?").waits(4)
    caller.press("1234").hears(SAID["closed"])
