import pytest

from simulator.simulator import Faults, HttpReply, NoAnswer, Simulator, VirtualClock
from telephony import callbacks, client, tasks
from telephony.models import PhoneNumber
from tests.telephony.adapter import reached
from tests.telephony.factories import phone_number

pytestmark = pytest.mark.django_db


class Nobody:
    """No application at all, and a voice that says nothing."""

    def send(self, request, timeout):
        return HttpReply(204)

    def speech(self, text):
        return b""

    def mp3(self, wav):
        return wav


@pytest.fixture
def faults(monkeypatch):
    monkeypatch.setattr(client, "PAUSES", (0.01,))
    return Faults()


@pytest.fixture
def twilio(settings, faults):
    simulator = Simulator(
        account_sid=settings.TWILIO_ACCOUNT_SID,
        auth_token=settings.TWILIO_AUTH_TOKEN,
        transport=Nobody(),
        clock=VirtualClock(),
        voice=Nobody(),
        faults=faults,
    )
    with reached(simulator, NoAnswer):
        yield simulator


def test_the_numbers_of_the_account_are_synchronized(twilio):
    twilio.add_number("+14155550100", friendly_name="Desk")

    tasks.synchronize_numbers.delay()

    assert PhoneNumber.objects.get().friendly_name == "Desk"


def test_when_twilio_is_silent_the_mirror_stays(twilio, faults, caplog):
    phone_number()
    faults.force("500", times=9)

    tasks.synchronize_numbers.delay()

    assert not PhoneNumber.objects.get().is_gone
    assert "could not be read" in caplog.text


def test_without_an_account_nobody_is_asked(settings):
    settings.TWILIO_ACCOUNT_SID = ""
    phone_number()

    tasks.synchronize_numbers.delay()

    assert not PhoneNumber.objects.get().is_gone


def test_a_number_is_pointed_here(twilio):
    number = phone_number(sid=twilio.add_number("+14155550100", voice_url="https://demo.example.com"))

    tasks.point_number_here.delay(number.pk)
    tasks.point_number_here.delay(number.pk)

    number.refresh_from_db()
    assert callbacks.where(number.voice_url, "voice-inbound") == "here"
    assert callbacks.where(number.voice_fallback_url, "voice-fallback") == "here"
    assert callbacks.where(number.status_callback, "voice-status") == "here"
    assert client.list_numbers()[0].voice_url == number.voice_url


def test_a_number_that_twilio_does_not_know_is_left_as_it_is(twilio, caplog):
    number = phone_number(sid="PN" + "0" * 32)

    tasks.point_number_here.delay(number.pk)

    number.refresh_from_db()
    assert number.voice_url == ""
    assert "could not be pointed here" in caplog.text


def test_a_number_that_was_deleted_meanwhile_is_no_error(twilio):
    assert tasks.point_number_here.delay(0).successful()
