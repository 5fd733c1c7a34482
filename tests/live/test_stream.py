"""Streams as browsers see them, over a real server and the real database."""

import asyncio
from http import HTTPStatus

import pytest

from live.stream import Streams
from tests.live.serving import alone, cut_listeners, publish, serving
from tests.patience import PATIENCE, until

pytestmark = pytest.mark.django_db

AWAY, RESYNC = "event: away\ndata: all", "event: resync\ndata: all"


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), serving() as found:
        yield found


def test_a_browser_hears_of_its_topics_and_of_no_other(server):
    browser = server.browse("agent:1,queues")

    publish("agent:2", "agent:1", "queue:7", "queues")

    assert [browser.event(), browser.event()] == ["data: agent:1", "data: queues"]


def test_the_answer_is_no_page_that_anything_on_the_way_may_keep(server):
    browser = server.browse("queues")

    assert browser.response.getheader("content-type") == "text/event-stream; charset=utf-8"
    assert browser.response.getheader("cache-control") == "no-store"
    assert browser.response.getheader("x-accel-buffering") == "no"


def test_who_has_gone_is_forgotten(server):
    browser = server.browse("agent:gone")
    assert len(server.streams._watching["agent:gone"]) == 1

    browser.close()

    until(lambda: "agent:gone" not in server.streams._watching)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"topics": ""}, 400),
        ({"topics": ",".join(f"agent:{number}" for number in range(201))}, 400),
        ({"topics": "queues", "method": "POST"}, 405),
        ({"topics": "queues", "path": "/live/other"}, 404),
    ],
)
def test_what_is_no_stream_is_refused(server, asked, status):
    browser = server.browse(**asked)

    assert browser.status == status


def test_a_listener_that_is_lost_is_told_and_comes_back(server):
    browser = server.browse("queues")

    cut_listeners()
    assert browser.event() == AWAY
    assert browser.event() == RESYNC
    publish("queues")

    assert browser.event() == "data: queues"


def test_who_is_admitted_is_asked_with_cookies_and_topics():
    asked = []

    async def admit(cookies, topics):
        asked.append((cookies, topics))
        if topics == {"broken"}:
            raise ConnectionError
        return HTTPStatus.FORBIDDEN if "agent:2" in topics else HTTPStatus.OK

    with serving(admit) as server:
        statuses = [server.browse(topics, cookie="a=b").status for topics in ("x,y", "x,agent:2", "broken")]

    assert asked[0] == ("a=b", {"x", "y"})
    assert statuses == [200, 403, 503]


def test_there_are_no_more_streams_than_allowed():
    with serving(most=1) as server:
        statuses = [server.browse("x").status, server.browse("x").status]

    assert statuses == [200, 503]


def test_a_quiet_stream_is_pinged_and_an_old_one_ends():
    with serving(ping=0.02, lifetime=0.2) as server:
        browser = server.browse("x")
        events = []
        while event := browser.event():
            events.append(event)

    assert 2 <= len(events) <= 10
    assert set(events) == {": ping"}


def test_a_server_that_is_told_to_stop_does_not_wait_for_browsers():
    with serving() as server:
        browsers = [server.browse("x") for _ in range(5)]
        server.stop()
        ends = [browser.event() for browser in browsers]

    assert ends == [""] * 5


# ---- without a server: a browser that does not read, step by step


def scope(topics):
    return {"type": "http", "path": "/live/stream", "method": "GET", "query_string": topics, "headers": []}


class Slow:
    """Reads only while told to."""

    def __init__(self):
        self.texts = []
        self.reads = asyncio.Event()
        self.reads.set()

    async def receive(self):
        await asyncio.Event().wait()

    async def send(self, message):
        await self.reads.wait()
        self.texts.append(message.get("body", b"").decode())


async def admit(_cookies, _topics):
    return HTTPStatus.OK


def test_who_takes_too_long_to_read_is_dropped():
    async def run():
        streams = Streams("", admit, patience=0.05)
        slow = Slow()
        running = asyncio.create_task(streams(scope(b"topics=x"), slow.receive, slow.send))
        await asyncio.sleep(0)
        slow.reads.clear()
        streams._heard("x")
        await asyncio.wait_for(running, PATIENCE)
        return streams

    streams = alone(run)

    assert (streams._streams, dict(streams._watching)) == (set(), {})


def test_what_waits_for_a_slow_reader_is_folded_and_stays_small():
    async def run():
        streams = Streams("", admit)
        slow = Slow()
        running = asyncio.create_task(streams(scope(b"topics=x,y"), slow.receive, slow.send))
        while not streams._streams:
            await asyncio.sleep(0)
        for _ in range(3):
            await asyncio.sleep(0)
        slow.texts.clear()
        slow.reads.clear()
        for _ in range(1000):
            streams._heard("x")
            streams._heard("y")
            await asyncio.sleep(0)
        slow.reads.set()
        streams.close()
        await asyncio.wait_for(running, PATIENCE)
        return slow.texts

    texts = alone(run)

    assert "".join(texts).count("data: x") <= 2
    assert "".join(texts).endswith("data: x\n\ndata: y\n\n")


def test_to_fetch_everything_outdates_what_waits():
    async def run():
        streams = Streams("", admit)
        slow = Slow()
        running = asyncio.create_task(streams(scope(b"topics=x,y"), slow.receive, slow.send))
        while not streams._streams:
            await asyncio.sleep(0)
        for _ in range(3):
            await asyncio.sleep(0)
        slow.texts.clear()
        streams._heard("x")
        streams._turned(False)
        streams._turned(True)
        streams._heard("y")
        streams.close()
        await asyncio.wait_for(running, PATIENCE)
        return "".join(slow.texts)

    assert alone(run) == "event: resync\ndata: all\n\ndata: y\n\n"
