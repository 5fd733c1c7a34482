"""The desk's page and its panels: who sees them, what they say, and how much they ask of the database."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from agents.models import Agent
from agents.roles import AGENT, SUPERVISOR
from agents.states import Activity
from calls.models import EventKind
from conferences.models import Conference, Participant
from conferences.room import Phase, Role
from conferences.states import LegState
from dashboard.desk.panels import PANELS
from queues.models import Disposition, Entry, Handling, Offer
from tests.agents.factories import agent as make_agent
from tests.agents.factories import ready_agent, user
from tests.calls.factories import make_call, make_event
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db

ON_PAGE = [name for name, panel in PANELS.items() if panel.on_page]


@pytest.fixture
def ann():
    return ready_agent("Ann", account=user(AGENT, username="ann"), at=timezone.now())


@pytest.fixture
def desk(client, ann):
    client.force_login(ann.user)
    return client


def panel(client, name, **asked):
    return client.get(reverse("desk-panel", args=[name]), asked).content.decode()


def conversation(agent: Agent, *, leg: str, phase: str = Phase.TALKING, **fields):
    """Somebody's call with the agent, who has come as far as `leg`."""
    now = timezone.now()
    queue = make_queue("Support", members=[agent])
    call = make_call(from_number="+14155550123", started_at=now - timedelta(seconds=90), heard_at=now)
    conference = Conference.objects.create(
        customer=call, subject="Support", phase=phase, opened_at=now - timedelta(seconds=30), **fields
    )
    mine = Participant.objects.create(
        conference=conference,
        role=Role.OWNER,
        agent=agent,
        endpoint="browser",
        address="client:agent",
        wants_in=True,
        state=leg,
        wanted_at=now - timedelta(seconds=5),
    )
    there = leg == LegState.JOINED
    caller = Participant.objects.create(
        conference=conference,
        role=Role.CUSTOMER,
        endpoint="number",
        address=call.from_number,
        is_moved=True,
        wants_in=there,
        call=call,
        state=LegState.JOINED if there else LegState.WANTED,
        wanted_at=now,
    )
    entry = Entry.objects.create(
        queue=queue,
        call=call,
        conference=conference,
        language="en-US",
        joined_at=now - timedelta(seconds=73),
        aged_from=now,
        state="talking" if there else "offered",
    )
    Offer.objects.create(entry=entry, agent=agent, participant=mine, offered_at=now, ends_at=now)
    make_event(call, EventKind.ENTERED, step="2", name="Main menu", kind="menu")
    make_event(call, EventKind.HEARD, text="For support, press 2.")
    make_event(call, EventKind.PRESSED, digits="2")
    Agent.objects.filter(pk=agent.pk).update(activity=Activity.TALKING if there else Activity.RINGING)
    return conference, mine, caller, entry


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
    assert f"/live/stream?topics=agent:{ann.pk},agents,queues" in text
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


def test_a_ring_tells_who_calls_what_they_pressed_and_how_long_they_wait(desk, ann):
    conversation(ann, leg=LegState.RINGING, phase=Phase.OPENING)

    text = panel(desk, "talk")

    assert "Incoming call" in text
    assert "+1 415-555-0123" in text
    assert "English (US)" in text or "English" in text
    assert "pressed 2" in text
    assert "For support, press 2." in text
    assert 'id="press-answer"' in text
    assert 'data-since="73"' in text


def test_a_ring_on_a_telephone_is_picked_up_there(desk, ann):
    _, mine, _, _ = conversation(ann, leg=LegState.RINGING, phase=Phase.OPENING)
    Participant.objects.filter(pk=mine.pk).update(endpoint="number", address="+15005550199")

    text = panel(desk, "talk")

    assert "Pick it up there" in text
    assert 'id="press-answer"' not in text


def test_a_call_shows_only_what_is_legal_and_who_hears_whom(desk, ann):
    conference, _, caller, _ = conversation(ann, leg=LegState.JOINED)

    talking = panel(desk, "talk")
    Conference.objects.filter(pk=conference.pk).update(held=True)
    Participant.objects.filter(pk=caller.pk).update(held=True, wants_held=True)
    held = panel(desk, "talk")

    assert "You and the caller hear each other." in talking
    assert "/desk/do/hold" in talking
    assert "/desk/do/unhold" not in talking
    assert "/desk/do/complete" not in talking
    assert "The caller is on hold, with music, and hears nobody." in held
    assert "/desk/do/unhold" in held


def test_a_wish_that_twilio_has_not_confirmed_is_told_as_one(desk, ann):
    _, _, caller, _ = conversation(ann, leg=LegState.JOINED)
    Participant.objects.filter(pk=caller.pk).update(wants_held=True)

    text = panel(desk, "talk")

    assert "is being put on hold" in text
    assert "You and the caller hear each other." in text


def test_who_listens_in_is_shown_only_when_the_agent_is_told(desk, ann):
    conference, _, _, _ = conversation(ann, leg=LegState.JOINED)
    kim = make_agent("Kim")
    leg = Participant.objects.create(
        conference=conference,
        role=Role.SUPERVISOR,
        agent=kim,
        endpoint="browser",
        address="client:kim",
        state=LegState.JOINED,
        muted=True,
        wants_muted=True,
        wanted_at=timezone.now(),
    )

    secret = panel(desk, "talk")
    leg.supervisions.create(by=user(SUPERVISOR), mode="listen", told=True, at=timezone.now())
    told = panel(desk, "talk")

    assert "Kim" not in secret
    assert "Kim is muted" in told


def test_a_line_that_broke_offers_to_come_back(desk, ann):
    now = timezone.now()
    _, mine, _, _ = conversation(ann, leg=LegState.JOINED, phase=Phase.RECOVERING, due_at=now + timedelta(seconds=20))
    Participant.objects.filter(pk=mine.pk).update(state=LegState.LEFT, outcome="lost", left_at=now)

    text = panel(desk, "talk")

    assert "Your line broke" in text
    assert "/desk/do/rejoin" in text
    assert "/desk/do/give-back" in text


def test_numbers_are_hidden_from_who_may_not_see_them(client):
    person = user(username="cleo")
    person.user_permissions.add(*_permissions("use_desk"))
    cleo = ready_agent("Cleo", account=person, at=timezone.now())
    conversation(cleo, leg=LegState.RINGING, phase=Phase.OPENING)
    client.force_login(person)

    text = panel(client, "talk")

    assert "415-555-0123" not in text
    assert "****" in text


def _permissions(*names):
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=names)


def test_somebody_elses_call_is_not_shown(desk, ann):
    conversation(ready_agent("Bo"), leg=LegState.JOINED)

    assert "No call right now" in panel(desk, "talk")


def test_notes_and_what_is_missing_are_shown_in_the_wrap_up(desk, ann):
    now = timezone.now()
    queue = make_queue("Support", members=[ann], disposition_required=True)
    queue.dispositions.add(Disposition.objects.create(name="Solved"))
    entry = Entry.objects.create(queue=queue, call=make_call(), joined_at=now, aged_from=now, state="answered")
    Handling.objects.create(
        entry=entry,
        agent=ann,
        began_at=now,
        ended_at=now,
        wrap_up_until=now + timedelta(seconds=60),
        notes="Wants a <new> bike",
    )

    text = panel(desk, "paperwork")

    assert "Wants a &lt;new&gt; bike" in text
    assert "Choose first what the call came to." in text
    assert "/desk/do/finish" in text
    assert "/desk/do/extend" in text


def test_the_targets_of_a_transfer_are_colleagues_with_their_state_queues_and_anybody(desk, ann):
    make_queue("Sales")
    ready_agent("Bo", at=timezone.now())
    make_agent("Cleo")

    transfer = panel(desk, "targets", why="hand-over", conference="x")
    consult = panel(desk, "targets", why="consult", search="Bo")

    assert "Ring Bo" in transfer
    assert "Ring Cleo" not in transfer
    assert "No phone that can ring now" in transfer
    assert "Send to Sales" in transfer
    assert "Ring Bo" in consult
    assert "Cleo" not in consult
    assert "Send to Sales" not in consult


def test_a_panel_that_does_not_exist_is_not_found(desk):
    assert desk.get(reverse("desk-panel", args=["nothing"])).status_code == 404


# What the log-in and the agent cost in each of them: session, account, agent, endpoints. Permissions: two more.
ENTRY = 6


@pytest.mark.parametrize(
    ("name", "most"),
    [("mine", 2), ("talk", 6), ("paperwork", 2), ("lines", 2), ("inbox", 4), ("day", 3), ("targets", 2)],
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

    with django_assert_max_num_queries(ENTRY + 19):
        desk.get(reverse("desk"))
