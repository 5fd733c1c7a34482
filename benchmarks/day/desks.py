"""The agents' side: desks that stay alive by heartbeats, and browser phones at the simulator's edge.

Who has a telephone hangs it up after the talk. Who has a browser phone presses the desk's buttons: hold and unhold in
some talks, hang up at the end; now and then the page is closed in the middle instead, and opened again.
"""

import json
import random
import threading
from collections.abc import Callable, Mapping

import requests
from django.db import connection
from django.utils import timezone

import conferences.actions
from agents import actions
from agents.models import Agent
from agents.presence import HEARTBEAT
from agents.states import Chosen, Microphone
from benchmarks.day.floor import Floor
from conferences.models import Participant
from conferences.room import Press
from telephony.tokens import voice_token

TOKEN_SECONDS = 240.0
HOLDS, CLOSES = 0.3, 0.1
AGAIN_SECONDS = 20.0
"""After how long a button is tried again that was not legal yet."""


class Desks:
    """All desks of the floor, each with its heartbeat, until closed."""

    def __init__(self, floor: Floor, *, simulator: str, speed: float, seed: int, talk: float) -> None:
        self._floor = floor
        self._over = threading.Event()
        self.phones = {
            str(agent.pk): BrowserPhone(agent, simulator, speed=speed, seed=seed + index, talk=talk)
            for index, agent in enumerate(floor.agents)
            if str(agent.pk) not in floor.numbers
        }
        self._beating = threading.Thread(target=self._beat, name="desks", daemon=True)

    def open(self) -> None:
        """Let all log in and choose to be ready."""
        for phone in self.phones.values():
            phone.start()
        self._heartbeats()
        for agent in self._floor.agents:
            actions.choose(agent.pk, Chosen.READY, reason=None, by=agent.user, at=timezone.now())
        self._beating.start()

    def close(self) -> None:
        """End the heartbeats and close the pages."""
        self._over.set()
        self._beating.join()
        for phone in self.phones.values():
            phone.close()

    def _beat(self) -> None:
        try:
            while not self._over.wait(HEARTBEAT.total_seconds()):
                self._heartbeats()
        finally:
            connection.close()

    def _heartbeats(self) -> None:
        for agent in self._floor.agents:
            phone = self.phones.get(str(agent.pk))
            seen = actions.heartbeat(
                agent.pk,
                microphone=Microphone.ALLOWED if phone else Microphone.UNKNOWN,
                phone_registered=phone is not None and phone.registered,
                at=timezone.now(),
            )
            self._be_ready_again(seen)

    def _be_ready_again(self, agent: Agent) -> None:
        # Whom missed rings have paused comes back, as somebody would who sees it on the desk.
        if agent.chosen != Chosen.READY:
            actions.choose(agent.pk, Chosen.READY, reason=None, by=agent.user, at=timezone.now())


class BrowserPhone:
    """A page with the stand-in for Twilio's SDK, without the page."""

    def __init__(self, agent: Agent, simulator: str, *, speed: float, seed: int, talk: float) -> None:
        self._agent = agent
        self._edge = f"{simulator}/edge"
        self._speed = speed
        self._talk = talk
        self._dice = random.Random(seed)
        self._device = ""
        self._over = threading.Event()
        self._stream: requests.Response | None = None
        self._timers: dict[str, threading.Timer] = {}
        self.registered = False
        self.taken = 0

    def start(self) -> None:
        """Register, and listen on a thread of its own."""
        self._register()
        threading.Thread(target=self._listen, name=f"phone of {self._agent}", daemon=True).start()

    def close(self) -> None:
        """Close the page: calls end."""
        self._over.set()
        self._ask("forget")

    def _register(self) -> None:
        shown = {"token": voice_token(self._agent.identity, at=timezone.now()).jwt, "device": self._device}
        answer = requests.post(f"{self._edge}/register", json=shown, timeout=10)
        answer.raise_for_status()
        self._device = answer.json()["device"]
        self.registered = True
        if not self._over.is_set():
            self._later(f"token {self._device}", TOKEN_SECONDS * self._speed, self._register)

    def _listen(self) -> None:
        since = 0
        while not self._over.is_set():
            try:
                url = f"{self._edge}/events?device={self._device}&since={since}"
                with requests.get(url, stream=True, timeout=(5, 30)) as stream:
                    if stream.status_code == 404:
                        self._register()
                        since = 0
                        continue
                    for line in stream.iter_lines(chunk_size=1, decode_unicode=True):
                        if line.startswith("data: "):
                            news = json.loads(line.removeprefix("data: "))
                            since = news["id"]
                            self._take(news)
                        if self._over.is_set():
                            return
            except requests.RequestException:
                self._over.wait(0.5)

    def _take(self, news: Mapping[str, str]) -> None:
        sid = news["sid"]
        match news["type"]:
            case "incoming":
                self._later(sid, self._dice.uniform(0.5, 8.0), lambda: self._ask(f"calls/{sid}/accept"))
            case "accept":
                self.taken += 1
                seconds = max(5.0, self._dice.lognormvariate(0, 0.7) * self._talk)
                if self._dice.random() < HOLDS:
                    self._later(f"hold {sid}", seconds / 3, lambda: self._press(sid, Press.HOLD))
                    self._later(f"unhold {sid}", seconds / 2, lambda: self._press(sid, Press.UNHOLD))
                closes = self._dice.random() < CLOSES
                self._later(sid, seconds, self._reopen if closes else lambda: self._hang_up(sid))
            case "cancel" | "disconnect":
                for what in (sid, f"hold {sid}", f"unhold {sid}"):
                    timer = self._timers.pop(what, None)
                    if timer is not None:
                        timer.cancel()

    def _press(self, sid: str, what: Press) -> bool:
        """Press a button of the desk; return whether it was legal."""
        try:
            seat = Participant.objects.live().filter(agent=self._agent, call_sid=sid).first()
            if seat is None:
                return False
            conferences.actions.press(seat.conference_id, what, by_agent=self._agent, at=timezone.now())
        except conferences.actions.NotNow:
            return False
        finally:
            connection.close()
        return True

    def _hang_up(self, sid: str) -> None:
        if not self._press(sid, Press.HANG_UP):
            self._later(sid, AGAIN_SECONDS, lambda: self._hang_up(sid))

    def _reopen(self) -> None:
        """Close the page in the middle of a call, and open it again."""
        self.registered = False
        self._ask("forget")

    def _later(self, what: str, seconds: float, action: Callable[[], object]) -> None:
        timer = threading.Timer(seconds / self._speed, action)
        timer.daemon = True
        self._timers[what] = timer
        timer.start()

    def _ask(self, path: str) -> None:
        # A refusal is news that the stream brings as well: the call was over already.
        requests.post(f"{self._edge}/{path}", json={"device": self._device}, timeout=10)
