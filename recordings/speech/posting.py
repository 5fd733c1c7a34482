"""One request to a provider, and its answer or the reason why there is none. Nothing of it is logged."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import IO, Any

import requests

from recordings.speech.provider import Busy, Denied, NotAvailable, Unclear, Unusable

CONNECT_SECONDS = 5.0
_MOST_WORDS = 200  # characters of a provider's own explanation

File = tuple[str, bytes, str]


def post(
    url: str,
    *,
    to: str,
    timeout: float,
    headers: Mapping[str, str],
    params: Mapping[str, str] | None = None,
    body: IO[bytes] | None = None,
    form: Sequence[tuple[str, str]] = (),
    file: File | None = None,
) -> Any:
    """Send sound and return the JSON that comes; `to` is the provider's name in messages.

    Waits `timeout` seconds for each piece of the answer. Raises NotAvailable, Denied, Busy, Unclear and Unusable.
    """
    try:
        reply = requests.post(
            url,
            headers=headers,
            params=params,
            data=body if body is not None else list(form),
            files={"file": file} if file else None,
            timeout=(CONNECT_SECONDS, timeout),
            allow_redirects=False,  # a key is not carried to where a redirect leads
        )
    except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema):
        raise NotAvailable("TRANSCRIPTION_API_URL is no address that can be asked.") from None
    except requests.Timeout:
        raise Unclear(f"{to} did not answer within {timeout:g} seconds.") from None
    except requests.RequestException:
        # the exception's own words may hold the address with what is in it
        raise Unclear(f"{to} cannot be reached, or the connection broke.") from None
    _refuse(reply, to)
    try:
        return reply.json()
    except ValueError:
        raise Unclear(f"{to} answered something that is no JSON.") from None


def _refuse(reply: requests.Response, to: str) -> None:
    match reply.status_code:
        case status if 200 <= status < 300:
            return
        case 401 | 403:
            raise Denied(f"{to} does not accept TRANSCRIPTION_API_KEY.")
        case 402:
            raise Denied(f"The account at {to} has no credit.")
        case 404 | 405:
            set_here = "TRANSCRIPTION_API_URL, TRANSCRIPTION_MODEL"
            raise NotAvailable(f"{to} does not know the address or the model ({set_here}){_told(reply)}.")
        case status if 300 <= status < 400:
            raise NotAvailable(f"TRANSCRIPTION_API_URL is not where {to} answers: it sends us elsewhere.")
        case 429 if "insufficient_quota" in reply.text:
            raise Denied(f"The account at {to} has no credit.")
        case 429:
            raise Busy(f"{to} has too much to do at the moment.", retry_after=retry_after(reply.headers, _now()))
        case 408 | 409 | 425:
            raise Unclear(f"{to} could not take the request at the moment (status {reply.status_code}).")
        case 503 if "Retry-After" in reply.headers:
            raise Busy(f"{to} has too much to do at the moment.", retry_after=retry_after(reply.headers, _now()))
        case status if status >= 500:
            raise Unclear(f"{to} failed (status {status}).")
    raise Unusable(f"{to} refuses this sound (status {reply.status_code}){_told(reply)}.")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Read for how many seconds we are asked to stay away: a number, or a date."""
    text = headers.get("Retry-After", "").strip()
    if text.replace(".", "", 1).isdecimal():
        return float(text)
    try:
        return max((parsedate_to_datetime(text) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _told(reply: requests.Response) -> str:
    """Return the provider's own explanation, in one short line."""
    try:
        body = reply.json()
    except ValueError:
        return ""
    told = body if isinstance(body, dict) else {}
    error = told.get("error")
    words = error.get("message") if isinstance(error, dict) else told.get("err_msg") or told.get("message") or error
    line = " ".join(str(words or "").split())[:_MOST_WORDS].rstrip(".")
    return f": {line}" if line else ""


def address(base: str, path: str) -> str:
    """Put a path behind a base address."""
    return f"{base.rstrip('/')}/{path}"


def _now() -> datetime:
    return datetime.now(UTC)
