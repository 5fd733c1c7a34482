"""What a browser is allowed on the pages that people work at."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from contactcenter import policy
from tests.contacts.factories import system

pytestmark = pytest.mark.django_db


def read(text):
    return {name: sources.split() for name, _, sources in (part.partition(" ") for part in text.split("; "))}


def answered(path):
    return policy.content_security(lambda _request: HttpResponse())(RequestFactory().get(path))


@pytest.mark.parametrize("path", ["/desk/", "/desk/panels/call", "/board/", "/board/do/listen", "/api/docs/"])
def test_the_pages_that_people_work_at_carry_the_policy(path):
    response = answered(path)

    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "microphone=(self)" in response["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/admin/", "/api/v1/calls", "/desks", "/voice/inbound"])
def test_others_do_not(path):
    assert "Content-Security-Policy" not in answered(path)


def test_nothing_inline_and_nothing_evaluated_is_allowed(settings):
    for url in ("", "http://127.0.0.1:8001"):
        settings.SIMULATOR_URL = url

        assert "unsafe" not in policy.content_security_policy()


def test_with_the_simulator_no_other_host_can_be_reached(settings):
    settings.SIMULATOR_URL = "http://127.0.0.1:8001"

    found = read(policy.content_security_policy())

    assert found["connect-src"] == ["'self'", "http://127.0.0.1:8001"]
    assert found["media-src"] == ["'self'", "blob:", "mediastream:"]
    assert "twilio" not in policy.content_security_policy()


def test_with_twilio_the_phone_reaches_the_edge_that_is_set(settings):
    settings.SIMULATOR_URL, settings.TWILIO_EDGE, settings.TWILIO_REGION = "", "dublin", "ie1"

    sources = read(policy.content_security_policy())["connect-src"]

    assert {"wss://voice-js.roaming.twilio.com", "wss://voice-js.dublin.twilio.com"} <= set(sources)
    assert "https://eventgw.ie1.twilio.com" in sources
    assert all(source.startswith(("https://", "wss://", "'self'")) for source in sources)


def test_only_pages_that_are_set_up_can_be_shown_in_the_desk_and_nowhere_else(django_assert_num_queries):
    assert read(answered("/desk/")["Content-Security-Policy"])["frame-src"] == ["'none'"]
    system("CRM", url_template="https://crm.example.com/people/{id}", embeds=True)
    system("Shop", url_template="https://shop.example.com/{id}", embeds=False)
    system("Odd", url_template="javascript:alert(1)", embeds=True)

    assert read(answered("/desk/")["Content-Security-Policy"])["frame-src"] == ["https://crm.example.com"]
    with django_assert_num_queries(0):
        for path in ("/desk/panels/talk", "/board/"):
            assert read(answered(path)["Content-Security-Policy"])["frame-src"] == ["'none'"]
