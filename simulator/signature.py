"""Twilio's request signature: X-Twilio-Signature."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from urllib.parse import urlsplit, urlunsplit


def signed_url(url: str, *, keeps_port: bool = False) -> str:
    """Return the URL as it is signed: without fragment and user-info, and without port when it is HTTPS.

    Twilio drops the port of an HTTPS voice webhook even where it is not the standard one, and keeps it for HTTP, and
    always with texts.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "https" and parts.port is not None and not keeps_port:
        host = host.rpartition(":")[0]
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def signature(secret: str, url: str, fields: Sequence[tuple[str, str]] = (), *, keeps_port: bool = False) -> str:
    """Return the base64 HMAC-SHA1 of the URL followed by every field's name and value, in byte order of the names."""
    data = signed_url(url, keeps_port=keeps_port) + "".join(name + value for name, value in sorted(set(fields)))
    return base64.b64encode(hmac.new(secret.encode(), data.encode(), hashlib.sha1).digest()).decode()
