"""Transfers as they are pressed at the desk, with the queue around them: nobody on the way is lost."""

import pytest

from calls.models import CallEvent
from conferences.models import Conference
from queues.models import Entry, Handling, Queue
from tests.queues.factories import make_queue
from tests.scenarios.desk import BEN, Desk
from tests.scenarios.people import Company

MOMENT = "One moment please. We are connecting you again."
OTHER = "+14155550177"


@pytest.fixture
def company(desk: Desk) -> Company:
    return Company(desk)


def test_the_caller_is_handed_over_to_a_colleague_who_has_a_part_of_their_own(company: Company) -> None:
    ann, ben = company.agent("Ann"), company.agent("Ben", member=False)
    conference, caller, first = company.talk(ann)

    ann.does("hand-over", agent=ben.agent.pk)
    first.is_hung_up_on()
    assert (company.place(caller), ann.fresh.activity) == ("in a room", "idle")
    ben.rings().answers()
    company.comes_to_hear(conference, customer={"Ben"}, Ben={"customer"})

    ben.does("hang-up")
    caller.hears("Goodbye.").is_hung_up_on()
    assert list(Handling.objects.order_by("began_at").values_list("agent__name", flat=True)) == ["Ann", "Ben"]
    company.goes_home()


@pytest.mark.parametrize("who", ["a person", "a mailbox", "nobody"])
def test_the_caller_is_handed_over_to_a_number_and_comes_back_if_no_person_takes_it(company: Company, who: str) -> None:
    ann = company.agent("Ann")
    company.desk.phone(BEN, {"a person": "asks", "a mailbox": "answers", "nobody": "ignores"}[who])
    conference, caller, _first = company.talk(ann)

    ann.does("hand-over", somewhere="(415) 555-0122")
    if who == "a person":
        company.desk.rings(BEN).answers().hears("Press 1").press("1")
        company.desk.wait(2)
        ours, theirs = company.floor.heard(conference)
        assert ours == theirs
        assert [len(heard) for heard in theirs.values()] == [1, 1]
    else:
        ann.rings(within=90).answers()
        company.comes_to_hear(conference, customer={"Ann"}, Ann={"customer"})
        assert caller.never_heard("Goodbye.")
    company.goes_home()


def test_the_caller_is_sent_to_another_queue_and_served_before_those_who_wait_there(company: Company) -> None:
    ann = company.agent("Ann")
    other: Queue = make_queue("Service", wrap_up="none", team=company.team)
    _conference, caller, _phone = company.talk(ann)

    ann.does("hand-over", destination=f"queue:{other.pk}")
    company.desk.until(lambda: company.place(caller) == "waiting", 10, "the caller does not wait")

    entry = Entry.objects.live().get()
    assert (entry.queue, entry.is_first, entry.state) == (other, True, "waiting")
    assert ann.fresh.activity == "idle"
    company.goes_home()


def test_the_caller_is_sent_to_a_step_of_a_flow(company: Company) -> None:
    ann = company.agent("Ann")
    _conference, caller, _phone = company.talk(ann)

    ann.does("hand-over", destination=f"step:{company.flow.pk}:{company.flow.steps.get(name='Hours').pk}")

    caller.hears("We are open all day.", "Goodbye.").is_hung_up_on()
    assert Entry.objects.get().state == "answered"
    company.goes_home()


@pytest.mark.parametrize("when", ["on hold", "in a consultation", "the colleague is rung", "being handed over"])
def test_the_caller_hangs_up(company: Company, when: str) -> None:
    ann, ben = company.agent("Ann"), company.agent("Ben", member=False)
    conference, caller, _phone = company.talk(ann)
    match when:
        case "on hold":
            ann.does("hold")
        case "being handed over":
            ann.does("hand-over", agent=ben.agent.pk)
        case _:
            ann.does("consult", agent=ben.agent.pk)
    if when != "on hold":
        phone = ben.rings()
    if when == "in a consultation":
        phone.answers()
    caller.hears("(play)").hangs_up()

    if when == "in a consultation":  # the two may finish
        company.comes_to_hear(conference, Ann={"Ben"}, Ben={"Ann"})
        ann.does("hang-up")
    company.desk.wait(5)
    assert (Conference.objects.get().phase, Conference.objects.get().fate) == ("closed", "gone")
    assert {person.fresh.activity for person in company.people} == {"idle"}
    company.goes_home()


def test_an_agent_whose_page_dies_comes_back_to_caller_and_notes(company: Company) -> None:
    ann = company.agent("Ann")
    conference, caller, _phone = company.talk(ann)
    handling = Handling.objects.get()
    ann.does("notes", handling=handling.pk, notes="Wants the blue one.")

    ann.closes_the_page()
    caller.hears(MOMENT)
    company.desk.wait(3)
    ann.comes_back()
    assert "Wants the blue one." in ann.sees("paperwork")
    ann.does("rejoin", kind="browser")
    ann.rings().answers()

    company.comes_to_hear(conference, customer={"Ann"}, Ann={"customer"})
    assert Handling.objects.get() == handling
    company.goes_home()


def test_who_is_not_come_back_to_is_first_in_line_and_the_next_agent_reads_what_was(company: Company) -> None:
    ann = company.agent("Ann")
    conference, caller, _phone = company.talk(ann)
    waiting = company.caller(OTHER)
    ann.does("notes", handling=Handling.objects.get().pk, notes="Wants the blue one.")
    joined_at = Entry.objects.get(call=caller.row).aged_from

    ann.closes_the_page()
    caller.hears(MOMENT)
    company.desk.until(lambda: company.place(caller) == "waiting", 60, "the caller does not come back to the line")

    entry = Entry.objects.get(call=caller.row)
    assert (entry.state, entry.is_first, entry.aged_from) == ("waiting", True, joined_at)
    assert company.place(waiting) == "waiting"
    ben = company.agent("Ben")
    ben.rings()
    assert "Wants the blue one." in ben.sees("talk") + ben.sees("paperwork")
    assert Entry.objects.get(call=caller.row).state == "offered"
    assert conference.pk != Entry.objects.get(call=caller.row).conference_id
    told = CallEvent.objects.filter(call=caller.row, kind="turned").values_list("data", flat=True)
    assert any("lost" in data.values() for data in told)
    company.goes_home()


def test_a_colleague_who_was_asked_leaves_and_the_agent_has_the_caller_back(company: Company) -> None:
    ann, ben = company.agent("Ann"), company.agent("Ben", member=False)
    conference, _caller, _phone = company.talk(ann)
    ann.does("consult", agent=ben.agent.pk)
    ben.rings().answers()
    company.comes_to_hear(conference, customer=set(), Ann={"Ben"}, Ben={"Ann"})

    ben.does("leave")

    company.comes_to_hear(conference, customer={"Ann"}, Ann={"customer"})
    assert ben.fresh.activity == "idle"
    company.goes_home()
