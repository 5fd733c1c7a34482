"""Callers of a queue are offered to agents: who does not take them, who is faster, and who goes away meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agents.models import Reason
from agents.states import EndpointKind
from calls.models import CallEvent
from conferences.models import Conference
from queues.models import Entry, Membership, Offer
from tests.scenarios.desk import ANN, Desk, Phone
from tests.scenarios.people import Company, Person


@pytest.fixture
def company(desk: Desk) -> Company:
    return Company(desk)


def two(company: Company, **how: str) -> tuple[Person, Person]:
    """Ann, who is asked first, and Ben."""
    ann, ben = company.agent("Ann", **how), company.agent("Ben")
    Membership.objects.filter(agent=ben.agent).update(priority=2)
    return ann, ben


def offers() -> list[tuple[str, str]]:
    rows = Offer.objects.order_by("offered_at").select_related("agent")
    return [(offer.agent.name, offer.state) for offer in rows]


def state() -> str:
    return Entry.objects.latest("joined_at").state


def test_an_agent_takes_the_caller_and_both_say_goodbye(company: Company) -> None:
    ann, _ben = two(company)
    conference, caller, phone = company.talk(ann)
    phone.says("Good morning")
    caller.hears("Good morning")
    assert company.floor.hears(conference) == {"customer": {"Ann"}, "Ann": {"customer"}}
    assert state() == "talking"

    ann.does("hang-up")
    caller.hears("Goodbye.").is_hung_up_on()
    assert (state(), offers()) == ("answered", [("Ann", "accepted")])
    assert ann.fresh.activity == "idle"
    company.goes_home()


def test_when_the_first_agent_does_not_answer_the_next_is_rung_and_the_first_cools_off(company: Company) -> None:
    ann, ben = two(company, habit="ignores")
    caller = company.caller()
    ann.company.desk.until(ann.is_rung, 5, "Ann does not ring")
    assert caller.leg.live
    assert company.place(caller) == "waiting"

    phone = ben.rings(within=60).answers()
    company.floor.until(lambda: state() == "talking")

    assert offers() == [("Ann", "missed"), ("Ben", "accepted")]
    assert (ann.fresh.misses, ann.fresh.chosen, ann.fresh.activity) == (1, "ready", "idle")
    phone.says("Ben speaking")
    caller.hears("Ben speaking")
    company.goes_home()


def test_who_misses_three_in_a_row_is_paused_and_the_caller_waits_on(company: Company) -> None:
    ann = company.agent("Ann", habit="ignores")
    caller = company.caller()

    company.desk.wait(130)

    paused = Reason.objects.get(is_automatic=True)
    assert (ann.fresh.chosen, ann.fresh.reason) == ("not-ready", paused)
    assert offers() == [("Ann", "missed")] * 3
    assert (company.place(caller), state()) == ("waiting", "waiting")

    company.agent("Ben").rings().answers()
    company.floor.until(lambda: state() == "talking")
    company.goes_home()


@pytest.mark.parametrize("how", ["the phone", "the desk"])
def test_who_declines_is_not_asked_again_at_once_and_the_next_is_rung(company: Company, how: str) -> None:
    ann, ben = two(company)
    caller = company.caller()
    phone = ann.rings()

    if how == "the phone":
        phone.declines()
    else:
        ann.does("decline")

    ben.rings().answers()
    company.floor.until(lambda: state() == "talking")
    assert offers() == [("Ann", "declined"), ("Ben", "accepted")]
    assert not phone.leg.live
    assert ann.fresh.chosen == "ready"
    assert caller.leg.live
    company.goes_home()


def test_a_mailbox_that_picks_up_does_not_press_1_and_the_next_is_rung(company: Company) -> None:
    ann, ben = two(company, endpoints=[(EndpointKind.NUMBER, ANN)], habit="answers")
    caller = company.caller()
    ben.rings(within=90).answers()
    company.floor.until(lambda: state() == "talking")

    assert offers() == [("Ann", "missed"), ("Ben", "accepted")]
    assert company.desk.twilio.legs(ANN)[0].heard_text.startswith("A caller of Sales. Press 1.")
    assert caller.never_heard("Goodbye")
    assert ann.fresh.activity == "idle"
    company.goes_home()


@pytest.mark.parametrize("faster", ["Ann", "Ben"])
def test_of_two_who_are_rung_at_once_the_first_has_the_caller(desk: Desk, faster: str) -> None:
    company = Company(desk, order="ring-several", several=2)
    people = {name: company.agent(name) for name in ("Ann", "Ben")}
    company.caller()
    phones = {name: person.rings() for name, person in people.items()}
    (slower,) = set(people) - {faster}

    phones[faster].answers()
    phones[slower].is_hung_up_on()

    assert dict(offers()) == {faster: "accepted", slower: "withdrawn"}
    conference = Conference.objects.get()
    assert company.floor.hears(conference) == {"customer": {faster}, faster: {"customer"}}
    assert people[slower].fresh.misses == 0
    assert people[slower].fresh.activity == "idle"
    company.goes_home()


def test_of_two_who_answer_in_the_same_moment_one_has_the_caller(desk: Desk) -> None:
    company = Company(desk, order="ring-several", several=2)
    people = [company.agent(name) for name in ("Ann", "Ben")]
    company.caller()
    phones = [person.rings() for person in people]

    with desk.workers_dead():  # so that the one who was slower is still rung
        for phone in phones:
            phone.answers()
    company.desk.wait(10)

    assert sorted(state for _name, state in offers()) == ["accepted", "withdrawn"]
    assert sum(phone.leg.live for phone in phones) == 1
    assert sorted(person.fresh.activity for person in people) == ["idle", "talking"]
    company.goes_home()


def test_two_callers_and_two_agents_meet_once_each(company: Company) -> None:
    two(company)
    callers = [company.caller(), company.caller("+14155550177")]

    for person in company.people:
        person.rings().answers()
    company.floor.until(lambda: Entry.objects.filter(state="talking").count() == 2)
    company.desk.wait(2)

    assert sorted(offers()) == [("Ann", "accepted"), ("Ben", "accepted")]
    assert {company.place(caller) for caller in callers} == {"in a room"}
    assert Conference.objects.count() == 2
    company.goes_home()


@pytest.mark.parametrize("when", ["waiting", "ringing", "ringing two", "being taken"])
def test_the_caller_leaves_before_anybody_is_there(desk: Desk, when: str) -> None:
    company = Company(desk, order="ring-several" if when == "ringing two" else "longest-idle", several=2)
    ann, ben = company.agent("Ann"), company.agent("Ben", member=when == "ringing two")
    if when == "waiting":
        ann.chooses("Lunch")
    caller = company.caller()
    rung: list[Phone] = [] if when == "waiting" else [ann.rings()]
    if when == "ringing two":
        rung.append(ben.rings())
    if when == "being taken":
        company.desk.twilio.answer(rung[0].sid)
        company.desk.wait(0.2)

    caller.hangs_up()
    for phone in rung:
        phone.is_hung_up_on()

    assert state() in ("abandoned", "answered")
    assert (state() == "answered") <= (when == "being taken")
    assert not any(offer == "missed" for _name, offer in offers())
    assert {person.fresh.activity for person in company.people} == {"idle"}
    assert ann.fresh.misses == 0
    company.goes_home()


@pytest.mark.parametrize("how", ["page", "choice"])
def test_when_the_last_one_goes_home_those_who_wait_go_on(desk: Desk, how: str) -> None:
    company = Company(desk, unstaffed="always")
    ann = company.agent("Ann")
    _conference, first, _phone = company.talk(ann)
    caller = company.caller("+14155550177")
    company.desk.wait(60)
    assert (company.place(caller), company.place(first)) == ("waiting", "in a room")

    if how == "page":
        ann.does("hang-up")
        ann.closes_the_page()
    else:
        ann.chooses("Lunch")

    caller.hears("Nobody is here any more.").is_hung_up_on()
    assert state() == "left"
    assert (company.place(first) == "in a room") == (how == "choice")
    company.goes_home()


def test_who_closes_the_page_while_being_rung_is_not_waited_for(company: Company) -> None:
    ann, ben = two(company)
    caller = company.caller()
    ann.rings()

    ann.closes_the_page()

    ben.rings(within=60).answers()
    company.floor.until(lambda: state() == "talking")
    assert caller.leg.live
    company.desk.wait(60)
    assert [name for name, _state in offers()] == ["Ann", "Ben"]
    assert ann.fresh.chosen == "ready"
    ann.comes_back()
    assert "Ready" in ann.sees("mine")
    company.goes_home()


def test_an_agent_who_becomes_ready_is_rung_at_once(company: Company) -> None:
    ann = company.agent("Ann")
    ann.chooses("Lunch")
    company.caller()
    company.desk.wait(6)
    assert company.desk.never_rang(ann.address)

    ann.chooses("ready")

    ann.rings(within=2).answers()
    company.floor.until(lambda: state() == "talking")
    company.goes_home()


def test_the_history_tells_who_was_asked_and_why(company: Company) -> None:
    two(company)
    caller = company.caller()
    company.people[0].rings().declines()
    company.people[1].rings().answers()
    company.floor.until(lambda: state() == "talking")

    events = CallEvent.objects.filter(call__sid=caller.sid, kind="offered").order_by("pk")
    assert [event.data["agent"] for event in events] == ["Ann", "Ben"]
    assert all(event.data["why"] for event in events)
    assert Entry.objects.get().joined_at > timezone.now() - timedelta(minutes=1)
    company.goes_home()
