"""What requests carry: read with a limit, and checked."""

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

FORM_LIMIT = 256 * 1024
AUDIO_LIMIT = 16 * 1024 * 1024


async def whole_body(request: Request, limit: int) -> bytes:
    """Return a request's body, unless it is too long."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise HTTPException(413, f"That is too long: {limit // 1024} kB are taken at most.")
    return bytes(body)


async def json_object(request: Request, *, limit: int = FORM_LIMIT) -> dict[str, Any]:
    """Return the JSON object that a request carries; nothing is an empty one."""
    try:
        asked = json.loads(await whole_body(request, limit) or b"{}")
    except ValueError as error:
        raise HTTPException(400, "The body must be JSON.") from error
    if not isinstance(asked, dict):
        raise HTTPException(400, "The body must be a JSON object.")
    return asked


def text(asked: dict[str, Any], name: str) -> str:
    """Return a text of an object, without the space around it; one that is left out is empty."""
    value = asked.get(name, "")
    if not isinstance(value, str):
        raise HTTPException(400, f"{name} must be a text.")
    return value.strip()
