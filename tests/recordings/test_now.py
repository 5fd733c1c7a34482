"""What is recorded of a call right now, and what may be done about it: from rows."""

from datetime import timedelta

import pytest

from compliance.states import Answer, Begins, Mode, Subject
from conferences.room import Role
from recordings import now
from recordings.recorder import RecorderState, RecorderWish
from recordings.sign import Off, Sign
from tests.agents.factories import agent, user
from tests.calls.factories import AT, make_call
from tests.compliance.rows import entry, policy, scope
from tests.conferences import factories
from tests.recordings.recorders import at, pause, recorder

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    made = scope().call
    talk = factories.conference(customer=made)
    factories.customer(talk)
    factories.person(talk, Role.OWNER, agent=agent("Ann"))
    return made


def may(stands):
    names = ("pause", "resume", "start", "stop", "withdraw", "agree")
    return {name for name in names if getattr(stands, f"may_{name}")}


# ---- why nothing is recorded


def test_without_a_policy_there_is_nothing_to_do_and_little_to_ask(call, django_assert_num_queries):
    with django_assert_num_queries(1):
        stands = now.read(call.pk)

    assert (stands.sign, stands.why, may(stands)) == (Sign.OFF, Off.NO_POLICY, set())


def test_a_policy_of_other_calls_is_none(call):
    policy(number="+15005550177")

    assert now.read(call.pk).why is Off.NO_POLICY


def test_a_call_that_its_policy_leaves_out_says_so(call):
    policy(share=0)

    stands = now.read(call.pk)

    assert (stands.why, may(stands)) == (Off.LEFT_OUT, set())


@pytest.mark.parametrize(
    ("answers", "why", "can"),
    [
        ([], Off.NOT_AGREED, {"agree"}),
        ([Answer.SILENT], Off.NOT_AGREED, {"agree"}),
        ([Answer.REFUSED], Off.REFUSED, {"agree"}),
        ([Answer.AGREED, Answer.WITHDRAWN], Off.REFUSED, {"agree"}),
        ([Answer.AGREED], Off.NOT_YET, {"withdraw"}),
    ],
)
def test_what_the_customer_has_said_is_told_and_can_be_noted_otherwise(call, answers, why, can):
    made = policy(consent=Mode.ASK_ONE)
    for second, answer in enumerate(answers):
        entry(call, made, answer, at=at(second))

    stands = now.read(call.pk)

    assert (stands.why, may(stands)) == (why, can)
    assert stands.governing == (made,)


def test_somebody_else_who_has_not_agreed_keeps_it_from_running(call):
    made = policy(consent=Mode.ASK_EVERY)
    entry(call, made, Answer.AGREED)

    assert now.read(call.pk).why is Off.OTHERS


def test_a_policy_that_waits_for_the_agent_can_be_started_once_the_customer_agrees(call):
    made = policy(consent=Mode.ASK_ONE, begins=Begins.PRESS)
    assert may(now.read(call.pk)) == {"agree"}
    entry(call, made, Answer.AGREED)

    stands = now.read(call.pk)

    assert (stands.why, may(stands)) == (Off.PRESS, {"start", "withdraw"})


def test_what_twilio_would_not_do_is_told(call):
    made = policy(consent=Mode.NONE)
    recorder(call, made, RecorderState.FAILED)

    assert now.read(call.pk).why is Off.FAILED


# ---- what runs


def test_a_recorder_that_runs_can_be_paused(call):
    recorder(call, policy(consent=Mode.NONE), began_at=at(3))

    stands = now.read(call.pk)

    assert (stands.sign, stands.why, stands.since) == (Sign.RECORDING, None, at(3))
    assert may(stands) == {"pause", "withdraw"}


def test_who_started_it_can_end_it(call):
    made = policy(consent=Mode.NONE, begins=Begins.PRESS)
    running = recorder(call, made)

    assert may(now.read(call.pk)) == {"pause", "stop", "withdraw"}
    running.wants = RecorderWish.STOPPED
    running.save(update_fields=["wants"])
    assert "stop" not in may(now.read(call.pk))


def test_a_pause_is_one_when_twilio_has_confirmed_it(call):
    running = recorder(call, policy(consent=Mode.NONE), wants=RecorderWish.PAUSED)
    ann = user(username="ann")
    pause(running, "agent", 5, by=ann, due_at=at(125))

    pausing = now.read(call.pk)
    running.state = RecorderState.PAUSED
    running.save(update_fields=["state"])
    paused = now.read(call.pk)

    assert (pausing.sign, paused.sign) == (Sign.PAUSING, Sign.PAUSED)
    assert (paused.reasons, paused.by, paused.since, paused.due_at) == (("agent",), ann, at(5), at(125))
    assert may(paused) == {"resume", "withdraw"}


def test_the_weightiest_reason_comes_first_and_hold_lets_no_clock_run_down(call):
    paused = recorder(call, policy(consent=Mode.NONE), RecorderState.PAUSED)
    pause(paused, "hold", 2)
    pause(paused, "agent", 5, due_at=at(125))
    pause(paused, "wait", 1, 2)  # over

    stands = now.read(call.pk)

    assert (stands.reasons, stands.since, stands.due_at) == (("agent", "hold"), at(2), None)


def test_a_pause_on_hold_can_be_made_one_by_hand_too(call):
    paused = recorder(call, policy(consent=Mode.NONE), RecorderState.PAUSED)
    pause(paused, "hold", 2)

    assert may(now.read(call.pk)) == {"pause", "withdraw"}


def test_an_agents_line_that_goes_on_while_the_customer_is_on_hold_is_recording(call):
    conversation = recorder(call, policy(consent=Mode.NONE), RecorderState.PAUSED)
    pause(conversation, "hold", 2)
    recorder(call, policy(consent=Mode.NONE, subject=Subject.AGENT), call_sid="CA-ann", began_at=at(1))

    stands = now.read(call.pk)

    assert (stands.sign, stands.reasons) == (Sign.RECORDING, ("hold",))


def test_what_was_recorded_before_another_policy_counted_can_still_be_taken_back(call):
    before = policy(consent=Mode.NONE, is_active=False)
    recorder(call, before, RecorderState.STOPPED, stopped_at=at(9))
    share = policy(share=0)

    stands = now.read(call.pk)

    assert (stands.why, may(stands), stands.acted, stands.governing) == (Off.LEFT_OUT, {"withdraw"}, (before,), ())
    assert share.is_active


def test_many_signs_take_one_query(call, django_assert_num_queries):
    made = policy(consent=Mode.NONE)
    recorder(call, made)
    bare, over = make_call(), make_call(started_at=AT - timedelta(minutes=1))
    recorder(over, made, RecorderState.STOPPED)

    with django_assert_num_queries(1):
        found = now.signs([call.pk, bare.pk, over.pk])

    assert found == {call.pk: Sign.RECORDING, bare.pk: Sign.OFF, over.pk: Sign.OFF}


def test_a_call_with_everything_asks_a_bounded_number_of_questions(call, django_assert_max_num_queries):
    made = policy(consent=Mode.ASK_EVERY)
    for second in range(5):
        entry(call, made, Answer.AGREED, at=at(second))
    running = recorder(call, made)
    for reason in ("agent", "hold", "asking"):
        pause(running, reason, 5)

    with django_assert_max_num_queries(7):
        now.read(call.pk)
