"""Schedules are read in all layers by one statement."""

from datetime import date, time, timedelta

import pytest

from ivr.hours.opening import Closure, Interval, Opening, opening
from ivr.hours.timetables import announcements, names_of_prompts, timetables
from ivr.models import DatedException, Wording
from tests.ivr import rows as drafts
from tests.ivr.hours import rows
from tests.ivr.hours.rows import AT

pytestmark = pytest.mark.django_db


def test_all_layers_of_many_schedules_take_one_query(django_assert_num_queries):
    prompt = drafts.prompt("Eve")
    schedules = [rows.office(f"Office {index}", country="DE", region="BY") for index in range(4)]
    for schedule in schedules:
        DatedException.objects.create(schedule=schedule, date=AT.date(), name="Fair", opens=time(10), closes=time(12))
        rows.yearly(schedule, 12, 24, closed_from=time(14), prompt=prompt)
        rows.public(schedule, date(2026, 12, 25), "Christmas Day")
        rows.public(schedule, date(2026, 12, 26), "Not ours", closed=False)
    rows.closure(*schedules, message="There is a fire.", language="en-US")

    with django_assert_num_queries(1):
        found = timetables([schedule.pk for schedule in schedules], since=AT)

    table = found[str(schedules[0].pk)]
    assert (len(found), table.name, table.week.time_zone) == (4, "Office 0", "Europe/Berlin")
    assert table.week.intervals[0] == Interval(0, time(9), time(17))
    assert [(row.name, row.opens) for row in table.week.exceptions] == [("Fair", time(10))]
    assert [(row.month, row.day, row.closed_from, row.prompt) for row in table.week.yearly] == [
        (12, 24, time(14), str(prompt.pk))
    ]
    assert [(row.date, row.name) for row in table.week.holidays] == [(date(2026, 12, 25), "Christmas Day")]
    assert [(one.begins, one.ends, one.name) for one in table.week.closures] == [(AT, AT + timedelta(hours=2), "Fire")]


def test_what_is_over_or_far_away_is_left_out():
    schedule = rows.office()
    for days in (-9, -2, 2, 9):
        DatedException.objects.create(schedule=schedule, date=(AT + timedelta(days)).date(), name=str(days))
        rows.closure(schedule, at=AT + timedelta(days), hours=1, reason=str(days))

    near = timetables([schedule.pk], since=AT, until=AT)[str(schedule.pk)].week
    all_ahead = timetables([schedule.pk], since=AT)[str(schedule.pk)].week

    assert [row.name for row in near.exceptions] == [row.name for row in near.closures] == ["-2", "2"]
    assert [row.name for row in all_ahead.exceptions] == ["-2", "2", "9"]


def test_who_opens_again_ends_a_closure():
    schedule = rows.office()
    rows.closure(schedule, opened_at=AT + timedelta(minutes=5))
    rows.closure(schedule, hours=None, opened_at=AT + timedelta(minutes=7))

    week = timetables([schedule.pk], since=AT)[str(schedule.pk)].week

    assert week.closures == (
        Closure(AT, AT + timedelta(minutes=5), "Fire"),
        Closure(AT, AT + timedelta(minutes=7), "Fire"),
    )


def test_schedules_that_are_gone_are_left_out(django_assert_num_queries):
    assert timetables(["0", "x", ""], since=AT) == {}
    with django_assert_num_queries(0):
        assert timetables([], since=AT) == {}


def test_what_callers_hear_is_read_only_where_an_opening_names_it(django_assert_num_queries):
    schedule, eve = rows.office(), drafts.prompt("Eve", "Merry Christmas.")
    Wording.objects.create(prompt=eve, language="de-DE", text="Frohe Weihnachten.", voice="Polly.Vicki")
    made = rows.closure(schedule, message="There is a fire.", language="en-US")
    read = timetables([schedule.pk], since=AT)
    fire = opening(read[str(schedule.pk)].week, AT)

    with django_assert_num_queries(0):
        heard = announcements([fire], read.values())
    said = announcements([Opening("holiday", "Eve", "yearly", str(eve.pk))], read.values())

    assert heard[f"closure:{made.pk}"].wordings["en-US"].text == "There is a fire."
    assert said[str(eve.pk)].wordings["de-DE"].voice == "Polly.Vicki"
    assert names_of_prompts([fire, Opening("holiday", "", "yearly", str(eve.pk))], read.values()) == {
        f"closure:{made.pk}": "There is a fire.",
        str(eve.pk): "Eve",
    }


def test_a_prompt_goes_before_a_message():
    schedule, prompt = rows.office(), drafts.prompt("Fire drill")
    rows.closure(schedule, message="There is a fire.", language="en-US", prompt=prompt)

    table = timetables([schedule.pk], since=AT)[str(schedule.pk)]

    assert opening(table.week, AT).prompt == str(prompt.pk)
    assert table.words == {}
