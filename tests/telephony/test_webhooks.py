import hashlib
import json
import logging

import pytest
from django.db import connection
from django.test import Client
from twilio.request_validator import RequestValidator

from telephony import logs, webhooks
from telephony.models import Delivery, PhoneNumber
from tests.at_once import at_once
from tests.telephony import signing
from tests.telephony.pages import Boom
from tests.telephony.signing import post

pytestmark = pytest.mark.urls("tests.telephony.pages")

CALL = {
    "CallSid": "CA" + "1" * 32,
    "From": "+14155551234",
    "To": "+14155550100",
    "Direction": "inbound",
    "CallStatus": "ringing",
}


@pytest.fixture
def twilio():
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_verbs_become_twiml(twilio):
    response = post(twilio, "/t/verbs", CALL)

    assert response.status_code == 200
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    assert (
        response.content.decode()
        == '<?xml version="1.0" encoding="UTF-8"?><Response><Say>row 1</Say><Hangup/></Response>'
    )


@pytest.mark.django_db
def test_a_text_is_answered_by_verbs_of_texts_and_kept_without_its_words(twilio):
    message = {"MessageSid": "SM" + "1" * 32, "From": "+14155551234", "To": "+14155550100", "NumMedia": "1"}
    response = post(twilio, "/t/text", message | {"Body": "my secret", "MediaUrl0": "https://x/ME1"})

    kept = Delivery.objects.get()
    assert response.content.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?><Response>'
        "<Message><Body>You wrote 9 letters</Body></Message><Redirect>https://x/next</Redirect></Response>"
    )
    assert (kept.call_sid, kept.form) == (message["MessageSid"], message)


@pytest.mark.django_db
def test_nothing_becomes_204(twilio):
    response = post(twilio, "/t/news", CALL)

    assert (response.status_code, response.content) == (204, b"")
    assert "Content-Type" not in response.headers


@pytest.mark.django_db
def test_a_repeat_gets_the_same_answer_and_changes_nothing(twilio):
    first = post(twilio, "/t/verbs", CALL)

    again = post(twilio, "/t/verbs", CALL)

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert PhoneNumber.objects.count() == 1
    assert Delivery.objects.get().attempts == 2


@pytest.mark.django_db
def test_a_repeated_204_stays_one(twilio):
    post(twilio, "/t/news", CALL)

    assert post(twilio, "/t/news", CALL).status_code == 204
    assert PhoneNumber.objects.count() == 1


@pytest.mark.django_db
def test_twilios_token_tells_tries_of_one_request_from_two_requests(twilio):
    for token in ("one", "one", "two"):
        post(twilio, "/t/news", CALL, idempotency_token=token)

    assert PhoneNumber.objects.count() == 2


@pytest.mark.django_db
def test_the_same_token_on_another_page_is_another_request(twilio):
    post(twilio, "/t/news", CALL, idempotency_token="one")

    response = post(twilio, "/t/verbs", CALL, idempotency_token="one")

    assert response.status_code == 200
    assert PhoneNumber.objects.count() == 2


@pytest.mark.django_db
def test_other_fields_or_another_query_are_another_request(twilio):
    post(twilio, "/t/news", CALL)
    post(twilio, "/t/news", CALL | {"CallStatus": "completed"})
    post(twilio, "/t/news?leg=2", CALL)

    assert PhoneNumber.objects.count() == 3


@pytest.mark.django_db
def test_a_delivery_keeps_the_form_without_what_was_keyed_in_or_said(twilio):
    private = {"Digits": "4711", "SpeechResult": "my secret", "SecurityCode": "***", "CallToken": "opens"}
    post(twilio, "/t/verbs", CALL | private)

    kept = Delivery.objects.get()

    assert kept.form == CALL
    assert kept.call_sid == CALL["CallSid"]
    assert kept.path == "/t/verbs"
    assert (kept.state, kept.status_code) == ("done", 200)
    assert kept.answer.endswith("</Response>")
    assert (kept.attempts, kept.error) == (1, "")


@pytest.mark.django_db
def test_a_failure_undoes_the_work_and_keeps_the_evidence(twilio):
    response = post(twilio, "/t/fails/1", CALL)

    kept = Delivery.objects.get()
    assert (response.status_code, response.content) == (500, b"")
    assert PhoneNumber.objects.count() == 0
    assert kept.state == "failed"
    assert "Boom" in kept.error
    assert "fails_once" in kept.error


@pytest.mark.django_db
def test_after_a_failure_the_next_attempt_starts_clean(twilio):
    post(twilio, "/t/fails/1", CALL)
    PhoneNumber.objects.create(sid="PN1", number="+14155559999", synchronized_at=Delivery.objects.get().received_at)

    response = post(twilio, "/t/fails/1", CALL)
    again = post(twilio, "/t/fails/1", CALL)

    kept = Delivery.objects.get()
    assert response.content == again.content == b"<Response/>"
    assert PhoneNumber.objects.count() == 2
    assert (kept.state, kept.attempts) == ("done", 3)
    assert "Boom" in kept.error


@pytest.mark.django_db
def test_evidence_and_log_hold_nothing_that_was_keyed_in_or_said(twilio, caplog):
    caplog.handler.setFormatter(logs.LineFormatter())

    post(twilio, "/t/fails/1", CALL | {"Digits": "4", "SpeechResult": "my password"})

    for text in (Delivery.objects.get().error, caplog.text):
        assert "pressed [private], heard '[private]'" in text
        assert "my password" not in text
        assert "+14155551234" not in text
        assert "+1415****234" in text


@pytest.mark.django_db
def test_a_statement_that_the_database_refuses_is_a_failure_like_any_other(twilio):
    assert post(twilio, "/t/refused", CALL).status_code == 500
    assert "division by zero" in Delivery.objects.get().error


@pytest.mark.django_db(transaction=True)
def test_a_late_failure_does_not_reopen_what_was_answered(twilio):
    post(twilio, "/t/verbs", CALL)
    kept = Delivery.objects.get()

    webhooks.actions.note_failure(
        identity=kept.identity, path=kept.path, call_sid="", form={}, error="late", at=kept.received_at
    )

    assert post(twilio, "/t/verbs", CALL).status_code == 200
    assert Delivery.objects.get().error == "late"


@pytest.mark.django_db(transaction=True)
def test_two_tries_at_once_run_the_view_once(twilio):
    answers = at_once(*[lambda: post(Client(), "/t/verbs", CALL).content] * 4)

    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert PhoneNumber.objects.count() == 1
    assert Delivery.objects.get().attempts == 4


@pytest.mark.django_db(transaction=True)
def test_what_fails_after_the_commit_does_not_change_the_answer(twilio, caplog):
    response = post(twilio, "/t/broker", CALL)

    assert response.content == b"<Response/>"
    assert PhoneNumber.objects.count() == 1
    assert Delivery.objects.get().state == "done"
    assert "no broker" in caplog.text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("patience", [0.5, -1])
def test_what_the_database_undoes_for_another_is_tried_again_however_long_that_took(twilio, monkeypatch, patience):
    monkeypatch.setattr("telephony.webhooks.PATIENCE", patience)
    response = post(twilio, "/t/deadlocks", CALL)

    assert (response.status_code, response.content) == (200, b"<Response/>")
    assert PhoneNumber.objects.count() == 1
    assert Delivery.objects.get().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_a_database_lost_in_the_middle_is_answered_by_the_offline_text(twilio):
    response = post(twilio, "/t/loses", CALL)

    assert response.status_code == 200
    assert b"<Say>Emergency for +14155550100</Say><Hangup/>" in response.content
    assert Delivery.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_when_even_the_offline_text_fails_the_answer_is_503(twilio):
    assert post(twilio, "/t/loses-everything", CALL).status_code == 503


@pytest.fixture
def no_database():
    """Let the connection lead to a port where nobody listens."""
    connection.close()
    kept = connection.settings_dict["PORT"], connection.settings_dict["HOST"]
    connection.settings_dict["HOST"], connection.settings_dict["PORT"] = "127.0.0.1", "9"
    yield
    connection.close()
    connection.settings_dict["PORT"], connection.settings_dict["HOST"] = kept


@pytest.mark.django_db(transaction=True)
def test_without_a_database_the_offline_text_comes(twilio, no_database):
    response = post(twilio, "/t/verbs", CALL)

    assert b"Emergency for +14155550100" in response.content


@pytest.mark.django_db(transaction=True)
def test_without_a_database_and_an_offline_text_the_answer_is_503(twilio, no_database):
    assert post(twilio, "/t/news", CALL).status_code == 503


@pytest.mark.django_db(transaction=True)
def test_without_a_database_an_unsigned_request_is_refused_all_the_same(twilio, no_database):
    assert post(twilio, "/t/verbs", CALL, token="a guess").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_died_meanwhile_costs_no_answer(twilio):
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    killer = connection.copy()
    with killer.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    killer.close()

    response = post(twilio, "/t/verbs", CALL)

    assert b"<Say>row 1</Say>" in response.content
    assert Delivery.objects.get().state == "done"


@pytest.mark.django_db
def test_a_pure_read_leaves_no_delivery(twilio):
    for _ in range(2):
        assert post(twilio, "/t/music", CALL).status_code == 200

    assert Delivery.objects.count() == 0


@pytest.mark.django_db
def test_a_pure_read_that_fails_is_answered_500(twilio):
    assert post(twilio, "/t/broken-music", CALL).status_code == 500


@pytest.mark.django_db
def test_a_delivery_costs_two_statements(twilio, django_assert_num_queries):
    with django_assert_num_queries(2 + 2 + 3):  # ours; savepoints, which stand for the transaction; the view's own
        post(twilio, "/t/verbs", CALL)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_post_is_answered(twilio, method):
    response = twilio.generic(method, "/t/verbs")

    assert response.status_code == 405
    assert response["Allow"] == "POST"


@pytest.mark.parametrize("token", ["", "guess"])
def test_without_a_right_signature_the_answer_is_403_and_says_nothing(twilio, caplog, token):
    if token:
        response = post(twilio, "/t/verbs", CALL, token=token)
    else:
        response = twilio.post("/t/verbs", signing.encoded(CALL), content_type=signing.FORM)

    assert (response.status_code, response.content) == (403, b"")
    assert "refused a request for /t/verbs: " in caplog.text
    assert "4155551234" not in caplog.text


def test_the_log_of_a_403_says_what_would_have_matched(twilio, caplog):
    post(twilio, "/t/verbs", CALL, base="http://contact.example.com")

    assert "the signature is right for http, PUBLIC_BASE_URL says https" in caplog.text


@pytest.mark.parametrize("body", [b"A=" + b"a" * 64 * 1024, b"\xff" * 100_000])
def test_a_body_over_64_kilobytes_is_refused(twilio, body):
    assert twilio.generic("POST", "/t/verbs", body, content_type=signing.FORM).status_code == 413


def test_a_body_that_says_it_is_small_is_read_no_further_than_that(twilio):
    response = twilio.generic(
        "POST", "/t/verbs", b"A=" + b"a" * 100_000, content_type=signing.FORM, CONTENT_LENGTH="10"
    )

    assert response.status_code == 403


def test_a_body_just_below_the_limit_is_looked_at(twilio):
    assert (
        twilio.generic("POST", "/t/verbs", b"A=" + b"a" * (64 * 1024 - 2), content_type=signing.FORM).status_code == 403
    )


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("multipart/form-data", b"A=1", 415),
        ("text/plain", b"A=1", 415),
        ("application/json", b"{", 400),
        ("application/json", b"[1]", 400),
        ("application/json", b"\xff", 400),
        ("application/json", b"[" * 60_000, 400),
        (signing.FORM, b"A=%zz&%=%&&&=", 403),
        (signing.FORM, b"A=\xff\xfe%ff%c3", 403),
        (signing.FORM, b"A=\x00&B=%00", 403),
        (signing.FORM, "&".join(f"f{n}=" for n in range(1001)).encode(), 400),
        (signing.FORM + "; charset=utf-8", b"", 403),
        ("", b"A=1", 403),
    ],
)
def test_a_body_that_is_no_form_is_refused(twilio, content_type, body, status):
    assert twilio.generic("POST", "/t/verbs", body, content_type=content_type).status_code == status


@pytest.mark.parametrize("length", ["abc", "-5", "1e9", "9" * 30])
def test_a_length_that_is_none_is_no_error(twilio, length):
    response = twilio.generic("POST", "/t/verbs", b"A=1", content_type=signing.FORM, CONTENT_LENGTH=length)

    assert response.status_code in {400, 403, 413}


@pytest.mark.django_db
def test_a_signed_nul_byte_is_left_out_and_served(twilio):
    response = post(twilio, "/t/verbs", CALL | {"Name": "a\0b", "SipHeader_X\0": "\0"})

    assert response.status_code == 200
    assert Delivery.objects.get().form["Name"] == "ab"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields", [{}, {"CallSid": ""}, {"CallSid": "x" * 5000}, {"CallSid": ["CA1", "CA2"]}, {"ü": "ü€😀"}]
)
def test_absent_repeated_and_unknown_fields_are_served(twilio, fields):
    assert post(twilio, "/t/verbs", fields).status_code == 200
    assert post(twilio, "/t/verbs", fields).status_code == 200
    assert PhoneNumber.objects.count() == 1


@pytest.mark.django_db
def test_of_a_repeated_field_the_last_counts(twilio):
    assert post(twilio, "/t/echo", {"A": ["1", "2"]}).content == b"[('A', '2')]"


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["x" * 100_000, "ü", "a\tb"])
def test_any_idempotency_token_will_do(twilio, token):
    assert post(twilio, "/t/verbs", CALL, idempotency_token=token).status_code == 200


@pytest.mark.django_db
def test_a_json_body_is_served_by_its_hash(twilio):
    body = json.dumps({"CallSid": "CA1", "n": 1, "deep": {"a": "\ud800\0"}, "t": "\ud800\0x"}).encode()
    path = f"/t/echo?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = RequestValidator("token-of-the-tests").compute_signature("https://contact.example.com" + path, {})

    response = twilio.generic(
        "POST", path, body, content_type="application/json", headers={"X-Twilio-Signature": signature}
    )

    assert response.status_code == 200
    assert "('n', '1')" in response.content.decode()
    assert "('t', '?x')" in response.content.decode()


@pytest.mark.django_db
def test_lines_that_are_logged_during_a_request_name_the_call(twilio, caplog):
    caplog.handler.addFilter(context := logs.CallContext())

    post(twilio, "/t/fails/1", CALL | {"ParentCallSid": "CA" + "2" * 32})

    caplog.handler.removeFilter(context)
    record = next(record for record in caplog.records if record.name == "telephony.webhooks")
    assert record.call_sid == CALL["CallSid"]
    assert record.parent_call_sid == "CA" + "2" * 32
    assert record.direction == "inbound"
    assert record.levelno == logging.ERROR


def test_a_short_key_is_hidden_only_where_it_stands_alone():
    try:
        raise Boom("pressed 1 of 10, then '1'")
    except Boom as error:
        text = webhooks.scrubbed(error, {"Digits": "1"})

    assert text.rstrip().endswith("pressed [private] of 10, then '[private]'")


def test_causes_are_scrubbed_as_well():
    keys = "4711"
    try:
        try:
            raise ValueError(f"{keys} is no number")
        except ValueError as cause:
            raise Boom(f"so {keys} failed") from cause
    except Boom as error:
        text = webhooks.scrubbed(error, {"Digits": keys})

    assert keys not in text
    assert "[private] is no number" in text
