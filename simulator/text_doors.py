"""Texts on the page: people write them, and look at what hangs on them."""

import base64
import binascii

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.bodies import json_object, text
from simulator.simulator import Simulator
from simulator.texting.messages import MOST_BYTES

# Pictures come in Base64, which is a third longer.
LIMIT = MOST_BYTES * 3 // 2
# What a browser shows from here without danger; anything else is a file to keep.
SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "audio/mpeg", "audio/wav", "video/mp4"})


class TextDoors:
    """The doors of the phones' texts."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def write(self, request: Request) -> Response:
        """Take {"from", "to", "body"?, "media"?: [{"type", "data"}]}: somebody writes; data is Base64."""
        asked = await json_object(request, limit=LIMIT)
        body = asked.get("body", "")
        if not isinstance(body, str):
            raise HTTPException(400, "body must be a text.")
        media = asked.get("media", [])
        if not isinstance(media, list):
            raise HTTPException(400, "media must be a list.")
        sid = await run_in_threadpool(
            self._simulator.text, text(asked, "from"), text(asked, "to"), body, [_medium(entry) for entry in media]
        )
        return JSONResponse({"sid": sid}, 201)

    async def show(self, request: Request) -> Response:
        """Serve what hangs on a text to the page; what the application fetches by REST is not this."""
        sid = request.path_params["sid"]
        found = next(
            (medium for message in self._simulator.messages for medium in message.media if medium.sid == sid), None
        )
        if found is None:
            raise HTTPException(404, "There is no such picture.")
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=3600"}
        if found.content_type in SHOWN:
            return Response(found.content, media_type=found.content_type, headers=headers)
        headers["Content-Disposition"] = "attachment"
        return Response(found.content, media_type="application/octet-stream", headers=headers)


def _medium(entry: object) -> tuple[str, bytes]:
    if not isinstance(entry, dict) or not isinstance(entry.get("data"), str):
        raise HTTPException(400, 'A medium must be an object with "type" and "data".')
    try:
        return text(entry, "type").lower() or "application/octet-stream", base64.b64decode(entry["data"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise HTTPException(400, "The data of a medium must be Base64.") from error
