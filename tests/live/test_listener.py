"""The connection that listens, when there is nothing to connect to and when it is told to end."""

import asyncio
import logging

import pytest

from live.listener import Listener
from tests.live.serving import alone, cut_listeners, dsn, publish
from tests.patience import PATIENCE

pytestmark = pytest.mark.django_db


async def until(condition):
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.01)


def test_topics_are_heard_and_a_quiet_connection_is_checked():
    heard, turned = [], []

    async def run():
        listener = Listener(dsn(), heard=heard.append, turned=turned.append, check_seconds=0.2)
        running = asyncio.create_task(listener.run())
        await until(lambda: listener.listens)
        await asyncio.sleep(0.5)  # some checks, each with 0.2 s for its answer
        await asyncio.to_thread(publish, "agent:1", "agent:2", "agent:1")
        await until(lambda: len(heard) == 3)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    alone(run)

    assert heard == ["agent:1", "agent:2", "agent:1"]
    assert turned == [True, False]


def test_a_lost_connection_is_made_again(caplog):
    turned = []

    async def run():
        listener = Listener(dsn(), heard=lambda _topic: None, turned=turned.append, retry_seconds=0.05)
        running = asyncio.create_task(listener.run())
        await until(lambda: listener.listens)
        await asyncio.to_thread(cut_listeners)
        await until(lambda: len(turned) == 3)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    with caplog.at_level(logging.WARNING, "live.listener"):
        alone(run)

    assert turned == [True, False, True, False]
    assert "no news of changes" in caplog.text


def test_a_database_that_is_away_is_asked_again_and_nobody_told_what_they_know(caplog):
    turned = []

    async def run():
        listener = Listener("host=/nowhere dbname=x", heard=lambda _topic: None, turned=turned.append)
        running = asyncio.create_task(listener.run())
        await until(lambda: caplog.records)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    alone(run)

    assert turned == []
    assert "no news of changes: OperationalError" in caplog.text
