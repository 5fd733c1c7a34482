"""A call begins, goes on and ends, whatever is asked for a second time or too late."""

from uuid import uuid4

import pytest

import recordings.actions
from calls.models import Call
from calls.states import Status
from ivr import actions
from ivr.kinds.base import Dialed, Keys, Silence
from ivr.models import Line, Visit
from telephony.payloads import RecordingCallback, VoiceRequest
from tests.ivr.actions.callers import LINE, SECOND, begun, menu, request, ringing
from tests.ivr.rows import AT
from tests.scenarios import flows
from tests.scenarios.desk import story
from tests.scenarios.flows import Choice
from tests.telephony.schema import violations

pytestmark = pytest.mark.django_db


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
