from ivr.trial.diary import Diary
from ivr.trial.told import Reached, Stay, Taken


def test_the_clock_goes_on_with_what_is_written_down_and_steps_end_where_the_next_begins() -> None:
    diary = Diary()
    diary.enter("1", "a", "Hello", "message")
    diary.note("heard", "Hello.", seconds=2)
    diary.leave("next")
    diary.enter("1", "b", "Menu", "menu")
    diary.note("silent", seconds=5)
    diary.close()

    assert diary.second == 7
    assert diary.path == [Taken("1", "a", "next", 2)]
    assert diary.stays == [Stay("1", "a", "Hello", "message", 0, 2, "next"), Stay("1", "b", "Menu", "menu", 2, 5)]
    assert [(moment.step, moment.second) for moment in diary.moments] == [("a", 0), ("b", 2)]


def test_the_first_place_that_a_caller_comes_to_counts() -> None:
    diary = Diary()
    diary.enter("1", "a", "Line", "queue")

    diary.reach("person", "Sales")
    diary.reach("mailbox", "Front desk")

    assert diary.reached == Reached("person", "1", "a", "Sales", 0)
