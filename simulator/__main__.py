"""`python -m simulator`: a small Twilio for this machine, against any TwiML application."""

import argparse
import errno
import os
import secrets
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

import uvicorn

from simulator import config
from simulator.audio import SpokenVoice
from simulator.config import Config, ConfigError
from simulator.day.command import main as play_a_day
from simulator.production import SIMULATED_ACCOUNT, SIMULATED_TOKEN, refusal
from simulator.server import Server
from simulator.shelf import Shelf
from simulator.simulator import RealClock, RequestsTransport, Simulator

WARNING = """\
************************************************************************
*  SIMULATOR. This is not Twilio: no call leaves this machine, nobody  *
*  is billed, and no number, token or recording here is real.          *
*  Never point a production system at it.                              *
************************************************************************"""


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Run until Ctrl-C or SIGTERM, or play a day; return the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["day"]:
        return play_a_day(arguments[1:], environment)
    options = _options(environment).parse_args(arguments)
    reason = refusal(environment)
    if reason:
        return _fail(f"The simulator does not start: {reason}")
    try:
        furniture = _furniture(options, environment)
        faults = config.faults(options.fault)
    except ConfigError as error:
        return _fail(f"The simulator's configuration is wrong: {error}.")
    try:
        listener = socket.create_server((options.host, options.port))
    except OSError as error:
        return _fail(_why_not(error, options.host, options.port))

    here = f"http://{_shown(listener)}"
    clock = RealClock()
    simulator = Simulator(
        account_sid=options.account_sid,
        auth_token=options.auth_token,
        transport=RequestsTransport(),
        clock=clock,
        voice=SpokenVoice(),
        seed=options.seed,
        api_keys=_api_keys(environment) | furniture.api_keys,
        faults=faults,
        # How the application reaches us is how it must be told to fetch recordings.
        rest_base_url=environment.get("TWILIO_API_BASE_URL") or here,
    )
    furniture.furnish(simulator)
    if options.data is not None:
        shelf = Shelf(options.data, simulator)
        shelf.restore()
        simulator.subscribe(shelf.keep)
    server = Server(
        simulator,
        admin_url=options.admin_url,
        allow_remote=options.allow_remote,
        allowed_origin=options.allowed_origin or furniture.allowed_origin,
    )
    _announce(options, here)
    try:
        Listening(server).run(sockets=[listener])
    except KeyboardInterrupt:
        print("The simulator has ended.")
    finally:
        clock.stop()
    return 0


class Listening(uvicorn.Server):
    """uvicorn that ends open streams when it is told to stop, so that it need not wait for browsers."""

    def __init__(self, server: Server) -> None:
        super().__init__(
            uvicorn.Config(
                server.app,
                log_level="warning",
                access_log=False,
                ws="none",
                lifespan="off",
                timeout_graceful_shutdown=3,
            )
        )
        self.server = server

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.server.close()
        super().handle_exit(sig, frame)


def _options(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    def default(name: str, value: str) -> str:
        return environment.get(name) or value

    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description="A small Twilio for this machine: calls and texts without a network, for any TwiML application.",
        epilog="Example: python -m simulator --number +15005550100=http://localhost:8000/voice/inbound. "
        "`python -m simulator day --help` plays a day of calls against a simulator that runs.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    add("--port", type=int, default=default("SIMULATOR_PORT", "8001"), help="port to listen on (%(default)s)")
    add("--number", action="append", default=[], metavar="NUMBER=URL", help="a number and the URL that answers it")
    add("--fallback", action="append", default=[], metavar="NUMBER=URL", help="its fallback URL")
    add("--status", action="append", default=[], metavar="NUMBER=URL", help="its status callback URL")
    add("--text", action="append", default=[], metavar="NUMBER=URL", help="the URL that answers its texts")
    add("--phone", action="append", default=[], metavar="ADDRESS=NAME[,HABIT[,SECONDS]]", help="a phone somebody holds")
    add("--config", type=Path, metavar="FILE", help="numbers and phones as JSON; its text may be in SIMULATOR_CONFIG")
    add("--account-sid", default=default("TWILIO_ACCOUNT_SID", SIMULATED_ACCOUNT), help="account SID (%(default)s)")
    add(
        "--auth-token", default=default("TWILIO_AUTH_TOKEN", SIMULATED_TOKEN), help="signs requests, opens the REST API"
    )
    # SIDs of two runs must differ: the application may remember the first when the second begins.
    add("--seed", type=int, default=secrets.randbits(64), help="seed of SIDs and faults (another one each time)")
    add("--fault", action="append", default=[], metavar="NAME=CHANCE", help="misbehave, for example drop=0.2")
    add("--data", type=Path, metavar="DIR", help="keep recordings in this folder over a restart")
    add("--admin-url", default=default("SIMULATOR_ADMIN_URL", ""), help="a link to the application's admin on the page")
    origin = default("SIMULATOR_ALLOWED_ORIGIN", "")
    add("--allowed-origin", default=origin, metavar="URL", help="the origin whose pages may be browser phones")
    add("--allow-remote", action="store_true", help="answer requests for other host names than this machine's")
    return parser


def _furniture(options: argparse.Namespace, environment: Mapping[str, str]) -> Config:
    text = environment.get("SIMULATOR_CONFIG", "")
    if options.config is not None:
        try:
            text = options.config.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{options.config} cannot be read ({error})") from error
    return config.with_options(
        config.parse(text) if text.strip() else Config(),
        numbers=options.number,
        fallbacks=options.fallback,
        callbacks=options.status,
        phones=options.phone,
        texts=options.text,
    )


def _api_keys(environment: Mapping[str, str]) -> dict[str, str]:
    key, secret = environment.get("TWILIO_API_KEY", ""), environment.get("TWILIO_API_SECRET", "")
    return {key: secret} if key and secret else {}


def _shown(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"127.0.0.1:{port}" if host == "0.0.0.0" else f"{host}:{port}"  # noqa: S104 - asked for by --host


def _announce(options: argparse.Namespace, here: str) -> None:
    print(WARNING)
    print(f"Phones to play with: {here}/")
    print(f"REST API:            {here}/2010-04-01/ (set TWILIO_API_BASE_URL to {here})")
    print(f"Account SID:         {options.account_sid}")
    token = options.auth_token if options.auth_token == SIMULATED_TOKEN else "as given"
    print(f"Auth token:          {token}", flush=True)


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program: choose another with --port or SIMULATOR_PORT."
    return f"The simulator cannot listen on {host}, port {port}: {error.strerror}."


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
