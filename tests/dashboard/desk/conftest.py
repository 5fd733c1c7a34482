"""An agent at the desk."""

import pytest
from django.utils import timezone

from agents.roles import AGENT
from tests.agents.factories import ready_agent, user


@pytest.fixture
def ann():
    return ready_agent("Ann", account=user(AGENT, username="ann"), at=timezone.now())


@pytest.fixture
def desk(client, ann):
    client.force_login(ann.user)
    return client
