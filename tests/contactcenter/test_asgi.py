"""Pages and streams on one port: who may open a stream is asked of the session and the permissions."""

import urllib.request

import pytest

from tests.agents.factories import agent, user
from tests.live.serving import Browser, cookie_of, pages_and_streams, publish


@pytest.fixture
def port(transactional_db):
    with pages_and_streams() as found:
        yield found


@pytest.mark.django_db(transaction=True)
def test_one_port_gives_pages_to_all_and_streams_to_those_who_may(port):
    ann = agent(account=user("Agent"))
    cookie = f"sessionid={cookie_of(ann.user)}"
    topic = f"agent:{ann.pk}"
    browsers = [
        Browser(port, topic),
        Browser(port, topic, cookie="sessionid=nonsense"),
        Browser(port, f"{topic},board", cookie=cookie),
        Browser(port, topic, cookie=cookie),
    ]

    publish(topic)
    heard = browsers[-1].event()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as page:
        text = page.read()
    for browser in browsers:
        browser.close()

    assert [browser.status for browser in browsers] == [401, 401, 403, 200]
    assert heard == f"data: {topic}"
    assert text == b"ok"
