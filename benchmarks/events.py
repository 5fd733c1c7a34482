"""Events on their way to 20 subscribers: written down, numbered, and sent, each conversation in its order.

The reference, in the same run: the same bodies signed and posted to the same subscribers by as many threads, in any
order, with no row, no log and no second try. A second run has one subscriber that never answers.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from agents.models import User
from crm import sending, telling
from crm.actions import events, numbering
from crm.catalogue import TYPES
from crm.models import Delivery, Event, Subscription
from crm.tasks import SENDS_FOR
from crm.viewing import viewer_of
from rest import outgoing

SUBSCRIBERS = 20
EVENTS = int(os.environ.get("BENCH_TOLD", "500"))
EACH = 10  # events of a conversation
TYPE = "call.ended"


def measure() -> None:
    call_command("migrate", verbosity=0)
    print(f"Events: {EVENTS:,} in {EVENTS // EACH} conversations, told to {SUBSCRIBERS} subscribers each")
    with _taking() as address, override_settings(OUTGOING_PRIVATE_NETWORKS=["127.0.0.0/8"]):
        owner = User.objects.create_superuser(f"bench-{uuid4()}", password=secrets.token_hex(16))
        for number in range(SUBSCRIBERS):
            _subscribe(owner, f"{address}/{number}")
        bare = _timed(_write_bare)
        written = _timed(_write)
        numbered = _timed(lambda: numbering.number(at=timezone.now()))
        print(f"  written down, committed and announced one by one: {EVENTS / written:,.0f} a second")
        print(f"  reference: as many bare inserts, each with its commit: {EVENTS / bare:,.0f} a second")
        print(f"  numbered, with deliveries: {EVENTS / numbered:,.0f} a second")
        reference = _rate("reference: signed and posted by threads alone", _timed(lambda: _post_all(owner)))
        ours = _rate("sent in order, with a log of each try", _timed(_send_all))
        print(f"  the reference is {reference / ours:.1f} times as fast")
        with _silent() as silent:
            mute = _subscribe(owner, silent)
            _write()
            numbering.number(at=timezone.now())
            others = Delivery.objects.waiting().exclude(subscription=mute)
            took = _timed(lambda: _send_until(lambda: not others.exists()))
            _rate("the same beside one that never answers", took)
        print(f"  not delivered to who answers: {others.count()}\n")
        Subscription.objects.filter(owner=owner).delete()
        Event.objects.all().delete()
        owner.delete()


def _subscribe(owner: User, url: str) -> Subscription:
    return Subscription.objects.create(
        owner=owner, name=url, url=url, secret=outgoing.new_secret(), created_at=timezone.now()
    )


def _write() -> None:
    for _conversation in range(EVENTS // EACH):
        conversation = uuid4()
        for _event in range(EACH):
            with transaction.atomic():
                events.note(TYPE, conversation=conversation, data=TYPES[TYPE].example, at=timezone.now())


def _write_bare() -> None:
    """Write as much into a table that nothing looks at; a commit waits for the disk, whatever is in it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare_event (data jsonb)")
        for _event in range(EVENTS):
            cursor.execute("INSERT INTO bare_event VALUES (%s)", [json.dumps(TYPES[TYPE].example)])
        cursor.execute("DROP TABLE bare_event")


def _post_all(owner: User) -> None:
    viewer, subscriptions = viewer_of(owner), list(Subscription.objects.all())
    bodies = [(str(event.key), telling.body(event, viewer)) for event in Event.objects.all()]

    def post(subscription: Subscription, key: str, body: bytes) -> None:
        headers = outgoing.signed([subscription.secret], message=key, at=timezone.now(), body=body)
        outgoing.post(subscription.url, body, headers, seconds=15)

    with ThreadPoolExecutor(settings.EVENT_DELIVERIES_AT_ONCE) as pool:
        posts = [pool.submit(post, one, key, body) for key, body in bodies for one in subscriptions]
        for done in posts:
            done.result()


def _send_all() -> None:
    _send_until(lambda: not Delivery.objects.waiting().exists())


def _send_until(is_done: Callable[[], bool]) -> None:
    while not is_done():
        sending.send_due(seconds=SENDS_FOR)


def _rate(what: str, seconds: float) -> float:
    rate = EVENTS * SUBSCRIBERS / seconds
    print(f"  {what:50} {rate:>8,.0f} deliveries a second")
    return rate


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def _taking() -> Iterator[str]:
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.taking"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def _silent() -> Iterator[str]:
    """Take connections and never answer."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
