"""PostgreSQL and Valkey for as long as somebody needs them."""

from collections.abc import Iterator
from contextlib import contextmanager

from embedded.environment import Choice
from embedded.place import Place
from embedded.postgres import Postgres
from embedded.servers import Server
from embedded.valkey import Valkey


def wanted(choice: Choice, place: Place, *, throwaway: bool = False) -> dict[str, Server]:
    """Return the servers that we run ourselves, by the name of the setting that holds their address."""
    servers: dict[str, Server] = {}
    if choice.postgres:
        servers["DATABASE_URL"] = Postgres(place, throwaway=throwaway)
    if choice.valkey:
        servers["CELERY_BROKER_URL"] = Valkey(place)
    return servers


@contextmanager
def serving(servers: dict[str, Server]) -> Iterator[dict[str, str]]:
    """Start servers, give their addresses, and stop them whatever happens."""
    started: list[Server] = []
    try:
        for server in servers.values():
            started.append(server)
            server.start()
        yield {name: server.url for name, server in servers.items()}
    finally:
        for server in reversed(started):
            server.stop()
