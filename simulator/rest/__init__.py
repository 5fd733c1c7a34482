"""Twilio's REST API 2010-04-01, as far as voice applications use it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestResponse:
    """An answer ready for the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


class NoAnswer(Exception):
    """Raise instead of answering: the caller must run into its time-out.

    A server holds the connection and closes it without a byte; a test adapter raises its library's read time-out.
    """
