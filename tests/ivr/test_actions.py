import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

import calls.actions
import recordings.actions
from agents.models import User
from calls.models import Call
from calls.observations import Observation
from calls.states import Status
from ivr import actions, emergency
from ivr.kinds.base import Dialed, Keys, Recorded, Silence
from ivr.models import Flow, Line, Version, Visit, Wording
from recordings.models import Mailbox, MissedCall, Recording, Voicemail
from recordings.states import State
from telephony.models import PhoneNumber
from telephony.payloads import RecordingCallback, VoiceRequest
from tests.ivr import rows
from tests.ivr.rows import AT
from tests.scenarios import flows
from tests.scenarios.desk import story
from tests.scenarios.flows import Choice
from tests.telephony.schema import violations

pytestmark = pytest.mark.django_db

LINE, ANN = "+15005550100", "+14155550111"
SECOND = timedelta(seconds=1)
_numbers = count(1)


def request(sid: str = "", **fields: Any) -> VoiceRequest:
    defaults = {"from_number": "+14155550123", "to_number": LINE, "direction": "inbound", "status": "in-progress"}
    return VoiceRequest(call_sid=sid or f"CA{next(_numbers):032x}", **defaults | fields)


def menu() -> flows.Steps:
    return {
        "Menu": flows.menu("Press 1.", {"Bye": Choice("Bye", "1")}, no_input="Bye", wrong_input="Bye"),
        "Bye": flows.hang_up("Goodbye."),
    }


def ringing() -> flows.Steps:
    return {
        "Desk": flows.ring(ANN, answered="Bye", nobody="Bye", whisper="Press 1.", screening=True),
        "Bye": flows.hang_up("Goodbye."),
    }


def voicemail() -> flows.Steps:
    mailbox, _ = Mailbox.objects.get_or_create(name="Front desk")
    return {
        "Message": flows.voicemail("Speak.", mailbox, recorded="Bye", empty="Bye"),
        "Bye": flows.hang_up("Goodbye."),
    }


def begun(steps: flows.Steps) -> tuple[VoiceRequest, Visit]:
    flows.line(LINE, flows.publish("Main", steps, at=AT))
    coming = request(status="ringing")
    assert violations(actions.begin(coming, at=AT)) == []
    return request(coming.call_sid), Visit.objects.get(call__sid=coming.call_sid)


# ---- calls


def test_a_call_begins_with_the_first_step_and_is_tied_to_line_and_version() -> None:
    _caller, visit = begun(menu())

    assert (visit.turn, visit.line, visit.version.number, visit.ending) == (1, Line.objects.get(address=LINE), 1, "")
    assert "Press 1." in visit.answer
    assert f"/voice/visits/{visit.pk}/1#" in visit.answer
    assert story(visit.call) == ["began Main 1", "entered Menu"]


def test_a_call_that_begins_again_gets_the_answer_of_its_first_beginning() -> None:
    caller, visit = begun(menu())

    assert actions.begin(caller, at=AT + SECOND) == visit.answer
    assert Visit.objects.count() == 1


def test_a_call_that_begins_again_later_gets_its_present_answer() -> None:
    caller, visit = begun(menu())
    present = actions.advance(visit.pk, 1, caller, Keys("1"), at=AT)

    assert actions.begin(caller, at=AT + SECOND) == present


def test_a_call_that_is_over_begins_no_visit() -> None:
    begun(menu())

    answer = actions.begin(request(status="completed"), at=AT)

    assert "<Hangup" in answer
    assert Visit.objects.count() == 1


def test_what_is_pressed_moves_the_visit_one_turn_on() -> None:
    caller, visit = begun(menu())

    answer = actions.advance(visit.pk, 1, caller, Keys("1"), at=AT + SECOND)

    visit.refresh_from_db()
    assert (visit.turn, visit.answer, visit.ending, visit.ended_at) == (2, answer, "completed", AT + SECOND)
    assert "Goodbye." in answer
    assert visit.call.status == Status.IN_PROGRESS
    assert visit.call.answered_at == AT + SECOND


def test_a_request_without_a_call_gets_the_emergency_text_and_makes_no_call() -> None:
    flows.line(LINE, flows.publish("Main", menu(), at=AT))
    nameless = VoiceRequest(to_number=LINE, status="ringing")

    answers = [actions.begin(nameless, at=AT), actions.begin(nameless, at=AT), actions.fall_back(nameless, at=AT)]

    assert all(flows.SORRY in answer for answer in answers)
    assert not Call.objects.exists()


def test_a_call_that_comes_back_to_its_flow_goes_on_with_what_is_published_by_then() -> None:
    def steps(edition: str, again: flows.Wanted) -> flows.Steps:
        return {
            f"{edition} menu": flows.menu(
                f"{edition} menu.", {"Again": Choice("Again", "1")}, no_input="Bye", wrong_input="Bye"
            ),
            "Again": again,
            "Bye": flows.hang_up(f"{edition} goodbye."),
        }

    flow = flows.publish("Main", steps("Old", flows.hang_up()), at=AT)
    flows.publish("Main", steps("Old", flows.go_to(flow)), at=AT)
    flows.line(LINE, flow)
    caller = request()
    actions.begin(caller, at=AT)
    visit = Visit.objects.get()
    flows.publish("Main", steps("New", flows.hang_up("New end.")), at=AT)

    entered = actions.advance(visit.pk, 1, caller, Keys("1"), at=AT)
    pressed = actions.advance(visit.pk, 2, caller, Keys("1"), at=AT)

    visit.refresh_from_db()
    assert "New menu." in entered
    assert "New end." in pressed
    assert visit.version.number == 3


def test_a_call_whose_place_in_the_flow_cannot_be_read_any_more_gets_the_emergency_text() -> None:
    caller, visit = begun(menu())
    Visit.objects.update(position={"written": "by another release"})

    told = RecordingCallback(sid="RE1", call_sid=caller.call_sid, status="completed", seconds=9, source="RecordVerb")
    recordings.actions.announce(told, at=AT)
    rung = actions.screen(visit.pk, 1, caller, None, at=AT)
    answer = actions.advance(visit.pk, 1, caller, Keys("1"), at=AT)

    assert rung.endswith("<Response><Hangup/></Response>")
    assert flows.SORRY in answer
    failed = visit.call.events.get(kind="failed")
    assert "cannot be walked" in failed.data["detail"]


@pytest.mark.parametrize("turn", [0, 2, 99])
def test_another_turn_moves_nothing(turn: int) -> None:
    caller, visit = begun(menu())

    assert actions.advance(visit.pk, turn, caller, Keys("1"), at=AT) == visit.answer
    visit.refresh_from_db()
    assert visit.turn == 1


def test_another_call_moves_nothing() -> None:
    _caller, visit = begun(menu())

    assert actions.advance(visit.pk, 1, request(), Keys("1"), at=AT) == visit.answer
    visit.refresh_from_db()
    assert visit.turn == 1


def test_a_visit_that_does_not_exist_is_answered_with_the_emergency() -> None:
    flows.line(LINE, None)

    answer = actions.advance(uuid4(), 1, request(), Silence(), at=AT)

    assert violations(answer) == []
    assert Visit.objects.count() == 0


def test_an_action_of_a_caller_who_has_hung_up_closes_the_visit_and_dials_nobody() -> None:
    caller, visit = begun(ringing())

    answer = actions.advance(visit.pk, 1, request(caller.call_sid, status="completed"), Dialed("canceled"), at=AT)

    visit.refresh_from_db()
    assert "<Hangup/>" in answer
    assert (visit.ending, visit.turn) == ("caller hung up", 1)
    assert story(visit.call)[-1] == "ended caller hung up"


def test_a_visit_that_has_ended_stays_ended_whatever_comes() -> None:
    caller, visit = begun(menu())
    last = actions.advance(visit.pk, 1, caller, Keys("1"), at=AT)

    assert actions.advance(visit.pk, 2, caller, Keys("1"), at=AT) == last
    visit.refresh_from_db()
    assert visit.turn == 2


def test_the_end_of_a_call_closes_its_visit_once() -> None:
    _caller, visit = begun(menu())

    actions.end_visit(visit.call, at=AT + SECOND)
    actions.end_visit(visit.call, at=AT + 2 * SECOND)

    visit.refresh_from_db()
    assert (visit.ending, visit.ended_at) == ("caller hung up", AT + SECOND)
    assert story(visit.call).count("ended caller hung up") == 1


def test_the_end_of_a_call_without_a_visit_is_no_trouble() -> None:
    actions.end_visit(Call.objects.create(sid="CA1", started_at=AT, heard_at=AT), at=AT)


# ---- at the same time


def at_once(act: Callable[[], str]) -> list[str]:
    """Do this in two transactions of two threads that meet right before it."""
    meet = threading.Barrier(2, timeout=10)

    def work(_number: int) -> str:
        try:
            with transaction.atomic():
                Flow.objects.count()  # so that the connection is there
                meet.wait()
                return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, range(2)))


@pytest.mark.django_db(transaction=True)
def test_two_requests_of_one_turn_at_once_move_the_visit_once() -> None:
    caller, visit = begun(menu())

    answers = at_once(lambda: actions.advance(visit.pk, 1, caller, Keys("1"), at=AT))

    visit.refresh_from_db()
    assert (visit.turn, answers) == (2, [visit.answer, visit.answer])
    assert story(visit.call).count("pressed 1") == 1


@pytest.mark.django_db(transaction=True)
def test_a_call_that_comes_in_twice_at_once_begins_once() -> None:
    flows.line(LINE, flows.publish("Main", menu(), at=AT))
    coming = request(status="ringing")

    answers = at_once(lambda: actions.begin(coming, at=AT))

    visit = Visit.objects.get()
    assert answers == [visit.answer, visit.answer]
    assert story(visit.call) == ["began Main 1", "entered Menu"]


@pytest.mark.django_db(transaction=True)
def test_a_message_told_of_while_the_call_ends_is_not_a_missed_call_as_well() -> None:
    caller, visit = begun(voicemail())
    told = RecordingCallback(sid="RE1", call_sid=caller.call_sid, status="completed", seconds=9, source="RecordVerb")

    def end() -> None:
        try:
            calls.actions.observe(Observation(sid=caller.call_sid, status="completed"), at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            recordings.actions.announce(told, at=AT)
            ending = pool.submit(end)
            wait([ending], timeout=0.5)  # it comes as far as it can
        ending.result(timeout=10)

    assert Voicemail.objects.count() == 1
    assert not MissedCall.objects.exists()
    visit.refresh_from_db()
    assert visit.ending == "caller hung up"


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_the_same_at_once_make_one_version() -> None:
    flow = flows.draft("Main", menu())

    def publish() -> str:
        try:
            return str(actions.publish(flow, by=None, note="", at=AT).number)
        except actions.NothingChanges as same:
            return f"it is {same}"

    assert sorted(at_once(publish)) == ["1", "it is Main version 1"]


@pytest.mark.django_db(transaction=True)
def test_the_action_and_the_recordings_callback_at_once_make_one_message() -> None:
    caller, visit = begun(voicemail())
    told = RecordingCallback(sid="RE1", call_sid=caller.call_sid, status="completed", seconds=9, source="RecordVerb")
    turns = iter(
        [
            lambda: actions.advance(visit.pk, 1, caller, Recorded("RE1", 9), at=AT),
            lambda: str(recordings.actions.announce(told, at=AT)),
        ]
    )

    at_once(lambda: next(turns)())

    assert Voicemail.objects.count() == 1
    assert story(visit.call).count("voicemail Front desk") == 1
    visit.refresh_from_db()
    assert visit.ending == "completed"


# ---- screening


def test_who_picks_up_is_asked_and_accepts_by_1() -> None:
    caller, visit = begun(ringing())
    leg = request("CAleg", to_number=ANN)

    asked = actions.screen(visit.pk, 1, leg, None, at=AT)
    accepted = actions.screen(visit.pk, 1, leg, Keys("1"), at=AT)
    actions.advance(visit.pk, 1, caller, Dialed("completed"), at=AT)  # Twilio did not say whether they were bridged

    assert "Press 1." in asked
    assert accepted.endswith("<Response></Response>")
    visit.refresh_from_db()
    assert visit.screened == {"turn": 1, "leg": "CAleg"}
    assert "left by answered" in story(visit.call)


@pytest.mark.parametrize("heard", [Keys("2"), Keys("11")])
def test_another_key_refuses(heard: Keys) -> None:
    caller, visit = begun(ringing())

    assert "<Hangup/>" in actions.screen(visit.pk, 1, request("CAleg"), heard, at=AT)
    actions.advance(visit.pk, 1, caller, Dialed("completed"), at=AT)

    assert "left by nobody" in story(visit.call)


def test_who_accepts_too_late_is_hung_up_on() -> None:
    caller, visit = begun(ringing())
    actions.advance(visit.pk, 1, caller, Dialed("no-answer", bridged=False), at=AT)

    assert "<Hangup/>" in actions.screen(visit.pk, 1, request("CAleg"), Keys("1"), at=AT)
    assert "<Hangup/>" in actions.screen(uuid4(), 1, request("CAleg"), Keys("1"), at=AT)
    visit.refresh_from_db()
    assert visit.screened == {}


def test_who_accepts_after_the_caller_has_hung_up_is_hung_up_on() -> None:
    _caller, visit = begun(ringing())
    actions.end_visit(visit.call, at=AT)

    assert "<Hangup/>" in actions.screen(visit.pk, 1, request("CAleg"), Keys("1"), at=AT)


# ---- messages


def recording(visit: Visit, **fields: Any) -> Recording:
    defaults = {"sid": "RE1", "call": visit.call, "source": "RecordVerb", "seconds": 9, "state": State.READY}
    return Recording.objects.create(announced_at=AT, **defaults | fields)


def test_a_message_is_taken_with_its_action() -> None:
    caller, visit = begun(voicemail())

    actions.advance(visit.pk, 1, caller, Recorded("RE1", 9), at=AT)

    assert Voicemail.objects.get().recording.sid == "RE1"


def test_a_message_is_taken_without_its_action_and_once_with_it() -> None:
    caller, visit = begun(voicemail())

    actions.take_message(recording(visit), at=AT)
    assert Voicemail.objects.get().mailbox.name == "Front desk"
    actions.advance(visit.pk, 1, caller, Recorded("RE1", 9), at=AT)

    visit.refresh_from_db()
    assert (visit.turn, visit.ending) == (2, "completed")
    assert Voicemail.objects.count() == 1
    assert story(visit.call).count("voicemail Front desk") == 1


@pytest.mark.parametrize(
    "fields",
    [{"source": "DialVerb"}, {"source": ""}, {"seconds": 1}, {"seconds": None}, {"call": None}],
    ids=["of a talk", "of nothing known", "too short", "of no known length", "of no known call"],
)
def test_another_recording_is_no_message(fields: dict[str, Any]) -> None:
    _caller, visit = begun(voicemail())

    actions.take_message(recording(visit, **fields), at=AT)

    assert (Voicemail.objects.count(), MissedCall.objects.count()) == (0, 0)


def test_a_recording_of_a_call_that_stands_elsewhere_is_no_message() -> None:
    _caller, visit = begun(menu())
    elsewhere = Call.objects.create(sid="CA1", started_at=AT, heard_at=AT)

    actions.take_message(recording(visit), at=AT)
    actions.take_message(recording(visit, sid="RE2", call=elsewhere), at=AT)

    assert not Voicemail.objects.exists()


# ---- falling back


def test_the_fallback_notes_the_failure_and_ends_nothing() -> None:
    caller, visit = begun(menu())

    answer = actions.fall_back(request(caller.call_sid, error_code="11200"), at=AT)

    visit.refresh_from_db()
    assert flows.SORRY in answer
    assert (visit.turn, visit.ended_at) == (1, None)
    assert visit.call.events.get(kind="failed").data["detail"] == "Twilio reports error 11200"


def test_the_line_of_all_others_answers_only_for_those() -> None:
    flows.line("*", flows.publish("Others", {"Bye": flows.hang_up("Wrong number?")}, at=AT))
    flows.line(LINE, flows.publish("Main", menu(), at=AT))

    assert "Press 1." in actions.begin(request(), at=AT)
    assert "Wrong number?" in actions.begin(request(to_number="+15005550999"), at=AT)


def test_a_sip_line_is_found_whatever_port_and_parameters_come_along() -> None:
    flows.line("sip:desk@company.example", flows.publish("Main", menu(), at=AT))

    answer = actions.begin(request(to_number="sip:desk@Company.Example:5061;transport=tls"), at=AT)

    assert "Press 1." in answer


# ---- publishing


def test_publishing_numbers_the_versions_of_a_flow() -> None:
    ann = User.objects.create_user("ann")
    flow = rows.simple_flow()

    first = actions.publish(flow, by=ann, note="The first", at=AT)
    Wording.objects.update(text="Good morning.")
    second = actions.publish(flow, by=None, note="", at=AT)

    flow.refresh_from_db()
    assert [first.number, second.number] == [1, 2]
    assert (first.note, first.published_by, first.published_at, flow.published) == ("The first", ann, AT, second)


def test_errors_stop_publishing_and_are_told_in_words() -> None:
    flow = rows.flow()
    rows.step(flow, "Lost", "message")

    with pytest.raises(actions.HasErrors) as stopped:
        actions.publish(flow, by=None, note="", at=AT)

    assert {problem.severity for problem in stopped.value.problems} >= {"error"}
    assert "first step" in str(stopped.value)
    assert not Version.objects.exists()


def test_warnings_do_not_stop_publishing() -> None:
    flow = rows.simple_flow()
    rows.step(flow, "Never reached")

    version = actions.publish(flow, by=None, note="", at=AT)

    assert [problem.severity for problem in actions.check(version.document, at=AT)] == ["warning"]


def test_an_old_version_is_restored_as_a_new_one_and_the_draft_stays() -> None:
    flow = flows.publish("Main", menu(), at=AT)
    old = Version.objects.get()
    flows.publish("Main", {"Bye": flows.hang_up("Changed.")}, at=AT)

    restored = actions.restore(old, by=None, note="Back again", at=AT)

    assert (restored.number, restored.document, restored.restored_from) == (3, old.document, old)
    assert [step.name for step in flow.steps.all()] == ["Bye"]


def test_an_old_version_that_has_become_wrong_is_not_restored() -> None:
    other = flows.publish("Other", {"Bye": flows.hang_up("Bye.")}, at=AT)
    flows.publish("Main", {"Over": flows.go_to(other)}, at=AT)
    Flow.objects.filter(pk=other.pk).update(published=None)

    with pytest.raises(actions.HasErrors, match="not published"):
        actions.restore(Version.objects.get(flow__name="Main"), by=None, note="", at=AT)


@pytest.mark.parametrize("change", [{"document": {}}, {"number": 9}, {"flow_id": None}])
def test_the_database_keeps_a_version_from_changing(change: dict[str, Any]) -> None:
    flows.publish("Main", menu(), at=AT)

    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Version.objects.update(**change)


def test_a_caller_id_must_be_ours_once_our_numbers_are_known() -> None:
    steps = {
        "Desk": flows.ring(ANN, answered="Bye", nobody="Bye", caller_id="+15005550177"),
        "Bye": flows.hang_up("Bye."),
    }
    flow = flows.publish("Main", steps, at=AT)  # before the first synchronization nobody knows
    PhoneNumber.objects.create(sid="PN1", number=LINE, synchronized_at=AT)

    with pytest.raises(actions.HasErrors, match="not one of ours"):
        actions.publish(flow, by=None, note="", at=AT)


def test_what_cannot_be_read_is_one_problem_in_words() -> None:
    (problem,) = actions.check({"format": 99}, at=AT)

    assert (problem.code, problem.severity) == ("broken", "error")
    assert problem.text == "The flow cannot be read: The format 99 is not known."


# ---- emergencies


def test_the_emergencies_of_all_lines_are_written_where_no_database_is_needed(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    Line.objects.all().delete()
    flows.line(LINE, None, forward_to=ANN, emergency_text="Sorry.")

    actions.remember_emergencies()

    assert json.loads((tmp_path / "emergency.json").read_text()) == {
        LINE: {"text": "Sorry.", "language": "en-US", "voice": "", "forward_to": ANN}
    }
    assert emergency.find(LINE) == emergency.Emergency("Sorry.", forward_to=ANN)
