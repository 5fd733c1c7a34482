"""A question to a source of the owner: asked once, ended once, whoever is first."""

from datetime import timedelta
from typing import Any

import pytest

from calls.models import Call
from ivr.actions import look_ups
from ivr.kinds.requests import AskSource
from ivr.models import LookUp, Source
from rest import outgoing
from tests.calls.factories import AT, make_call

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_works")]


def wanted(call: Call, **fields: Any) -> LookUp:
    source = Source.objects.create(name="CRM", address="https://crm.example/", secret=outgoing.new_secret())
    request = {"source": str(source.pk), "step": "1", "seconds": 5, "language": "en-US", "sent": (), "keep": ("name",)}
    look_ups.want(AskSource(**request | fields), call.pk, at=AT)
    return LookUp.objects.get()


def told(call: Call) -> list[tuple[str, str]]:
    return [(event.kind, event.data["outcome"]) for event in call.events.all()]


def test_a_question_is_claimed_once_with_the_time_that_is_left():
    look_up = wanted(make_call(from_number="+14155550123"), sent=(("plan", "gold"),))

    claimed = look_ups.claim(look_up.pk, at=AT + timedelta(seconds=2))

    assert claimed is not None
    assert (claimed.address, claimed.keep, claimed.seconds) == ("https://crm.example/", ("name",), 3)
    assert (claimed.question.caller, claimed.question.variables) == ("+14155550123", {"plan": "gold"})
    assert look_ups.claim(look_up.pk, at=AT + timedelta(seconds=2)) is None


def test_a_question_whose_time_is_over_is_not_asked_any_more():
    look_up = wanted(make_call())

    assert look_ups.claim(look_up.pk, at=AT + timedelta(seconds=5)) is None


@pytest.mark.parametrize("source", ["CRM", "999999"])
def test_a_source_that_is_gone_fails_at_once(source):
    call = make_call()
    look_up = wanted(call, source=source)

    assert look_ups.claim(look_up.pk, at=AT) is None
    assert told(call) == [("looked-up", "failed")]


def test_the_first_end_counts_and_is_told_once():
    call = make_call()
    look_up = wanted(call)
    look_ups.claim(look_up.pk, at=AT)

    look_ups.give_up(call.pk, "1", at=AT + timedelta(seconds=5))
    look_ups.note(look_up.pk, {"name": "Ann"}, milliseconds=5100, at=AT + timedelta(seconds=5))
    look_ups.fail(look_up.pk, "The source is away.", milliseconds=5200, at=AT + timedelta(seconds=5))

    look_up.refresh_from_db()
    assert (look_up.state, look_up.answer) == ("given-up", None)
    assert told(call) == [("looked-up", "given-up")]


def test_an_answer_that_came_in_time_stays_when_the_step_gives_up():
    call = make_call()
    look_up = wanted(call)
    look_ups.claim(look_up.pk, at=AT)

    look_ups.note(look_up.pk, {"name": "Ann"}, milliseconds=120, at=AT)
    look_ups.give_up(call.pk, "1", at=AT)

    look_up.refresh_from_db()
    assert (look_up.state, look_up.answer, look_up.milliseconds) == ("answered", {"name": "Ann"}, 120)
    assert told(call) == [("looked-up", "answered")]
