"""Server-sent events at `/live/stream?topics=a,b`: which topics have changed, never what. An ASGI application.

What arrives in the browser:

    data: <topic>                 this topic has changed: fetch again what shows it
    event: away    data: all      we do not hear of changes at the moment: poll
    event: resync  data: all      we hear of them again: fetch everything
    : ping                        each 15 seconds

A stream ends after a quarter of an hour, or when its browser takes too long to read. The browser connects again, and is
asked again who it is. With each connection it fetches everything: nothing is told of what was before.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import parse_qs

from live.listener import Listener

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
# Cookies and topics to 200, 401 or 403. Who may watch what is for those to say who know people and topics.
Admit: TypeAlias = Callable[[str, frozenset[str]], Awaitable[HTTPStatus]]

logger = logging.getLogger(__name__)

PATH = "/live/stream"
AWAY = "event: away\ndata: all\n\n"
RESYNC = "event: resync\ndata: all\n\n"
PING = ": ping\n\n"
RETRY = "retry: 2000\n\n"
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx would keep events back
    (b"x-content-type-options", b"nosniff"),
]


class _Stream:
    """One browser's. What waits to be sent is a set, so that repeats fold and it is never longer than the topics."""

    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self.pending: dict[str, None] = {}
        self.is_over = False
        self.woken = asyncio.Event()

    def tell(self, *events: str) -> None:
        self.pending.update(dict.fromkeys(events))
        self.woken.set()

    def turn(self, event: str) -> None:
        """Tell of what outdates everything that waits."""
        self.pending.clear()
        self.tell(event)

    def end(self) -> None:
        self.is_over = True
        self.woken.set()

    def take(self) -> str:
        text = "".join(self.pending)
        self.pending.clear()
        self.woken.clear()
        return text


class Streams:
    """All streams of a process, over one listener.

    `lifetime` and `patience` are seconds: how long a stream lasts, and how long a browser may take to read.
    """

    def __init__(
        self,
        dsn: str,
        admit: Admit,
        *,
        most: int = 2000,
        most_topics: int = 200,
        ping: float = 15,
        lifetime: float = 900,
        patience: float = 10,
    ) -> None:
        self.listener = Listener(dsn, heard=self._heard, turned=self._turned)
        self.admit = admit
        self.most = most
        self.most_topics = most_topics
        self.ping = ping
        self.lifetime = lifetime
        self.patience = patience
        self._watching: defaultdict[str, set[_Stream]] = defaultdict(set)
        self._streams: set[_Stream] = set()
        self._asking = 0
        self._is_closed = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    def close(self) -> None:
        """End all streams and take no more: a server that is told to stop need not wait for browsers."""
        self._is_closed = True
        for stream in self._streams:
            stream.end()

    # ---- what is heard

    def _heard(self, topic: str) -> None:
        for stream in self._watching.get(topic, ()):
            stream.tell(f"data: {topic}\n\n")

    def _turned(self, listens: bool) -> None:
        for stream in self._streams:
            stream.turn(RESYNC if listens else AWAY)

    # ---- one process

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        listening = asyncio.create_task(self.listener.run())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.close()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await send({"type": "lifespan.shutdown.complete"})

    # ---- one browser

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["path"] != PATH:
            return await _refuse(send, HTTPStatus.NOT_FOUND)
        if scope["method"] != "GET":
            return await _refuse(send, HTTPStatus.METHOD_NOT_ALLOWED)
        topics = _topics(scope["query_string"])
        if not 0 < len(topics) <= self.most_topics:
            return await _refuse(send, HTTPStatus.BAD_REQUEST)
        if self._is_closed or len(self._streams) + self._asking >= self.most:
            return await _refuse(send, HTTPStatus.SERVICE_UNAVAILABLE)
        status = await self._ask(scope, topics)
        if status is not HTTPStatus.OK:
            return await _refuse(send, status)
        return await self._stream(_Stream(topics), receive, send)

    async def _ask(self, scope: Message, topics: frozenset[str]) -> HTTPStatus:
        cookies = "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
        self._asking += 1
        try:
            return await self.admit(cookies, topics)
        except Exception as error:  # noqa: BLE001  whatever a database that is away raises means: later
            logger.warning("nobody is admitted to a stream: %s", type(error).__name__)
            return HTTPStatus.SERVICE_UNAVAILABLE
        finally:
            self._asking -= 1

    async def _stream(self, stream: _Stream, receive: Receive, send: Send) -> None:
        self._add(stream)
        gone = asyncio.create_task(_until_gone(receive))
        gone.add_done_callback(lambda _task: stream.end())
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await self._write(send, RETRY if self.listener.listens else RETRY + AWAY)
            await self._tell_on(stream, send)
            await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            logger.info("dropped a stream whose browser does not read")
        finally:
            gone.cancel()
            self._remove(stream)

    async def _tell_on(self, stream: _Stream, send: Send) -> None:
        """Send what is told until the stream is over or its time is up."""
        clock = asyncio.get_running_loop().time
        ends_at = clock() + self.lifetime
        while not stream.is_over and (left := ends_at - clock()) > 0:
            try:
                async with asyncio.timeout(min(self.ping, left)):
                    await stream.woken.wait()
            except TimeoutError:
                await self._write(send, PING)
            else:
                await self._write(send, stream.take())

    async def _write(self, send: Send, text: str) -> None:
        async with asyncio.timeout(self.patience):
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

    def _add(self, stream: _Stream) -> None:
        if self._is_closed:
            stream.end()
        self._streams.add(stream)
        for topic in stream.topics:
            self._watching[topic].add(stream)

    def _remove(self, stream: _Stream) -> None:
        self._streams.discard(stream)
        for topic in stream.topics:
            self._watching[topic].discard(stream)
            if not self._watching[topic]:
                del self._watching[topic]


def _topics(query: bytes) -> frozenset[str]:
    values = parse_qs(query.decode("latin-1")).get("topics", [])
    return frozenset(topic for value in values for topic in value.split(",") if topic)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: Send, status: HTTPStatus) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": status.phrase.encode()})
