import statistics
from collections import Counter

import pytest

from simulator.day.plan import RESTED_SECONDS, Habits, calls, taking
from simulator.numbers import is_e164

HABITS = Habits(keys={"1": 3, "2": 1})


def day(seed=1, **changed):
    options = {"first_hour": 8, "hours": 10, "per_hour": 60.0, "habits": HABITS} | changed
    return calls(seed=seed, **options)


def test_the_same_seed_plans_the_same_day_and_another_one_another():
    assert day(7) == day(7)
    assert day(7) != day(8)


def test_calls_come_in_order_within_the_hours_and_as_often_as_asked():
    found = [call.at for call in day(per_hour=200)]

    assert found == sorted(found)
    assert found[-1] < 36_000
    assert 1850 < len(found) < 2150


def test_the_morning_is_busier_than_noon_and_the_evening():
    per_hour = Counter(int(call.at // 3600) + 8 for call in day(per_hour=200))

    assert per_hour[10] > per_hour[12] > per_hour[17]


def test_a_part_of_an_hour_has_a_part_of_its_calls():
    assert 20 < len(day(hours=0.1, per_hour=400)) < 60
    assert all(call.at < 360 for call in day(hours=0.1, per_hour=400))


def test_nobody_calls_again_before_having_rested():
    last: dict[str, float] = {}
    for call in day(per_hour=120):
        assert call.at - last.get(call.number, -RESTED_SECONDS) >= RESTED_SECONDS
        last[call.number] = call.at
    assert all(is_e164(number) and number[5:8] == "555" for number in last)
    assert len(last) < len(day(per_hour=120)), "some call again on the same day"


def test_people_wait_and_talk_about_as_long_as_asked():
    found = day(per_hour=300)

    assert 165 < statistics.mean(call.patience for call in found) < 205
    shorter = [
        min(call.talk, taking(seed=1, phone="+1", nth=nth, habits=HABITS).talk) for nth, call in enumerate(found)
    ]
    assert 120 < statistics.median(shorter) < 180


def test_keys_are_pressed_by_weight():
    keys = Counter(call.keys for call in day(per_hour=300))

    assert keys["1"] == pytest.approx(3 * keys["2"], rel=0.2)
    assert {call.keys for call in day(habits=Habits())} == {""}


def test_what_the_holder_of_a_phone_does_hangs_on_the_seed_the_phone_and_how_often_it_rang():
    first = taking(seed=1, phone="+14155550111", nth=1, habits=HABITS)

    assert first == taking(seed=1, phone="+14155550111", nth=1, habits=HABITS)
    assert first != taking(seed=1, phone="+14155550111", nth=2, habits=HABITS)
    assert first != taking(seed=2, phone="+14155550111", nth=1, habits=HABITS)
    declined = sum(taking(seed=1, phone="+1", nth=nth, habits=Habits(declines=0.2)).declines for nth in range(1000))
    assert 150 < declined < 250
