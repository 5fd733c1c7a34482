"""Who may open which view, panel and action of desk and board, and hear of which topics: each with each role.

The addresses are found in the URL configuration: a new view that stands in no table here fails.
"""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from agents.models import Agent, User
from conferences.models import Conference
from dashboard.board.panels import PANELS as BOARD_PANELS
from dashboard.board.panels import TOPICS as BOARD_TOPICS
from dashboard.board.presses import DOES as BOARD_DOES
from dashboard.desk.panels import PANELS as DESK_PANELS
from dashboard.desk.presses import DOES as DESK_DOES
from dashboard.topics import KINDS, OF_BOARDS, OF_DESKS, allowed
from queues.models import Queue
from tests.agents.factories import user
from tests.dashboard.board.company import Company
from tests.telephony.discovery import patterns

pytestmark = pytest.mark.django_db

ROLES = (
    "agent",
    "agent of another team",
    "supervisor",
    "supervisor of another team",
    "administrator",
    "flow editor",
    "auditor",
    "anonymous",
)
# Agents, and supervisors who are agents too; the other supervisor and the administrator have no phone, so no desk.
AT_DESKS = {"agent", "agent of another team", "supervisor"}
AT_BOARDS = {"supervisor", "supervisor of another team", "administrator"}

GET, POST = "GET", "POST"
# By name of the URL: who is let in, how it is asked for, and the values of its part.
VIEWS = {
    "desk": (AT_DESKS, GET, ()),
    "desk-panel": (AT_DESKS, GET, tuple(DESK_PANELS)),
    "desk-do": (AT_DESKS, POST, tuple(DESK_DOES)),
    "desk-texts-measure": (AT_DESKS, GET, ()),
    "desk-heartbeat": (AT_DESKS, POST, ()),
    "desk-phone-token": (AT_DESKS, POST, ()),
    "desk-phone-quality": (AT_DESKS, POST, ()),
    "board": (AT_BOARDS, GET, ()),
    "board-panel": (AT_BOARDS, GET, tuple(BOARD_PANELS)),
    "board-do": (AT_BOARDS, POST, tuple(BOARD_DOES)),
}


@pytest.fixture
def company():
    return Company(timezone.now())


def person(company: Company, role: str) -> User | AnonymousUser:
    match role:
        case "agent":
            return company.ann.user
        case "agent of another team":
            return company.cy.user
        case "supervisor":
            return company.supervisor
        case "supervisor of another team":
            return company.other
        case "anonymous":
            return AnonymousUser()
    return user(role.capitalize())


def addresses() -> Iterator[tuple[str, str, str]]:
    """Give name, method and address of all that desk and board answer."""
    for name, path in routes().items():
        _who, method, parts = VIEWS[name]
        for part in parts or ("",):
            yield name, method, "/" + (path.partition("<")[0] + part if "<" in path else path)


def routes() -> dict[str, str]:
    """Give the URL patterns below /desk/ and /board/ by their names."""
    found = {}
    for prefix in ("desk/", "board/"):
        for pattern in patterns(get_resolver()):
            if pattern.callback.__module__.startswith(f"dashboard.{prefix[:-1]}"):
                found[str(pattern.name)] = prefix + str(pattern.pattern).removeprefix(prefix)
    return found


def test_every_view_has_its_entry():
    ours = [one for one in patterns(get_resolver()) if one.callback.__module__.startswith("dashboard.")]

    assert {str(one.name) for one in ours} == set(VIEWS)
    assert set(routes()) == set(VIEWS)


@pytest.mark.parametrize("role", ROLES)
def test_who_is_let_in(company, role):
    """Those who are not let in get 401 or 403; what the others get depends on what they send, and is neither."""
    client = Client(raise_request_exception=True)
    who = person(company, role)
    if isinstance(who, User):
        client.force_login(who)
    differing = []

    for name, method, address in addresses():
        response = client.generic(method, address, headers={"HX-Request": "true"})
        expected = 200 if role in VIEWS[name][0] else 401 if role == "anonymous" else 403
        status = 200 if response.status_code not in (401, 403, 302) else response.status_code
        if status != expected:
            differing.append((address, response.status_code))

    assert differing == []


@pytest.mark.parametrize("address", ["/desk/", "/board/"])
def test_who_is_not_logged_in_is_led_to_the_log_in_page(address):
    response = Client().get(address)

    assert (response.status_code, response["Location"]) == (302, f"/admin/login/?next={address}")


@pytest.mark.parametrize("role", ROLES)
def test_what_is_pressed_needs_the_pages_own_token(company, role):
    who = person(company, role)
    client = Client(enforce_csrf_checks=True)
    if isinstance(who, User):
        client.force_login(who)

    found = {client.post(address).status_code for _name, method, address in addresses() if method == POST}

    assert found == {403}


# ---- topics

EVERYBODY_HERE = {"agent", "agent of another team", "supervisor", "supervisor of another team", "administrator"}
THINGS = {
    "agents": EVERYBODY_HERE,
    "queues": EVERYBODY_HERE,
    "hours": EVERYBODY_HERE,
    "messages": AT_DESKS,
    "texts": AT_DESKS,
    "conferences": AT_BOARDS,
    "board": AT_BOARDS,
    "agent:{ann}": {"agent", "supervisor", "administrator"},
    "agent:{cy}": {"agent of another team", "supervisor of another team", "administrator"},
    "queue:{orders}": {"agent", "supervisor", "administrator"},
    "queue:{repairs}": {"agent of another team", "supervisor of another team", "administrator"},
    "conference:{talk}": {"agent", "supervisor", "administrator"},
    "flow:1": {"supervisor", "supervisor of another team", "administrator", "flow editor", "auditor"},
    "call:{ann}": set(),
}


def test_every_kind_of_topic_has_its_entry():
    told = {topic.partition(":")[0] for topic in THINGS} - {"call"}

    assert told == set(KINDS) | OF_DESKS | OF_BOARDS
    assert set(BOARD_TOPICS) <= set(THINGS)
    assert {topic for panel in DESK_PANELS.values() for topic in panel.topics} <= {"agent:{agent}", *THINGS}


@pytest.mark.parametrize("topic", THINGS)
def test_who_may_hear_of_what(company, topic):
    talk = company.talks(company.ann, queue=company.orders)
    ids = {"ann": company.ann.pk, "cy": company.cy.pk, "talk": talk.pk}
    named = topic.format(**ids, orders=company.orders.pk, repairs=company.repairs.pk)

    assert {role for role in ROLES if allowed(person(company, role), [named])} == THINGS[topic]


# ---- what is seen


def test_whom_and_what_supervisors_see(company):
    mine, others = company.talks(company.ann, queue=company.orders), company.talks(company.cy, queue=company.repairs)
    seen = {
        role: (
            {one.name for one in Agent.objects.supervised_by(person(company, role))},
            {one.name for one in Queue.objects.supervised_by(person(company, role))},
            set(Conference.objects.supervised_by(person(company, role))),
        )
        for role in ("supervisor", "supervisor of another team", "administrator", "flow editor")
    }

    assert seen == {
        "supervisor": ({"Sue", "Ann", "Bob"}, {"Orders"}, {mine}),
        "supervisor of another team": ({"Cy"}, {"Repairs"}, {others}),
        "administrator": ({"Sue", "Ann", "Bob", "Cy"}, {"Orders", "Repairs"}, {mine, others}),
        "flow editor": (set(), set(), set()),
    }
