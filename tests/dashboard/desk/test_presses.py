"""What is pressed: one action each, own calls alone, every refusal in words."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents.models import Agent, Reason
from conferences.models import Conference, Participant
from conferences.room import Phase
from conferences.states import LegState
from dashboard.desk.presses import DOES
from dialing.models import Attempt
from ivr import actions
from ivr.models import Visit
from queues.models import Disposition, Entry, Handling
from tests.agents.factories import ready_agent
from tests.calls.factories import make_call
from tests.dashboard.desk.factories import conversation, panel, press, said
from tests.ivr.rows import simple_flow
from tests.queues.factories import make_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def handling(ann):
    now = timezone.now()
    queue = make_queue("Support", members=[ann])
    queue.dispositions.add(Disposition.objects.create(name="Solved"))
    entry = Entry.objects.create(queue=queue, call=make_call(), joined_at=now, aged_from=now, state="answered")
    return Handling.objects.create(entry=entry, agent=ann, began_at=now)


def test_a_state_is_chosen_and_the_panel_comes_back_as_it_is_then(desk, ann):
    lunch = Reason.objects.get(name="Lunch")

    answer = press(desk, "choose", on="panel-mine", choice=lunch.pk)

    assert answer.status_code == 200
    assert 'id="panel-mine"' in answer.content.decode()
    assert "You chose not to be ready: Lunch." in answer.content.decode()
    assert Agent.objects.get(pk=ann.pk).reason == lunch


@pytest.mark.parametrize("choice", ["", "nonsense", "99999", "-1"])
def test_a_choice_that_is_not_on_the_list_is_refused_in_words(desk, choice):
    answer = press(desk, "choose", on="panel-mine", choice=choice)

    assert answer.status_code == 409
    assert said(answer)["failed"] is True
    assert said(answer)["text"]


def test_hold_becomes_a_wish(desk, ann):
    conference, _, caller, _ = conversation(ann, leg=LegState.JOINED)

    answer = press(desk, "hold", on="panel-talk", conference=conference.pk)

    assert answer.status_code == 200
    caller.refresh_from_db()
    assert caller.wants_held
    assert not caller.held
    assert "is being put on hold" in answer.content.decode()


def test_what_is_not_possible_any_more_is_a_conflict_with_the_call_as_it_is(desk, ann):
    conference, _, _, _ = conversation(ann, leg=LegState.JOINED)

    answer = press(desk, "complete", on="panel-talk", conference=conference.pk)

    assert answer.status_code == 409
    assert said(answer)["text"] == "That is not possible any more. This is how the call stands now."
    assert "You and the caller hear each other." in answer.content.decode()


CALL_PRESSES = sorted(set(DOES) & {
    "hold", "unhold", "complete", "cancel", "swap", "merge", "hang-up", "give-back", "mute", "unmute", "decline",
    "rejoin", "remove", "digits", "help", "consult", "hand-over", "add", "pause-recording", "resume-recording",
    "start-recording", "stop-recording", "withdraw", "agree",
})  # fmt: skip


@pytest.mark.parametrize("what", CALL_PRESSES)
def test_nothing_can_be_pressed_in_somebody_elses_call(desk, what):
    bo = ready_agent("Bo")
    conference, theirs, caller, _ = conversation(bo, leg=LegState.JOINED)
    before = list(Participant.objects.order_by("pk").values())

    answer = press(desk, what, conference=conference.pk, participant=caller.pk, digits="1", kind="browser", agent=bo.pk)

    assert answer.status_code == 409
    assert list(Participant.objects.order_by("pk").values()) == before
    assert Conference.objects.get(pk=conference.pk).phase == Phase.TALKING
    assert theirs.outcome == ""


@pytest.mark.parametrize("what", sorted(DOES))
def test_a_press_with_nothing_in_it_is_refused_and_never_fails(desk, what):
    assert press(desk, what).status_code == 409


def test_a_colleague_is_asked_while_the_caller_waits(desk, ann):
    conference, _, caller, _ = conversation(ann, leg=LegState.JOINED)
    bo = ready_agent("Bo", at=timezone.now())

    answer = press(desk, "consult", on="panel-talk", conference=conference.pk, agent=bo.pk)

    assert said(answer) == {"text": "Bo is being rung.", "failed": False}
    assert Participant.objects.live().filter(agent=bo, conference=conference).exists()
    caller.refresh_from_db()
    assert caller.wants_held


def test_a_busy_colleague_is_told_as_such(desk, ann):
    conference, _, _, _ = conversation(ann, leg=LegState.JOINED)
    bo = ready_agent("Bo", at=timezone.now(), activity="talking")

    answer = press(desk, "consult", conference=conference.pk, agent=bo.pk)

    assert said(answer)["text"] == "That agent is on another call, or is being rung."


@pytest.mark.parametrize("typed", ["", "12", "sip:nobody", "sip:a b@c", "hello"])
def test_what_is_no_number_is_refused_with_how_to_write_one(desk, ann, typed):
    conference, _, _, _ = conversation(ann, leg=LegState.JOINED)

    answer = press(desk, "hand-over", conference=conference.pk, somewhere=typed)

    assert answer.status_code == 409
    assert "This is no" in said(answer)["text"]


def test_a_number_that_may_not_be_dialed_is_refused_in_words_and_written_down(desk, ann):
    conference, _, caller, _ = conversation(ann, leg=LegState.JOINED)

    for what in ("consult", "hand-over", "add"):
        answer = press(desk, what, conference=conference.pk, somewhere="+4930123456")
        assert (answer.status_code, said(answer)["text"]) == (409, "Calls to DE are not allowed here.")

    caller.refresh_from_db()
    assert not caller.wants_held
    refused = Attempt.objects.values_list("rule", "purpose", "by", "conversation")
    assert set(refused) == {("country", "transfer", ann.user_id, conference.conversation)}


def test_a_number_that_is_typed_is_rung_with_a_permit(desk, ann):
    conference, _, _, _ = conversation(ann, leg=LegState.JOINED)

    answer = press(desk, "consult", conference=conference.pk, somewhere="+14155550177")

    assert answer.status_code < 400
    permit = Attempt.objects.get()
    assert (permit.rule, permit.number) == ("", "+14155550177")
    assert Participant.objects.get(address="+14155550177").attempt == permit
    again = press(desk, "consult", conference=conference.pk, somewhere="+14155550177")
    assert again.status_code == 409  # one consultation at a time: the second permit counts for nothing
    assert list(Attempt.objects.counted()) == [permit]


def test_keys_are_sent_only_as_keys(desk, ann):
    conference, _, caller, _ = conversation(ann, leg=LegState.JOINED)

    answer = press(desk, "digits", conference=conference.pk, participant=caller.pk, digits="1<2")

    assert said(answer)["text"] == "Keys are 0 to 9, star and pound."


def test_notes_are_kept_as_typed(desk, handling):
    answer = press(desk, "notes", handling=handling.pk, notes="Wants a new saddle")

    assert answer.status_code == 204
    handling.refresh_from_db()
    assert handling.notes == "Wants a new saddle"


def test_nobody_writes_into_somebody_elses_notes(desk, handling):
    Handling.objects.filter(pk=handling.pk).update(agent=ready_agent("Bo"))

    answer = press(desk, "notes", handling=handling.pk, notes="mine")

    assert answer.status_code == 409
    handling.refresh_from_db()
    assert handling.notes == ""


def test_a_disposition_of_another_queue_cannot_be_chosen(desk, handling):
    other = Disposition.objects.create(name="Other")

    answer = press(desk, "dispose", handling=handling.pk, disposition=other.pk)

    assert answer.status_code == 409
    assert said(answer)["text"] == "That choice is not on the list any more."


def test_what_nobody_can_press_is_not_found(desk):
    assert press(desk, "explode").status_code == 404


def test_a_press_needs_the_token_of_the_page(ann):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ann.user)

    assert strict.post(reverse("desk-do", args=["hold"]), {"conference": uuid4()}).status_code == 403


def test_looking_presses_nothing(desk):
    assert desk.get(reverse("desk-do", args=["hold"])).status_code == 405


@pytest.mark.parametrize(
    "place",
    ["nowhere", "queue:", "queue:9999", "queue:²", "queue:" + "9" * 300, "step:", "step:1", "step:x:y", "step:{}:gone"],
)
def test_nobody_is_sent_to_a_queue_or_a_step_that_is_not_there(desk, ann, place):
    """The list may have been open while a flow was published, or a queue deleted."""
    flow = simple_flow()
    actions.publish(flow, by=None, note="", at=timezone.now())
    conference, _, _, _ = conversation(ann, leg=LegState.JOINED)

    answer = press(desk, "hand-over", conference=conference.pk, destination=place.format(flow.pk))

    assert answer.status_code == 409
    assert "is not there any more" in said(answer)["text"]
    conference.refresh_from_db()
    assert (conference.phase, conference.destination) == (Phase.TALKING, "")


@pytest.mark.parametrize("place", ["queue:{queue}", "step:{flow}:{step}"])
def test_the_caller_is_sent_to_a_queue_or_to_a_step_that_callers_meet(desk, ann, place):
    flow = simple_flow()
    actions.publish(flow, by=None, note="", at=timezone.now())
    conference, _, _, _ = conversation(ann, leg=LegState.JOINED)
    flow.refresh_from_db()
    Visit.objects.create(call=conference.customer, version=flow.published, position={}, began_at=timezone.now())
    asked = place.format(queue=make_queue("Sales").pk, flow=flow.pk, step=flow.steps.get(name="The end").pk)

    answer = press(desk, "hand-over", conference=conference.pk, destination=asked)

    conference.refresh_from_db()
    assert (said(answer)["text"], conference.destination) == ("The caller is being sent on.", asked)


def test_somebody_whom_we_have_called_is_in_no_flow_and_sent_to_no_step(desk, ann):
    flow = simple_flow()
    actions.publish(flow, by=None, note="", at=timezone.now())
    conference, _, _, _ = conversation(ann, leg=LegState.JOINED)
    step = f"step:{flow.pk}:{flow.steps.get(name='The end').pk}"

    answer = press(desk, "hand-over", conference=conference.pk, destination=step)

    assert (answer.status_code, "is in no flow" in said(answer)["text"]) == (409, True)
    conference.refresh_from_db()
    assert conference.phase == Phase.TALKING
    assert "Steps of a flow" not in panel(desk, "targets", why="hand-over", conference=conference.pk)


def test_a_byte_that_no_database_keeps_is_left_out_of_notes(desk, handling):
    answer = press(desk, "notes", handling=handling.pk, notes="be\0fore")

    handling.refresh_from_db()
    assert (answer.status_code, handling.notes) == (204, "before")
