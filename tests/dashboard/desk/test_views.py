"""The desk's page and its panels: who sees them, and how much they ask of the database."""

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.roles import AGENT
from conferences.room import Phase
from conferences.states import LegState
from dashboard.desk.panels import PANELS
from tests.agents.factories import agent as make_agent
from tests.agents.factories import ready_agent, user
from tests.dashboard.desk.factories import conversation, panel
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


ON_PAGE = [name for name, panel in PANELS.items() if panel.on_page]


def test_an_account_that_is_no_agent_reads_so(client):
    client.force_login(user(AGENT, username="bo"))

    answer = client.get(reverse("desk"))

    assert answer.status_code == 403
    assert "There is no desk for this account" in answer.content.decode()


def test_who_may_not_use_a_desk_has_none(client):
    other = make_agent("Bo", account=user(username="bo"))
    client.force_login(other.user)

    assert client.get(reverse("desk")).status_code == 403


def test_who_is_logged_out_is_sent_to_the_log_in_page_but_a_script_is_told(client):
    page = client.get(reverse("desk"))
    script = client.get(reverse("desk-panel", args=["talk"]), headers={"HX-Request": "true"})

    assert page.status_code == 302
    assert script.status_code == 401


def test_the_page_has_every_panel_and_names_the_stream(desk, ann):
    text = desk.get(reverse("desk")).content.decode()

    for name in ON_PAGE:
        assert f'id="panel-{name}"' in text
    assert f"/live/stream?topics=agent:{ann.pk},agents,hours,messages,queues" in text
    assert "No call right now" in text


def test_no_script_or_style_stands_in_the_page(desk, ann):
    conversation(ann, leg=LegState.JOINED)

    text = desk.get(reverse("desk")).content.decode()

    assert " style=" not in text
    assert " onclick" not in text
    assert "hx-on" not in text
    assert all("src=" in piece.split(">")[0] for piece in text.split("<script")[1:])


def test_a_panel_is_drawn_the_same_way_alone_as_on_the_page(desk, ann):
    conversation(ann, leg=LegState.RINGING, phase=Phase.OPENING)

    page = desk.get(reverse("desk")).content.decode()

    for name in ("mine", "lines", "inbox", "day", "paperwork"):
        head = panel(desk, name).split("\n")[0]
        assert head in page


def test_a_panel_that_does_not_exist_is_not_found(desk):
    assert desk.get(reverse("desk-panel", args=["nothing"])).status_code == 404


# What the log-in and the agent cost in each of them: session, account, agent, endpoints. Permissions: two more.
ENTRY = 6


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("mine", 2),
        ("talk", 8),
        ("paperwork", 2),
        ("lines", 2),
        ("inbox", 4),
        ("day", 3),
        ("targets", 2),
        ("texts", 3),
        ("closed", 4),
    ],
)
def test_a_panel_asks_a_fixed_number_of_questions(desk, ann, django_assert_max_num_queries, name, most):
    conversation(ann, leg=LegState.JOINED)
    for number in range(3):
        ready_agent(f"Colleague {number}", at=timezone.now())
        make_queue(f"Queue {number}", members=[ann])

    with django_assert_max_num_queries(ENTRY + most):
        panel(desk, name)


def test_the_page_asks_a_fixed_number_of_questions(desk, ann, django_assert_max_num_queries):
    conversation(ann, leg=LegState.JOINED)

    with django_assert_max_num_queries(ENTRY + 24):
        desk.get(reverse("desk"))
