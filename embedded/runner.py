"""bin/run: the servers, then web, workers, beat and simulator side by side until somebody says stop."""

import errno
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from types import FrameType

from embedded import environment
from embedded.environment import Choice
from embedded.place import ROOT, Place, need_room, need_writing
from embedded.servers import Server
from embedded.services import serving, wanted
from embedded.together import Record, Together, commands
from embedded.trouble import Trouble

# What --fresh removes: everything that a run writes, and nothing that somebody else may have put beside it.
OURS = (
    *("postgres", "postgres.new", "postgres-programs-*", "valkey", "media", "spool", "simulator", "simulator.json"),
    *("emergency.json", "beat-schedule*", "secret-key", "recordings-key", "simulator-token", "simulator-api-key"),
)


def run(*, fresh: bool) -> int:
    """Run everything; return the exit status: 0 when somebody stopped it, 1 when something ended by itself."""
    given = environment.read_dotenv()
    choice, place = environment.choose(given), environment.place_of(given)
    need_writing(place.var)
    with place.lock("run.lock", taken="bin/run already runs here (process {pid}); stop it there with Ctrl-C first."):
        _stop_by_exception()
        record = Record(place.var / "running.json", mark=sys.executable)
        record.end_leftovers()
        servers = wanted(choice, place)
        if fresh:
            begin_anew(place, servers)
            servers = wanted(choice, place)
        need_room(place.var, megabytes=150)
        _need_port(choice.port, "PORT")
        if choice.simulator:
            _need_port(choice.simulator_port, "SIMULATOR_PORT")
        _tell_where(place, servers)
        with serving(servers) as urls:
            variables = environment.filled(given, choice, place, urls)
            logins = prepare(variables, choice, place)
            variables["PYTHONUNBUFFERED"] = "1"
            together = Together(commands(choice, place), variables, servers=list(servers.values()), record=record)
            return together.run(
                ready=lambda: _answers(choice.port) and _welcome(choice, variables["PUBLIC_BASE_URL"], logins)
            )


def manage(arguments: list[str]) -> int:
    """Run a Django command in the environment of bin/run, with its servers if they are not up already."""
    given = environment.read_dotenv()
    choice, place = environment.choose(given), environment.place_of(given)
    need_writing(place.var)
    _stop_by_exception()
    servers = wanted(choice, place)
    with serving({name: server for name, server in servers.items() if not server.answers()}):
        urls = {name: server.url for name, server in servers.items()}
        variables = environment.filled(given, choice, place, urls)
        return subprocess.run([sys.executable, ROOT / "manage.py", *arguments], env=variables, check=False).returncode


def prepare(variables: Mapping[str, str], choice: Choice, place: Place) -> str:
    """Bring the database to the present tables and, with the simulator, load the demo; return its log-ins."""
    command = [sys.executable, "-m", "embedded.prepare"]
    if choice.simulator:
        command.append(str(place.var / "simulator.json"))
    log = place.folder("log") / "prepare.log"
    with log.open("wb") as errors:
        done = subprocess.run(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, stderr=errors, check=False)
    if done.returncode != 0:
        words = log.read_text(errors="replace").strip().splitlines()
        raise Trouble(f"The database cannot be prepared: {words[-1] if words else 'no reason given'} (see {log})")
    return done.stdout.decode(errors="replace")


def begin_anew(place: Place, servers: Mapping[str, Server]) -> None:
    """Remove what runs before this one have written."""
    for server in servers.values():
        server.end_leftover()
    for home in {place.var, *(server.data.parent for server in servers.values())}:
        for name in OURS:
            for path in home.glob(name):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    if "DATABASE_URL" not in servers:
        print("The database of DATABASE_URL is yours: --fresh leaves it alone.")


def _tell_where(place: Place, servers: Mapping[str, Server]) -> None:
    for server in servers.values():
        if server.data.parent != place.var:
            print(
                f"{server.name} is not run as root, and others cannot enter {place.var}: its data is in {server.data}."
            )


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _welcome(choice: Choice, public_url: str, logins: str) -> bool:
    lines = [
        "",
        f"  Admin              {public_url}/admin/",
        f"  Agents' desk       {public_url}/desk/",
        f"  Supervisors' board {public_url}/board/",
    ]
    if choice.simulator:
        lines += [f"  Simulator's phone  {choice.simulator_url}/", "", *(f"  {line}" for line in logins.splitlines())]
    else:
        lines.append("  Make yourself a log-in with: bin/manage createsuperuser")
    print("\n".join([*lines, "", "  Ctrl-C stops everything.", ""]), flush=True)
    return True


def _need_port(port: int, name: str) -> None:
    with socket.socket() as probe:
        # What a run before this one leaves in TIME_WAIT is no reason to refuse.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            why = (
                "is in use by another program" if error.errno == errno.EADDRINUSE else f"is refused ({error.strerror})"
            )
            raise Trouble(f"Port {port} {why}; choose another, for example {name}={port + 100} bin/run") from error


def _stop_by_exception() -> None:
    """Let every wish to stop unwind the stack, so that the servers end with us."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    def terminate(_number: int, _frame: FrameType | None) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, terminate)
