import io
import wave
from datetime import datetime
from decimal import Decimal

import pytest
import requests
from django.db import connection

from simulator.simulator import Faults, Habit, HttpReply, NoAnswer, Simulator, VirtualClock
from telephony import client, transport
from telephony.client import Refused, Unreachable
from tests.telephony.adapter import reached
from tests.telephony.canned import Canned, Canteen
from tests.telephony.signing import sid

pytestmark = pytest.mark.django_db

COMPANY, ANN, CALLER = "+14155550100", "+14155550111", "+14155550199"
BASE = "https://app.example.com"


class Company:
    """An application that takes a voicemail from everybody."""

    def send(self, request, timeout):
        text = f'<Response><Record action="{BASE}/done" maxLength="30" timeout="3"/></Response>'
        if request.url.endswith("/done"):
            text = "<Response><Hangup/></Response>"
        return HttpReply(200, (("Content-Type", "text/xml"),), text.encode())


class Hum:
    def speech(self, text):
        return b"\x10\x20" * 800 * len(text)

    def mp3(self, wav):
        return wav


class Twilio:
    """The simulator behind our client, with the requests that reached it."""

    def __init__(self, account, token):
        self.faults = Faults()
        self.simulator = Simulator(
            account_sid=account, auth_token=token, transport=Company(), clock=VirtualClock(), voice=Hum(),
            api_keys={"SK" + "1" * 32: "key-secret"}, faults=self.faults,
        )  # fmt: skip
        self.simulator.add_phone(ANN, habit=Habit(answers="answers", after=2))
        self.number = self.simulator.add_number(COMPANY, voice_url=f"{BASE}/voice", friendly_name="Desk")
        self.requests = []

    def rest(self, method, path, query, form, authorization):
        self.requests.append((method, path.rpartition("/")[2], dict(form)))
        return self.simulator.rest(method, path, query, form, authorization)


@pytest.fixture
def twilio(settings, monkeypatch):
    monkeypatch.setattr(client, "PAUSES", (0.01, 0.01, 0.01))
    made = Twilio(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)
    with reached(made, NoAnswer):
        yield made


def ring(**changes):
    return client.create_call(**{"to": ANN, "from_number": COMPANY, "url": f"{BASE}/voice"} | changes)


def test_a_call_is_created(twilio):
    call = ring(status_callback=f"{BASE}/status", fallback_url=f"{BASE}/fallback", ring_seconds=20, time_limit=600)

    assert call.sid.startswith("CA")
    assert call.status == "queued"
    assert (call.from_number, call.to_number, call.direction) == (COMPANY, ANN, "outbound-api")
    _, _, form = twilio.requests[0]
    assert form["Timeout"] == "20"
    assert form["TimeLimit"] == "600"
    assert form["FallbackUrl"] == f"{BASE}/fallback"


def test_a_call_is_fetched_as_it_stands(twilio):
    created = ring()
    twilio.simulator.advance(4)

    live = client.fetch_call(created.sid)

    assert live.status == "in-progress"
    assert isinstance(live.started_at, datetime)
    assert live.ended_at is None
    assert live.seconds is None


def test_a_call_is_ended(twilio):
    created = ring()
    twilio.simulator.advance(4)

    ended = client.update_call(created.sid, status="completed")
    with pytest.raises(Refused) as again:
        client.update_call(created.sid, status="completed")

    assert ended.status == "completed"
    assert again.value.code == client.NOT_IN_PROGRESS
    assert client.fetch_call(created.sid).seconds is not None


def test_a_live_call_is_moved_to_another_document(twilio):
    created = ring()
    twilio.simulator.advance(4)

    client.update_call(created.sid, url=f"{BASE}/done")
    twilio.simulator.advance(4)

    assert client.fetch_call(created.sid).status == "completed"


def test_an_unknown_call_is_refused_with_twilios_code(twilio):
    with pytest.raises(Refused) as refused:
        client.fetch_call(sid())

    assert (refused.value.code, refused.value.status) == (20404, client.GONE)
    assert "not found" in refused.value.message


def test_a_bad_number_is_refused_and_not_asked_again(twilio):
    with pytest.raises(Refused) as refused:
        ring(to="nobody")

    assert refused.value.status == 400
    assert refused.value.code == 21211
    assert len(twilio.requests) == 1


def test_wrong_credentials_are_refused(twilio, settings):
    settings.TWILIO_AUTH_TOKEN = "another token"

    with pytest.raises(Refused) as raised:
        client.list_numbers()
    assert raised.value.code == 20003


def test_an_api_key_is_used_where_there_is_one(twilio, settings):
    settings.TWILIO_AUTH_TOKEN = "not used"
    settings.TWILIO_API_KEY, settings.TWILIO_API_SECRET = "SK" + "1" * 32, "key-secret"

    assert [number.number for number in client.list_numbers()] == [COMPANY]


def test_numbers_are_listed_over_all_pages(twilio):
    for index in range(1, 1200):
        twilio.simulator.add_number(f"+1415556{index:04}")

    numbers = client.list_numbers()

    assert len(numbers) == 1200
    assert len(twilio.requests) == 2


def test_a_number_is_told_where_its_calls_go(twilio):
    updated = client.update_number(
        twilio.number, voice_url=f"{BASE}/v#rc=2", voice_fallback_url=f"{BASE}/f", status_callback=f"{BASE}/s"
    )

    (listed,) = client.list_numbers()
    assert updated == listed
    assert (listed.voice_url, listed.voice_method) == (f"{BASE}/v#rc=2", "POST")
    assert (listed.voice_fallback_url, listed.status_callback) == (f"{BASE}/f", f"{BASE}/s")
    assert listed.friendly_name == "Desk"
    assert listed.capabilities["voice"] is True


@pytest.fixture
def recording(twilio):
    call = twilio.simulator.dial(CALLER, COMPANY)
    twilio.simulator.advance(3)
    twilio.simulator.speak(call, "please call me back")
    twilio.simulator.run_until_idle()
    return twilio.simulator.snapshot()["recordings"][0]["sid"]


def test_a_recording_is_described(twilio, recording):
    found = client.fetch_recording(recording)

    assert found.sid == recording
    assert found.status == "completed"
    assert found.source == "RecordVerb"
    assert found.seconds
    assert found.created_at


def test_a_recordings_audio_is_streamed(twilio, recording):
    with client.stream_recording(recording, chunk_size=1000) as media:
        pieces = list(media.chunks)

    audio = b"".join(pieces)
    assert media.content_type in {"audio/x-wav", "audio/wav"}
    assert media.length in {None, len(audio)}
    assert len(pieces) > 1
    with wave.open(io.BytesIO(audio)) as wav:
        assert wav.getframerate() == 8000
        assert wav.getnframes() > 8000


def test_two_channels_are_refused_for_a_recording_that_has_one(twilio, recording):
    with client.stream_recording(recording, requested_channels=1) as media:
        assert b"".join(media.chunks).startswith(b"RIFF")

    with pytest.raises(Refused) as refused, client.stream_recording(recording, requested_channels=2):
        pass
    assert refused.value.code == 16113


def test_audio_that_is_not_there_is_refused(twilio):
    with pytest.raises(Refused) as refused, client.stream_recording(sid("RE")):
        pass

    assert refused.value.status == client.GONE


def test_audio_that_breaks_off_is_unreachable(twilio, recording):
    class Broken(requests.Response):
        def iter_content(self, *_args, **_kwargs):
            yield b"RIFF"
            raise requests.exceptions.ChunkedEncodingError

    reply = Broken()
    chunks = client._chunks(reply, 10)

    assert next(chunks) == b"RIFF"
    with pytest.raises(Unreachable) as raised:
        next(chunks)
    assert not raised.value.maybe_done


def test_a_recording_is_deleted_once_and_for_all(twilio, recording):
    client.delete_recording(recording)
    client.delete_recording(recording)

    with pytest.raises(Refused), client.stream_recording(recording):
        pass


def test_a_recording_is_gone_when_it_was_deleted_and_when_nobody_knows_it(twilio, recording):
    there = client.recording_is_gone(recording)
    client.delete_recording(recording)

    assert not there
    assert client.recording_is_gone(recording)
    assert client.recording_is_gone(sid("RE"))


def test_whether_a_recording_is_gone_is_not_guessed(twilio, recording):
    twilio.faults.force("500", times=9)

    with pytest.raises(Unreachable):
        client.recording_is_gone(recording)


def test_a_live_call_is_not_deleted_and_a_finished_one_once_and_for_all(twilio):
    created = ring()
    twilio.simulator.advance(4)
    with pytest.raises(Refused) as refused:
        client.delete_call(created.sid)
    client.update_call(created.sid, status="completed")

    client.delete_call(created.sid)
    client.delete_call(created.sid)

    assert refused.value.code == client.NOT_FINISHED
    with pytest.raises(Refused):
        client.fetch_call(created.sid)


def test_what_twilio_still_holds_on_to_is_refused_and_can_be_tried_again(twilio, recording):
    call = client.fetch_recording(recording).call_sid
    for delete, one in ((client.delete_call, call), (client.delete_recording, recording)):
        twilio.faults.force("held", path=one)
        with pytest.raises(Refused) as refused:
            delete(one)
        assert refused.value.code == client.NOT_FINISHED
        delete(one)

    assert client.recording_is_gone(recording)


@pytest.mark.parametrize("fault", ["429", "500", "timeout", "lost"])
def test_a_question_is_asked_again(twilio, fault):
    twilio.faults.force(fault, times=2)

    assert client.list_numbers()
    assert len(twilio.requests) == 3


@pytest.mark.parametrize("fault", ["429", "500", "timeout"])
def test_a_question_is_given_up_after_four_tries(twilio, fault):
    twilio.faults.force(fault, times=9)

    with pytest.raises(Unreachable):
        client.list_numbers()

    assert len(twilio.requests) == 4


def test_a_call_that_twilio_had_no_time_for_is_created_after_all(twilio):
    twilio.faults.force("429", times=2)

    assert ring().status == "queued"
    assert len(twilio.requests) == 3


@pytest.mark.parametrize("fault", ["500", "timeout", "lost"])
def test_a_call_is_never_created_twice(twilio, fault):
    twilio.faults.force(fault)

    with pytest.raises(Unreachable) as silence:
        ring()

    assert silence.value.maybe_done
    assert len(twilio.requests) == 1


def test_a_call_refused_for_lack_of_time_has_certainly_not_begun(twilio):
    twilio.faults.force("429", times=9)

    with pytest.raises(Unreachable) as raised:
        ring()
    assert not raised.value.maybe_done


def test_an_end_is_asked_for_again_and_a_move_is_not(twilio):
    created = ring()
    twilio.simulator.advance(4)
    twilio.faults.force("lost", path=created.sid, times=1)

    with pytest.raises(Refused) as refused:
        client.update_call(created.sid, status="completed")
    assert refused.value.code == client.NOT_IN_PROGRESS  # the first try had ended it

    twilio.requests.clear()
    twilio.faults.force("500", path=created.sid)
    with pytest.raises(Unreachable):
        client.update_call(created.sid, url=f"{BASE}/done")
    assert len(twilio.requests) == 1


def test_where_nobody_listens_nothing_was_done(settings, monkeypatch):
    monkeypatch.setattr(client, "PAUSES", (0.01, 0.01, 0.01))
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:9"

    with pytest.raises(Unreachable) as raised:
        ring()
    assert not raised.value.maybe_done


def test_the_requests_of_all_processes_together_are_capped(twilio, settings, monkeypatch):
    settings.TWILIO_CONCURRENCY = 1
    monkeypatch.setattr("telephony.pace.WAIT_SECONDS", 0.1)
    monkeypatch.setattr("telephony.pace.PLACES", client.pace.PLACES + 1)  # a test that has failed may hold a real one
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, 0)", [client.pace.PLACES])

        with pytest.raises(Unreachable) as silence:
            client.list_numbers()
    finally:
        other.close()

    assert not silence.value.maybe_done
    assert not twilio.requests
    assert client.list_numbers()


def test_edge_and_region_are_in_twilios_host_name(settings):
    settings.TWILIO_API_BASE_URL = ""
    settings.TWILIO_EDGE, settings.TWILIO_REGION = "dublin", "ie1"

    assert client._client().get_hostname("https://api.twilio.com/x") == "https://api.dublin.ie1.twilio.com/x"


def test_another_base_address_is_left_as_it_is(settings):
    settings.TWILIO_API_BASE_URL = "http://127.0.0.1:8001"
    settings.TWILIO_EDGE, settings.TWILIO_REGION = "dublin", "ie1"

    assert client._client().get_hostname("http://127.0.0.1:8001/x") == "http://127.0.0.1:8001/x"


def test_the_environment_of_the_process_does_not_reroute_us(settings, monkeypatch):
    monkeypatch.setenv("TWILIO_EDGE", "sydney")
    transport.client_for.cache_clear()
    settings.TWILIO_API_BASE_URL = ""

    assert client._client().get_hostname("https://api.twilio.com/x") == "https://api.twilio.com/x"


def test_who_answers_is_found_out_beside_the_call():
    api = Canteen(Canned(201, {"sid": sid(), "status": "queued", "price": None}))
    with reached(api):
        ring(machine_detection="DetectMessageEnd", machine_callback=f"{BASE}/machine")

    form = dict(api.asked[0][3])
    assert form["MachineDetection"] == "DetectMessageEnd"
    assert (form["AsyncAmd"], form["AsyncAmdStatusCallback"]) == ("true", f"{BASE}/machine")


def test_without_detection_nothing_of_it_is_asked_for():
    api = Canteen(Canned(201, {"sid": sid(), "status": "queued"}))
    with reached(api):
        ring()

    assert not [name for name in dict(api.asked[0][3]) if "Machine" in name or "Amd" in name]


def test_a_call_tells_what_it_cost_once_that_is_known():
    rated = {"sid": sid(), "status": "completed", "price": "-0.01300", "price_unit": "usd"}
    with reached(Canteen(Canned(200, rated))):
        call = client.fetch_call(rated["sid"])

    assert (call.price, call.price_unit) == (Decimal("-0.01300"), "USD")


@pytest.mark.parametrize(("told", "amount"), [(None, None), ("soon", None), ("-0.5", Decimal("-0.5"))])
def test_an_amount_that_cannot_be_read_is_none(told, amount):
    assert client.amount(told) == amount


def test_where_texts_go_is_changed_only_with_where_calls_go(twilio):
    changed = client.update_number(
        twilio.number, voice_url=f"{BASE}/v", voice_fallback_url="", status_callback="",
        sms_url=f"{BASE}/messaging/inbound", sms_fallback_url=f"{BASE}/messaging/fallback",
    )  # fmt: skip
    again = client.update_number(twilio.number, voice_url=f"{BASE}/v", voice_fallback_url="", status_callback="")

    assert (changed.sms_url, changed.sms_fallback_url) == (f"{BASE}/messaging/inbound", f"{BASE}/messaging/fallback")
    assert again.sms_url == changed.sms_url


def test_a_machine_is_told_of_and_keeps_what_is_said_to_it(twilio):
    twilio.simulator.add_phone(ANN, habit=Habit("answers", 2, "machine", greeting=5))
    call = ring(machine_detection="DetectMessageEnd", machine_callback=f"{BASE}/machine")
    twilio.simulator.advance(9)

    assert client.fetch_call(call.sid).answered_by == "machine_end_beep"
    told = [one for one in twilio.simulator.snapshot()["exchanges"] if one["url"] == f"{BASE}/machine"]
    assert [one["fields"]["AnsweredBy"] for one in told] == ["machine_end_beep"]
    client.update_call(call.sid, twiml="<Response><Say>Please call us back</Say><Hangup/></Response>")
    twilio.simulator.run_until_idle()
    assert twilio.simulator.leg(call.sid).voicemail == ["Please call us back"]


def test_a_call_is_rated_after_a_while(twilio):
    twilio.simulator.add_phone(ANN, habit=Habit("answers", 2))
    call = ring()
    twilio.simulator.run_until_idle()
    assert client.fetch_call(call.sid).price is None

    twilio.simulator.advance(61)

    assert client.fetch_call(call.sid).price == Decimal("-0.01400")
