"""What is pressed at the board, and that it reaches no further than the own teams."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from agents.models import Agent, PresenceChange, Reason
from agents.states import Activity, Chosen
from calls.models import CallEvent
from conferences.models import Announcement, Participant
from conferences.room import Mode, Phase, Role
from conferences.states import LegState
from queues.models import Entry, Queue
from queues.states import EntryState
from tests.dashboard.board.company import Company

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    return Company(timezone.now())


@pytest.fixture
def press(company):
    client = Client()
    client.force_login(company.supervisor)

    def do(what, panel="", **fields):
        headers = {"HX-Request": "true", "HX-Target": f"panel-{panel}"} if panel else {}
        return client.post(f"/board/do/{what}", fields, headers=headers)

    return do


def said(response):
    return json.loads(response["HX-Trigger"])["said"]


# ---- who waits


def test_a_caller_is_pulled_forward_and_the_panel_shows_it(company, press):
    company.waits(company.orders, minutes=9)
    entry = company.waits(company.orders)

    response = press("pull-forward", "waiting", entry=entry.pk)

    entry.refresh_from_db()
    assert response.status_code == 200
    assert entry.is_first
    assert 'id="panel-waiting"' in response.content.decode()
    assert said(response) == {"text": "Pulled forward: next in line.", "failed": False}
    assert CallEvent.objects.filter(call=entry.call, data__why=f"pulled forward by {company.supervisor}").exists()


def test_a_caller_is_moved_with_the_time_that_was_waited(company, press):
    returns = Queue.objects.create(name="Returns", team=company.sales)
    entry = company.waits(company.orders, minutes=9)

    response = press("move", "caller", entry=entry.pk, queue=returns.pk)

    moved = Entry.objects.get(call=entry.call, state=EntryState.WAITING)
    assert response.status_code == 200
    assert (moved.queue, moved.aged_from) == (returns, entry.aged_from)


def test_a_caller_is_moved_to_no_queue_of_another_team(company, press):
    entry = company.waits(company.orders)

    response = press("move", entry=entry.pk, queue=company.repairs.pk)

    assert response.status_code == 409
    assert Entry.objects.get(pk=entry.pk).state == EntryState.WAITING


def test_who_has_left_the_line_cannot_be_pulled(company, press):
    entry = company.waits(company.orders, state=EntryState.ABANDONED)

    response = press("pull-forward", "waiting", entry=entry.pk)

    assert response.status_code == 409
    assert said(response) == {"text": "That caller does not wait any more.", "failed": True}


# ---- agents


def test_an_agent_is_set_to_a_state_and_the_record_says_by_whom(company, press):
    lunch = Reason.objects.get(name="Lunch")

    response = press("choose", "person", agent=company.ann.pk, choice=lunch.pk)

    change = PresenceChange.objects.filter(agent=company.ann, until=None).get()
    assert response.status_code == 200
    assert 'id="panel-person"' in response.content.decode()
    assert (change.by, change.reason, change.cause) == (company.supervisor, "Lunch", "set by a supervisor")
    assert press("choose", agent=company.ann.pk, choice="ready").status_code == 204
    assert Agent.objects.get(pk=company.ann.pk).chosen == Chosen.READY


def test_the_pause_after_missed_calls_cannot_be_set_by_hand(company, press):
    response = press("choose", agent=company.ann.pk, choice=Reason.objects.get(is_automatic=True).pk)

    assert (response.status_code, said(response)["text"]) == (409, "That reason cannot be chosen.")


def test_a_wrap_up_that_stuck_is_ended(company, press):
    Agent.objects.filter(pk=company.ann.pk).update(activity=Activity.WRAP_UP, wrap_up_until=company.at)

    assert press("end-wrap-up", "people", agent=company.ann.pk).status_code == 200
    assert Agent.objects.get(pk=company.ann.pk).activity == Activity.IDLE


# ---- conversations


@pytest.mark.parametrize("mode", list(Mode))
def test_a_supervisor_is_rung_into_a_conversation(company, press, mode):
    talk = company.talks(company.ann, help_asked_at=company.at)

    response = press(mode, "talks", conference=talk.pk)

    seat = Participant.objects.get(conference=talk, agent=company.seat)
    assert response.status_code == 200
    assert (seat.role, seat.mode) == (Role.SUPERVISOR, mode)
    assert said(response)["text"] == "Your phone is being rung."
    talk.refresh_from_db()
    assert talk.help_asked_at is None


def test_who_is_in_changes_how_takes_over_or_leaves(company, press):
    talk = company.talks(company.ann)
    seat = company.joins(talk, Role.SUPERVISOR, company.seat, "client:s", mode=Mode.LISTEN)
    Agent.objects.filter(pk=company.seat.pk).update(activity=Activity.TALKING)

    assert said(press("coach", conference=talk.pk))["text"] == "You coach: only the agent hears you."
    seat.refresh_from_db()
    assert seat.mode == Mode.COACH
    assert press("take-over", conference=talk.pk).status_code == 204
    seat.refresh_from_db()
    assert seat.role == Role.OWNER


def test_a_supervisor_leaves(company, press):
    talk = company.talks(company.ann)
    seat = company.joins(talk, Role.SUPERVISOR, company.seat, "client:s", mode=Mode.LISTEN)

    assert press("stop", conference=talk.pk).status_code == 204
    seat.refresh_from_db()
    assert not seat.wants_in


def test_what_is_not_possible_now_is_said_in_words(company, press):
    talk = company.talks(company.ann)

    response = press("take-over", "talk", conference=talk.pk)

    assert response.status_code == 409
    assert said(response) == {"text": "You are not in this conversation.", "failed": True}
    assert 'id="panel-talk"' in response.content.decode()


def test_a_supervisor_who_talks_is_not_rung_elsewhere(company, press):
    talk = company.talks(company.ann)
    Agent.objects.filter(pk=company.seat.pk).update(activity=Activity.TALKING)

    assert said(press("listen", conference=talk.pk))["text"] == "You are on a call, or being rung."


def test_an_announcement_is_asked_for(company, press):
    talk = company.talks(company.ann)

    assert press("announce", conference=talk.pk, text="  One moment.  ").status_code == 204
    assert Announcement.objects.get(conference=talk).text == "One moment."
    assert press("announce", conference=talk.pk, text="  ").status_code == 409


def test_a_guest_is_removed_and_the_caller_is_not(company, press):
    talk = company.talks(company.ann)
    guest = company.joins(talk, Role.GUEST, None, "+14155550999")
    customer = talk.participants.get(role=Role.CUSTOMER)

    assert press("remove", conference=talk.pk, participant=guest.pk).status_code == 204
    assert press("remove", conference=talk.pk, participant=customer.pk).status_code == 409
    guest.refresh_from_db()
    assert not guest.wants_in


def test_somebody_of_another_conversation_is_not_removed(company, press):
    talk, other = company.talks(company.ann), company.talks(company.bob)
    guest = company.joins(other, Role.GUEST, None, "+14155550999")

    assert press("remove", conference=talk.pk, participant=guest.pk).status_code == 409
    guest.refresh_from_db()
    assert guest.state == LegState.JOINED


def test_a_call_for_help_is_taken_off_the_board(company, press):
    talk = company.talks(company.ann, help_asked_at=company.at)

    response = press("answer-help", "help", conference=talk.pk)

    talk.refresh_from_db()
    assert talk.help_asked_at is None
    assert "is-empty" in response.content.decode()


# ---- no further


@pytest.mark.parametrize("what", ["listen", "coach", "barge", "take-over", "stop", "announce", "remove", "answer-help"])
def test_nothing_is_done_to_a_conversation_of_another_team(company, press, what):
    talk = company.talks(company.cy, queue=company.repairs, help_asked_at=company.at)
    guest = company.joins(talk, Role.GUEST, None, "+14155550999")

    response = press(what, conference=talk.pk, participant=guest.pk, text="Hello")

    talk.refresh_from_db()
    assert (response.status_code, said(response)["text"]) == (409, "That call is over.")
    assert (talk.phase, talk.help_asked_at) == (Phase.TALKING, company.at)
    assert talk.participants.count() == 3


@pytest.mark.parametrize("what", ["pull-forward", "move"])
def test_nothing_is_done_to_a_caller_of_another_team(company, press, what):
    entry = company.waits(company.repairs)

    assert press(what, entry=entry.pk, queue=company.orders.pk).status_code == 409
    assert Entry.objects.get(pk=entry.pk).is_first is False


@pytest.mark.parametrize("what", ["choose", "end-wrap-up"])
def test_nothing_is_done_to_an_agent_of_another_team(company, press, what):
    response = press(what, agent=company.cy.pk, choice=Reason.objects.get(name="Lunch").pk)

    assert (response.status_code, said(response)["text"]) == (409, "That agent is in none of your teams.")
    assert Agent.objects.get(pk=company.cy.pk).chosen == Chosen.READY


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("listen", {}),
        ("listen", {"conference": "nonsense"}),
        ("listen", {"conference": uuid4()}),
        ("pull-forward", {"entry": ""}),
        ("choose", {"agent": uuid4(), "choice": "ready"}),
        ("choose", {"choice": "１"}),
    ],
)
def test_a_page_that_is_out_of_date_does_no_harm(press, what, fields):
    assert press(what, **fields).status_code == 409


def test_what_is_no_press_is_not_found_and_looking_presses_nothing(company, press):
    client = Client()
    client.force_login(company.supervisor)

    assert press("nothing").status_code == 404
    assert client.get("/board/do/listen").status_code == 405
