"""Each request to Twilio fails once, each task is lost once, news is lost or doubled: the caller is never stranded."""

from collections.abc import Callable

import pytest

from conferences.models import Conference
from queues.models import Entry
from tests.scenarios.desk import Desk, Phone
from tests.scenarios.people import WENT_ON, Company, Person
from tests.scenarios.weather import KILLED, Announced, trouble

# At least as many as a call in fair weather needs; the first test below counts them.
REQUESTS, TASKS = 9, 17
STORM = 150.0  # for so many seconds rows and Twilio may disagree


def eventually(company: Company, happens: Callable[[], bool], otherwise: str, within: float = STORM) -> None:
    company.desk.until(happens, within, otherwise)


def consults(company: Company, ann: Person, ben: Person) -> Phone:
    """Ask a colleague, again if the phone there never rings."""
    for _ in range(3):
        ann.tries("consult", agent=ben.agent.pk)
        for _second in range(45):
            if ben.is_rung():
                return ben.rings().answers()
            company.desk.wait(1)
    raise AssertionError("Ben is never rung")


def a_call(company: Company) -> None:
    """From the queue to an agent, on hold and back, a consultation that is completed, and goodbye."""
    ann, ben = company.agent("Ann"), company.agent("Ben", member=False)
    caller = company.caller()
    ann.rings(within=STORM).answers()
    conference = Conference.objects.latest("opened_at")
    company.comes_to_hear(conference, customer={"Ann"}, Ann={"customer"})

    ann.does("hold")
    company.comes_to_hear(conference, customer=set(), Ann=set())
    ann.does("unhold")
    company.comes_to_hear(conference, customer={"Ann"}, Ann={"customer"})

    consults(company, ann, ben)
    company.comes_to_hear(conference, customer=set(), Ann={"Ben"}, Ben={"Ann"})
    ann.does("complete")
    company.comes_to_hear(conference, customer={"Ben"}, Ben={"customer"})

    ben.does("hang-up")
    caller.hears("Goodbye.", within=STORM).is_hung_up_on()
    company.goes_home(within=300)  # who was quiet for three minutes is asked about
    assert Entry.objects.get().state == "answered"
    assert {person.fresh.chosen for person in company.people} == {"ready"}


def test_every_request_and_every_task_of_a_call_is_troubled_by_the_tests_below(desk: Desk) -> None:
    with trouble(desk, 0, "") as troubled:
        announced = Announced(desk, 0)
        a_call(Company(desk))

    assert len(troubled.asked) <= REQUESTS
    assert announced.count <= TASKS


@pytest.mark.parametrize("number", range(1, REQUESTS + 1))
@pytest.mark.parametrize("fault", ["429", "timeout", "lost", KILLED])
def test_each_request_to_twilio_fails_once(desk: Desk, fault: str, number: int) -> None:
    desk.expected = {WENT_ON}

    with trouble(desk, number, fault) as troubled:
        a_call(Company(desk, patience=STORM))
    assert troubled.has_struck


@pytest.mark.parametrize("number", range(1, TASKS + 1))
def test_each_task_is_lost_once(desk: Desk, number: int) -> None:
    desk.expected = {WENT_ON}
    announced = Announced(desk, number)

    a_call(Company(desk, patience=STORM))
    assert announced.count >= number


@pytest.mark.parametrize("lost", ["/webhooks/conference", "/webhooks/participants/", "/webhooks/voice/", "/webhooks/"])
def test_news_that_never_comes_is_asked_for(desk: Desk, lost: str) -> None:
    desk.expected = {WENT_ON}
    desk.keeps = lambda request: lost in request.url

    a_call(Company(desk, patience=STORM))


@pytest.mark.parametrize("seed", range(3))
def test_news_comes_late_twice_in_another_order_or_never(desk: Desk, seed: int) -> None:
    desk.expected = {WENT_ON}
    desk.faults.duplicate = desk.faults.reorder = desk.faults.delay = 0.3
    desk.faults.delay_seconds, desk.faults.drop = 8.0, 0.1
    desk.twilio.reseed_faults(seed)

    a_call(Company(desk, patience=STORM))


def test_every_request_comes_as_two(desk: Desk) -> None:
    desk.doubles = True

    a_call(Company(desk))
