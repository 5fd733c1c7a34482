from datetime import timedelta

import pytest

from telephony import actions, client
from telephony.models import Delivery, PhoneNumber
from tests.telephony.factories import AT, phone_number

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def number_at_twilio(number="+14155550100", sid="PN1", **rest):
    return client.Number(sid=sid, number=number, **rest)


def test_the_accounts_numbers_are_mirrored():
    there = number_at_twilio(
        friendly_name="Desk",
        voice_url="https://a.example/v",
        voice_method="POST",
        voice_fallback_url="https://a.example/f",
        status_callback="https://a.example/s",
        voice_application_sid="AP1",
        trunk_sid="TK1",
        capabilities={"voice": True, "sms": False},
    )

    actions.synchronize_numbers([there], at=AT)

    mirrored = PhoneNumber.objects.get()
    names = ("sid", "number", "friendly_name", "voice_url", "voice_method", "voice_fallback_url", "status_callback")
    for name in names:
        assert getattr(mirrored, name) == getattr(there, name)
    assert (mirrored.voice_application_sid, mirrored.trunk_sid) == ("AP1", "TK1")
    assert mirrored.capabilities == {"voice": True, "sms": False}
    assert mirrored.synchronized_at == AT
    assert not mirrored.is_gone


def test_a_second_look_changes_what_changed_and_nothing_else():
    actions.synchronize_numbers([number_at_twilio(), number_at_twilio("+14155550101", "PN2")], at=AT)
    before = dict(PhoneNumber.objects.values_list("sid", "pk"))

    actions.synchronize_numbers(
        [number_at_twilio(friendly_name="New"), number_at_twilio("+14155550101", "PN2")], at=AT + DAY
    )

    assert dict(PhoneNumber.objects.values_list("sid", "pk")) == before
    assert PhoneNumber.objects.get(sid="PN1").friendly_name == "New"


def test_a_number_that_left_the_account_is_marked_and_may_come_back():
    actions.synchronize_numbers([number_at_twilio()], at=AT)

    actions.synchronize_numbers([], at=AT + DAY)
    gone = PhoneNumber.objects.get()
    assert gone.is_gone
    assert gone.synchronized_at == AT + DAY

    actions.synchronize_numbers([number_at_twilio(sid="PN9")], at=AT + 2 * DAY)
    back = PhoneNumber.objects.get()
    assert (back.pk, back.sid, back.is_gone) == (gone.pk, "PN9", False)


def test_one_number_is_noted_by_itself():
    other = phone_number("+14155550101")

    actions.note_number(number_at_twilio(voice_url="https://a.example/v"), at=AT)

    other.refresh_from_db()
    assert not other.is_gone
    assert PhoneNumber.objects.get(sid="PN1").voice_url == "https://a.example/v"


def test_a_request_is_stored_once_and_counted():
    request = {"identity": "i", "path": "/p", "call_sid": "CA1", "form": {"A": "ü"}, "at": AT}

    first = actions.receive_delivery(**request)
    again = actions.receive_delivery(**request)
    actions.settle_delivery(first.id, status_code=200, answer="<Response/>")
    third = actions.receive_delivery(**request)

    assert first.answer is None
    assert again == first
    assert (third.id, third.status_code, third.answer) == (first.id, 200, "<Response/>")
    kept = Delivery.objects.get()
    assert (kept.attempts, kept.form, kept.received_at) == (3, {"A": "ü"}, AT)


def test_an_empty_answer_is_an_answer():
    request = {"identity": "i", "path": "/p", "call_sid": "", "form": {}, "at": AT}
    actions.settle_delivery(actions.receive_delivery(**request).id, status_code=204, answer="")

    assert actions.receive_delivery(**request)[1:] == (204, "")


def test_a_failure_is_noted_before_and_after_others():
    failure = {"identity": "i", "path": "/p" * 500, "call_sid": "CA1", "form": {}, "at": AT}

    actions.note_failure(**failure, error="first")
    actions.note_failure(**failure, error="second")

    kept = Delivery.objects.get()
    assert (kept.state, kept.attempts, kept.error) == ("failed", 2, "second")
    assert len(kept.path) == 512
