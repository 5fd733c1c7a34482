"""From rows to what is not on a call's recordings."""

import pytest

from compliance.states import Answer, Subject
from recordings.gaps import report
from recordings.models import Recorder
from recordings.recorder import RecorderState
from tests.calls.factories import AT, make_call
from tests.compliance.rows import entry, policy
from tests.recordings.recorders import Recorded, at, confirmed, pause, recorder

pytestmark = pytest.mark.django_db


def told(call, moment=200):
    return [
        (
            line.title,
            [
                ((one.since - AT).total_seconds(), (one.until - AT).total_seconds(), " ".join(one.reasons))
                for one in line.stretches
            ],
        )
        for line in report(call, at=at(moment))
    ]


CONVERSATION = "the conversation, on the customer's line"


def test_a_call_tells_what_is_not_on_its_recording():
    assert told(Recorded().call) == [
        (
            CONVERSATION,
            [
                (0, 10, "flow"),
                (10, 32, "wait"),  # to the moment in which Twilio began
                (51, 62, "agent"),  # as Twilio has confirmed it, with the reason of who asked for it
                (71, 81, "hold"),
                (98, 100, "stopped"),
            ],
        )
    ]


def test_a_call_of_which_nothing_was_to_be_recorded_tells_nothing():
    assert told(make_call()) == []


def test_without_the_history_the_pauses_tell_it():
    made = Recorded()
    made.call.events.all().delete()

    ((_title, stretches),) = told(made.call)

    assert stretches == [(0, 10, "flow"), (10, 32, "wait"), (50, 60, "agent"), (70, 80, "hold"), (98, 100, "stopped")]


def test_whoever_takes_consent_back_is_on_no_recording_until_they_agree_again():
    made = Recorded()
    Recorder.objects.filter(pk=made.recorder.pk).update(stopped_at=at(40))
    made.call.events.all().delete()
    made.recorder.pauses.all().delete()
    entry(made.call, made.policy, Answer.WITHDRAWN, at=at(40))
    entry(made.call, made.policy, Answer.AGREED, at=at(60))
    again = recorder(made.call, made.policy, RecorderState.STOPPED, began_at=at(61), stopped_at=at(100))
    confirmed(again, (61, "running"), (100, "stopped"))

    assert told(made.call) == [(CONVERSATION, [(0, 10, "flow"), (10, 32, "wait"), (40, 61, "refused")])]


def test_what_goes_on_is_told_up_to_now():
    made = Recorded()
    type(made.call).objects.filter(pk=made.call.pk).update(ended_at=None, status="in-progress")
    Recorder.objects.filter(pk=made.recorder.pk).update(state="paused", stopped_at=None)
    made.call.refresh_from_db()
    made.call.events.filter(data__what="stopped").delete()
    pause(made.recorder, "agent", 90)
    confirmed(made.recorder, (91, "paused"))

    ((_title, stretches),) = told(made.call, 95)

    assert stretches[-1] == (91, 95, "agent")


def test_an_agents_line_is_told_from_when_the_agent_came_until_they_left():
    made = Recorded()
    lines = policy("Lines", subject=Subject.AGENT)
    fields = {"call_sid": made.owner.call_sid, "participant": made.owner, "conference": made.talk}
    line = recorder(
        made.call, lines, RecorderState.STOPPED, began_at=at(33), stopped_at=at(99), wanted_at=at(31), **fields
    )
    confirmed(line, (33, "running"), (99, "stopped"))

    assert told(made.call)[1] == ("the line of Ann", [(29, 33, "not-begun")])


def test_a_recorder_that_twilio_would_not_run_leaves_all_of_it_out():
    call = make_call(answered_at=AT, ended_at=at(30), status="completed")
    recorder(call, policy(), RecorderState.FAILED, failure="Too many recordings")

    assert told(call) == [(CONVERSATION, [(0, 30, "flow")])]


def test_rows_are_read_in_the_same_number_of_queries_whatever_their_number(django_assert_num_queries):
    made = Recorded()
    for second in range(52, 58):
        pause(made.recorder, "digits", second, second + 0.5)
    recorder(made.call, made.policy, RecorderState.STOPPED, began_at=at(99), stopped_at=at(100))

    with django_assert_num_queries(6):
        report(made.call, at=at(200))
