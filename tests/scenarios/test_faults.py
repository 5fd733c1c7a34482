"""Callbacks come twice, late, in any order or never, and requests come twice: in the end the same is known."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import pytest
from django.db import transaction

from recordings.models import Recording, Voicemail
from recordings.states import State
from simulator.simulator import HttpRequest
from tests.scenarios import every_kind
from tests.scenarios.desk import ANN, BEN, Desk, final_rows, renewed
from tests.scenarios.every_kind import WHISPER


def call(desk: Desk) -> None:
    """Let a caller through the menu to Ann's mailbox, to Ben who is no more at his desk, and to the voicemail."""
    every_kind.publish(desk, "one")
    desk.phone(ANN, "answers")
    desk.phone(BEN, "ignores")
    caller = every_kind.to_menu(desk.dial(), "one").says("desk", confidence=0.9)
    desk.rings(ANN).hears(WHISPER)
    caller.hears("Box one.", within=120).hears_the_beep().says(every_kind.MESSAGE).waits(6).hangs_up()


def talk(desk: Desk) -> None:
    """Let a caller talk to Ben, while Ann's phone rings too."""
    every_kind.publish(desk, "one")
    desk.phone(ANN)
    desk.phone(BEN)
    caller = every_kind.to_menu(desk.dial(), "one").press("3")
    ben = desk.rings(BEN).answers()
    caller.hears(f"Connected with {BEN}").waits(42)
    ben.hangs_up()
    caller.hears("Bye one.").is_hung_up_on()


Desks = Callable[[], Desk]
Story = Callable[[Desk], None]
both = pytest.mark.parametrize("story", [call, talk])


class Undisturbed(NamedTuple):
    rows: dict[str, Any]
    trace: list[tuple[str, str]]


_undisturbed: dict[str, Undisturbed] = {}


def undisturbed(desks: Desks, story: Story) -> dict[str, Any]:
    """Give what is known in the end when all goes well, and forget it again. The same for every test."""
    if story.__name__ not in _undisturbed:
        before = transaction.savepoint()
        desk = desks()
        story(desk)
        desk.minutes(6)
        _undisturbed[story.__name__] = Undisturbed(final_rows(), trace(desk))
        transaction.savepoint_rollback(before)
    rows = _undisturbed[story.__name__].rows
    assert {status for _to, status, *_rest in rows["calls"]} <= {"completed", "no-answer", "canceled"}
    assert rows["story"]["began Main 1"] == 1
    return rows


def trace(desk: Desk) -> list[tuple[str, str]]:
    """Give what was sent, in order, without the ids in it."""
    forms = [(request.url, dict(parse_qsl(request.body.decode()))) for request in desk.sent]
    return [(re.sub(r"[0-9a-f-]{36}", "", url), f"{form['CallSid']} {form.get('CallStatus')}") for url, form in forms]


def is_news(request: HttpRequest) -> bool:
    return "/webhooks/" in request.url


@both
@pytest.mark.parametrize(
    "faults",
    [
        {"duplicate": 1.0},
        {"reorder": 1.0},
        {"delay": 1.0},
        {"delay": 1.0, "delay_seconds": 600.0},
        {"repeat": 1.0},
        {"duplicate": 1.0, "reorder": 0.5, "delay": 0.5, "repeat": 1.0},
    ],
    ids=lambda faults: " ".join(faults),
)
def test_whatever_befalls_the_requests_the_same_is_known(desks: Desks, story: Story, faults: dict[str, float]) -> None:
    expected = undisturbed(desks, story)
    desk = desks()
    for name, chance in faults.items():
        setattr(desk.faults, name, chance)

    story(desk)
    desk.wait(700)  # no sweep: it would put right what these have done

    assert final_rows() == expected
    assert trace(desk) != _undisturbed[story.__name__].trace


@both
def test_all_news_in_reverse_order(desks: Desks, story: Story) -> None:
    expected = undisturbed(desks, story)
    desk = desks()
    kept: list[HttpRequest] = []
    desk.keeps = lambda request: is_news(request) and not kept.append(request)

    story(desk)
    desk.keeps = lambda _request: False
    for request in reversed(kept):
        assert desk.send(request, 15).status == 204

    assert len(kept) > 3
    assert final_rows() == expected


@both
def test_every_request_comes_twice_as_two(desks: Desks, story: Story) -> None:
    expected = undisturbed(desks, story)
    desk = desks()
    desk.doubles = True

    story(desk)

    assert final_rows() == expected


@both
def test_everything_once_more_under_new_tokens_when_all_is_over(desks: Desks, story: Story) -> None:
    expected = undisturbed(desks, story)
    desk = desks()
    story(desk)
    assert final_rows() == expected

    for request in list(desk.sent):
        assert desk.send(renewed(request), 15).status in (200, 204)

    assert final_rows() == expected


@both
def test_all_news_is_lost_and_the_sweeps_ask(desks: Desks, story: Story) -> None:
    expected = undisturbed(desks, story)
    desk = desks()
    desk.faults.drop = 1.0

    story(desk)
    desk.minutes(6)

    rows = final_rows()
    # a leg that we rang is known by its callbacks alone
    assert rows["calls"] == [row for row in expected["calls"] if row[2] == "inbound"]
    assert {name: rows[name] for name in rows if name != "calls"} == {
        name: expected[name] for name in expected if name != "calls"
    }


@pytest.mark.parametrize("seed", range(4))
def test_some_news_is_lost_and_the_sweeps_ask(desks: Desks, seed: int) -> None:
    expected = undisturbed(desks, call)
    desk = desks()
    desk.twilio._board.dice.seed(seed)
    desk.faults.drop = 0.5
    desk.faults.duplicate = 0.3
    desk.faults.delay = 0.3

    call(desk)
    desk.minutes(6)

    rows = final_rows()
    assert {row[:3] for row in rows["calls"]} <= {row[:3] for row in expected["calls"]}
    assert (rows["voicemails"], rows["recordings"], rows["story"]) == (
        expected["voicemails"], expected["recordings"], expected["story"]
    )  # fmt: skip


def test_a_live_call_is_asked_about_and_left_alone(desk: Desk) -> None:
    every_kind.publish(desk, "one")
    desk.phone(ANN)
    desk.phone(BEN)
    caller = every_kind.to_menu(desk.dial(), "one").press("3")
    desk.rings(ANN).answers().hears("Connected")

    desk.minutes(30)

    asked = [one for one in desk.twilio.exchanges if one.kind == "REST from app" and caller.sid in one.url]
    assert len(asked) >= 5
    assert (caller.row.status, caller.visit.ended_at) == ("in-progress", None)
    caller.hangs_up()
    assert caller.row.status == "completed"


@pytest.mark.parametrize("fault", ["429", "500", "timeout", "lost"])
def test_twilios_rest_in_trouble_is_asked_again(desk: Desk, fault: Any) -> None:
    every_kind.publish(desk, "one")
    desk.faults.drop = 1.0
    desk.faults.force(fault, path="/Recordings/", times=3)
    desk.faults.force(fault, path="/Calls/", times=5)
    caller = every_kind.to_menu(desk.dial(), "one").press("4").hears_the_beep()

    caller.says(every_kind.MESSAGE).waits(6).hangs_up()
    desk.minutes(6)

    assert caller.row.status == "completed"
    assert Recording.objects.get().state == State.STORED
    assert Voicemail.objects.count() == 1
    assert desk.faults.script == []
