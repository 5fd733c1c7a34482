"""Only what is legal has a button, and each has its place and its key."""

from dataclasses import replace

import pytest

from conferences.room import Leg, Mode, Person, Phase, Role, Room
from dashboard.desk import buttons

ME = Person("me", Role.OWNER, leg=Leg.IN)
CALLER = Person("caller", Role.CUSTOMER, leg=Leg.IN)
TARGET = Person("bo", Role.TARGET, leg=Leg.IN)
TALKING = Room(Phase.TALKING, (ME, CALLER))


def shown(room, me="me", *, muted=False, help_asked=False):
    return [button.what for button in buttons.of(room, me, muted=muted, help_asked=help_asked)]


@pytest.mark.parametrize(
    ("room", "what"),
    [
        (TALKING, ["hold", "mute", "consult", "hand-over", "add", "digits", "help", "hang-up"]),
        (replace(TALKING, held=True), ["unhold", "mute", "consult", "hand-over", "add", "digits", "help", "hang-up"]),
        (
            Room(Phase.CONSULTING, (ME, CALLER, replace(TARGET, leg=Leg.COMING))),
            ["mute", "cancel", "digits", "help", "hang-up"],
        ),
        (
            Room(Phase.CONSULTING, (ME, CALLER, TARGET)),
            ["mute", "complete", "swap", "merge", "cancel", "digits", "help", "hang-up"],
        ),
        (Room(Phase.CLOSED, (ME, CALLER)), []),
        (Room(Phase.OPENING, (replace(ME, leg=Leg.TAKEN), CALLER)), []),
    ],
)
def test_only_what_is_legal_now_is_shown(room, what):
    assert shown(room) == what


def test_who_was_asked_in_may_mute_themselves_ask_for_help_and_leave():
    assert shown(Room(Phase.CONSULTING, (ME, CALLER, TARGET)), "bo") == ["mute", "help", "leave"]


@pytest.mark.parametrize(
    ("mode", "what"), [("listen", ["leave"]), ("coach", ["mute", "leave"]), ("barge", ["mute", "leave"])]
)
def test_a_supervisor_may_leave_and_one_who_listens_has_no_microphone_to_open(mode, what):
    sue = Person("sue", Role.SUPERVISOR, leg=Leg.IN, mode=Mode(mode))

    assert shown(replace(TALKING, people=(ME, CALLER, sue)), "sue") == what


def test_what_is_so_already_is_offered_the_other_way_round():
    assert "unmute" in shown(TALKING, muted=True)
    assert "help" not in shown(TALKING, help_asked=True)


def test_no_two_buttons_of_a_room_share_a_place_or_a_key():
    for room in (TALKING, replace(TALKING, held=True), Room(Phase.CONSULTING, (ME, CALLER, TARGET))):
        found = buttons.of(room, "me", muted=False, help_asked=False)
        assert len({one.slot for one in found}) == len(found)
        assert len({one.key for one in found}) == len(found)


def test_who_lost_the_line_may_give_the_caller_to_somebody_else():
    broken = Room(Phase.RECOVERING, (replace(ME, leg=Leg.GONE), CALLER))

    assert buttons.gives_back(broken, "me")
    assert not buttons.gives_back(TALKING, "me")
