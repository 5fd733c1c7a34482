"""A server that ends its streams when it is told to stop."""

from collections.abc import Callable
from types import FrameType
from typing import Any

import uvicorn


class Listening(uvicorn.Server):
    """uvicorn that calls `closing` before it waits for what is still open.

    By itself it would wait for every open stream, or end them with an error in the log.
    """

    def __init__(self, application: Any, *, closing: Callable[[], None], host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                host=host,
                port=port,
                log_config=None,  # the settings have set it up
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,  # whom to believe them is a setting of ours
                ws="none",
                timeout_graceful_shutdown=2,
            )
        )
        self.closing = closing

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.closing()
        super().handle_exit(sig, frame)
