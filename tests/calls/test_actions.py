from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from django.forms import model_to_dict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calls import actions
from calls.models import Call, CallEvent, EventKind
from calls.observations import Observation
from calls.signals import call_ended
from telephony.payloads import VoiceRequest
from tests.at_once import at_once
from tests.calls.factories import AT, make_call, make_event, new_sid, news

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ended() -> Iterator[list[Call]]:
    calls: list[Call] = []

    def receive(*, call: Call, **_rest: Any) -> None:
        calls.append(call)

    call_ended.connect(receive)
    yield calls
    call_ended.disconnect(receive)


def callbacks_of_a_dialed_leg(child: str, parent: str) -> list[Observation]:
    ends = {
        "parent_sid": parent,
        "direction": "outbound-dial",
        "from_number": "+14155550123",
        "to_number": "client:ann",
    }
    return [
        news(child, "initiated", 10, sequence=0, **ends),
        news(child, "ringing", 11, sequence=1, **ends),
        news(child, "in-progress", 15, sequence=2, answered_by="human", **ends),
        news(child, "completed", 55, sequence=3, seconds=40, sip_response_code="200", **ends),
        news(parent, "completed", 56, sequence=0, seconds=50, direction="inbound", from_number="+14155550123"),
    ]


def rows_of(*sids: str) -> list[Any]:
    """Give what is stored of calls, without what differs from one test call to the next."""
    found = []
    for call in Call.objects.filter(sid__in=sids).select_related("parent").order_by("direction"):
        fields = model_to_dict(call, exclude=["sid", "parent"])
        told = {(event.kind, event.data["status"], event.data["reported_at"]) for event in call.events.all()}
        found.append((fields, sids.index(call.parent.sid) if call.parent else None, told, call.events.count()))
    return found


def test_every_order_of_a_calls_callbacks_ends_in_equal_rows(ended: list[Call]) -> None:
    outcomes = []
    for order in permutations(range(5)):
        child, parent = new_sid(), new_sid()
        callbacks = callbacks_of_a_dialed_leg(child, parent)
        for index in order:
            actions.observe(callbacks[index], at=AT + MINUTE)
        outcomes.append(rows_of(child, parent))

    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert len(ended) == 2 * len(outcomes)
    (inbound, _, _, _), (leg, parent_index, _, events) = outcomes[0]
    assert (inbound["status"], inbound["seconds"], inbound["started_at"]) == (
        "completed",
        50,
        AT + timedelta(seconds=6),
    )
    assert (leg["status"], leg["seconds"], leg["answered_by"], parent_index, events) == ("completed", 40, "human", 1, 4)
    assert leg["answered_at"] == AT + timedelta(seconds=15)
    assert leg["ended_at"] == AT + timedelta(seconds=55)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.lists(st.integers(0, 4), min_size=5, max_size=14).filter(lambda order: set(order) == set(range(5))))
def test_repeated_callbacks_change_nothing(order: list[int]) -> None:
    once, twice = (new_sid(), new_sid()), (new_sid(), new_sid())
    for callback in callbacks_of_a_dialed_leg(*once):
        actions.observe(callback, at=AT + MINUTE)

    for index in order:
        actions.observe(callbacks_of_a_dialed_leg(*twice)[index], at=AT + MINUTE)

    assert rows_of(*twice) == rows_of(*once)


def test_a_late_ringing_does_not_reopen_an_ended_call(ended: list[Call]) -> None:
    call = make_call(status="ringing")

    actions.observe(news(call.sid, "completed", 30, seconds=25), at=AT + MINUTE)
    actions.observe(news(call.sid, "ringing", 1), at=AT + 2 * MINUTE)

    call.refresh_from_db()
    assert (call.status, call.ended_at, call.seconds) == ("completed", AT + timedelta(seconds=30), 25)
    assert [event.data["status"] for event in call.events.order_by("id")] == ["completed", "ringing"]
    assert ended == [call]


def test_a_second_final_status_does_not_replace_the_first(ended: list[Call]) -> None:
    call = make_call()

    actions.observe(news(call.sid, "busy", 3), at=AT)
    actions.observe(news(call.sid, "completed", 3), at=AT)

    call.refresh_from_db()
    assert call.status == "busy"
    assert len(ended) == 1


def test_an_unknown_word_for_a_status_is_told_but_moves_nothing() -> None:
    call = make_call(status="ringing")

    actions.observe(news(call.sid, "levitating"), at=AT)

    call.refresh_from_db()
    assert call.status == "ringing"
    assert call.events.get().data["status"] == "levitating"


def test_news_of_an_unknown_call_makes_its_row() -> None:
    call = actions.observe(news("CA1", "completed", 30, seconds=0, from_number="+14155550123"), at=AT + MINUTE)

    assert Call.objects.get(sid="CA1") == call
    assert call.started_at == call.answered_at == call.ended_at == AT + timedelta(seconds=30)


def test_a_call_that_names_itself_as_its_parent_has_none() -> None:
    assert actions.observe(news("CA1", "ringing", parent_sid="CA1"), at=AT).parent is None


def test_what_does_not_fit_is_cut_and_what_cannot_be_is_not_believed() -> None:
    absurd = Observation(
        sid="CA1",
        status="completed" + "!" * 40,
        from_number="9" * 300,
        sip_response_code="1" * 20,
        seconds=999_999_999,
        reported_at=AT.replace(year=1),
    )

    call = actions.observe(absurd, at=AT)

    assert (len(call.from_number), len(call.sip_response_code), call.started_at) == (255, 8, AT)
    actions.observe(replace(absurd, status="completed"), at=AT)
    call.refresh_from_db()
    assert (call.status, call.seconds, call.answered_at) == ("completed", None, None)


def test_a_call_that_arrives_is_new_once() -> None:
    request = VoiceRequest(
        call_sid="CA1", status="ringing", direction="inbound", from_number="+1415", to_number="+1500"
    )

    first, is_new = actions.arrive(request, at=AT)
    second, is_new_again = actions.arrive(replace(request, status="in-progress"), at=AT + MINUTE)

    call = Call.objects.get(sid="CA1")
    assert first == second == call.pk
    assert (is_new, is_new_again) == (True, False)
    assert (call.status, call.started_at, call.answered_at) == ("in-progress", AT, AT + MINUTE)
    assert not call.events.exists()


def test_a_new_call_arrives_in_one_query_and_is_told_in_another(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        actions.arrive(VoiceRequest(call_sid="CA1", status="ringing"), at=AT)


def test_a_call_that_arrives_when_it_is_over_ends(ended: list[Call]) -> None:
    actions.arrive(VoiceRequest(call_sid="CA1", status="completed"), at=AT)

    assert [call.sid for call in ended] == ["CA1"]


def test_an_answered_call_climbs_but_an_ended_one_stays() -> None:
    ringing, over = make_call(status="ringing"), make_call(status="completed")

    for call in (ringing, over):
        actions.note_answered(call.pk, at=AT + MINUTE)
        call.refresh_from_db()

    assert (ringing.status, ringing.answered_at) == ("in-progress", AT + MINUTE)
    assert (over.status, over.answered_at) == ("completed", None)


def test_events_are_kept_in_their_order() -> None:
    call = make_call()
    entries = [(EventKind.ENTERED, {"step": "1", "name": "Menü „A“"}), (EventKind.PRESSED, {"digits": "2"})] * 10

    actions.record_events(call.pk, entries, at=AT)

    kept = CallEvent.objects.filter(call=call).order_by("id")
    assert [(event.kind, event.data, event.at) for event in kept] == [(kind, data, AT) for kind, data in entries]


def test_the_sweep_asks_about_quiet_calls_once_in_a_while() -> None:
    quiet = make_call()
    make_call(heard_at=AT + 9 * MINUTE)
    make_call(status="completed")
    make_event(make_call(), EventKind.PRESSED, after=540)

    assert actions.sweep(at=AT + 10 * MINUTE) == [quiet.sid]
    assert actions.sweep(at=AT + 11 * MINUTE) == []
    assert quiet.sid in actions.sweep(at=AT + 14 * MINUTE)


def test_the_sweep_asks_about_a_bounded_number_and_comes_round_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    sids = {make_call().sid for _ in range(5)}
    monkeypatch.setattr(actions, "SWEPT_AT_ONCE", 2)

    asked = [actions.sweep(at=AT + 10 * MINUTE) for _ in range(4)]

    assert [len(batch) for batch in asked] == [2, 2, 1, 0]
    assert {sid for batch in asked for sid in batch} == sids


def test_an_answer_that_corrects_a_call_is_told_in_its_history(ended: list[Call]) -> None:
    call = make_call()

    actions.note_answer(news(call.sid, "completed", 90, seconds=80), at=AT + 10 * MINUTE)
    actions.note_answer(news(call.sid, "completed", 90, seconds=80), at=AT + 11 * MINUTE)

    assert [(e.kind, e.data) for e in call.events.all()] == [
        ("corrected", {"status": "completed", "was": "in-progress"})
    ]
    assert ended == [call]


def test_an_answer_that_confirms_a_call_leaves_it_however_old_it_is() -> None:
    call = make_call()

    actions.note_answer(news(call.sid, "in-progress"), at=AT + timedelta(days=2))

    call.refresh_from_db()
    assert (call.status, call.heard_at) == ("in-progress", AT + timedelta(days=2))
    assert not call.events.exists()


@pytest.mark.parametrize(("answered_at", "status"), [(AT, "completed"), (None, "failed")])
def test_a_call_that_twilio_does_not_know_is_over(answered_at: Any, status: str, ended: list[Call]) -> None:
    call = make_call(answered_at=answered_at, heard_at=AT + MINUTE)

    actions.note_unknown(call.sid, at=AT + 60 * MINUTE)
    actions.note_unknown(call.sid, at=AT + 70 * MINUTE)

    call.refresh_from_db()
    assert (call.status, call.ended_at) == (status, AT + MINUTE)
    assert [event.kind for event in call.events.order_by("id")] == ["failed", "corrected"]
    assert ended == [call]


@pytest.mark.django_db(transaction=True)
def test_callbacks_at_the_same_moment_make_one_row_and_one_end() -> None:
    child, parent = new_sid(), new_sid()
    ends: list[str] = []

    def receive(*, call: Call, **_rest: Any) -> None:
        ends.append(call.sid)

    call_ended.connect(receive)
    at_once(*(partial(actions.observe, one, at=AT + MINUTE) for one in callbacks_of_a_dialed_leg(child, parent) * 3))
    call_ended.disconnect(receive)

    assert sorted(ends) == sorted([child, parent])
    assert Call.objects.count() == 2
    assert CallEvent.objects.count() == 5
    assert Call.objects.get(sid=child).parent == Call.objects.get(sid=parent)


def test_the_end_of_a_call_is_asked_for_once_and_told_in_its_history():
    call = make_call()

    actions.hang_up(call, by="Ann", at=AT)
    actions.hang_up(call, by="Ben", at=AT)

    call.refresh_from_db()
    assert call.unwanted_at == AT
    assert [event.data for event in call.events.all()] == [{"what": "hang-up", "who": "Ann"}]
    assert call.status == "in-progress"


def test_the_end_of_a_call_that_is_over_cannot_be_asked_for():
    call = make_call(status="completed")

    with pytest.raises(actions.IsOver):
        actions.hang_up(call, by="Ann", at=AT)
