"""Signs that this is no place for a simulator."""

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from simulator.guard import is_loopback

SIMULATED_ACCOUNT = "AC" + "0" * 31 + "5"
SIMULATED_TOKEN = "simulator-token-no-secret-at-all"  # noqa: S105 - a secret that everybody may know


def refusal(environment: Mapping[str, str]) -> str:
    """Say in a sentence why the simulator must not run here, or return an empty text."""
    if environment.get("DEBUG", "true").strip().casefold() in ("", "0", "false", "no", "off", "f", "n"):
        return "DEBUG is off, so this looks like production."
    base = environment.get("PUBLIC_BASE_URL", "")
    if base and _is_public(base):
        return f"PUBLIC_BASE_URL is {base}, which others can reach, so this looks like production."
    account = environment.get("TWILIO_ACCOUNT_SID", "")
    api = environment.get("TWILIO_API_BASE_URL", "")
    if looks_real(account) and not is_loopback(urlsplit(api).netloc):
        return "TWILIO_ACCOUNT_SID names a real account and TWILIO_API_BASE_URL does not point to this machine."
    return ""


def looks_real(account_sid: str) -> bool:
    """Tell whether Twilio could have given this SID; made-up ones have few different digits."""
    return re.fullmatch(r"AC[0-9a-f]{32}", account_sid) is not None and len(set(account_sid[2:])) > 6


def _is_public(url: str) -> bool:
    parts = urlsplit(url if "//" in url else f"//{url}")
    if is_loopback(parts.netloc):
        return False
    try:
        return ip_address(parts.hostname or "").is_global
    except ValueError:
        # A name without a dot is one of a private network, such as a container's.
        return parts.scheme == "https" or "." in (parts.hostname or "")
