"""What holds for every page that Twilio asks for, whoever wrote it: the pages are found in the URL configuration."""

import json
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from telephony import payloads
from telephony.models import Delivery
from tests.telephony import discovery, signing
from tests.telephony.signing import post

NAMES = discovery.webhook_names()
PAYLOADS = [json.loads(path.read_text()) for path in sorted((Path(__file__).parent.parent / "payloads").glob("*.json"))]
ONCE = [name for name in NAMES if discovery.webhook_view(name).webhook.once]
OURS = ("messaging", "ivr", "queues", "recordings", "conferences", "calls", "telephony", "agents")

every_webhook = pytest.mark.parametrize("name", NAMES)


@pytest.fixture
def twilio():
    return Client(raise_request_exception=False)


def call(**fields):
    return {
        "CallSid": signing.sid(),
        "AccountSid": "AC" + "0" * 31 + "1",
        "From": "+14155550199",
        "To": "+14155550100",
        "Direction": "inbound",
        "CallStatus": "ringing",
        "RecordingSid": signing.sid("RE"),
        "RecordingStatus": "in-progress",
    } | fields


def rows():
    """Count the rows of all our tables but the record of requests itself."""
    models = [model for app in OURS for model in apps.get_app_config(app).get_models() if model is not Delivery]
    return {model._meta.label: model.objects.count() for model in models}


def test_there_are_pages_and_payloads_to_try():
    assert {"voice-inbound", "voice-fallback", "voice-visit", "voice-status", "recording"} <= set(NAMES)
    assert len(PAYLOADS) == 36


def test_no_address_that_twilio_asks_for_ends_in_a_slash_or_leads_elsewhere(settings):
    assert settings.APPEND_SLASH is False
    for name in NAMES:
        path = discovery.address(name)
        assert path.startswith(("/voice/", "/webhooks/", "/messaging/"))
        assert not path.endswith("/")
        assert path == path.encode("ascii", "ignore").decode()


@every_webhook
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_another_method_is_405(twilio, name, method):
    response = twilio.generic(method, discovery.address(name))

    assert response.status_code == 405
    assert response["Allow"] == "POST"


@every_webhook
def test_an_unsigned_request_is_403(twilio, name):
    path = discovery.address(name)
    unsigned = twilio.post(path, signing.encoded(call()), content_type=signing.FORM)
    guessed = post(twilio, path, call(), token="a guess")

    for response in (unsigned, guessed):
        assert (response.status_code, response.content) == (403, b"")


@every_webhook
def test_a_body_over_64_kilobytes_is_413(twilio, name):
    assert post(twilio, discovery.address(name), call(Body="x" * 65_536)).status_code == 413


@pytest.mark.django_db
@every_webhook
def test_a_foreign_website_cannot_post_but_twilio_can(name):
    strict = Client(enforce_csrf_checks=True)

    assert 200 <= post(strict, discovery.address(name), call()).status_code < 300


@pytest.mark.django_db
@pytest.mark.parametrize("name", ONCE)
@pytest.mark.parametrize("token", ["", "4152ef63-20ec-4178-abff-186942ec31f0"])
def test_a_repeat_gets_the_same_answer_and_changes_nothing(twilio, name, token):
    path, fields = discovery.address(name), call()
    first = post(twilio, path, fields, idempotency_token=token)
    after_first = rows()

    second = post(twilio, path, fields, idempotency_token=token)

    assert 200 <= first.status_code < 300
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert rows() == after_first
    assert Delivery.objects.get().attempts == 2


@pytest.mark.django_db
@pytest.mark.parametrize("name", ONCE)
def test_a_failure_leaves_nothing_and_the_next_try_does_all(twilio, name):
    path, fields, before = discovery.address(name), call(), rows()
    with connection.cursor() as cursor:  # at the very end of the work, the database refuses it
        cursor.execute("ALTER TABLE telephony_delivery ADD CONSTRAINT never_done CHECK (state <> 'done')")
    failed = post(twilio, path, fields)

    assert (failed.status_code, failed.content) == (500, b"")
    assert rows() == before
    kept = Delivery.objects.get()
    assert kept.state == "failed"
    assert "never_done" in kept.error

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE telephony_delivery DROP CONSTRAINT never_done")
    retried = post(twilio, path, fields)

    assert 200 <= retried.status_code < 300
    assert Delivery.objects.get().state == "done"


@pytest.mark.django_db
@every_webhook
def test_every_recorded_request_is_served_once_and_twice(twilio, name):
    path = discovery.address(name)
    for payload in PAYLOADS:
        token = payload.get("headers", {}).get("I-Twilio-Idempotency-Token", "")

        answers = [post(twilio, path, payload["params"], idempotency_token=token) for _ in range(2)]

        assert [answer.status_code for answer in answers] in ([200, 200], [204, 204]), payload["name"]
        assert answers[0].content == answers[1].content, payload["name"]


@every_webhook
def test_every_recorded_request_unsigned_is_refused(twilio, name):
    for payload in PAYLOADS:
        form = signing.encoded(payload["params"])

        response = twilio.generic(payload["method"], discovery.address(name), form, content_type=signing.FORM)

        assert response.status_code == (403 if payload["method"] == "POST" else 405), payload["name"]


LONG = ["x" * 300, "9" * 9, "+1" + "4" * 300, "-1", "\0", "ü" * 2000]
FIELDS = sorted(payloads.KNOWN_FIELDS | set(call()) | {"RecordingChannels", "RecordingSource", "RecordingTrack"})


@pytest.mark.django_db
@every_webhook
@pytest.mark.parametrize("turn", range(2))
def test_a_value_of_any_length_is_served_in_every_field(twilio, name, turn):
    """Each field gets two of the values here; which ones differs from webhook to webhook."""
    shift = NAMES.index(name) + turn * len(LONG) // 2
    failures = []
    for place, field in enumerate(FIELDS):
        response = post(twilio, discovery.address(name), call(**{field: LONG[(place + shift) % len(LONG)]}))
        if response.status_code >= 500:
            failures.append((field, Delivery.objects.filter(state="failed").last().error.splitlines()[-1]))

    assert failures == []


@pytest.mark.django_db
@every_webhook
def test_a_form_without_any_field_is_served(twilio, name):
    assert post(twilio, discovery.address(name), {}).status_code in {200, 204}


class AnyForm(TestCase):
    """Any fields at all, in the transaction of each example."""

    @given(
        st.sampled_from(NAMES),
        st.dictionaries(
            st.sampled_from(sorted(payloads.KNOWN_FIELDS)) | st.text(st.characters(codec="utf-8"), max_size=10),
            st.text(st.characters(codec="utf-8"), max_size=30),
            max_size=8,
        ),
    )
    def test_any_form_is_served(self, name, fields):
        response = post(Client(raise_request_exception=False), discovery.address(name), fields)

        assert response.status_code in {200, 204}
