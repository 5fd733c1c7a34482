"""Events on their way to others: nothing is skipped, nothing lost, and each conversation stays in order."""

import threading
import time
from contextlib import closing
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from agents.models import User
from crm import sending
from crm.actions import numbering, subscribing
from crm.models import Delivery, Event
from crm.states import DeliveryState
from tests.at_once import at_once
from tests.crm.factories import make_subscription, note
from tests.crm.receiver import Receiver, receiving
from tests.patience import PATIENCE
from tests.scenarios.knife import Killed, Knife

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss() -> User:
    return User.objects.create_superuser("boss", email="boss@example.com", password="secret")


@pytest.fixture
def inside(settings) -> None:
    settings.OUTGOING_PRIVATE_NETWORKS = ["127.0.0.0/8"]


def feed(after: int) -> list[tuple[int, int]]:
    """Ask for what lies behind a place, as who polls does: place and id of each."""
    numbering.number(at=timezone.now())
    rows = Event.objects.told().filter(position__gt=after).order_by("position")
    return list(rows.values_list("position", "id"))


def told_in_order(receiver: Receiver, conversation: UUID) -> list[int]:
    """Give the places in their conversation of what was taken, repeats left out."""
    taken = [one.event for one in receiver.came if one.event["conversation"] == str(conversation)]
    return list(dict.fromkeys(event["sequence"] for event in taken))


def test_whoever_polls_misses_nothing_while_others_commit_in_any_order():
    conversations = [uuid4() for _ in range(3)]
    writers, each, done = 6, 8, threading.Event()
    polled: list[tuple[int, int]] = []

    def write(number: int) -> None:
        with closing(connection):
            for turn in range(each):
                with transaction.atomic():
                    note(conversation=conversations[(number + turn) % 3])
                    time.sleep(0.001 * ((number * 7 + turn * 3) % 5))  # so commits come in another order than rows

    def poll() -> None:
        with closing(connection):
            after = 0
            while True:
                is_last = done.is_set()
                found = feed(after)
                polled.extend(found)
                after = found[-1][0] if found else after
                if is_last and not found:
                    return

    poller = threading.Thread(target=poll)
    poller.start()
    threads = [threading.Thread(target=write, args=[number]) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    poller.join()

    positions = [position for position, _id in polled]
    assert positions == list(range(1, writers * each + 1))
    assert {pk for _position, pk in polled} == set(Event.objects.values_list("id", flat=True))
    for conversation in conversations:
        rows = Event.objects.filter(conversation=conversation).order_by("position")
        assert list(rows.values_list("sequence", flat=True)) == list(range(1, rows.count() + 1))


@pytest.mark.usefixtures("nobody_works")
def test_a_numberer_that_is_killed_leaves_nothing_half(boss):
    make_subscription(boss)
    expected = 0
    for moment in range(100):
        conversation = uuid4()
        note(conversation=conversation)
        note(conversation=conversation)
        expected += 2
        knife = Knife(moment)
        try:
            with connection.execute_wrapper(knife.query):
                numbering.number(at=timezone.now())
        except Killed:
            connection.close()  # as the database sees it: the locks of the dead are gone

        numbering.number(at=timezone.now())

        assert list(Event.objects.order_by("position").values_list("position", flat=True)) == [*range(1, expected + 1)]
        assert list(
            Event.objects.filter(conversation=conversation).order_by("id").values_list("sequence", flat=True)
        ) == [1, 2]
        assert Delivery.objects.count() == expected
        if not knife.killed:
            break
    assert not knife.killed
    assert moment > 5


@pytest.mark.usefixtures("nobody_works", "inside")
def test_a_sender_that_is_killed_loses_nothing_and_keeps_the_order(boss):
    with receiving() as receiver:
        make_subscription(boss, receiver.url)
        for moment in range(100):
            one, other = uuid4(), uuid4()
            for conversation in (one, one, other, one):
                note(conversation=conversation)
            numbering.number(at=timezone.now())
            knife = Knife(moment)
            try:
                with connection.execute_wrapper(knife.query):
                    sending.send_due(seconds=PATIENCE)
            except Killed:
                connection.close()

            for _again in range(4):  # the claims of the dead run out, one after the other
                Delivery.objects.waiting().update(due_at=timezone.now())
                sending.send_due(seconds=PATIENCE)

            assert not Delivery.objects.waiting().exists()
            assert told_in_order(receiver, one) == [1, 2, 3]
            assert told_in_order(receiver, other) == [1]
            if not knife.killed:
                break
        assert not knife.killed


@pytest.mark.usefixtures("nobody_works", "inside")
def test_a_subscriber_that_is_wrong_slow_gone_and_back_has_everything_in_order(boss, monkeypatch):
    conversation = uuid4()
    with receiving() as receiver:
        subscription = make_subscription(boss, receiver.url)
        for _ in range(4):
            note(conversation=conversation)
        numbering.number(at=timezone.now())
        receiver.answers.extend([(204, {}), (500, {})])
        sending.send_due(seconds=PATIENCE)  # right, then wrong
        receiver.holds = threading.Event()
        Delivery.objects.waiting().update(due_at=timezone.now())
        with monkeypatch.context() as impatient:
            impatient.setattr(sending, "ANSWERS_WITHIN", 0.3)
            sending.send_due(seconds=PATIENCE)  # slow
        receiver.holds.set()
    Delivery.objects.waiting().update(due_at=timezone.now())
    sending.send_due(seconds=PATIENCE)  # gone
    tried = list(
        subscription.deliveries.get(event__sequence=2).attempts.order_by("id").values_list("failure", flat=True)
    )
    with receiving() as back:
        subscribing.change(subscription, url=back.url, at=timezone.now())
        Delivery.objects.waiting().update(due_at=timezone.now())
        sending.send_due(seconds=PATIENCE)

    assert tried == ["The answer was 500.", "No answer within 0.3 seconds.", "The host refuses the connection."]
    assert [came.event["sequence"] for came in back.came] == [2, 3, 4]
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.DELIVERED}
    subscription.refresh_from_db()
    assert subscription.failing_since is None


@pytest.mark.usefixtures("nobody_works", "inside")
def test_two_senders_at_once_send_each_event_once_and_in_order(boss):
    conversations = [uuid4() for _ in range(6)]
    with receiving() as receiver:
        make_subscription(boss, receiver.url)
        for _ in range(4):
            for conversation in conversations:
                note(conversation=conversation)
        numbering.number(at=timezone.now())

        def send() -> None:
            end = time.monotonic() + PATIENCE
            while Delivery.objects.waiting().exists() and time.monotonic() < end:
                sending.send_due(seconds=PATIENCE)

        at_once(send, send)

        assert len(receiver.came) == len({one.event["id"] for one in receiver.came}) == 24
        for conversation in conversations:
            assert told_in_order(receiver, conversation) == [1, 2, 3, 4]
