"""Who is let in: by log-in, by permission, as an agent."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from agents.roles import AGENT, SUPERVISOR
from dashboard.access import USE_DESK, at_desk, is_fetched, may
from tests.agents.factories import agent, user

pytestmark = pytest.mark.django_db


def asked(person, **headers):
    request = RequestFactory().get("/desk/", headers=headers)
    request.user = person
    return request


def page(_request):
    return HttpResponse("in")


def test_who_has_the_permission_is_let_in_and_nothing_is_kept():
    answer = may(USE_DESK)(page)(asked(user(AGENT)))

    assert answer.content == b"in"
    assert "no-store" in answer["Cache-Control"]


def test_who_lacks_it_is_not():
    with pytest.raises(PermissionDenied):
        may("agents.supervise")(page)(asked(user(AGENT)))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),
        ({"Sec-Fetch-Mode": "navigate"}, 302),
        ({"HX-Request": "true"}, 401),
        ({"Sec-Fetch-Mode": "cors"}, 401),
    ],
)
def test_who_is_logged_out_meets_the_log_in_page_and_a_script_a_status(headers, status):
    request = asked(AnonymousUser(), **headers)

    assert may(USE_DESK)(page)(request).status_code == status
    assert is_fetched(request) == (status == 401)


def test_a_page_of_the_desk_is_given_the_agent():
    ann = agent("Ann", account=user(AGENT))

    assert at_desk(lambda _request, found: HttpResponse(found.name))(asked(ann.user)).content == b"Ann"


def test_somebody_who_is_no_agent_reads_why_there_is_no_desk():
    answer = at_desk(page)(asked(user(SUPERVISOR, AGENT)))

    assert answer.status_code == 403
    assert b"no desk for this account" in answer.content
