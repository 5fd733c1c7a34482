"""What the processes find in their environment: what the person has set, and what we set for the rest."""

import base64
import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import environ

from embedded.place import ROOT, Place
from embedded.trouble import Trouble

# Looks like an account and is none: all zeros but for the end, so that nobody takes it for his own.
SIMULATED_ACCOUNT = "AC" + "0" * 31 + "5"

# What requirements/speech.txt installs where the platform allows.
SPEECH = "moonshine_voice"


@dataclass(frozen=True, slots=True)
class Choice:
    """What runs here, as the environment and `.env` say: ourselves we run whatever is not given."""

    postgres: bool
    valkey: bool
    simulator: bool
    port: int
    simulator_port: int

    @property
    def url(self) -> str:
        """Where the application answers on this machine."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def simulator_url(self) -> str:
        """Where the simulator's page is."""
        return f"http://127.0.0.1:{self.simulator_port}"


def read_dotenv(path: Path = ROOT / ".env") -> Mapping[str, str]:
    """Return the environment with what `.env` adds to it, read as the settings read it."""
    if path.exists():
        environ.FileAwareEnv.read_env(path)
    return os.environ


def place_of(variables: Mapping[str, str]) -> Place:
    """Return where the data lies."""
    return Place(Path(variables.get("DATA_DIR") or ROOT / "var").resolve())


def choose(variables: Mapping[str, str]) -> Choice:
    """Decide what we run ourselves."""
    port = _port(variables, "PORT", 8000)
    return Choice(
        postgres=not given(variables, "DATABASE_URL"),
        valkey=not given(variables, "CELERY_BROKER_URL"),
        simulator=not given(variables, "TWILIO_ACCOUNT_SID"),
        port=port,
        simulator_port=_port(variables, "SIMULATOR_PORT", port + 1),
    )


def given(variables: Mapping[str, str], name: str) -> bool:
    """Whether a setting has a value, itself or as a file."""
    return bool(variables.get(name) or variables.get(f"{name}_FILE"))


def filled(variables: Mapping[str, str], choice: Choice, place: Place, urls: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment of the processes: what is given, and our own values for the rest."""
    public = variables.get("PUBLIC_BASE_URL") or choice.url
    ours = {
        **urls,
        # An address that others reach is no place for tracebacks in the browser.
        "DEBUG": "true" if public == choice.url else "false",
        "PORT": str(choice.port),
        "DATA_DIR": str(place.var),
        "PUBLIC_BASE_URL": public,
        "ALLOWED_HOSTS": f"127.0.0.1,localhost,{urlsplit(public).hostname}",
        "SECRET_KEY": place.secret("secret-key"),
        "RECORDINGS_KEYS": _recordings_key(place),
    }
    # who sets it to nothing wants nobody
    if "TRANSCRIPTION_PROVIDER" not in variables and importlib.util.find_spec(SPEECH):
        ours["TRANSCRIPTION_PROVIDER"] = "embedded"
    if choice.simulator:
        key, secret = _api_key(place)
        ours |= {
            "TWILIO_ACCOUNT_SID": SIMULATED_ACCOUNT,
            "TWILIO_AUTH_TOKEN": place.secret("simulator-token")[:32],
            "TWILIO_API_KEY": key,
            "TWILIO_API_SECRET": secret,
            "TWILIO_API_BASE_URL": choice.simulator_url,
            "SIMULATOR_URL": choice.simulator_url,
            # who tries it out has a server of their own on this machine: for look-ups of flows, for events
            "OUTGOING_PRIVATE_NETWORKS": "127.0.0.0/8,::1",
        }
    return dict(variables) | {name: value for name, value in ours.items() if not given(variables, name)}


def _api_key(place: Place) -> tuple[str, str]:
    """Return a key for browser phones and its secret, of the form that Twilio's have."""
    made = place.secret("simulator-api-key")
    return "SK" + made[:32], made[32:]


def _recordings_key(place: Place) -> str:
    """Return the key that seals recordings, with its name."""
    return "first:" + base64.b64encode(bytes.fromhex(place.secret("recordings-key"))).decode()


def _port(variables: Mapping[str, str], name: str, default: int) -> int:
    text = variables.get(name) or str(default)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Trouble(f"{name} is {text!r}; it must be a port between 1 and 65535.")
    return int(text)
