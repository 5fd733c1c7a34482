import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony import payloads

PAYLOADS = Path(__file__).parent.parent / "payloads"
PARSERS = [
    payloads.voice_request,
    payloads.gather_result,
    payloads.dial_result,
    payloads.record_result,
    payloads.action_result,
    payloads.status_callback,
    payloads.recording_callback,
    payloads.machine_detection,
    payloads.incoming_message,
    payloads.message_status,
]
NAMES = [
    *("CallSid", "From", "Digits", "SpeechResult", "Confidence", "CallDuration", "Timestamp", "SequenceNumber"),
    *("RecordingUrl", "RecordingDuration", "RecordingStartTime", "DialBridged", "DialCallStatus", "SipHeader_X-A"),
]


def form(name):
    return json.loads((PAYLOADS / f"{name}.json").read_text())["params"]


def test_an_inbound_call_is_read_with_both_ends_and_their_places():
    request = payloads.voice_request(form("voice-inbound-callername"))

    assert request.from_number == "+14155550207"
    assert request.to_number == "+14155550539"
    assert request.caller_name == "CA Wireless Call"
    assert request.from_place == payloads.Place("SOUTH LAKE TAHOE", "CA", "89449", "US")
    assert request.to_place.city == "OAKLAND"
    assert request.status == "ringing"
    assert request.direction == "inbound"
    assert request.parameters == {}


@pytest.mark.parametrize("name", ["voice-inbound-caller-only", "voice-legacy-2008"])
def test_caller_and_called_stand_in_for_from_and_to(name):
    request = payloads.voice_request(form(name))

    assert request.from_number == form(name)["Caller"]
    assert request.to_number == form(name)["Called"]


def test_a_browser_phones_own_fields_are_kept_apart():
    request = payloads.voice_request(form("voice-client-dotted-params"))

    assert request.from_number == "client:user"
    assert request.to_number == ""
    assert request.application_sid == "AP8486c845f5657c7cd157a7fd98525198"
    assert request.parameters["rpm.patient_id"] == "11356"
    assert "CallSid" not in request.parameters


def test_a_sip_call_tells_its_headers_without_their_prefix():
    request = payloads.voice_request({"From": "sip:a@b", "SipDomain": "d.sip.twilio.com", "SipHeader_X-Team": "red"})

    assert request.sip_domain == "d.sip.twilio.com"
    assert request.sip_headers == {"X-Team": "red"}
    assert request.parameters == {}


def test_a_fallback_request_tells_what_failed():
    request = payloads.voice_request({"ErrorCode": "11200", "ErrorUrl": "https://contact.example.com/voice/inbound"})

    assert request.error_code == "11200"
    assert request.error_url.endswith("/voice/inbound")


def test_keys_are_read_with_the_one_that_ended_them():
    result = payloads.action_result(form("gather-digits-hash"))

    assert isinstance(result, payloads.GatherResult)
    assert result.digits == "174422"
    assert result.finished_on_key == "#"
    assert result.speech == ""
    assert result.confidence is None


def test_speech_is_read_with_its_confidence():
    result = payloads.action_result({"SpeechResult": "sales please", "Confidence": "0.873"})

    assert isinstance(result, payloads.GatherResult)
    assert result.speech == "sales please"
    assert result.confidence == 0.873


def test_silence_told_by_an_empty_gather_is_a_gather_result():
    assert payloads.action_result({"Digits": ""}) == payloads.GatherResult(payloads.VoiceRequest())


def test_a_request_after_a_redirect_has_no_result():
    assert isinstance(payloads.action_result(form("voice-inbound-us")), payloads.VoiceRequest)


def test_an_unanswered_dial_is_read():
    result = payloads.action_result(form("dial-no-answer"))

    assert isinstance(result, payloads.DialResult)
    assert (result.status, result.seconds, result.bridged) == ("no-answer", None, False)


def test_a_recorded_dial_is_a_dial_and_names_its_recording():
    result = payloads.action_result(form("dial-completed-recorded"))

    assert isinstance(result, payloads.DialResult)
    assert (result.status, result.seconds, result.bridged) == ("completed", 3, None)
    assert result.recording_sid == "REb1c8d133e1af9c390c389d0656b87222"


def test_a_recording_that_ended_by_hanging_up_says_so():
    url = "https://api.twilio.com/2010-04-01/Accounts/AC0/Recordings/RE" + "a" * 32
    result = payloads.action_result({"RecordingUrl": url, "RecordingDuration": "7", "Digits": "hangup"})

    assert isinstance(result, payloads.RecordResult)
    assert result.hung_up
    assert result.finished_on_key == ""
    assert result.sid == "RE" + "a" * 32
    assert result.seconds == 7


def test_a_recording_that_was_ended_by_a_key_says_which():
    result = payloads.record_result({"RecordingSid": "RE1", "Digits": "#"})

    assert (result.hung_up, result.finished_on_key) == (False, "#")


def test_call_duration_is_seconds_and_duration_minutes():
    news = payloads.status_callback(form("status-completed-human"))

    assert (news.seconds, news.minutes) == (49, 1)
    assert news.status == "completed"
    assert news.sequence == 3
    assert news.reported_at == datetime(2018, 3, 25, 9, 53, 19, tzinfo=UTC)
    assert news.answered_by == "human"
    assert news.call.to_place.city == "São Paulo"


def test_a_busy_line_tells_the_code_of_its_network():
    assert payloads.status_callback(form("status-busy-486")).sip_response_code == "486"


def test_a_timestamp_that_is_none_is_no_error():
    news = payloads.status_callback(form("status-completed-machine") | {"Timestamp": "yesterday"})

    assert news.reported_at is None
    assert news.seconds is None
    assert news.answered_by == "machine"


def test_a_recording_is_read():
    news = payloads.recording_callback(form("recording-recordverb"))

    assert news.sid == "REb7024e9cdaf226ca61518a68c83da5fd"
    assert news.call_sid == "CA5d7da973c004dd29682ba90b3d9e42e5"
    assert (news.status, news.seconds, news.channels) == ("completed", 3, 1)
    assert news.started_at == datetime(2021, 7, 29, 6, 59, 25, tzinfo=UTC)


def test_a_conferences_recording_names_no_call():
    news = payloads.recording_callback(form("recording-conference"))

    assert news.call_sid == ""
    assert news.conference_sid == "CF519739fabdeca67c9a618c5193a5bdd5"
    assert news.started_at == datetime(2006, 1, 2, 22, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("event", "held", "muted"),
    [
        ("participant-hold", True, None),
        ("participant-unhold", False, None),
        ("participant-mute", None, True),
        ("participant-unmute", None, False),
        ("participant-join", None, None),
    ],
)
def test_the_name_of_an_event_tells_a_flag_whose_field_is_missing(event, held, muted):
    news = payloads.conference_event({"StatusCallbackEvent": event})

    assert (news.held, news.muted) == (held, muted)
    assert payloads.conference_event({"StatusCallbackEvent": event, "Hold": "true"}).held is True


def test_a_recorded_mute_is_read():
    news = payloads.conference_event(form("conference-participant-mute"))

    assert (news.muted, news.held, news.sequence) == (True, None, None)


def test_a_machine_is_told_apart():
    news = payloads.machine_detection(form("amd-async-machine"))

    assert (news.answered_by, news.milliseconds) == ("machine_end_beep", 3200)


@pytest.mark.parametrize("name", ["CallSid", "AccountSid", "ParentCallSid"])
def test_what_is_too_long_for_an_id_is_none(name):
    assert payloads.voice_request({name: "C" * 65}) == payloads.VoiceRequest()


def test_an_unknown_word_stays_itself():
    assert payloads.status_callback({"CallStatus": "on-the-moon"}).status == "on-the-moon"


@pytest.mark.parametrize("text", ["", "abc", "-1", "1.5", "١٢", "1e3", " 7", "9" * 10, "0x10"])
def test_what_is_no_count_is_none(text):
    assert payloads.whole(text) is None


@pytest.mark.parametrize("text", ["", "nan", "inf", "-0.1", "1.1", "much"])
def test_what_is_no_confidence_is_none(text):
    assert payloads.decimal(text) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thu, 12 Feb 2026 11:48:25 +0000", datetime(2026, 2, 12, 11, 48, 25, tzinfo=UTC)),
        ("Mon, 02 Jan 2006 15:04:05 -0700", datetime(2006, 1, 2, 22, 4, 5, tzinfo=UTC)),
        ("2024-06-25T18:45:21.454203Z", datetime(2024, 6, 25, 18, 45, 21, 454203, tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:00", None),
        ("99 99 99", None),
        ("", None),
    ],
)
def test_moments_are_read_in_both_ways_that_twilio_writes_them(text, moment):
    assert payloads.moment(text) == moment


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(), st.text(max_size=60)))
def test_no_form_makes_a_parser_raise(fields):
    results = [parse(fields) for parse in PARSERS]

    assert len(results) == len(PARSERS)


@pytest.mark.parametrize("parse", PARSERS)
def test_what_callers_key_in_and_say_is_in_no_repr(parse):
    private = {name: f"private-{name}" for name in payloads.PRIVATE_FIELDS}

    assert "private-" not in repr(parse({"CallSid": "CA1", **private}))


TEXT = {
    "MessageSid": "SM" + "1" * 32,
    "SmsSid": "SM" + "1" * 32,
    "SmsMessageSid": "SM" + "1" * 32,
    "AccountSid": "AC" + "2" * 32,
    "MessagingServiceSid": "MG" + "3" * 32,
    "From": "+14155550111",
    "To": "+14155550100",
    "Body": "When do you open?",
    "NumMedia": "0",
    "NumSegments": "1",
    "SmsStatus": "received",
    "ApiVersion": "2010-04-01",
    "FromCity": "OAKLAND",
    "FromState": "CA",
    "FromZip": "94601",
    "FromCountry": "US",
    "ToCity": "",
    "ToState": "",
    "ToZip": "",
    "ToCountry": "US",
}
PICTURE = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME" + "4" * 32


def test_a_message_is_read_with_its_words_and_its_ends():
    message = payloads.incoming_message(TEXT)

    assert message.sid == TEXT["MessageSid"]
    assert message.service_sid == TEXT["MessagingServiceSid"]
    assert (message.from_number, message.to_number) == ("+14155550111", "+14155550100")
    assert (message.body, message.media, message.num_segments) == ("When do you open?", (), 1)
    assert message.from_place == payloads.Place("OAKLAND", "CA", "94601", "US")
    assert message.opt_out_type == ""
    assert "open" not in repr(message)


def test_the_pictures_of_a_message_are_named_by_their_sids():
    form = TEXT | {
        "NumMedia": "3",
        "MediaUrl0": PICTURE,
        "MediaContentType0": "image/jpeg",
        "MediaUrl1": "https://example.com/elsewhere",
        "MediaContentType1": "image/png",
    }

    media = payloads.incoming_message(form).media

    assert [(medium.sid, medium.content_type) for medium in media] == [
        ("ME" + "4" * 32, "image/jpeg"),
        ("", "image/png"),
    ]
    assert "api.twilio.com" not in repr(media)


def test_a_message_never_has_more_pictures_than_twilio_sends():
    form = TEXT | {"NumMedia": "999999"} | {f"MediaUrl{n}": PICTURE for n in range(20)}

    assert len(payloads.incoming_message(form).media) == 10


@pytest.mark.parametrize("name", ["MessageSid", "SmsSid", "SmsMessageSid"])
def test_any_of_its_three_names_names_a_message(name):
    assert payloads.incoming_message({name: "SM1"}).sid == "SM1"
    assert payloads.message_status({name: "SM1"}).sid == "SM1"


def test_an_advanced_opt_out_is_told():
    assert payloads.incoming_message(TEXT | {"OptOutType": "STOP"}).opt_out_type == "STOP"


def test_news_of_a_message_are_read():
    news = payloads.message_status(
        {
            "MessageSid": "SM1",
            "MessageStatus": "undelivered",
            "SmsStatus": "undelivered",
            "ErrorCode": "30006",
            "ErrorMessage": "Landline or unreachable carrier",
            "From": "+14155550100",
            "To": "+14155550111",
            "RawDlrDoneDate": "2511051012",
        }
    )

    assert (news.status, news.error_code, news.error_message) == (
        "undelivered",
        "30006",
        "Landline or unreachable carrier",
    )
    assert news.done_at == datetime(2025, 11, 5, 10, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "251105101", "2513051012", "25110510120", "soon"])
def test_a_minute_that_is_none_is_none(text):
    assert payloads.message_status({"RawDlrDoneDate": text}).done_at is None


def test_what_a_text_says_and_shows_is_private():
    assert {"Body", "MediaUrl0", "MediaUrl9"} <= payloads.PRIVATE_FIELDS
