"""Workers killed at the moments that count: before a query, a request to Twilio, a step of storage or disk."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from django.conf import settings
from django.db import connection
from requests.adapters import BaseAdapter

from recordings.storage import Folder
from telephony.transport import session


class Killed(BaseException):
    """What a worker's process meets when it is killed: nothing catches it, and nothing after it runs."""


class Knife:
    """Kills at the moment number `at`, once."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.moments: list[str] = []

    @property
    def killed(self) -> bool:
        return len(self.moments) > self.at

    def pass_by(self, moment: str) -> None:
        if self.killed:
            return
        self.moments.append(moment)
        if self.killed:
            raise Killed(moment)

    def query(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.pass_by(f"before {sql[:40]}")
        return execute(sql, params, many, context)


_drawn: list[Knife] = []


def pass_by(moment: str) -> None:
    for knife in _drawn:
        knife.pass_by(moment)


class Storage(Folder):
    """The folder, with moments before and after each step."""

    def _save(self, name: str, content: Any) -> str:
        pass_by("before saving")
        saved = super()._save(name, content)
        pass_by("after saving")
        return saved

    def _open(self, name: str, mode: str = "rb") -> Any:
        pass_by("before opening")
        return super()._open(name, mode)

    def size(self, name: str) -> int:
        pass_by("before the size")
        return super().size(name)


class Adapter(BaseAdapter):
    """The way to Twilio, with moments before and after each request."""

    def __init__(self, normal: BaseAdapter) -> None:
        super().__init__()
        self.normal = normal

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        pass_by(f"before {request.method}")
        response = self.normal.send(request, *args, **kwargs)
        pass_by(f"after {request.method}")
        return response

    def close(self) -> None:
        pass


@contextmanager
def drawn(at: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Knife]:
    """Let whatever runs meanwhile be killed at its moment number `at`."""
    knife, address = Knife(at), settings.TWILIO_API_BASE_URL
    normal, fsync = session().get_adapter(address), os.fsync

    def sync(file: int) -> None:
        pass_by("before the disk has it")
        fsync(file)

    session().mount(address, Adapter(normal))
    _drawn.append(knife)
    try:
        with monkeypatch.context() as patch, connection.execute_wrapper(knife.query):
            patch.setattr(os, "fsync", sync)
            yield knife
    finally:
        _drawn.remove(knife)
        session().mount(address, normal)
