"""Pages and streams on one port: who may open a stream is asked of the session and the permissions."""

import asyncio
import socket
import threading
import urllib.request
from importlib import import_module

import pytest
from django.test import Client

from live.server import Listening
from live.stream import Streams
from tests.agents.factories import agent, user
from tests.embedded.factories import wait_until
from tests.live.serving import Browser, dsn, publish


@pytest.fixture
def port(transactional_db, settings, monkeypatch):
    settings.LIVE_DATABASE_URL = dsn()
    asgi = import_module("contactcenter.asgi")
    streams = Streams(dsn(), asgi.admit)
    monkeypatch.setattr(asgi, "streams", streams)
    listener = socket.create_server(("127.0.0.1", 0))
    server = Listening(asgi.application, closing=streams.close, host="127.0.0.1", port=0)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    wait_until(lambda: streams.listener.listens)
    yield listener.getsockname()[1]
    server.handle_exit(15, None)
    server._captured_signals.clear()
    thread.join(10)
    assert not thread.is_alive()


def cookie_of(person):
    client = Client()
    client.force_login(person)
    return f"sessionid={client.cookies['sessionid'].value}"


def test_one_port_gives_pages_to_all_and_streams_to_those_who_may(port):
    ann = agent(account=user("Agent"))
    cookie = cookie_of(ann.user)
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
