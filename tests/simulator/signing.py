"""Access tokens as Twilio's own library makes them, and broken ones."""

import base64
import hashlib
import hmac
import json
from typing import Any

from simulator.production import SIMULATED_ACCOUNT

KEY, SECRET = "SK" + "7" * 32, "a-secret-of-thirty-two-characters"
KEYS = {KEY: SECRET}


def part(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def token(
    now: float, *, identity: str = "agent_ann", seconds: float = 600, secret: str = SECRET, **changed: Any
) -> str:
    """Return a token valid from now on; `header`, `grants` and single claims can be changed."""
    header = changed.pop("header", {"typ": "JWT", "alg": "HS256", "cty": "twilio-fpa;v=1"})
    claims = {
        "jti": f"{KEY}-{int(now)}",
        "iss": KEY,
        "sub": SIMULATED_ACCOUNT,
        "nbf": int(now),
        "exp": int(now + seconds),
        "grants": {"identity": identity, "voice": {"incoming": {"allow": True}}},
    } | changed
    signed = f"{part(header)}.{part(claims)}"
    signature = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
