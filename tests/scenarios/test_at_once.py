"""Six copies of each request of Twilio's at the same moment, each on a connection of its own that really commits."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock

import pytest

from calls.models import CallEvent
from conferences.models import Conference, Participant
from queues.models import Entry, Handling, Offer
from simulator.simulator import HttpReply, HttpRequest, NoAnswer
from tests.at_once import at_once
from tests.scenarios.desk import Desk, renewed
from tests.scenarios.people import WENT_ON, Company
from tests.telephony.adapter import RestAnswer, reached

pytestmark = pytest.mark.django_db(transaction=True)

COPIES = 6


class OneByOne:
    """Twilio in front of whose clock, which is one thread's, our workers wait for each other."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._lock = desk, Lock()

    def rest(
        self,
        method: str,
        path: str,
        query: Sequence[tuple[str, str]],
        form: Sequence[tuple[str, str]],
        authorization: str,
    ) -> RestAnswer:
        with self._lock:
            answer: RestAnswer = self._desk.twilio.rest(method, path, query, form, authorization)
        return answer


def crowded(carry: Callable[[HttpRequest], HttpReply]) -> Callable[[HttpRequest], HttpReply]:
    """Carry each request six times at once; the answer of the last copy counts."""

    def carry_all(request: HttpRequest) -> HttpReply:
        return at_once(*(partial(carry, renewed(request)) for _ in range(COPIES)))[-1]

    return carry_all


def test_whatever_twilio_says_six_times_at_once_happens_once(desk: Desk) -> None:
    desk.expected = {WENT_ON}
    company = Company(desk)
    ann, ben = company.agent("Ann"), company.agent("Ben", member=False)
    with reached(OneByOne(desk), NoAnswer):
        desk.carry = crowded(desk.carry)  # type: ignore[method-assign]  # the seam of this test
        conference, caller, _phone = company.talk(ann)
        ann.does("hold")
        company.comes_to_hear(conference, customer=set(), Ann=set())
        ann.does("consult", agent=ben.agent.pk)
        ben.rings().answers()
        company.comes_to_hear(conference, customer=set(), Ann={"Ben"}, Ben={"Ann"})
        ann.does("complete")
        company.comes_to_hear(conference, customer={"Ben"}, Ben={"customer"})
        ben.on_the_phone().hangs_up()  # a browser that breaks off
        ben.does("rejoin", kind="browser")
        ben.rings().answers()
        company.comes_to_hear(conference, customer={"Ben"}, Ben={"customer"})
        ben.does("hang-up")
        caller.hears("Goodbye.").is_hung_up_on()
        company.goes_home()

    rung = [leg for leg in desk.twilio.legs() if leg.direction == "outbound-api"]
    assert len(rung) == Participant.objects.filter(is_moved=False).count() == 3
    assert (Entry.objects.count(), Offer.objects.count(), Conference.objects.count()) == (1, 1, 1)
    assert sorted(Handling.objects.values_list("agent__name", flat=True)) == ["Ann", "Ben"]
    told = Counter(CallEvent.objects.filter(call__sid=caller.sid).values_list("kind", flat=True))
    assert (told["queued"], told["offered"], told["turned"]) == (1, 1, 6), told
    assert (told["joined"], told["departed"]) == (4, 4), told
    assert ({person.fresh.activity for person in company.people}) == {"idle"}
