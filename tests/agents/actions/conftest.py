"""Fixtures for presence."""

import pytest

from agents.signals import presence_changed


@pytest.fixture
def heard():
    told = []

    def hear(agent, at, **_):
        told.append((agent.name, at))

    presence_changed.connect(hear)
    yield told
    presence_changed.disconnect(hear)
