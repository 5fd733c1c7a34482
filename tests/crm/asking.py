"""Keys of the API for tests, and asking the API with them."""

import json
from typing import Any

from django.test import Client
from django.utils import timezone

from agents.models import User
from crm.actions import keys
from crm.models import Key
from tests.agents.factories import user
from tests.recordings.factories import make_user


def make_key(*scopes: str, owner: User | None = None, **fields: Any) -> tuple[Key, str]:
    """A key with its text; without an owner that of an administrator."""
    owner = owner or user("Administrator")
    return keys.make(owner, **({"name": "A program", "scopes": scopes, "at": timezone.now()} | fields))


class Asking:
    """Somebody who asks the API with a key. Bodies are plain data; answers are Django's, `.json()` reads them."""

    def __init__(self, *scopes: str, owner: User | None = None, **fields: Any) -> None:
        self.key, self.token = make_key(*scopes, owner=owner, **fields)
        self.client = Client(headers={"Authorization": f"Bearer {self.token}"})

    def get(self, path: str, parameters: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", parameters, headers=headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("POST", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("PATCH", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("PUT", path, body, headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self._send("DELETE", path, None, headers)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        data = "" if body is None else json.dumps(body)
        content_type = "application/json"
        return self.client.generic(method, f"/api/v1{path}", data, content_type, headers=headers)


def asking(*scopes: str, permissions: tuple[str, ...]) -> Asking:
    """Somebody with these permissions alone, whose key has these scopes."""
    return Asking(*scopes, owner=make_user(f"owner{User.objects.count()}", *permissions))
