"""The one connection of a process that hears what `live.publish` tells."""

import asyncio
import logging
from collections.abc import Callable

import psycopg

from live.publish import CHANNEL

logger = logging.getLogger(__name__)


class Listener:
    """Listens for as long as it runs; a lost connection is made again.

    `heard` gets each topic. `turned` is told whether we listen, at each change; what was published while we did not is
    lost.
    """

    def __init__(
        self,
        dsn: str,
        *,
        heard: Callable[[str], None],
        turned: Callable[[bool], None],
        check_seconds: float = 15,
        retry_seconds: float = 1,
    ) -> None:
        self.dsn = dsn
        self.heard = heard
        self.turned = turned
        self.check_seconds = check_seconds
        self.retry_seconds = retry_seconds
        self.listens = False

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError, TimeoutError) as error:
                logger.warning("no news of changes: %s", type(error).__name__)
            finally:
                self._turn(listens=False)
            await asyncio.sleep(self.retry_seconds)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self.dsn, autocommit=True, connect_timeout=5, application_name="contactcenter-live"
        )
        try:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._turn(listens=True)
            while True:
                async for notice in connection.notifies(timeout=self.check_seconds):
                    self.heard(notice.payload)
                # A connection that a firewall has forgotten looks like one on which nothing happens.
                async with asyncio.timeout(self.check_seconds):
                    await connection.execute("SELECT 1")
        finally:
            await connection.close()

    def _turn(self, *, listens: bool) -> None:
        if listens != self.listens:
            self.listens = listens
            self.turned(listens)
