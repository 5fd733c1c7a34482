"""Text messages as the account keeps them: what they say, what hangs on them, and where they stand."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from simulator.legs import NO_CALLBACK, Callback
from simulator.webhooks import Cookies

Direction = Literal["inbound", "outbound-api", "outbound-call", "outbound-reply"]
Status = Literal[
    "scheduled", "accepted", "queued", "sending", "sent", "delivered", "undelivered", "failed", "canceled",
    "receiving", "received",
]  # fmt: skip

ON_ITS_WAY: frozenset[Status] = frozenset({"scheduled", "accepted", "queued", "sending", "sent", "receiving"})
NOT_LEFT: frozenset[Status] = frozenset({"scheduled", "accepted", "queued"})

LONGEST_BODY = 1600
MOST_MEDIA = 10
MOST_BYTES = 5 * 1024 * 1024

# The alphabet of GSM 03.38, and what takes two places in it. A text with anything else is sent in UCS-2.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")


@dataclass(slots=True, eq=False)
class Medium:
    """A picture or the like on a message."""

    sid: str
    content_type: str
    content: bytes
    created: datetime


@dataclass(slots=True, eq=False)
class Message:
    """A text message. Fields change only through `Texting`."""

    sid: str
    from_: str
    to: str
    body: str
    direction: Direction
    created: datetime
    updated: datetime
    status: Status = "queued"
    sent: datetime | None = None
    error_code: int | None = None
    error_message: str | None = None
    service_sid: str = ""
    media: list[Medium] = field(default_factory=list)
    media_urls: tuple[str, ...] = ()
    """What is fetched before it is sent."""
    callback: Callback = NO_CALLBACK
    price: str | None = None
    valid_seconds: float = 14_400.0
    cookies: Cookies = field(default_factory=Cookies)
    is_kept: bool = True
    """Whether the account has it: Twilio's own answers to STOP and the like it does not keep."""

    @property
    def signs_port(self) -> bool:
        """Whether the port of an HTTPS address is signed; of a text it is."""
        return True

    def was_canceled(self) -> bool:
        """Return whether it was called back before it left."""
        return self.status == "canceled"

    @property
    def segments(self) -> int:
        """How many messages of the network it takes; none is counted before a service has chosen who sends."""
        return 0 if self.status in ("accepted", "scheduled") and self.service_sid else segments(self.body)

    def as_json(self) -> dict[str, Any]:
        """Return it for the page."""
        return {
            "sid": self.sid,
            "from": self.from_,
            "to": self.to,
            "body": self.body,
            "direction": self.direction,
            "status": self.status,
            "at": self.created.isoformat(),
            "error_code": self.error_code,
            "error_message": self.error_message,
            "segments": self.segments,
            "media": [{"sid": medium.sid, "type": medium.content_type} for medium in self.media],
        }


def segments(body: str) -> int:
    """Return how many messages of the network a text takes: a long one's parts hold a little less."""
    if all(letter in BASIC or letter in EXTENDED for letter in body):
        length, alone, part = sum(2 if letter in EXTENDED else 1 for letter in body), 160, 153
    else:
        length, alone, part = len(body.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= alone else -(-length // part)


def keyword(body: str) -> str:
    """Return the one word that a text consists of, in capitals; nothing for a sentence."""
    word = re.sub(r"\s+", " ", body.strip()).upper()
    return word if word and len(word) <= 30 else ""  # Twilio takes no longer keywords
