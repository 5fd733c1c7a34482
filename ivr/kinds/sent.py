"""How sending a call away went: what a step hears then that has sent it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Referred:
    """A SIP Refer is over. `status` is that of the new call, "" where nothing was told; the codes are SIP's.

    `code` answers the request itself, `last` is what the new call came to.
    """

    status: str = ""
    code: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Unreached:
    """A document could not be had or run; `error` is Twilio's code."""

    error: str = ""
