"""How many requests a key may make in a minute, counted over all processes by the broker."""

import logging
import time
from functools import cache
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from crm.models import Key

logger = logging.getLogger(__name__)

WINDOW = 60  # seconds
PATIENCE = 0.25  # seconds; a request does not wait longer for its count


class PerMinute(BaseThrottle):
    """Counts by the minute of the clock. Where nobody counts, as when the broker is away, each request goes through."""

    def allow_request(self, request: Request, view: Any) -> bool:
        key = request.auth if isinstance(request.auth, Key) else None
        limit = (key.requests_per_minute if key else None) or settings.API_REQUESTS_PER_MINUTE
        now = time.time()
        self.left = WINDOW - int(now) % WINDOW
        count = counted(f"{key.pk if key else request.user.pk}:{int(now) // WINDOW}")
        if count is None:
            return True
        view.headers["RateLimit-Policy"] = f'"minute";q={limit};w={WINDOW}'
        view.headers["RateLimit"] = f'"minute";r={max(limit - count, 0)};t={self.left}'
        return count <= limit

    def wait(self) -> float:
        return self.left


def counted(name: str) -> int | None:
    """Count one more under this name, and give the count; None where the broker does not answer at once."""
    broker = _broker(settings.CELERY_BROKER_URL)
    if broker is None:
        return None
    try:
        with broker.pipeline(transaction=False) as pipeline:
            pipeline.incr(f"api-requests:{name}")
            pipeline.expire(f"api-requests:{name}", 2 * WINDOW)
            count, _expires = pipeline.execute()
    except redis.RedisError as silence:
        logger.warning("Requests of the API are not counted: %s", silence)
        return None
    return int(count)


@cache
def _broker(url: str) -> redis.Redis | None:
    """Give the connections to the broker; None for the memory that stands in for one in tests."""
    scheme, _sep, rest = url.partition("://")
    options: dict[str, Any] = {
        "socket_timeout": PATIENCE,
        "socket_connect_timeout": PATIENCE,
        "retry": Retry(NoBackoff(), 0),
    }
    match scheme:
        case "redis" | "rediss":
            return redis.Redis.from_url(url, **options)
        case "redis+socket":
            return redis.Redis.from_url(f"unix://{rest}", **options)
    return None
