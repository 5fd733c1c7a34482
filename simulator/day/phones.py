"""The control API of a running simulator, as the day uses it."""

from typing import Any

import requests

HEADERS = {"X-Simulator-Page": "1"}
SECONDS = 30


class Unreachable(Exception):
    """Raise when the simulator does not answer, or not as one does."""


class Phones:
    """All telephones of one simulator."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False

    def people(self) -> list[dict[str, Any]]:
        """Return the live calls, as their people know them."""
        return list(self._get("/sim/people")["calls"])

    def snapshot(self) -> dict[str, Any]:
        """Return everything; for the beginning, not for every moment."""
        return self._get("/sim/snapshot")

    def dial(self, number: str, to: str) -> str | None:
        """Let somebody call; return the CallSid, or None when that was impossible."""
        answer = self._post("/sim/dial", {"from": number, "to": to, "passing": True})
        return str(answer.json()["sid"]) if answer.ok else None

    def do(self, sid: str, act: str, **more: Any) -> bool:
        """Press, speak, answer, decline or hang up; return whether it was still possible."""
        return self._post(f"/sim/calls/{sid}/{act}", more).ok

    def add(self, phone: str, name: str) -> None:
        """Put a phone into somebody's hand."""
        self._must(self._post("/sim/phones", {"address": phone, "name": name, "habit": "asks"}))

    def set_faults(self, chances: dict[str, float], seed: int | None = None) -> None:
        """Let this go wrong from now on."""
        self._must(self._post("/sim/faults", chances if seed is None else chances | {"seed": seed}))

    def set_speed(self, speed: float) -> None:
        """Let the simulator's time pass so many times as fast."""
        self._must(self._post("/sim/speed", {"speed": speed}))

    def _get(self, path: str) -> dict[str, Any]:
        try:
            answer = self._session.get(self._url + path, timeout=SECONDS)
            self._must(answer)
            return dict(answer.json())
        except (requests.RequestException, ValueError) as error:
            raise Unreachable(f"No simulator answers at {self._url}.") from error

    def _post(self, path: str, asked: dict[str, Any]) -> requests.Response:
        try:
            return self._session.post(self._url + path, json=asked, headers=HEADERS, timeout=SECONDS)
        except requests.RequestException as error:
            raise Unreachable(f"No simulator answers at {self._url}.") from error

    @staticmethod
    def _must(answer: requests.Response) -> None:
        if not answer.ok:
            raise Unreachable(f"The simulator refuses: {answer.text[:200]}")
