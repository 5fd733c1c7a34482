"""Tests of what is read for the rules, and of their sentences."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from contacts import actions as contacts
from contacts.states import Channel, How
from dialing import reading
from dialing.models import Attempt, Limits, Rate
from dialing.states import Purpose, Rule
from telephony.models import PhoneNumber
from tests.dialing.factories import ALL_DAY, attempt, set_limits

pytestmark = pytest.mark.django_db
NUMBER, OTHER = "+14155550123", "+14155550199"
NOW = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)  # noon in San Francisco
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def check(number=NUMBER, purpose=Purpose.CLICK, at=NOW):
    return reading.check(number, purpose=purpose, at=at)


def test_a_look_writes_nothing(django_assert_num_queries):
    with django_assert_num_queries(5):  # limits, own numbers, opt-outs, counts, the rate
        assert check() is None
    assert not Attempt.objects.exists()


def test_numbers_of_ours_and_of_those_who_want_no_calls_are_refused_at_any_time():
    PhoneNumber.objects.create(sid="PN1", number=OTHER, synchronized_at=NOW)
    contacts.opt_out(NUMBER, Channel.CALLS, how=How.SAID, at=NOW)

    for number, rule in ((OTHER, Rule.OWN), (NUMBER, Rule.DO_NOT_CALL), ("+4930123456", Rule.COUNTRY)):
        assert check(number) == reading.check_lasting(number, purpose=Purpose.CLICK) == rule


def test_no_texts_is_not_no_calls():
    contacts.opt_out(NUMBER, Channel.TEXTS, how=How.SAID, at=NOW)

    assert check() is None


def test_the_hours_are_those_of_the_called_person():
    assert check(at=NOW - 6 * HOUR) == Rule.HOURS  # six in the morning there
    assert reading.check_lasting(NUMBER, purpose=Purpose.CLICK) is None
    assert reading.next_chance(NUMBER, at=NOW - 6 * HOUR) == NOW - 4 * HOUR
    assert list(reading.zones_of(NUMBER)) == ["America/Los_Angeles"]


@pytest.mark.parametrize(
    ("limit", "ages", "rule"),
    [
        ({"number_per_hour": 2}, [timedelta(minutes=59), timedelta(minutes=1)], Rule.NUMBER_PER_HOUR),
        ({"number_per_hour": 2}, [timedelta(minutes=61), timedelta(minutes=1)], None),
        ({"number_per_day": 2}, [timedelta(hours=23), timedelta(minutes=1)], Rule.NUMBER_PER_DAY),
        ({"number_per_day": 2}, [timedelta(hours=25), timedelta(minutes=1)], None),
        ({"attempts": 2, "attempt_days": 40}, [39 * DAY, DAY], Rule.ATTEMPTS),
        ({"attempts": 2, "attempt_days": 7}, [8 * DAY, DAY], None),
    ],
)
def test_calls_to_one_number_are_counted(limit, ages, rule):
    set_limits(**({"number_per_hour": None, "number_per_day": None, "attempts": None} | limit))
    for age in ages:
        attempt(NUMBER, at=NOW - age)
        attempt(OTHER, at=NOW - age)
        attempt(NUMBER, at=NOW, purpose=Purpose.TRANSFER)
        attempt(NUMBER, at=NOW, rule=Rule.HOURS)
        attempt(NUMBER, at=NOW, withdrawn_at=NOW)

    assert check() == rule


@pytest.mark.parametrize(
    ("limit", "rule"),
    [
        ({"per_hour": 2}, Rule.PER_HOUR),
        ({"per_hour": 3, "per_day": 3}, Rule.PER_DAY),
        ({"per_hour": 3, "per_day": 4}, None),
    ],
)
def test_calls_to_anybody_are_counted(limit, rule):
    set_limits(**limit)
    for age in (timedelta(minutes=1), timedelta(minutes=59), timedelta(hours=23), timedelta(hours=25)):
        attempt(OTHER, at=NOW - age, purpose=Purpose.TRANSFER)

    assert check() == rule


@pytest.mark.parametrize(
    ("limit", "rule"),
    [
        ({"spend_per_day": Decimal("1.05")}, Rule.SPEND_PER_DAY),  # 1 is spent, and this one may cost 0.06
        ({"spend_per_day": Decimal("1.06"), "spend_per_month": Decimal("3.05")}, Rule.SPEND_PER_MONTH),
        ({"spend_per_day": Decimal("1.06"), "spend_per_month": Decimal("3.06")}, None),
    ],
)
def test_what_calls_have_cost_counts_and_until_that_is_known_what_they_are_thought_to(limit, rule):
    set_limits(**limit)
    attempt(OTHER, at=NOW, estimate=Decimal("0.75"))
    attempt(OTHER, at=NOW, estimate=Decimal(9), price=Decimal("0.25"))
    attempt(OTHER, at=NOW - DAY, price=Decimal(2))
    attempt(OTHER, at=NOW - 3 * DAY, price=Decimal(50))  # last month

    assert check() == rule


def test_a_call_is_thought_to_cost_what_twilio_takes_for_such_numbers():
    Rate.objects.create(country="US", kind="other", per_minute=Decimal("0.5"))
    limits = set_limits(minutes=4, rate=Decimal("0.1"))

    assert reading.estimate(reading.destination_of(NUMBER), limits) == 2
    assert reading.estimate(reading.destination_of("+33612345678"), limits) == Decimal("0.4")


@pytest.mark.parametrize("rule", list(Rule))
def test_each_rule_has_a_sentence(rule):
    text = reading.sentence(rule, NUMBER, Limits(number_per_hour=1, number_per_day=2))

    assert text.endswith(".")
    assert "None" not in text
    assert "%" not in text


def test_sentences_say_how_much_is_allowed():
    limits = set_limits(number_per_hour=1, attempts=3, attempt_days=7, opens=time(9), spend_per_day=Decimal(5))

    def said(rule, number=NUMBER):
        return reading.sentence(rule, number, limits)

    assert said(Rule.NUMBER_PER_HOUR) == "That number was called once within the hour: that is enough."
    assert said(Rule.ATTEMPTS) == "That number was called 3 times within 7 days: that is enough."
    assert said(Rule.HOURS) == "It is not between 09:00 and 21:00 where that number is."
    assert said(Rule.COUNTRY, "+4930123456") == "Calls to DE are not allowed here."
    assert "(5)" in said(Rule.SPEND_PER_DAY)


def test_without_a_row_the_standard_limits_count():
    Limits.objects.all().delete()
    set_limits(**ALL_DAY).delete()

    assert reading.limits().number_per_hour == 4
