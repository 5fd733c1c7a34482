"""Tests of what is done about who answers: a table of Twilio's words."""

import pytest

from outbound.machine import Answer, answer_to, is_machine

GO_ON, LEAVE, HANG_UP = Answer.GO_ON, Answer.LEAVE_MESSAGE, Answer.HANG_UP


@pytest.mark.parametrize(
    ("answered_by", "with_message", "without"),
    [
        ("human", GO_ON, GO_ON),
        ("unknown", GO_ON, GO_ON),
        ("", GO_ON, GO_ON),
        ("a word of next year", GO_ON, GO_ON),
        ("machine_end_beep", LEAVE, HANG_UP),
        ("machine_end_silence", LEAVE, HANG_UP),
        ("machine_end_other", LEAVE, HANG_UP),
        ("machine_start", HANG_UP, HANG_UP),  # before its tone nothing is left
        ("fax", HANG_UP, HANG_UP),
    ],
)
def test_a_machine_is_left_the_message_and_whoever_else_goes_on(answered_by, with_message, without):
    assert answer_to(answered_by, spoke=False, has_message=True) == with_message
    assert answer_to(answered_by, spoke=False, has_message=False) == without
    assert is_machine(answered_by) == (GO_ON not in (with_message, without))


@pytest.mark.parametrize("answered_by", ["machine_end_beep", "fax"])
def test_who_has_pressed_a_key_is_a_person_whatever_twilio_says(answered_by):
    assert answer_to(answered_by, spoke=True, has_message=True) == GO_ON
