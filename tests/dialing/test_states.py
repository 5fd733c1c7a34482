"""Tests of the words of dialing."""

from dialing.states import LASTING, TO_CUSTOMERS, Purpose, Rule


def test_a_transfer_goes_to_no_customer():
    assert set(Purpose) - TO_CUSTOMERS == {Purpose.TRANSFER}


def test_what_passes_with_time_is_not_lasting():
    assert set(Rule) - LASTING == {
        Rule.HOURS,
        Rule.NUMBER_PER_HOUR,
        Rule.NUMBER_PER_DAY,
        Rule.ATTEMPTS,
        Rule.PER_HOUR,
        Rule.PER_DAY,
        Rule.SPEND_PER_DAY,
        Rule.SPEND_PER_MONTH,
    }
