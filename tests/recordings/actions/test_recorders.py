"""Recorders' rows: claimed once, brought to what is wanted, and what Twilio says of them in any order."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from calls.models import Call
from compliance.models import Policy, Scope
from compliance.states import Mode
from recordings import actions
from recordings.actions import recorders
from recordings.actions.recorders import Listed, NotNow
from recordings.models import Pause, Recorder, Recording
from recordings.recorder import PauseReason
from telephony.payloads import RecordingCallback
from tests.calls.factories import AT, make_call, new_sid
from tests.queues.factories import make_queue
from tests.recordings.factories import make_user

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


def make_policy(**fields: Any) -> Policy:
    return Policy.objects.create(**({"name": "All", "consent": Mode.NONE, "begins": "call"} | fields))


def make_recorder(call: Call | None = None, **fields: Any) -> Recorder:
    call = call or make_call(status="in-progress")
    policy = fields.pop("policy", None) or make_policy()
    fields = {"wants": "running", "channels": 2, "wanted_at": AT, "call_sid": call.sid} | fields
    return Recorder.objects.create(customer=call, policy=policy, **fields)


def told(call: Call, sid: str, status: str, **fields: Any) -> RecordingCallback:
    return RecordingCallback(sid=sid, call_sid=call.sid, status=status, **fields)


# ---- what is wanted


def test_a_policy_that_records_from_the_beginning_wants_a_recorder_on_the_callers_leg():
    policy, call = make_policy(), make_call(status="in-progress")

    recorders.settle(call.pk, at=AT)
    recorders.settle(call.pk, at=AT)

    recorder = Recorder.objects.get()
    assert (recorder.customer, recorder.call_sid, recorder.policy) == (call, call.sid, policy)
    assert (recorder.state, recorder.wants, recorder.channels) == ("wanted", "running", 2)


@pytest.mark.parametrize(
    "fields",
    [
        {"is_active": False},
        {"consent": Mode.ASK_ONE},
        {"consent": Mode.ANNOUNCE},
        {"begins": "talk"},
        {"begins": "press"},
        {"number": "+15005550199"},
        {"direction": "outbound"},
        {"share": 0},
        {"subject": "agent"},
        {"subject": "voicemail"},
    ],
)
def test_nothing_is_wanted_where_the_policy_does_not_say_so_or_nobody_has_agreed(fields):
    make_policy(**fields)

    recorders.settle(make_call(status="in-progress").pk, at=AT)

    assert not Recorder.objects.exists()


def test_settling_costs_one_query_where_nothing_is_recorded(django_assert_num_queries):
    call = make_call()

    with django_assert_num_queries(1):
        recorders.settle(call.pk, at=AT)


def test_a_recorder_that_twilio_never_heard_of_ends_at_once():
    recorder = make_recorder()
    Policy.objects.update(is_active=False)

    recorders.settle(recorder.customer_id, at=AT)

    recorder.refresh_from_db()
    assert (recorder.state, recorder.wants) == ("stopped", "stopped")


def test_a_stop_is_for_good():
    recorder = make_recorder(state="running", wants="stopped")

    recorders.settle(recorder.customer_id, at=AT)

    recorder.refresh_from_db()
    assert recorder.wants == "stopped"
    assert Recorder.objects.count() == 1


# ---- pauses


def test_pauses_lie_over_each_other_and_the_recorder_goes_on_after_the_last():
    recorder = make_recorder(state="running")
    call, ann = recorder.customer, make_user()

    assert recorders.pause(call.pk, PauseReason.AGENT, by=ann, at=AT)
    recorders.pause(call.pk, PauseReason.PAYMENT, at=AT)
    recorders.pause(call.pk, PauseReason.AGENT, at=AT + SECOND)
    recorder.refresh_from_db()
    assert recorder.wants == "paused"
    assert Pause.objects.count() == 2

    recorders.resume(call.pk, PauseReason.AGENT, at=AT + 2 * SECOND)
    recorder.refresh_from_db()
    assert recorder.wants == "paused"

    recorders.resume(call.pk, PauseReason.PAYMENT, at=AT + 3 * SECOND)
    recorder.refresh_from_db()
    assert recorder.wants == "running"
    assert Pause.objects.get(reason="agent").by == ann
    assert set(Pause.objects.values_list("until", flat=True)) == {AT + 2 * SECOND, AT + 3 * SECOND}


def test_what_is_not_recorded_cannot_be_paused():
    assert not recorders.pause(make_call().pk, PauseReason.AGENT, at=AT)


def test_a_pause_ends_by_itself_after_the_limit_of_its_policy():
    recorder = make_recorder(state="running", policy=make_policy(pause_limit=60))
    recorders.pause(recorder.customer_id, PauseReason.DIGITS, at=AT)

    assert recorders.end_forgotten_pauses(at=AT + 59 * SECOND) == []
    assert recorders.end_forgotten_pauses(at=AT + 60 * SECOND) == [recorder.customer_id]

    recorder.refresh_from_db()
    assert recorder.wants == "running"
    assert Pause.objects.get().ran_out


# ---- what an agent starts and ends


def test_an_agent_starts_and_ends_what_the_policy_leaves_to_them():
    make_policy(begins="press", subject="agent")
    call = make_call(status="in-progress")

    with pytest.raises(NotNow, match="agreed"):  # nobody talks yet
        recorders.start(call.pk, by=make_user(), at=AT)
    with pytest.raises(NotNow, match="no recording"):
        recorders.stop(call.pk, at=AT)


def test_without_such_a_policy_nobody_starts_anything():
    make_policy()

    with pytest.raises(NotNow, match="No policy"):
        recorders.start(make_call().pk, by=make_user(), at=AT)


# ---- what Twilio is asked


def test_a_start_is_claimed_once_and_only_while_it_is_wanted():
    recorder = make_recorder()

    assert recorders.claim_start(recorder.pk, at=AT) is not None
    assert recorders.claim_start(recorder.pk, at=AT) is None

    recorders.give_back(recorder.pk)
    Recorder.objects.update(wants="paused")
    assert recorders.claim_start(recorder.pk, at=AT) is None


def test_a_change_is_claimed_at_most_every_few_seconds():
    recorder = make_recorder(
        state="running", wants="paused", recording=Recording.objects.create(sid="RE1", announced_at=AT)
    )

    claimed = recorders.claim_change(recorder.pk, at=AT)
    assert claimed is not None
    assert claimed[1] == "paused"
    assert recorders.claim_change(recorder.pk, at=AT + SECOND) is None
    assert recorders.claim_change(recorder.pk, at=AT + 10 * SECOND) is not None


def test_a_refusal_is_noted_with_its_reason_and_the_call_goes_on():
    recorder = make_recorder(state="asked")

    recorders.note_failed(recorder.pk, why="16110 (400): no", at=AT)

    recorder.refresh_from_db()
    assert (recorder.state, recorder.failure) == ("failed", "16110 (400): no")
    assert recorder.customer.events.get().data["what"] == "failed"


@pytest.mark.parametrize(
    ("status", "after", "again"), [("ringing", 5, True), ("ringing", 90, False), ("completed", 5, False)]
)
def test_a_call_that_is_not_answered_yet_is_tried_again_for_a_while(status, after, again):
    recorder = make_recorder(make_call(status=status), state="asked")

    assert recorders.try_again(recorder.pk, at=AT + after * SECOND) is again


# ---- what Twilio says


def test_whatever_the_order_and_number_of_callbacks_the_rows_are_the_same_in_the_end():
    outcomes = set()
    for order in permutations(["in-progress", "completed", "completed"]):
        queue = make_queue()
        recorder = make_recorder(state="asked", policy=make_policy(name=f"Policy {queue.pk}"))
        call, sid = recorder.customer, new_sid("RE")
        Scope.objects.create(call=call, number="+15005550100", direction="inbound", queue=queue, language="en-US")

        for status in order:
            news = told(call, sid, status, seconds=7 if status == "completed" else None, channels=2)
            actions.recorders.observe(recorder.pk, news, at=AT)

        recorder.refresh_from_db()
        recording = Recording.objects.get(sid=sid)
        outcomes.add((recorder.state, recording.state, recording.seconds, tuple(recording.speakers)))
        assert (recording.call, recording.queue, recording.number) == (call, queue, "+15005550100")
        assert (recording.subject, recording.policy, recording.language) == ("conversation", recorder.policy, "en-US")
    assert outcomes == {("stopped", "ready", 7, ("customer", "others"))}


def test_news_of_a_recorder_that_is_gone_are_nobodys():
    from uuid import uuid4

    assert actions.recorders.observe(uuid4(), told(make_call(), "RE9", "completed"), at=AT) is None


def test_after_an_unclear_answer_the_list_of_the_call_tells():
    recorder = make_recorder(state="asked")

    recorders.note_listed(recorder.pk, [Listed("RE5", "in-progress", "StartCallRecordingAPI")], at=AT)

    recorder.refresh_from_db()
    assert (recorder.state, recorder.recording.sid) == ("running", "RE5")


@pytest.mark.parametrize("listed", [[], [Listed("RE6", "completed", "RecordVerb")]], ids=["nothing", "another's"])
def test_a_start_that_twilio_never_carried_out_is_asked_for_again(listed):
    recorder = make_recorder(state="asked")

    recorders.note_listed(recorder.pk, listed, at=AT)

    recorder.refresh_from_db()
    assert recorder.state == "wanted"


def test_what_was_never_asked_for_before_the_call_was_over_has_failed_and_no_recording():
    recorder = make_recorder(make_call(status="completed"), state="wanted")

    recorders.note_listed(recorder.pk, [], at=AT)

    recorder.refresh_from_db()
    assert recorder.state == "failed"
    assert not Recording.objects.exists()


def test_the_sweep_finds_what_is_overdue_and_nothing_else():
    make_recorder(state="running")
    assert recorders.sweep(at=AT + 30 * SECOND) == []
    Recorder.objects.update(wants="paused")

    assert [one.task for one in recorders.sweep(at=AT + 30 * SECOND)] == ["steer_recorder"]
    Recorder.objects.update(state="asked", asked_at=AT)
    assert [one.task for one in recorders.sweep(at=AT + 30 * SECOND)] == ["look_at_recorder"]
    assert recorders.sweep(at=AT + 2 * SECOND) == []
    Recorder.objects.update(state="wanted", wants="running")
    assert [one.task for one in recorders.sweep(at=AT + 30 * SECOND)] == ["begin_recorder"]
