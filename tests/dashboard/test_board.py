"""The board as a supervisor sees it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from agents.models import Agent
from agents.states import Activity
from conferences.room import Mode, Phase, Role
from queues.models import Queue
from tests.agents.factories import ready_agent
from tests.compliance.rows import policy
from tests.dashboard.board.company import Company
from tests.recordings.recorders import recorder

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return Company(timezone.now())


@pytest.fixture
def board(company):
    client = Client()
    client.force_login(company.supervisor)

    def look(panel="", **asked):
        response = client.get(f"/board/panels/{panel}" if panel else "/board/", asked)
        assert response.status_code == 200
        return response.content.decode()

    return look


def test_a_quiet_board_says_so_in_each_panel(board):
    text = board()

    for sentence in ("Nobody waits.", "Nobody is on a call.", "Orders", "Ann", "nobody yet"):
        assert sentence in text
    assert "Repairs" not in text
    assert "Cy" not in text


def test_the_page_watches_the_topics_of_its_panels(board):
    assert '<meta name="live-stream" content="/live/stream?topics=agents,conferences,hours,queues">' in board()


def test_queues_show_who_waits_and_what_needs_an_eye(company, board):
    company.waits(company.orders, minutes=3)
    Agent.objects.update(desk_seen_at=None)

    text = board("lines")

    assert "Nobody is staffed" in text
    assert ">3:0" in text  # the longest wait


def test_the_service_level_is_told_with_its_definition_and_its_target(company, board):
    company.orders.answer_within, company.orders.answer_share = 20, 80
    company.orders.save()
    for seconds in (5, 60):
        entry = company.waits(company.orders)
        entry.state, entry.joined_at = "answered", timezone.now()
        entry.answered_at = entry.joined_at + timedelta(seconds=seconds)
        entry.save()

    text = board("lines")

    assert "50 %" in text
    assert "below" in text
    assert "80 % in 20 s" in text
    assert "who were answered or gave up, the share that was answered in time" in text


def test_a_caller_is_explained_agent_by_agent_and_can_be_moved_within_the_own_queues(company, board):
    Queue.objects.create(name="Returns", team=company.sales)
    entry = company.waits(company.orders, language="de-DE")
    company.ann.languages = ["en"]
    company.ann.save()

    text = board("caller", entry=str(entry.pk))

    assert "Ann: does not speak de" in text
    assert "Bob: is not at the desk" in text
    assert "Returns" in text
    assert "Repairs" not in text


def test_a_caller_who_is_offered_says_to_whom(company, board):
    company.is_rung(company.ann, company.waits(company.orders))

    assert "Ann is being rung" in board("waiting")


def test_callers_of_other_teams_are_not_explained(company, board):
    entry = company.waits(company.repairs)

    assert "Not waiting any more" in board("caller", entry=str(entry.pk))
    assert "Not waiting any more" in board("caller", entry="nonsense")


@pytest.mark.parametrize(
    ("minutes", "fields", "sentence"),
    [
        (31, {"limit_minutes": 30}, "Lunch has lasted longer than its 30 minutes."),
        (1, {"limit_minutes": 30}, ""),
        (1, {"is_automatic": True}, "Paused after"),
    ],
)
def test_pauses_that_need_an_eye_are_marked(company, board, minutes, fields, sentence):
    company.pauses(company.ann, minutes=minutes, **fields)

    text = board("people")

    assert "Not ready" in text
    assert ("trouble" in text) == bool(sentence)
    assert sentence in text


def test_a_wrap_up_that_stuck_is_marked_and_can_be_ended(company, board):
    past = company.at - timedelta(seconds=5)
    Agent.objects.filter(pk=company.ann.pk).update(activity=Activity.WRAP_UP, wrap_up_until=past)

    text = board("people")

    assert "The time for the wrap-up is over." in text
    assert "End wrap-up: Ann" in text


def test_an_agent_is_shown_with_what_came_before(company, board):
    text = board("person", agent=str(company.bob.pk))

    assert "Bob" in text
    assert "Nothing yet." in text
    assert "Not in your teams" in board("person", agent=str(company.cy.pk))


def test_a_conversation_shows_who_hears_whom_and_what_may_be_done(company, board):
    talk = company.talks(company.ann, queue=company.orders)

    text = board("talks")

    assert "Ann and the caller hear each other." in text
    for what in ("listen", "coach", "barge"):
        assert f"/board/do/{what}" in text
    assert "/board/do/take-over" not in text
    assert "Say it" in board("talk", conference=str(talk.pk))


def test_who_is_in_may_change_how_take_over_and_leave(company, board):
    talk = company.talks(company.ann)
    seat = {"mode": Mode.LISTEN, "muted": True, "wants_muted": True}
    company.joins(talk, Role.SUPERVISOR, company.seat, "client:s", **seat)

    text = board("talks")

    assert "You listen: nobody hears you." in text
    assert "You are muted" in text
    assert "/board/do/take-over" in text
    assert "/board/do/listen" not in text


def test_conversations_of_other_teams_and_those_that_begin_or_are_over_are_not_shown(company, board):
    other = company.talks(company.cy, queue=company.repairs)
    company.talks(company.bob, phase=Phase.OPENING)

    assert "Nobody is on a call." in board("talks")
    assert "This call is over" in board("talk", conference=str(other.pk))


def test_a_call_for_help_stands_on_top_and_is_announced(company, board):
    company.talks(company.ann, help_asked_at=company.at)

    text = board("help")

    assert 'data-announce="Ann wants help."' in text
    assert "/board/do/answer-help" in text
    assert "is-empty" not in text


def test_from_afar_nothing_can_be_pressed_and_numbers_are_hidden(company, board):
    company.talks(company.ann)
    company.waits(company.orders)

    text = board(tv="1")

    assert "/board/do/" not in text
    assert "data-sheet" not in text
    assert "555 0123" not in text.replace("-", " ")
    assert 'hx-get="/board/panels/waiting?tv=1"' in text


def test_who_may_watch_but_not_supervise_sees_no_buttons(company, board):
    company.talks(company.ann)
    company.supervisor.groups.clear()
    company.supervisor.user_permissions.add(Permission.objects.get(codename="watch_board"))

    assert "/board/do/" not in board()


def test_a_panel_that_is_none_is_not_found(company):
    client = Client()
    client.force_login(company.supervisor)

    assert client.get("/board/panels/nothing").status_code == 404


@pytest.mark.parametrize(
    ("panel", "most"), [("", 34), ("help", 10), ("lines", 8), ("waiting", 9), ("people", 9), ("talks", 11)]
)
def test_more_people_cost_no_more_statements(company, board, panel, most, django_assert_max_num_queries):
    for number in range(4):
        one = ready_agent(f"Agent {number}", at=company.at, team=company.sales)
        company.talks(one, queue=company.orders, help_asked_at=company.at)
        company.waits(company.orders, number=f"+1415555020{number}")

    with django_assert_max_num_queries(most):
        board(panel)


@pytest.mark.parametrize(
    ("state", "wants", "words"),
    [
        ("running", "running", "Recorded"),
        ("running", "paused", "Recorded, being paused"),
        ("paused", "paused", "Recording paused"),
        ("stopped", "stopped", "Not recorded"),
    ],
)
def test_each_conversation_says_in_a_small_word_whether_it_is_recorded(company, board, state, wants, words):
    conference = company.talks(company.ann)
    assert "Recorded" not in board("talks")
    recorder(conference.customer, policy(), state, wants=wants, wanted_at=company.at)

    assert f"</svg>{words}</span>" in board("talks").replace("\n", "")
    assert f" · {words} · " in board("talk", conference=conference.pk)


def test_what_is_recorded_costs_two_statements_however_many_talk(company, board, django_assert_max_num_queries):
    made = policy()
    for number in range(4):
        one = ready_agent(f"Agent {number}", at=company.at, team=company.sales)
        recorder(company.talks(one, queue=company.orders).customer, made)

    with django_assert_max_num_queries(13):
        board("talks")
