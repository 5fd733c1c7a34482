"""What hours and lines do at an instant, in words."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from ivr.hours import outlook
from ivr.hours.opening import DatedException, Interval, Week
from tests.ivr.factories import END, make_document, make_step, option

NEW_YORK = "America/New_York"
OFFICE = Week(
    NEW_YORK,
    tuple(Interval(day, time(9), time(18)) for day in range(5)),
    (DatedException(date(2026, 3, 4), "Founders' Day"), DatedException(date(2026, 3, 7), "Fair", time(10), time(12))),
)
NIGHTS = Week(NEW_YORK, (Interval(0, time(22), time(6)),))
ALWAYS = Week("UTC", tuple(Interval(day, time(0), time(0)) for day in range(7)))


def new_york(day, hour, minute=0):
    """Give an instant in March 2026, before the clocks change there: five hours behind UTC."""
    return datetime(2026, 3, day, hour, minute, tzinfo=timezone(timedelta(hours=-5)))


@pytest.mark.parametrize(
    ("week", "at", "words"),
    [
        (OFFICE, new_york(2, 10), "Open, until 18:00"),
        (OFFICE, new_york(2, 8, 59), "Closed; opens at 09:00"),
        (OFFICE, new_york(2, 18), "Closed; opens tomorrow at 09:00"),
        (OFFICE, new_york(4, 10), "Closed for Founders' Day; opens tomorrow at 09:00"),
        (OFFICE, new_york(3, 18), "Closed; opens Thursday at 09:00"),
        (OFFICE, new_york(7, 11), "Open (Fair), until 12:00"),
        (NIGHTS, new_york(2, 18), "Closed; opens at 22:00"),
        (NIGHTS, datetime(2026, 3, 3, 4, tzinfo=UTC), "Open, until tomorrow at 06:00"),
        (NIGHTS, new_york(4, 18), "Closed; opens Monday at 22:00"),
        (ALWAYS, new_york(2, 10), "Open, with no change within a year"),
        (Week("UTC"), new_york(2, 10), "Closed, with no opening within a year"),
    ],
)
def test_hours_are_told_with_their_reason_and_their_end(week, at, words):
    assert outlook.hours(week, at) == words


def test_a_change_that_is_far_away_is_told_with_its_date():
    far = Week("UTC", (), (DatedException(date(2026, 7, 4), "Fair", time(10), time(12)),))

    assert outlook.hours(far, new_york(2, 10)) == "Closed; opens Saturday, 4 July 2026 at 10:00"


DOCUMENT = make_document(
    {
        "Open?": make_step("hours", schedule="4", exits={"open": "Language", "closed": "Sorry", "holiday": "Sorry"}),
        "Language": make_step(
            "language",
            prompts={"greeting": "which"},
            options=[option("English", "1", language="en-US"), option("Spanish", "2", language="es-US")],
            exits={"English": "Menu", "Spanish": "Menu", "no_choice": "Menu"},
        ),
        "Menu": make_step("menu", prompts={"greeting": "menu"}, options=[option("End", "1")], exits={"End": "Bye"}),
        "Sorry": make_step("message", prompts={"message": "sorry"}, exits={"next": "Bye"}),
        "Bye": END,
    }
)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (new_york(2, 10), "Open, until 18:00 (Office): language choice “Language”, then menu “Menu”"),
        (new_york(2, 20), "Closed; opens tomorrow at 09:00 (Office): message “Sorry”, then hang up “Bye”"),
    ],
)
def test_an_answer_is_told_up_to_where_people_decide(at, words):
    assert outlook.answer(DOCUMENT, {"4": ("Office", OFFICE)}, at) == words


def test_hours_that_are_gone_count_as_closed():
    assert outlook.answer(DOCUMENT, {}, new_york(2, 10)).startswith("Closed (Open? is gone): message “Sorry”")


def test_steps_that_go_round_are_told_once():
    round_and_round = make_document(
        {
            "One": make_step("message", prompts={"message": "one"}, exits={"next": "Two"}),
            "Two": make_step("message", prompts={"message": "two"}, exits={"next": "One"}),
        }
    )

    assert outlook.answer(round_and_round, {}, new_york(2, 10)) == "message “One”, then message “Two”"


def test_a_document_without_a_first_step_answers_nothing():
    assert outlook.answer(make_document({}, first=""), {}, new_york(2, 10)) == "nothing"
