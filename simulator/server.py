"""The simulator over HTTP: Twilio's REST API for the application, a page and its small API for people."""

import asyncio
import json
import secrets
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from simulator import config
from simulator.audio import AudioError, sentences, telephone
from simulator.bodies import AUDIO_LIMIT, FORM_LIMIT, json_object, text, whole_body
from simulator.delivery import ranged, respond
from simulator.edge import NotThere
from simulator.edge_doors import GONE_SECONDS, EdgeDoors, not_allowed, not_there
from simulator.faults import FORCED, Faults
from simulator.guard import Guard
from simulator.simulator import NoAnswer, RealClock, Simulator, SimulatorError
from simulator.text_doors import TextDoors
from simulator.tokens import TokenRefused

PAGE = Path(__file__).parent / "page"
PING_SECONDS = 15.0
LONGEST = {"delay_seconds": 600, "held_seconds": 40 * 86_400, "slow_seconds": 600}
SILENCE_SECONDS = 120
MOST_PLANTED = 10_000
GATHER_SECONDS = 0.04
"""How long changes are gathered before a page is told: one answer makes many of them."""


class Server:
    """The doors of one simulator. Whatever may wait for its lock runs in a thread, never on the event loop."""

    def __init__(
        self,
        simulator: Simulator,
        *,
        admin_url: str = "",
        allow_remote: bool = False,
        allowed_origin: str = "",
        gone_seconds: float = GONE_SECONDS,
    ) -> None:
        """Pages of `allowed_origin` may be browser phones, and nothing else."""
        self.simulator = simulator
        self.admin_url = admin_url
        # Pages notice by it that they speak to a new simulator, whose exchanges count from one again.
        self.run = secrets.token_hex(8)
        self._did: dict[str, list[dict[str, str]]] = {}
        self._streams: set[Callable[[], None]] = set()
        self._closed = threading.Event()
        self._edge = EdgeDoors(simulator, gone_seconds=gone_seconds)
        self._texts = TextDoors(simulator)
        self.app = Starlette(
            routes=[
                Route("/", self.page),
                Route("/2010-04-01/{rest:path}", self.rest, methods=["GET", "POST", "DELETE", "HEAD", "PUT"]),
                Route("/v1/{rest:path}", self.rest, methods=["GET", "POST", "DELETE", "HEAD", "PUT"]),
                Route("/v2/{rest:path}", self.rest, methods=["GET", "POST", "DELETE", "HEAD", "PUT"]),
                Mount("/page", StaticFiles(directory=PAGE)),
                Mount("/edge", routes=self._edge.routes),
                Mount(
                    "/sim",
                    routes=[
                        Route("/snapshot", self.snapshot),
                        Route("/people", self.people),
                        Route("/sentences", self.sentences),
                        Route("/speed", self.set_speed, methods=["POST"]),
                        Route("/events", self.events),
                        Route("/phones", self.set_phone, methods=["POST"]),
                        Route("/faults", self.set_faults, methods=["POST"]),
                        Route("/faults/force", self.force_fault, methods=["POST"]),
                        Route("/dial", self.dial, methods=["POST"]),
                        Route("/texts", self._texts.write, methods=["POST"]),
                        Route("/media/{sid}", self._texts.show),
                        Route("/recordings", self.plant, methods=["POST"]),
                        Route("/recordings/{sid}.wav", self.play),
                        Route("/calls/{sid}/audio", self.speak_audio, methods=["POST"]),
                        Route("/calls/{sid}/{act}", self.act, methods=["POST"]),
                    ],
                ),
            ],
            middleware=[Middleware(Guard, allow_remote=allow_remote, allowed_origin=allowed_origin)],
            exception_handlers={
                SimulatorError: _impossible,
                HTTPException: _refused,
                TokenRefused: not_allowed,
                NotThere: not_there,
            },
        )

    def close(self) -> None:
        """End the streams, so that the server need not wait for pages that stay open."""
        self._closed.set()
        self._edge.close()
        self._changed()

    def _changed(self) -> None:
        for wake in tuple(self._streams):
            wake()

    async def page(self, _request: Request) -> Response:
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    async def snapshot(self, request: Request) -> Response:
        since = request.query_params.get("since", "0")
        if not since.isdecimal():
            raise HTTPException(400, "since must be a number")
        body = await run_in_threadpool(self._snapshot, int(since))
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    def _snapshot(self, since: int) -> bytes:
        about = {"run": self.run, "admin_url": self.admin_url, "faults": _chances(self.simulator.faults)}
        return json.dumps(self.simulator.snapshot(since) | about | {"did": self._did}).encode()

    def _note(self, sid: str, kind: str, what: str) -> None:
        """Remember what a person did, so that every page shows both sides of a conversation."""
        self._did.setdefault(sid, []).append({"at": self.simulator.clock.now().isoformat(), "kind": kind, "text": what})
        self._changed()

    async def events(self, _request: Request) -> Response:
        return StreamingResponse(
            self._changes(),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def _changes(self) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        changed = asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(changed.set)

        unsubscribe = await run_in_threadpool(self.simulator.subscribe, wake)
        self._streams.add(wake)
        try:
            yield f"retry: 1000\nevent: changed\ndata: {self.run}\n\n"
            while not self._closed.is_set():
                try:
                    await asyncio.wait_for(changed.wait(), PING_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                await asyncio.sleep(GATHER_SECONDS)
                changed.clear()
                yield f"event: changed\ndata: {self.run}\n\n"
        finally:
            self._streams.discard(wake)
            unsubscribe()

    async def dial(self, request: Request) -> Response:
        asked = await json_object(request)
        passing = asked.get("passing") is True
        sid = await run_in_threadpool(self.simulator.dial, text(asked, "from"), text(asked, "to"), passing=passing)
        return JSONResponse({"sid": sid}, 201)

    async def act(self, request: Request) -> Response:
        """Press, speak, answer, decline or hang up on one leg; or trouble a browser phone."""
        sid, asked = request.path_params["sid"], await json_object(request)
        match request.path_params["act"]:
            case "press":
                await run_in_threadpool(self.simulator.press, sid, digits := text(asked, "digits"))
                self._note(sid, "keys", digits)
            case "speak":
                await run_in_threadpool(self.simulator.speak, sid, words := text(asked, "text"))
                self._note(sid, "words", words)
            case "answer":
                await run_in_threadpool(self.simulator.answer, sid)
            case "decline":
                await run_in_threadpool(self.simulator.decline, sid)
            case "hang-up":
                await run_in_threadpool(self.simulator.hang_up, sid)
            case "interrupt":
                await run_in_threadpool(self._edge.interrupt, sid)
            case "warn":
                cleared = asked.get("cleared") is True
                await run_in_threadpool(self.simulator.edge.warn, sid, text(asked, "name"), cleared=cleared)
            case _:
                raise HTTPException(404, "A leg has no such button.")
        return Response(status_code=204)

    async def speak_audio(self, request: Request) -> Response:
        """Take a browser's recording or any sound file as what the person said."""
        data = await whole_body(request, AUDIO_LIMIT)
        try:
            sound = await run_in_threadpool(telephone, data)
        except AudioError as error:
            raise HTTPException(400, f"This file cannot be spoken: {error}.") from error
        sid, asked = request.path_params["sid"], request.query_params
        await run_in_threadpool(self.simulator.speak_audio, sid, sound, asked.get("text", ""))
        # A microphone's sound comes in pieces, of which only the first is shown.
        if asked.get("shown"):
            self._note(sid, "words", asked["shown"])
        return Response(status_code=204)

    async def play(self, request: Request) -> Response:
        """Serve a recording to the page; what the application fetches by REST is not this."""
        sid = request.path_params["sid"]
        found = next(
            (each for each in self.simulator.recordings if each.sid == sid and each.status == "completed"), None
        )
        if found is None:
            raise HTTPException(404, "There is no such recording.")
        file = found.file()
        return ranged(request, file.pieces, file.size, {"Content-Type": "audio/wav"})

    async def plant(self, request: Request) -> Response:
        """Take {"seconds", "channels"?, "count"?, "from"?, "to"?, "callback"?}: add recordings for a measurement."""
        asked = await json_object(request)
        seconds, channels, count = asked.get("seconds"), asked.get("channels", 2), asked.get("count", 1)
        if not isinstance(seconds, int | float) or not isinstance(channels, int) or not isinstance(count, int):
            raise HTTPException(400, "seconds, channels and count must be numbers.")
        if count > MOST_PLANTED:
            raise HTTPException(400, f"At most {MOST_PLANTED} recordings are added at once.")
        callback = text(asked, "callback")
        if urlsplit(callback).scheme not in ("", "http", "https"):
            raise HTTPException(400, "callback must be a URL.")
        sids = await run_in_threadpool(
            self.simulator.plant,
            seconds=seconds,
            channels=channels,
            count=count,
            from_=text(asked, "from"),
            to=text(asked, "to"),
            callback=callback,
        )
        return JSONResponse({"sids": sids}, 201)

    async def set_phone(self, request: Request) -> Response:
        """Add a phone, or give one that is there another name or habit."""
        asked = await json_object(request)
        try:
            habit = config.habit(
                {"answers": asked.get("habit", "asks")}
                | {name: asked[name] for name in ("after", "by", "greeting", "beeps") if name in asked}
            )
            texts = config.texts(text(asked, "texts") or "delivered")
        except config.ConfigError as error:
            raise HTTPException(400, str(error)) from error
        address, name = text(asked, "address"), text(asked, "name")
        await run_in_threadpool(self.simulator.add_phone, address, name=name, habit=habit, texts=texts)
        return Response(status_code=204)

    async def people(self, _request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(self.simulator.people), headers={"Cache-Control": "no-store"})

    async def sentences(self, _request: Request) -> Response:
        return JSONResponse(sentences(), headers={"Cache-Control": "max-age=3600"})

    async def set_speed(self, request: Request) -> Response:
        """Take {"speed"}: so many times as fast as the wall's time passes from now on."""
        speed, clock = (await json_object(request)).get("speed"), self.simulator.clock
        if not isinstance(clock, RealClock) or not isinstance(speed, int | float) or not 0.1 <= speed <= 1000:
            raise HTTPException(400, "speed must be a number from 0.1 to 1000.")
        await run_in_threadpool(clock.go, speed)
        return Response(status_code=204)

    async def set_faults(self, request: Request) -> Response:
        asked = await json_object(request)
        for name in _chances(self.simulator.faults):
            if name in asked:
                setattr(self.simulator.faults, name, _chance(asked, name))
        if isinstance(asked.get("seed"), int):
            await run_in_threadpool(self.simulator.reseed_faults, asked["seed"])
        self._changed()
        return Response(status_code=204)

    async def force_fault(self, request: Request) -> Response:
        """Take {"fault", "path"?, "method"?, "times"?}: the next so many requests that match suffer it for certain."""
        asked = await json_object(request)
        fault, times = asked.get("fault"), asked.get("times", 1)
        if fault not in FORCED or not isinstance(times, int) or not 1 <= times <= 10_000:
            raise HTTPException(400, f"fault must be one of {', '.join(sorted(FORCED))}, and times from 1 to 10000.")
        self.simulator.faults.force(fault, path=text(asked, "path"), method=text(asked, "method"), times=times)
        return Response(status_code=204)

    async def rest(self, request: Request) -> Response:
        """Hand a request of the application to the simulated REST API."""
        body = await whole_body(request, FORM_LIMIT)
        try:
            answer = await run_in_threadpool(
                self.simulator.rest,
                request.method,
                # As it came: a label or a conference's name may hold an encoded slash.
                request.scope["raw_path"].decode("ascii", "replace"),
                _pairs(request.url.query),
                _pairs(body.decode("utf-8", "replace")),
                request.headers.get("Authorization", ""),
            )
        except NoAnswer:
            await self._silence(request)
            return Response(status_code=504)
        return respond(request, answer)

    async def _silence(self, request: Request) -> None:
        """Send nothing until the other side gives up, as a lost answer does."""
        for _ in range(SILENCE_SECONDS):
            if self._closed.is_set() or await request.is_disconnected():
                return
            await asyncio.sleep(1)


def _pairs(encoded: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded, keep_blank_values=True, max_num_fields=1000)
    except ValueError as error:
        raise HTTPException(400, "There are too many parameters.") from error


def _chance(asked: dict[str, Any], name: str) -> float:
    value = asked[name]
    top = LONGEST.get(name, 1)
    if not isinstance(value, int | float) or not 0 <= value <= top:
        raise HTTPException(400, f"{name} must be a number from 0 to {top}.")
    return float(value)


def _chances(faults: Faults) -> dict[str, float]:
    return {field.name: value for field in fields(faults) if isinstance(value := getattr(faults, field.name), float)}


async def _impossible(_request: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, 409)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, error.status_code, headers=error.headers)
