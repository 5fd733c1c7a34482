import pytest

from ivr import apology
from ivr.apology import Emergency
from telephony.twiml import Dial, Hangup, Number, Say

LINE, STAR, LAST = Emergency("This line."), Emergency("All others."), Emergency()


@pytest.mark.parametrize(
    ("known", "address", "found"),
    [
        ({"+15005550100": LINE, "*": STAR}, "+15005550100", LINE),
        ({"+15005550100": LINE, "*": STAR}, "+15005550199", STAR),
        ({"sip:desk@company.example": LINE}, "sip:desk@Company.example:5061", LINE),
        ({}, "+15005550100", LAST),
    ],
)
def test_a_line_has_its_own_words_all_others_those_of_the_star(
    known: dict[str, Emergency], address: str, found: Emergency
) -> None:
    assert apology.find(known, address) == found


def test_the_forwarding_number_is_rung_between_the_sentence_and_the_end() -> None:
    said = apology.verbs(Emergency("Sorry.", forward_to="+14155550111"), called="+15005550100", caller="client:ann")

    assert said == (
        Say("Sorry.", voice=None, language="en-US"),
        Dial([Number("+14155550111")], caller_id="+15005550100"),
        Hangup(),
    )
