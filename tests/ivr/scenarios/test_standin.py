import phonenumbers
import pytest

from ivr.kinds.known import KnownCaller
from ivr.scenarios.standin import made_up, somebody


@pytest.mark.parametrize("number", ["+4915112345678", "+493012345678", "+14155550100", "+81312341234"])
def test_a_made_up_number_is_of_the_same_country_and_another_one(number):
    stand_in = made_up(number)

    assert stand_in != number
    assert phonenumbers.parse(stand_in).country_code == phonenumbers.parse(number).country_code
    assert phonenumbers.is_valid_number(phonenumbers.parse(stand_in))


@pytest.mark.parametrize("number", ["client:ann", "nonsense", "+1"])
def test_what_is_no_number_gets_one_all_the_same(number):
    assert made_up(number) == "+12015550123"


def test_a_made_up_caller_is_treated_alike_and_is_nobody():
    ann = KnownCaller(
        "7c9e", "Ann Smith", "de-DE", is_vip=True, attributes={"plan": "gold", "birthday": "1 May"}, matches=2
    )

    told = somebody(ann, decisive={"plan"})

    assert told == KnownCaller(
        "made up", "Somebody", "de-DE", is_vip=True, attributes={"plan": "gold", "birthday": "something"}
    )
