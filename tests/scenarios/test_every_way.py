"""All that presses and legs can do to a conversation, one after the other: Twilio does what the rules' table says."""

from collections import Counter
from typing import Any

import pytest

from conferences.room import Asked, Joined, Person, Role, Why
from tests.conferences.rooms import BEN
from tests.scenarios.desk import Desk
from tests.scenarios.people import WENT_ON, Company
from tests.scenarios.walks import Walk

WALKS, DEPTH = 20, 5
ASKED = {
    "talking": [],
    "consulting": [Asked(Person(BEN, Role.TARGET, breaks=True), Why.CONSULT), Joined(BEN)],
    "handing over": [Asked(Person(BEN, Role.TARGET, breaks=True), Why.HAND_OVER)],
}


@pytest.mark.parametrize("start", ASKED)
def test_whatever_happens_everybody_hears_whom_the_table_says(desk: Desk, start: str) -> None:
    desk.expected = {WENT_ON}
    company = Company(desk)
    ann = company.agent("Ann")
    company.agent("Ben", member=False)
    company.agent("Cy", member=False)
    taken: Counter[Any] = Counter()

    for number in range(WALKS):
        conference, caller, _phone = company.talk(ann, company.caller(f"+1415555{number:04}"))
        walk = Walk(company, caller, conference, taken)
        for event in ASKED[start]:
            walk.happens(event)
        walk.goes_on(DEPTH)
        company.goes_home()

    assert len(taken) > 15  # different things have happened in different rooms
