"""Supervisors at the board: they listen, coach, barge in, take over and help; all of it is on the history."""

from typing import Any

import pytest

from agents.states import EndpointKind
from calls.models import CallEvent
from conferences.models import Conference
from queues.models import Entry, Handling
from tests.scenarios.desk import Desk, Phone
from tests.scenarios.people import Company, Person

HEARD = {
    "listen": {"customer": {"Ann"}, "Ann": {"customer"}, "Sue": {"customer", "Ann"}},
    "coach": {"customer": {"Ann"}, "Ann": {"customer", "Sue"}, "Sue": {"customer", "Ann"}},
    "barge": {"customer": {"Ann", "Sue"}, "Ann": {"customer", "Sue"}, "Sue": {"customer", "Ann"}},
}


@pytest.fixture
def company(desk: Desk) -> Company:
    return Company(desk)


def staffed(company: Company) -> tuple[Person, Person, Conference, Phone]:
    ann, sue = company.agent("Ann"), company.agent("Sue", member=False, role="Supervisor")
    conference, caller, _phone = company.talk(ann)
    return ann, sue, conference, caller


def told(caller: Phone) -> list[str]:
    events: list[dict[str, Any]] = list(
        CallEvent.objects.filter(call=caller.row, kind="supervised").order_by("pk").values_list("data", flat=True)
    )
    return [event["mode"] for event in events]


@pytest.mark.parametrize("first", HEARD)
def test_each_way_of_being_there_is_heard_by_whom_it_should_and_written_down(company: Company, first: str) -> None:
    _ann, sue, conference, caller = staffed(company)
    ways = [first, *(way for way in HEARD if way != first)]

    for way in ways:
        sue.supervises(way, conference)
        if way == first:
            sue.rings().answers()
        company.comes_to_hear(conference, within=6, **HEARD[way])
    sue.supervises("stop", conference)
    company.comes_to_hear(conference, within=6, customer={"Ann"}, Ann={"customer"})

    assert told(caller) == ways
    assert sue.fresh.activity == "idle"
    company.goes_home()


def test_a_supervisor_takes_over_and_the_agent_takes_the_next_caller(company: Company) -> None:
    ann, sue, conference, caller = staffed(company)
    sue.supervises("listen", conference)
    sue.rings().answers()
    company.comes_to_hear(conference, within=6, **HEARD["listen"])

    sue.supervises("take-over", conference)
    company.comes_to_hear(conference, within=6, customer={"Sue"}, Sue={"customer"})

    assert Entry.objects.get().agent == sue.agent
    assert list(Handling.objects.talking().values_list("agent__name", flat=True)) == ["Sue"]
    other = company.caller("+14155550177")
    ann.rings().answers()
    company.desk.until(lambda: company.place(other) == "in a room", 10, "the next caller waits")
    assert company.place(caller) == "in a room"
    company.goes_home()


def test_a_call_for_help_is_seen_at_the_board_and_over_when_somebody_comes(company: Company) -> None:
    ann, sue, conference, _caller = staffed(company)
    ann.does("help")
    conference.refresh_from_db()
    assert conference.help_asked_at is not None

    sue.supervises("coach", conference)
    sue.rings().answers()
    company.comes_to_hear(conference, within=6, **HEARD["coach"])

    conference.refresh_from_db()
    assert conference.help_asked_at is None
    company.goes_home()


def test_a_supervisor_of_another_team_hears_nothing(company: Company) -> None:
    ann, _sue, conference, caller = staffed(company)
    company.team.supervisors.clear()
    sue = next(person for person in company.people if person.agent.name == "Sue")

    assert sue.tries_at_board("listen", conference) == 409
    assert ann.tries_at_board("listen", conference) == 403

    company.desk.wait(5)
    assert company.desk.never_rang(sue.address)
    assert told(caller) == []
    company.goes_home()


def test_a_supervisor_pulls_a_caller_forward_and_moves_one(company: Company) -> None:
    ann, sue, _conference, _caller = staffed(company)
    first, second = company.caller("+14155550177"), company.caller("+14155550178")
    place = Entry.objects.get(call=second.row)

    sue.supervises_line("pull-forward", entry=place.pk)
    ann.does("hang-up")
    ann.rings().answers()

    company.desk.until(lambda: company.place(second) == "in a room", 10, "who was pulled forward waits")
    assert company.place(first) == "waiting"
    company.goes_home()


def test_a_supervisor_sets_an_agent_to_not_ready_and_the_record_says_who(company: Company) -> None:
    ann, sue, _conference, _caller = staffed(company)
    ann.is_set_by(sue, "Lunch")

    assert ann.fresh.chosen == "not-ready"
    assert ann.fresh.activity == "talking"
    change = ann.agent.presence_changes.latest("pk")
    assert change.by == sue.agent.user
    ann.does("hang-up")
    company.caller("+14155550177")
    company.desk.wait(12)
    assert not ann.is_rung()
    company.goes_home()


def test_a_coach_by_telephone_is_heard_by_the_agent_alone(company: Company) -> None:
    number = "+14155550188"
    ann, sue = (
        company.agent("Ann"),
        company.agent("Sue", member=False, role="Supervisor", endpoints=[(EndpointKind.NUMBER, number)]),
    )
    conference, _caller, _phone = company.talk(ann)

    sue.supervises("coach", conference)
    company.desk.rings(number).answers().press("1")

    company.comes_to_hear(conference, within=8, **HEARD["coach"])
    company.goes_home()
