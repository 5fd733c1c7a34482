"""The rows of what is heard while waiting."""

import pytest

from ivr.forms.waits import WaitItemForm, offering_prompts
from ivr.models import WaitItem
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def form(**typed):
    given = {"kind": "message", "seconds": "10", "position": "1"} | typed
    step = rows.step(rows.flow(), "Line", "queue")
    return offering_prompts(WaitItemForm)(given, instance=WaitItem(step=step))


@pytest.mark.parametrize("kind", ["message", "position", "estimate"])
def test_what_is_said_needs_a_prompt(kind):
    assert "Choose what callers hear." in str(form(kind=kind).errors)


@pytest.mark.parametrize("kind", ["music", "pause"])
def test_music_and_silence_need_none(kind):
    filled = form(kind=kind, seconds="20")

    assert filled.is_valid(), filled.errors
    assert (filled.save().prompt, filled.instance.seconds) == (None, 20)


@pytest.mark.parametrize(
    ("kind", "text", "missing"),
    [
        ("position", "You are next.", "{position}"),
        ("estimate", "Up to {high} minutes.", "{low}"),
        ("estimate", "Soon.", "{low} and {high}"),
    ],
)
def test_a_text_that_is_there_for_a_number_must_have_its_place(kind, text, missing):
    assert f"lacks {missing}" in str(form(kind=kind, prompt=rows.prompt("It", text).pk).errors)


def test_a_text_with_the_places_of_its_numbers_is_taken():
    assert form(kind="estimate", prompt=rows.prompt("It", "{low} to {high}.").pk).is_valid()


@pytest.mark.parametrize("seconds", ["0", "61"])
def test_nobody_is_left_alone_for_over_a_minute(seconds):
    assert "seconds" in form(kind="pause", seconds=seconds).errors


def test_a_silence_keeps_no_prompt():
    filled = form(kind="pause", prompt=rows.prompt().pk)

    assert filled.is_valid()
    assert filled.save().prompt is None
