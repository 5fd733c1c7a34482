from datetime import UTC, datetime

from calls.observations import Observation, of_callback, of_request
from telephony import payloads

FORM = {
    "CallSid": "CA1",
    "AccountSid": "AC1",
    "ParentCallSid": "CA0",
    "From": "+14155550123",
    "To": "client:ann",
    "Direction": "outbound-dial",
    "CallStatus": "completed",
    "CallDuration": "49",
    "Duration": "1",
    "SequenceNumber": "3",
    "Timestamp": "Wed, 05 Nov 2025 10:00:00 +0000",
    "SipResponseCode": "200",
    "AnsweredBy": "human",
}


def test_a_status_callback_says_all_that_it_has() -> None:
    assert of_callback(payloads.status_callback(FORM)) == Observation(
        sid="CA1",
        status="completed",
        account_sid="AC1",
        parent_sid="CA0",
        direction="outbound-dial",
        from_number="+14155550123",
        to_number="client:ann",
        answered_by="human",
        sip_response_code="200",
        seconds=49,
        sequence=3,
        reported_at=datetime(2025, 11, 5, 10, tzinfo=UTC),
    )


def test_a_request_for_a_document_says_who_calls_whom() -> None:
    request = payloads.voice_request(FORM | {"CallStatus": "ringing", "CallerName": "Ann", "ForwardedFrom": "+1500"})

    observation = of_request(request)

    assert (observation.status, observation.caller_name, observation.forwarded_from) == ("ringing", "Ann", "+1500")
    assert observation.reported_at is None
