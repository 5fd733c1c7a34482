"""What conversations tell their queue."""

from datetime import timedelta

import pytest

from agents.models import Agent
from agents.states import Activity
from calls.models import CallEvent, EventKind
from conferences import actions as conferences
from conferences.actions import Target
from conferences.models import Conference, Participant
from conferences.room import Fate, Phase, Press, Role
from conferences.states import LegState, Outcome
from queues import actions, facts
from queues.models import Entry, Handling, Offer
from queues.states import CallbackState, EntryState, OfferState
from tests.agents.factories import ready_agent
from tests.calls.factories import AT
from tests.queues.factories import enter, go, make_entry, make_queue, member, take
from tests.queues.rows import ask, line, place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("any_hour")]


def offered(queue=None, *, agents=("Ann",), **fields):
    """Somebody for whom these agents are rung."""
    queue = queue or make_queue("Support")
    for number, name in enumerate(agents):
        member(queue, name, idle_since=AT - timedelta(minutes=9 - number))
    entry = make_entry(queue, **fields)
    actions.match(at=AT)
    entry.refresh_from_db()
    return entry


def talking(queue=None, **fields):
    entry = offered(queue, **fields)
    take(Offer.objects.get(entry=entry))
    entry.refresh_from_db()
    return entry


def states():
    return dict(Offer.objects.values_list("agent__name", "state"))


def told(entry, *kinds):
    rows = CallEvent.objects.filter(call=entry.call, kind__in=kinds).order_by("id")
    return [event.data for event in rows]


# ---- an agent takes it, or not


def test_the_agent_who_accepts_talks_to_the_caller():
    entry = offered(after=-30)
    Agent.objects.update(misses=2)

    take(Offer.objects.get(), joins=False)

    entry.refresh_from_db()
    ann, handling = Agent.objects.get(), Handling.objects.get()
    assert (entry.state, entry.agent, entry.answered_at) == (EntryState.TALKING, ann, AT)
    assert (handling.agent, handling.entry, handling.conference, handling.began_at) == (
        ann,
        entry,
        entry.conference,
        AT,
    )
    assert (ann.activity, ann.misses) == (Activity.TALKING, 0)
    assert states() == {"Ann": OfferState.ACCEPTED}
    assert told(entry, EventKind.UNQUEUED) == [{"queue": "Support", "why": "answered", "seconds": 30}]


def test_of_several_who_are_rung_the_first_has_the_caller_and_nobody_has_missed_anything():
    offered(make_queue(order="ring-several"), agents=("Ann", "Bob", "Cid"))

    take(Offer.objects.get(agent__name="Bob"), joins=False)
    take(Offer.objects.get(agent__name="Ann"), joins=False)

    assert states() == {"Ann": OfferState.WITHDRAWN, "Bob": OfferState.ACCEPTED, "Cid": OfferState.WITHDRAWN}
    assert [handling.agent.name for handling in Handling.objects.all()] == ["Bob"]
    assert set(Agent.objects.values_list("misses", flat=True)) == {0}


@pytest.mark.parametrize(
    ("outcome", "state", "misses", "is_told"),
    [
        (Outcome.NO_ANSWER, OfferState.MISSED, 1, True),
        (Outcome.NOT_ACCEPTED, OfferState.MISSED, 1, True),
        (Outcome.FAILED, OfferState.FAILED, 1, True),
        (Outcome.LOST, OfferState.FAILED, 1, True),
        (Outcome.DECLINED, OfferState.DECLINED, 0, True),
        (Outcome.BUSY, OfferState.DECLINED, 0, True),
        (Outcome.WITHDRAWN, OfferState.WITHDRAWN, 0, False),
    ],
)
def test_when_nobody_takes_it_the_caller_waits_for_the_next(outcome, state, misses, is_told):
    entry = offered()

    go(Offer.objects.get().participant, outcome)

    entry.refresh_from_db()
    ann = Agent.objects.get()
    assert (entry.state, states()) == (EntryState.WAITING, {"Ann": state})
    assert (ann.activity, ann.misses, ann.chosen) == (Activity.IDLE, misses, "ready")
    assert told(entry, EventKind.UNTAKEN) == ([{"who": "Ann", "outcome": outcome}] if is_told else [])


def test_while_another_agent_is_rung_the_caller_is_still_offered():
    entry = offered(make_queue(order="ring-several"), agents=("Ann", "Bob"))

    go(Offer.objects.get(agent__name="Ann").participant, Outcome.NO_ANSWER)

    entry.refresh_from_db()
    assert entry.state == EntryState.OFFERED
    assert states() == {"Ann": OfferState.MISSED, "Bob": OfferState.RINGING}


def test_who_talks_to_an_agent_is_not_called_back_as_well():
    other = line()
    entry = offered()
    callback = ask(other, number=entry.call.from_number)

    take(Offer.objects.get())

    callback.refresh_from_db()
    assert callback.state == CallbackState.CANCELED


# ---- how it ends


def test_who_was_served_has_an_answered_entry():
    entry = talking()

    conferences.press(entry.conference_id, Press.HANG_UP, by_agent=entry.agent, at=AT)

    entry.refresh_from_db()
    assert (entry.state, entry.ended_at, entry.conference.fate) == (EntryState.ANSWERED, AT, Fate.SERVED)


def test_who_hangs_up_after_talking_was_answered():
    entry = talking()

    conferences.close(entry.conference_id, Fate.GONE, at=AT)

    entry.refresh_from_db()
    assert entry.state == EntryState.ANSWERED


def test_who_hangs_up_while_agents_are_rung_has_given_up():
    entry = offered()

    conferences.close(entry.conference_id, Fate.GONE, at=AT)

    entry.refresh_from_db()
    assert (entry.state, states()) == (EntryState.ABANDONED, {"Ann": OfferState.WITHDRAWN})


def test_whose_agent_is_lost_for_good_is_first_in_line_with_the_same_age():
    entry = talking(after=-120)
    go(Participant.objects.get(agent__isnull=False), Outcome.LOST)
    assert Handling.objects.talking().exists()

    conferences.close(entry.conference_id, Fate.REQUEUED, at=AT)

    again = Entry.objects.get()
    assert (again.state, again.is_first, again.agent, again.conference) == (EntryState.WAITING, True, None, None)
    assert (again.aged_from, again.answered_at) == (AT - timedelta(seconds=120), AT)
    assert not Handling.objects.talking().exists()


def test_who_is_to_go_back_to_the_line_but_has_hung_up_is_gone():
    entry = talking()
    entry.call.status = "completed"
    entry.call.save(update_fields=["status"])

    conferences.close(entry.conference_id, Fate.REQUEUED, at=AT)

    entry.refresh_from_db()
    assert entry.state == EntryState.ANSWERED


def test_who_is_sent_to_another_queue_waits_there_before_all_others():
    entry, other = talking(after=-60), make_queue("Sales")

    conferences.send_away(entry.conference_id, f"queue:{other.pk}", by_agent=entry.agent, at=AT)

    entry.refresh_from_db()
    then = Entry.objects.live().get()
    assert entry.state == EntryState.ANSWERED
    assert (then.queue, then.call, then.is_first, then.aged_from) == (other, entry.call, True, entry.aged_from)
    assert facts.standing_of(entry.call_id, at=AT).queue == "Sales"


def test_who_is_sent_to_a_queue_that_is_not_there_waits_in_the_old_one():
    entry = talking()

    Conference.objects.update(destination="queue:987654")
    conferences.close(entry.conference_id, Fate.ELSEWHERE, at=AT)

    assert Entry.objects.live().get().queue == entry.queue


def test_who_is_sent_to_a_step_waits_nowhere_any_more_and_the_flow_is_told_where():
    entry = talking()

    conferences.send_away(entry.conference_id, "step:3:12", by_agent=entry.agent, at=AT)

    standing = facts.standing_of(entry.call_id, at=AT)
    assert (standing.state, standing.destination, standing.position) == (EntryState.ANSWERED, "step:3:12", 0)


# ---- whose conversation it is


def test_who_takes_a_conversation_over_has_a_part_in_it_and_the_other_wraps_up():
    entry, bob = talking(), ready_agent("Bob")
    ann = entry.agent
    target = conferences.consult(entry.conference_id, conferences.Target(agent=bob), by_agent=ann, at=AT)
    enter(target)

    conferences.press(entry.conference_id, Press.COMPLETE, by_agent=ann, at=AT)
    go(Participant.objects.get(agent=ann), Outcome.RELEASED)

    entry.refresh_from_db()
    ann.refresh_from_db()
    assert entry.agent == bob
    assert list(Handling.objects.talking().values_list("agent__name", flat=True)) == ["Bob"]
    assert list(Handling.objects.wrapping_up().values_list("agent__name", flat=True)) == ["Ann"]
    assert ann.activity == Activity.WRAP_UP


def test_a_caller_who_hangs_up_on_colleagues_who_go_on_is_not_talked_to_any_more():
    entry, bob = talking(), ready_agent("Bob")
    enter(conferences.consult(entry.conference_id, conferences.Target(agent=bob), by_agent=entry.agent, at=AT))

    go(Participant.objects.get(role="customer"), Outcome.HUNG_UP)

    entry.refresh_from_db()
    entry.conference.refresh_from_db()
    assert entry.conference.phase == Phase.TALKING
    assert (entry.state, entry.ended_at) == (EntryState.ANSWERED, AT)
    assert list(Handling.objects.talking().values_list("agent__name", flat=True)) == ["Ann"]


def test_an_agent_whose_leg_breaks_off_keeps_the_part_and_goes_on_with_it_after_a_rejoin():
    entry = talking()
    ann, began = entry.agent, Handling.objects.get()
    go(Participant.objects.get(agent=ann), Outcome.LOST)
    entry.conference.refresh_from_db()
    assert entry.conference.phase == Phase.RECOVERING

    again = conferences.rejoin(entry.conference_id, agent=ann, endpoint=None, at=AT + timedelta(seconds=5))
    enter(again, at=AT + timedelta(seconds=9))

    handling = Handling.objects.get()
    assert (handling, handling.ended_at, handling.done_at) == (began, None, None)


def test_a_guest_has_no_part_of_their_own():
    entry, bob = talking(), ready_agent("Bob")

    enter(conferences.add(entry.conference_id, conferences.Target(agent=bob), by_agent=entry.agent, at=AT))

    assert Handling.objects.count() == 1


def test_news_of_a_conversation_that_is_not_of_a_queue_changes_nothing():
    room = Conference.objects.create(opened_at=AT, phase=Phase.CLOSED)
    stranger = Participant.objects.create(
        conference=room, role="owner", agent=ready_agent(), endpoint="browser", address="client:x", wanted_at=AT
    )

    for news in (actions.accept, actions.connect, actions.let_go):
        news(stranger, at=AT)
    for news in (actions.turn, actions.close):
        news(room, at=AT)

    assert not Handling.objects.exists()


# ---- calling back


def test_the_agent_who_takes_a_callback_has_the_customer_rung_and_talks_when_they_are_there():
    queue = line()
    member(queue, "Ann")
    callback = ask(queue)
    entry = place(callback)
    actions.match(at=AT)

    take(Offer.objects.get())

    customer = Participant.objects.get(role="customer")
    entry.refresh_from_db()
    callback.refresh_from_db()
    assert (entry.state, callback.state, customer.address) == (
        EntryState.TALKING,
        CallbackState.DIALING,
        callback.number,
    )
    assert customer.state in (LegState.WANTED, LegState.JOINED)


def test_a_callback_waits_for_an_hour_in_which_one_may_call():
    queue = line(callback_from="09:00", callback_until="20:00")  # it is seven in the morning at that number
    member(queue)
    Entry.objects.filter(callback=ask(queue)).update(not_before=None)

    assert actions.match(at=AT) == 0


def test_who_came_back_from_one_agent_is_accepted_by_another():
    queue = make_queue()
    entry = talking(queue)
    go(Participant.objects.get(agent__isnull=False), Outcome.LOST)
    conferences.close(entry.conference_id, Fate.REQUEUED, at=AT)
    member(queue, "Bob")

    actions.match(at=AT)
    take(Offer.objects.get(agent__name="Bob"))

    assert states() == {"Ann": OfferState.RETURNED, "Bob": OfferState.ACCEPTED}
    assert list(Handling.objects.talking().values_list("agent__name", flat=True)) == ["Bob"]


def test_a_conversation_that_an_agent_has_left_long_ago_does_not_free_them_from_the_present_one():
    queue = make_queue(wrap_up="none")
    ann, ben = member(queue, "Ann"), member(make_queue(wrap_up="none"), "Ben")
    caller = make_entry(queue)
    actions.match(at=AT)
    take(Offer.objects.get(entry=caller))
    room = Conference.objects.get(entries=caller)
    conferences.consult(room.pk, Target(agent=ben), by_agent=ann, at=AT)
    enter(room.participants.get(agent=ben))
    conferences.press(room.pk, Press.COMPLETE, by_agent=ann, at=AT)
    go(room.participants.get(agent=ann), Outcome.RELEASED)
    other = make_entry(queue)
    actions.match(at=AT)
    take(Offer.objects.get(entry=other))

    go(room.participants.get(agent=ben), Outcome.LOST)
    room.refresh_from_db()
    assert room.phase == Phase.RECOVERING
    go(room.participants.get(role=Role.CUSTOMER), Outcome.HUNG_UP)

    assert dict(Agent.objects.values_list("name", "activity")) == {"Ann": "talking", "Ben": "idle"}
