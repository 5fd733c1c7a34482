import json
import logging
import sys
from datetime import UTC, datetime

import pytest
from celery import shared_task

from telephony import logs

SID = "CA" + "1" * 32


def record(message, *args, exc_info=None, **extra):
    made = logging.getLogger("telephony.test").makeRecord(
        "telephony.test", logging.WARNING, __file__, 1, message, args, exc_info, extra=extra
    )
    logs.CallContext().filter(made)
    return made


@pytest.fixture(params=[logs.JsonFormatter, logs.LineFormatter])
def formatter(request):
    return request.param()


def test_numbers_are_masked_in_message_and_arguments(formatter):
    line = formatter.format(record("call from %s to +442079460958", "+14155551234"))

    assert "call from +1415****234 to +4420****958" in line


def test_numbers_in_nested_arguments_are_masked(formatter):
    line = formatter.format(record("form %s", {"From": "+14155551234", "list": ["+442079460958"]}))

    assert "4155551234" not in line
    assert "2079460958" not in line


def test_numbers_in_tracebacks_are_masked(formatter):
    number = "+14155551234"
    try:
        raise ValueError(f"no line {number}")
    except ValueError:
        line = formatter.format(record("failed", exc_info=sys.exc_info()))

    assert "no line +1415****234" in line
    assert number not in line


def test_numbers_in_a_path_are_masked(formatter):
    line = formatter.format(record("%s: %s", "Not Found", "/x?From=%2B14155551234&To=4155551234"))

    assert "From=+1415****234&To=4155****234" in line


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_SECONDARY", "TWILIO_API_SECRET"]
)
def test_secrets_of_the_settings_are_struck_out(settings, formatter, name):
    setattr(settings, name, "a-secret-of-the-tests")

    assert formatter.format(record("it is %s", "a-secret-of-the-tests")).count("a-secret") == 0


def test_secrets_of_shared_keys_and_the_database_are_struck_out(settings, formatter):
    settings.TWILIO_WEBHOOK_KEYS = {"k": "shared-secret"}
    settings.DATABASES["default"]["PASSWORD"] = "pass-word"
    try:
        assert "[secret] [secret]" in formatter.format(record("shared-secret pass-word"))
    finally:
        settings.DATABASES["default"]["PASSWORD"] = ""


def test_json_has_one_object_per_line_with_the_call():
    with logs.call(SID, parent_call_sid="CA2", direction="outbound-dial"):
        line = logs.JsonFormatter().format(record("two\nlines", status=500, note="+14155551234"))

    found = json.loads(line)
    assert "\n" not in line
    assert found["call_sid"] == SID
    assert found["parent_call_sid"] == "CA2"
    assert found["direction"] == "outbound-dial"
    assert datetime.fromisoformat(found["at"]).tzinfo == UTC
    assert found["level"] == "WARNING"
    assert found["logger"] == "telephony.test"
    assert found["message"] == "two\nlines"
    assert found["status"] == 500
    assert found["note"] == "+1415****234"


def test_whole_requests_are_not_written_out():
    assert "request" not in json.loads(logs.JsonFormatter().format(record("x", request=object())))


def test_without_a_call_the_line_names_none(formatter):
    assert "call_sid" not in formatter.format(record("x"))
    assert "[" not in formatter.format(record("x"))


def test_the_line_for_people_names_the_call():
    with logs.call(SID):
        assert f"[{SID}] picked up" in logs.LineFormatter().format(record("picked up"))


def test_the_call_is_forgotten_afterwards():
    with logs.call("CA1"):
        with logs.call("CA2"):
            assert record("x").call_sid == "CA2"
        assert record("x").call_sid == "CA1"

    assert record("x").call_sid == ""


def test_a_call_is_forgotten_even_when_the_work_fails():
    with pytest.raises(ValueError), logs.call("CA1"):
        raise ValueError

    assert record("x").call_sid == ""


@pytest.mark.parametrize("name", ["MessageSid", "SmsSid"])
def test_a_text_is_named_by_its_message(name):
    assert logs.call_of({name: "SM1"}) == ("SM1", "", "")


def test_the_call_of_a_form_is_cut_to_size():
    assert logs.call_of({"CallSid": "x" * 500, "Direction": "inbound"}) == ("x" * 64, "", "inbound")


seen = []


@shared_task
def look():
    seen.append(record("x").call_sid)


def test_a_task_knows_the_call_during_which_it_was_sent():
    headers = {}
    with logs.call(SID, direction="inbound"):
        logs._send_context(headers=headers)

    seen.clear()
    look.apply(headers=headers)

    assert seen == [SID]
    assert record("x").call_sid == ""


def test_a_task_that_belongs_to_no_call_names_none():
    headers = {}
    logs._send_context(headers=headers)

    seen.clear()
    look.apply(headers=headers)

    assert headers == {}
    assert seen == [""]
