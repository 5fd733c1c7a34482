"""The edge over HTTP: where the stand-in for Twilio's Voice SDK registers, listens and speaks.

Pages of one other origin may use it; what a page shows is its token once, and from then on its device's key.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from simulator.audio import AudioError, telephone
from simulator.bodies import AUDIO_LIMIT, json_object, text, whole_body
from simulator.edge import NotThere
from simulator.simulator import Simulator
from simulator.tokens import TokenRefused

GONE_SECONDS = 5.0
"""How long a page's stream may be away (a reload, a weak network) before its calls end."""
PING_SECONDS = 2.0
GATHER_SECONDS = 0.02


class EdgeDoors:
    """The doors of the edge."""

    def __init__(self, simulator: Simulator, *, gone_seconds: float = GONE_SECONDS) -> None:
        self._simulator = simulator
        self._edge = simulator.edge
        self._gone_seconds = gone_seconds
        self._streams: dict[str, int] = {}
        self._leaving: dict[str, asyncio.TimerHandle] = {}
        self._forgetting: set[asyncio.Task[None]] = set()
        self._wakes: set[Callable[[], None]] = set()
        self._breaks: Counter[str] = Counter()
        self._closed = False
        self.routes = [
            Route("/register", self.register, methods=["POST"]),
            Route("/unregister", self.unregister, methods=["POST"]),
            Route("/forget", self.forget, methods=["POST"]),
            Route("/events", self.events),
            Route("/calls/{sid}/audio", self.audio, methods=["POST"]),
            Route("/calls/{sid}/{act}", self.act, methods=["POST"]),
        ]

    def close(self) -> None:
        """End the streams."""
        self._closed = True
        self._wake()

    def interrupt(self, call_sid: str) -> None:
        """Break the stream of the page that has this call; the page comes back by itself."""
        self._breaks[self._edge.holder(call_sid).key] += 1
        self._wake()

    def _wake(self) -> None:
        for wake in tuple(self._wakes):
            wake()

    async def register(self, request: Request) -> Response:
        """Take {"token", "device"?}: answer {"device", "identity", "expires_in"}, or 401 {"code", "message"}."""
        asked = await json_object(request)
        device = await run_in_threadpool(self._edge.register, text(asked, "token"), text(asked, "device"))
        self._mind(device.key)
        left = (device.expires - self._simulator.clock.wall()).total_seconds()
        return JSONResponse({"device": device.key, "identity": device.identity, "expires_in": left})

    async def unregister(self, request: Request) -> Response:
        """Take {"device"}: ring there no more."""
        asked = await json_object(request)
        await run_in_threadpool(self._edge.unregister, text(asked, "device"))
        return Response(status_code=204)

    async def forget(self, request: Request) -> Response:
        """Take {"device"} of a page that is being closed: its calls end."""
        asked = await json_object(request)
        await run_in_threadpool(self._edge.forget, text(asked, "device"))
        return Response(status_code=204)

    async def events(self, request: Request) -> Response:
        """Stream a device's events: `?device=`, and after a break `Last-Event-ID` or `&since=`."""
        key = request.query_params.get("device", "")
        since = request.headers.get("Last-Event-ID") or request.query_params.get("since", "0")
        if not since.isdecimal():
            raise HTTPException(400, "since must be a number")
        await run_in_threadpool(self._edge.events, key)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._news(key, int(since)), media_type="text/event-stream", headers=headers)

    async def _news(self, key: str, since: int) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        changed = asyncio.Event()
        breaks = self._breaks[key]

        def wake() -> None:
            if self._closed or self._breaks[key] != breaks or self._edge.has_news(key, since):
                loop.call_soon_threadsafe(changed.set)

        unsubscribe = await run_in_threadpool(self._simulator.subscribe, wake)
        self._wakes.add(wake)
        self._streams[key] = self._streams.get(key, 0) + 1
        try:
            yield "retry: 500\n\n"
            while not self._closed and self._breaks[key] == breaks:
                changed.clear()
                try:
                    told = await run_in_threadpool(self._edge.events, key, since)
                except NotThere:
                    return
                for event in told:
                    since = event["id"]
                    yield f"id: {since}\ndata: {json.dumps(event)}\n\n"
                try:
                    await asyncio.wait_for(changed.wait(), PING_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                await asyncio.sleep(GATHER_SECONDS)
        finally:
            self._wakes.discard(wake)
            unsubscribe()
            self._streams[key] -= 1
            self._mind(key)

    def _mind(self, key: str) -> None:
        """Forget a device unless its page listens again soon."""
        earlier = self._leaving.pop(key, None)
        if earlier is not None:
            earlier.cancel()
        if not self._closed and not self._streams.get(key):
            self._leaving[key] = asyncio.get_running_loop().call_later(self._gone_seconds, self._forget, key)

    def _forget(self, key: str) -> None:
        self._leaving.pop(key, None)
        if self._streams.get(key):
            return
        self._streams.pop(key, None)
        task = asyncio.ensure_future(run_in_threadpool(self._edge.forget, key))
        self._forgetting.add(task)
        task.add_done_callback(self._forgetting.discard)

    async def act(self, request: Request) -> Response:
        """Accept, reject, hang up, press keys, say or mute, as {"device", "digits"?, "text"?, "muted"?} says."""
        sid, asked = request.path_params["sid"], await json_object(request)
        await run_in_threadpool(self._act, sid, request.path_params["act"], asked)
        return Response(status_code=204)

    def _act(self, sid: str, act: str, asked: dict[str, Any]) -> None:
        key = text(asked, "device")
        match act:
            case "accept":
                self._edge.accept(key, sid)
            case "reject":
                self._edge.reject(key, sid)
            case "mute":
                self._edge.mute(key, sid, asked.get("muted") is True)
            case "hang-up":
                self._simulator.hang_up(self._edge.own(key, sid).sid)
            case "digits":
                self._simulator.press(self._edge.own(key, sid).sid, text(asked, "digits"))
            case "say" if not self._is_muted(key, sid):
                self._simulator.speak(sid, text(asked, "text"))
            case "say":
                pass
            case _:
                raise HTTPException(404, "A call has no such button.")

    def _is_muted(self, key: str, sid: str) -> bool:
        return self._edge.own(key, sid).sid in self._edge.device(key).muted

    async def audio(self, request: Request) -> Response:
        """Take a microphone's sound (`?device=`), and in `?text=` what speech recognition makes of it."""
        data = await whole_body(request, AUDIO_LIMIT)
        sid, asked = request.path_params["sid"], request.query_params
        if await run_in_threadpool(self._is_muted, asked.get("device", ""), sid):
            return Response(status_code=204)
        try:
            sound = await run_in_threadpool(telephone, data)
        except AudioError as error:
            raise HTTPException(400, f"This sound cannot be spoken: {error}.") from error
        await run_in_threadpool(self._simulator.speak_audio, sid, sound, asked.get("text", ""))
        return Response(status_code=204)


async def not_allowed(_request: Request, error: Exception) -> Response:
    """Answer a token that opens nothing, with the code for the SDK's error."""
    assert isinstance(error, TokenRefused)
    return JSONResponse({"code": error.code, "message": error.text}, 401)


async def not_there(_request: Request, error: Exception) -> Response:
    """Answer a page that asks for what its device does not have."""
    return JSONResponse({"error": str(error)}, 404)
