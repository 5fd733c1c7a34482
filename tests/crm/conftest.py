from collections.abc import Iterator

import pytest

from agents.models import User
from tests.crm.receiver import Receiver, receiving


@pytest.fixture
def boss(db: None) -> User:
    return User.objects.create_superuser("boss", email="boss@example.com", password="secret")


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.OUTGOING_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    with receiving() as found:
        yield found
