"""Sending what is due, many at a time: this process asks the database, its threads ask the addresses, nothing else.

Of one subscription only a few are under way at once, and fewer while it fails: one that is slow, or gone, keeps the
others waiting for nothing. Whoever is killed here leaves claims that run out.
"""

import logging
import secrets
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from crm import telling
from crm.actions import delivering
from crm.actions.delivering import Told
from crm.models import Delivery, Subscription
from crm.retrying import judge
from crm.viewing import Viewer, viewer_of
from rest import outgoing

logger = logging.getLogger(__name__)

ANSWERS_WITHIN = 15.0  # seconds
LOOK_EACH = 0.05  # seconds: what is done meanwhile is noted together
AT_ONCE_EACH = 8  # of one subscription
AT_ONCE_FAILING = 2
MOST_HEADERS, MOST_LETTERS = 50, 1000


@dataclass(frozen=True, slots=True)
class Request:
    url: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Round:
    """One stretch of sending. `viewers` are read once in it: a right that is taken away counts from the next one on."""

    flying: dict[Future[Told], UUID] = field(default_factory=dict)
    viewers: dict[int, Viewer] = field(default_factory=dict)

    @property
    def room(self) -> int:
        return settings.EVENT_DELIVERIES_AT_ONCE - len(self.flying)

    def free(self, *, begins: bool) -> dict[UUID, int]:
        """Tell of which subscriptions how many more may be sent now, those with the fewest under way first.

        One that fails is tried as a round begins: who may be waited for is waited for beside the others, not after.
        """
        under_way = Counter(self.flying.values())
        active = Subscription.objects.active().values_list("pk", "failing_since")
        failing_may = AT_ONCE_FAILING if begins else 0
        most = {pk: (failing_may if failing else AT_ONCE_EACH) - under_way[pk] for pk, failing in active}
        return {pk: most[pk] for pk in sorted(most, key=lambda pk: under_way[pk]) if most[pk] > 0}

    def viewer(self, subscription: Subscription) -> Viewer:
        if subscription.owner_id not in self.viewers:
            self.viewers[subscription.owner_id] = viewer_of(subscription.owner)
        return self.viewers[subscription.owner_id]

    def sees(self, delivery: Delivery) -> bool:
        event = delivery.event
        return event.only_id is not None or self.viewer(delivery.subscription).sees(event.type, event.data)


def send_due(*, seconds: float) -> bool:
    """Send what is due for about so many seconds, and tell whether more may be due."""
    this, begins, ends_at = Round(), True, time.monotonic() + seconds
    with ThreadPoolExecutor(settings.EVENT_DELIVERIES_AT_ONCE, thread_name_prefix="event") as pool:
        while True:
            goes_on = time.monotonic() < ends_at
            free = this.free(begins=begins) if goes_on else {}
            claimed, begins = delivering.claim(free, room=this.room, at=timezone.now()), False
            hidden = [one for one in claimed if not this.sees(one)]
            delivering.drop(hidden, at=timezone.now())
            for delivery in claimed:
                if delivery not in hidden:
                    asked = request(delivery, this.viewer(delivery.subscription), at=timezone.now())
                    this.flying[pool.submit(ask, delivery, asked)] = delivery.subscription_id
            if not this.flying and not claimed:
                return not goes_on
            _collect(this)


def request(delivery: Delivery, viewer: Viewer, *, at: datetime) -> Request:
    """Write what is sent for a delivery, signed by each secret that counts."""
    subscription, body = delivery.subscription, telling.body(delivery.event, viewer)
    secrets_now = [subscription.secret]
    if subscription.old_secret and subscription.old_secret_until and subscription.old_secret_until > at:
        secrets_now.append(subscription.old_secret)
    signed = outgoing.signed(secrets_now, message=str(delivery.event.key), at=at, body=body)
    return Request(subscription.url, {"content-type": "application/json", **signed}, body)


def ask(delivery: Delivery, asked: Request) -> Told:
    """Send it, and tell what came of that. Runs in a thread, and touches no row."""
    at, began = timezone.now(), time.monotonic()
    status, headers, body, failure = None, {}, b"", ""
    try:
        answer = outgoing.post(asked.url, asked.body, asked.headers, seconds=ANSWERS_WITHIN)
        status, headers, body = answer.status, _short(answer.headers.items()), answer.body
        failure = "" if 200 <= status < 300 else f"The answer was {status}."
    except (outgoing.NotAllowed, outgoing.NoAnswer) as error:
        failure = str(error)
    chance = secrets.randbelow(1000) / 1000
    return Told(
        delivery=delivery,
        verdict=judge(status, headers, tries=delivery.tries, chance=chance, at=at),
        at=at,
        milliseconds=round((time.monotonic() - began) * 1000),
        request_headers=asked.headers,
        request_body=asked.body.decode(),
        status=status,
        answer_headers=headers,
        answer_body=body.decode(errors="replace"),
        failure=failure,
    )


def _collect(this: Round) -> None:
    done, _rest = wait(this.flying, timeout=LOOK_EACH)
    told = [future.result() for future in done]
    for future in done:
        del this.flying[future]
    delivering.note(told, at=timezone.now())
    for one in told:
        if one.failure:
            logger.info("Event %s was not taken by %s", one.delivery.event.key, one.delivery.subscription_id)


def _short(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name[:MOST_LETTERS]: value[:MOST_LETTERS] for name, value in list(headers)[:MOST_HEADERS]}
